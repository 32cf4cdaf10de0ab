package integration

// Bug is a mistake that integrations make. Each can be put in by itself, to see who notices.
type Bug string

// Bugs that show in how deliveries are answered.
const (
	AcceptsForged        Bug = "accepts-forged"
	AcceptsUnsigned      Bug = "accepts-unsigned"
	AcceptsStale         Bug = "accepts-stale"
	RefusesDuplicates    Bug = "refuses-duplicates"
	RefusesReordered     Bug = "refuses-reordered"
	RefusesConcurrent    Bug = "refuses-concurrent"
	RefusesNull          Bug = "refuses-null"
	RefusesUnknownFields Bug = "refuses-unknown-fields"
	RefusesOpaqueIDs     Bug = "refuses-opaque-ids"
	RefusesUnicode       Bug = "refuses-unicode"
	RefusesLongText      Bug = "refuses-long-text"
	AnswersSlowly        Bug = "answers-slowly"
)

// Bugs that show only in what is done: deliveries are answered as they should be.
const (
	DoesDuplicates      Bug = "does-duplicates"
	KnowsByConversation Bug = "knows-by-conversation"
	AcknowledgesFirst   Bug = "acknowledges-first"
	LosesConcurrent     Bug = "loses-concurrent"
	RepliesBlindly      Bug = "replies-blindly"
	IgnoresRetryAfter   Bug = "ignores-retry-after"
	NeverRefreshes      Bug = "never-refreshes"
)

// mistake is a bug and what people call it.
type mistake struct {
	bug         Bug
	description string
	silent      bool
}

var mistakes = []mistake{
	{AcceptsForged, "verifies no signature", false},
	{AcceptsUnsigned, "verifies a signature only where there is one", false},
	{AcceptsStale, "takes a signature of any age, so that what was overheard can be played again", false},
	{RefusesDuplicates, "answers 409 to an event that it has already, so that it is tried again", false},
	{RefusesReordered, "answers 409 to a hand-over of a conversation whose start it has not heard of", false},
	{RefusesConcurrent, "answers 503 while another delivery is being taken", false},
	{RefusesNull, "fails on a value that is null", false},
	{RefusesUnknownFields, "takes no field that it does not know", false},
	{RefusesOpaqueIDs, "wants every id to be a UUID", false},
	{RefusesUnicode, "keeps text in a column of Latin-1", false},
	{RefusesLongText, "keeps text in a column of 255 characters", false},
	{AnswersSlowly, "does the work before it answers", false},

	{DoesDuplicates, "does what an event asks for as often as it is delivered", true},
	{KnowsByConversation, "tells events apart by their conversation, and drops all but the first of one", true},
	{AcknowledgesFirst, "answers before the event is kept, and loses what then cannot be kept", true},
	{LosesConcurrent, "forgets one of two events that arrive at the same time", true},
	{RepliesBlindly, "replies again when the answer got lost, though the reply did not", true},
	{IgnoresRetryAfter, "gives up what met a rate limit", true},
	{NeverRefreshes, "gives up what was asked with a token that is good no more", true},
}

// Bugs lists all that can be put in, those that show in answers first.
func Bugs() []Bug {
	all := make([]Bug, len(mistakes))
	for i, m := range mistakes {
		all[i] = m.bug
	}
	return all
}

// Silent tells whether a bug shows only in what is done, so that nobody who looks at answers alone can notice it.
func (b Bug) Silent() bool { return b.mistake().silent }

// Description says what the bug does, in a phrase.
func (b Bug) Description() string { return b.mistake().description }

func (b Bug) mistake() mistake {
	for _, m := range mistakes {
		if m.bug == b {
			return m
		}
	}
	return mistake{}
}
