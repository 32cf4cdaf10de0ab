package reading

// Choice is a value of a reading that is not its default.
type Choice uint8

// Default is what the first value of every reading stands for. No set has it.
const Default Choice = 0

// The choices, in the order of the list.
const (
	// OAuth.
	AuthorizePostOnly Choice = iota + 1
	AuthorizeGetOnly
	SeeOther
	MakeRedirectsOnly
	JSONTokensOnly
	SmallBearer
	ScopeUntold
	RefreshKept
	NoRefresh
	OAuthErrors400
	OAuthErrors401
	CodesReusable
	PKCEIgnored
	// Authorization.
	SampleByRead
	SampleByHooks
	ScopeLast
	RequestFirst
	LookupBeforeScope
	SubscriptionBeforeScope
	// Transport and errors.
	Charset
	Created
	Missing422
	Validation400
	Foreign403
	OddID400
	OddID422
	SubscribeUnknown400
	SubscribeUnknown403
	SubscribeUnknown422
	Method404
	Method400
	ContentType415
	ContentTypeServed
	ErrorSlug
	ErrorAbsent
	// Shapes.
	IDsPrefixed
	IDsNumber
	IDsDiffer
	TimesSeconds
	TimesMillis
	TimesOffset
	TimesNanos
	ListTimesAbsent
	DeletedAbsent
	DeletedTold
	CountryDial
	CountryNull
	Anonymous
	EmailArtefact
	EmailNull
	NullsFilled
	OpenFieldsOther
	ExtraFields
	// Lists and samples.
	PerPage100
	PerPageClamped
	LimitClamped
	UnknownFiltersIgnored
	OldestFirst
	ActivityFirst
	Shuffled
	BoundsInclusive
	BoundsExclusive
	WholeDays
	BadDatesEmpty
	BackwardsRefused
	SamplesSynthetic
	SamplesOldest
	HandoffSamplesAny
	// Reply and close.
	ReplyTellsUUID
	ReplyTrimmed
	ReplyToClosedRefused
	ReplyReopens
	ReplyHandsOver
	CloseOnce
	// Webhooks.
	DuplicateSame
	DuplicateRefused
	UnsubscribeDeaf
	SignHex
	SignBase64
	SignBody
	SignStamped
	SignNothing
	EventIDConversation
	HookNamesUUID
	HookUserFull
	HandoffLastMessage
	HandoffModeAI
	StartsSilent
	OneRetry
	TwoRetries
	BackoffTripling
	BackoffJitter
	BackoffMinutes
	BackoffAddend
	// Rate limits.
	LimitByAccount
	ClosesCounted
	WindowCalendar
	WindowSliding
	WindowBucket
	CountsAll
	CountsServed
	RetryAfterWhole
	RetryAfterHeaderAbsent
	LimitHeadersAbsent
	// Conversations.
	LowerCaseMessageID
	InboundMessageIDAbsent
	OffsetPlain
	OffsetZulu
	AssigneeNull
	LastMessageAbsent
	LastMessageFilled
	DeletedContentNull
	AuthenticationNull

	choices = iota + 1
)

