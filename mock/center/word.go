package center

import (
	"slices"
	"strings"
)

// The enumerations of the document, in their values on the wire (IB-05/06).
type (
	// Channel is the way that customer and centre talk.
	Channel string
	// Status is where a conversation stands.
	Status string
	// Priority is how urgent a conversation is.
	Priority string
	// Direction is where something came from: INBOUND from the customer, OUTBOUND to them.
	Direction string
	// AuthenticationType is what the customer of a live chat is known by.
	AuthenticationType string
)

// The channels.
const (
	SMS                Channel = "SMS"
	Viber              Channel = "VIBER"
	FacebookMessenger  Channel = "FACEBOOK_MESSENGER"
	WhatsApp           Channel = "WHATSAPP"
	RCS                Channel = "RCS"
	Email              Channel = "EMAIL"
	LiveChat           Channel = "LIVE_CHAT"
	AppleBusinessChat  Channel = "APPLE_BUSINESS_CHAT"
	Line               Channel = "LINE"
	Telegram           Channel = "TELEGRAM"
	Calls              Channel = "CALLS"
	ViberBot           Channel = "VIBER_BOT"
	FacebookPost       Channel = "FACEBOOK_POST"
	InstagramPost      Channel = "INSTAGRAM_POST"
	InstagramMessaging Channel = "INSTAGRAM_MESSAGING"
	GooglePlay         Channel = "GOOGLE_PLAY"
	KakaoSangdam       Channel = "KAKAO_SANGDAM"
)

// Statuses. A conversation goes from any to any other, except that a closed one stays closed.
const (
	Open    Status = "OPEN"
	Waiting Status = "WAITING"
	Solved  Status = "SOLVED"
	Closed  Status = "CLOSED"
)

// Priorities.
const (
	Low    Priority = "LOW"
	Normal Priority = "NORMAL"
	High   Priority = "HIGH"
	Urgent Priority = "URGENT"
)

// Directions.
const (
	Inward  Direction = "INBOUND"
	Outward Direction = "OUTBOUND"
)

// Authentication types.
const (
	ByEmail          AuthenticationType = "EMAIL"
	ByPhone          AuthenticationType = "PHONE"
	ByExternalID     AuthenticationType = "EXTERNAL_ID"
	NotAuthenticated AuthenticationType = "NOT_AUTHENTICATED"
)

// All values of each enumeration, in the document's order.
var (
	Channels = []Channel{
		SMS, Viber, FacebookMessenger, WhatsApp, RCS, Email, LiveChat, AppleBusinessChat, Line, Telegram, Calls, ViberBot,
		FacebookPost, InstagramPost, InstagramMessaging, GooglePlay, KakaoSangdam,
	}
	Statuses            = []Status{Open, Waiting, Solved, Closed}
	Priorities          = []Priority{Low, Normal, High, Urgent}
	Directions          = []Direction{Inward, Outward}
	AuthenticationTypes = []AuthenticationType{ByEmail, ByPhone, ByExternalID, NotAuthenticated}
)

// Social tells whether messages of a channel can be changed and deleted (IB-44).
func (c Channel) Social() bool {
	return c == FacebookPost || c == InstagramPost || c == GooglePlay
}

// oneOf is nil when a word is one of an enumeration's.
func oneOf[W ~string](subject string, word W, all []W) error {
	if slices.Contains(all, word) {
		return nil
	}
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return invalid(subject, "expected one of "+strings.Join(words, ", "))
}