// All returns every reading, by the sections of the documents: AssistLoop first.
func All() []Reading {
	return []Reading{
		{"authorize", "AL-02", "methods that lead from the authorization endpoint to the redirect", []Value{
			{"get-and-post", Default, nil}, {"post", AuthorizePostOnly, nil}, {"get", AuthorizeGetOnly, []string{"authorize/post"}}}},
		{"redirect", "AL-02", "status of that redirect", []Value{
			{"302", Default, nil}, {"303", SeeOther, nil}}},
		{"redirect-uris", "AL-06", "redirect URIs that are registered beside Make's", []Value{
			{"loopback", Default, nil}, {"none", MakeRedirectsOnly, nil}}},
		{"token-body", "AL-04", "bodies that the token endpoint takes", []Value{
			{"json-and-form", Default, nil}, {"json", JSONTokensOnly, []string{"token/exchange-form"}}}},
		{"token-type", "AL-09", "how the token response spells it", []Value{
			{"Bearer", Default, nil}, {"bearer", SmallBearer, nil}}},
		{"token-scope", "AL-09", "the token response names the scopes", []Value{
			{"told", Default, nil}, {"absent", ScopeUntold, nil}}},
		{"refresh", "AL-09", "what becomes of a refresh token that was used", []Value{
			{"rotated", Default, nil}, {"kept", RefreshKept, nil}, {"none", NoRefresh, []string{"token/refresh-token-issued", "token/expires-in"}}}},
		{"oauth-errors", "AL-10", "status of what the token endpoint refuses", []Value{
			{"as-oauth", Default, nil}, {"400", OAuthErrors400, nil}, {"401", OAuthErrors401, nil}}},
		{"codes", "AL-07", "how often an authorization code is good", []Value{
			{"once", Default, nil}, {"again", CodesReusable, []string{"token/code-once"}}}},
		{"pkce", "AL-08", "a code challenge that was sent", []Value{
			{"enforced", Default, nil}, {"ignored", PKCEIgnored, []string{"token/pkce"}}}},

		{"sample-scope", "AL-12", "scope of recent-sample", []Value{
			{"either", Default, nil}, {"read", SampleByRead, nil}, {"manage", SampleByHooks, nil}}},
		{"check-order", "AL-12", "what is looked at first: token and scope, the request, or what it names", []Value{
			{"scope", Default, nil}, {"request-before-scope", ScopeLast, nil}, {"request-before-token", RequestFirst, nil},
			{"lookup-before-scope", LookupBeforeScope, nil}, {"subscription-before-scope", SubscriptionBeforeScope, nil}}},

		{"content-type", "AL-27", "how JSON is announced", []Value{
			{"plain", Default, nil}, {"charset", Charset, nil}}},
		{"success", "AL-24", "status of what was done: 201 of subscribe and reply, 202 of close", []Value{
			{"200", Default, nil}, {"created", Created, nil}}},
		{"missing", "AL-20", "status when something is missing or cannot be read", []Value{
			{"400", Default, nil}, {"422", Missing422, nil}}},
		{"validation", "AL-20", "status when something has a value that is not allowed", []Value{
			{"422", Default, nil}, {"400", Validation400, nil}}},
		{"foreign", "AL-23", "status of what is another account's", []Value{
			{"404", Default, nil}, {"403", Foreign403, nil}}},
		{"odd-id", "AL-75", "status of an id in a path that is of no form of the world's", []Value{
			{"404", Default, nil}, {"400", OddID400, nil}, {"422", OddID422, nil}}},
		{"subscribe-unknown", "AL-101", "status of subscribing to an unknown agent or organization", []Value{
			{"404", Default, nil}, {"400", SubscribeUnknown400, nil}, {"403", SubscribeUnknown403, nil}, {"422", SubscribeUnknown422, nil}}},
		{"method", "AL-26", "status of a wrong method", []Value{
			{"405", Default, nil}, {"404", Method404, nil}, {"400", Method400, nil}}},
		{"body-type", "AL-26", "a body of another content type", []Value{
			{"400", Default, nil}, {"415", ContentType415, nil}, {"served", ContentTypeServed, nil}}},
		{"error-code", "AL-21", "`error` in an error's body", []Value{
			{"sentence", Default, nil}, {"slug", ErrorSlug, nil}, {"absent", ErrorAbsent, []string{"*/error-code"}}}},

		{"ids", "AL-30", "form of ids", []Value{
			{"uuid", Default, nil}, {"prefixed", IDsPrefixed, nil}, {"number", IDsNumber, nil}}},
		{"second-id", "AL-32", "`id` beside `uuid`, `organization_uuid` and `agent_uuid`", []Value{
			{"equal", Default, nil}, {"other", IDsDiffer, []string{"*/id-equals"}}}},
		{"timestamps", "AL-44", "fraction and zone", []Value{
			{"micros", Default, nil}, {"seconds", TimesSeconds, nil}, {"millis", TimesMillis, nil}, {"nanos", TimesNanos, nil},
			{"offset", TimesOffset, nil}}},
		{"list-times", "AL-66", "created_at and updated_at in List Conversations", []Value{
			{"told", Default, nil}, {"absent", ListTimesAbsent, nil}}},
		{"deleted-at", "AL-46", "deleted_at in List Conversations", []Value{
			{"null", Default, nil}, {"absent", DeletedAbsent, nil}, {"told", DeletedTold, nil}}},
		{"country", "AL-40", "country_code", []Value{
			{"varied", Default, nil}, {"dial", CountryDial, nil}, {"null", CountryNull, nil}}},
		{"guests", "AL-42", "name and email of customers", []Value{
			{"varied", Default, nil}, {"anonymous", Anonymous, nil}}},
		{"email", "AL-53", "email of the current user", []Value{
			{"address", Default, nil}, {"artefact", EmailArtefact, nil}, {"null", EmailNull, nil}}},
		{"null-fields", "AL-47", "fields of messages that are only ever shown null", []Value{
			{"null", Default, nil}, {"filled", NullsFilled, nil}}},
		{"open-fields", "AL-48", "via, session_id and the items of attachments", []Value{
			{"usual", Default, nil}, {"other", OpenFieldsOther, nil}}},
		{"extra-fields", "", "fields that no document names, in every object", []Value{
			{"none", Default, nil}, {"everywhere", ExtraFields, nil}}},

		{"per-page", "AL-60", "items of a list of conversations without per_page", []Value{
			{"20", Default, nil}, {"100", PerPage100, nil}}},
		{"per-page-range", "AL-61", "per_page out of range", []Value{
			{"refused", Default, nil}, {"clamped", PerPageClamped, nil}}},
		{"limit-range", "AL-70", "limit of recent-sample out of range", []Value{
			{"refused", Default, nil}, {"clamped", LimitClamped, nil}}},
		{"filters", "AL-76", "unknown values of filters", []Value{
			{"refused", Default, nil}, {"ignored", UnknownFiltersIgnored, nil}}},
		{"order", "AL-63", "order of List Conversations", []Value{
			{"newest", Default, nil}, {"oldest", OldestFirst, nil}, {"activity", ActivityFirst, nil}, {"shuffled", Shuffled, nil}}},
		{"bounds", "AL-64", "whether created_from and created_to belong to what is asked for", []Value{
			{"from", Default, nil}, {"both", BoundsInclusive, nil}, {"neither", BoundsExclusive, nil}}},
		{"date-to", "AL-64", "created_to as a date alone", []Value{
			{"midnight", Default, nil}, {"whole-day", WholeDays, nil}}},
		{"bad-dates", "AL-65", "a date that is none", []Value{
			{"refused", Default, nil}, {"empty", BadDatesEmpty, nil}}},
		{"backwards", "AL-65", "created_from after created_to", []Value{
			{"empty", Default, nil}, {"refused", BackwardsRefused, nil}}},
		{"no-samples", "AL-71", "samples of an agent without conversations", []Value{
			{"empty", Default, nil}, {"synthetic", SamplesSynthetic, nil}}},
		{"samples", "AL-71", "which conversations are samples", []Value{
			{"newest", Default, nil}, {"oldest", SamplesOldest, []string{"recent-sample/newest"}}}},
		{"handoff-samples", "AL-72", "which conversations are samples of a hand-over", []Value{
			{"human", Default, nil}, {"any", HandoffSamplesAny, []string{"recent-sample/handoff-mode"}}}},

		{"reply-tells", "AL-34", "message_id of a reply", []Value{
			{"id", Default, nil}, {"uuid", ReplyTellsUUID, nil}}},
		{"reply-space", "AL-84", "white space at the ends of a reply", []Value{
			{"kept", Default, nil}, {"trimmed", ReplyTrimmed, nil}}},
		{"reply-to-closed", "AL-85", "a reply to a closed conversation", []Value{
			{"taken", Default, nil}, {"refused", ReplyToClosedRefused, nil}, {"reopens", ReplyReopens, nil}}},
		{"reply-handoff", "AL-87", "a reply to a conversation of the AI's", []Value{
			{"silent", Default, nil}, {"event", ReplyHandsOver, nil}}},
		{"close-twice", "AL-82", "closing what is closed", []Value{
			{"taken", Default, nil}, {"refused", CloseOnce, nil}}},

		{"duplicate", "AL-100", "the same subscription again", []Value{
			{"another", Default, nil}, {"same", DuplicateSame, nil}, {"refused", DuplicateRefused, nil}}},
		{"unsubscribed", "AL-105", "retries under way of a subscription that ended", []Value{
			{"stop", Default, nil}, {"go-on", UnsubscribeDeaf, []string{"unsubscribe/stops-retries"}}}},
		{"signature", "AL-90", "how deliveries are signed", []Value{
			{"standard-webhooks", Default, nil}, {"hex", SignHex, nil}, {"base64", SignBase64, nil}, {"body", SignBody, nil},
			{"stamped", SignStamped, nil}, {"none", SignNothing, []string{"deliveries/signature"}}}},
		{"event-id", "AL-94", "id of an event", []Value{
			{"unique", Default, nil}, {"conversation", EventIDConversation, []string{"deliveries/unique-id"}}}},
		{"hook-message", "AL-33", "by what a webhook names a message", []Value{
			{"id", Default, nil}, {"uuid", HookNamesUUID, nil}}},
		{"hook-user", "AL-43", "chat_user in webhooks", []Value{
			{"short", Default, nil}, {"full", HookUserFull, nil}}},
		{"handoff-message", "AL-72", "last_message of a hand-over", []Value{
			{"guest", Default, nil}, {"newest", HandoffLastMessage, nil}}},
		{"handoff-mode", "AL-72", "response_mode in a hand-over", []Value{
			{"human", Default, nil}, {"ai", HandoffModeAI, []string{"recent-sample/handoff-mode", "deliveries/handoff-mode"}}}},
		{"first-message", "AL-108", "how a conversation begins", []Value{
			{"with", Default, nil}, {"without", StartsSilent, nil}}},
		{"retries", "AL-95", "attempts after the first", []Value{
			{"3", Default, nil}, {"2", TwoRetries, nil}, {"1", OneRetry, nil}}},
		{"backoff", "AL-96", "gaps between attempts", []Value{
			{"1s-doubling", Default, nil}, {"3s-tripling", BackoffTripling, nil}, {"jitter", BackoffJitter, nil},
			{"minutes", BackoffMinutes, nil}, {"5s-more", BackoffAddend, nil}}},

		{"limit-key", "AL-120", "who shares a rate limit", []Value{
			{"grant", Default, nil}, {"account", LimitByAccount, nil}}},
		{"closes", "AL-121", "whether closes count for the general limit", []Value{
			{"apart", Default, nil}, {"counted", ClosesCounted, nil}}},
		{"window", "AL-122", "how a minute is counted", []Value{
			{"fixed", Default, nil}, {"calendar", WindowCalendar, nil}, {"sliding", WindowSliding, nil}, {"bucket", WindowBucket, []string{"rate-limit/general-at", "rate-limit/close-at"}}}},
		{"counts", "AL-122", "requests that count for a limit", []Value{
			{"authorized", Default, nil}, {"all", CountsAll, nil}, {"served", CountsServed, nil}}},
		{"retry-after", "AL-123", "retry_after of a 429", []Value{
			{"left", Default, nil}, {"60", RetryAfterWhole, nil}}},
		{"retry-after-header", "AL-123", "the header beside it", []Value{
			{"sent", Default, nil}, {"absent", RetryAfterHeaderAbsent, nil}}},
		{"limit-headers", "AL-123", "X-RateLimit-… in answers", []Value{
			{"sent", Default, nil}, {"absent", LimitHeadersAbsent, nil}}},

		{"message-id", "IB-11", "how Conversations spells it", []Value{
			{"messageId", Default, nil}, {"messageid", LowerCaseMessageID, nil}}},
		{"inbound-message-id", "IB-09", "messageId of an INBOUND_MESSAGE", []Value{
			{"told", Default, nil}, {"absent", InboundMessageIDAbsent, nil}}},
		{"offset", "IB-14", "how UTC is written", []Value{
			{"+00:00", Default, nil}, {"+0000", OffsetPlain, nil}, {"Z", OffsetZulu, nil}}},
		{"assignee", "IB-22", "the assignee of nobody's conversation", []Value{
			{"object", Default, nil}, {"null", AssigneeNull, nil}}},
		{"last-message", "IB-26", "lastMessage of an empty conversation", []Value{
			{"null", Default, nil}, {"absent", LastMessageAbsent, nil}, {"null-filled", LastMessageFilled, nil}}},
		{"deleted-content", "IB-32", "content of a deleted message", []Value{
			{"kept", Default, nil}, {"null", DeletedContentNull, nil}}},
		{"authentication", "IB-37", "authentication of a live chat's INBOUND_MESSAGE", []Value{
			{"object", Default, nil}, {"null", AuthenticationNull, nil}}},
	}
}
