package center

import (
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/fixtures/fake"
)

// newcomer invents a customer of a channel and lets them come. Somebody with a telephone is on every channel that goes by
// its number, so that one customer can have several conversations at once.
func (c *Center) newcomer(channel Channel) Customer {
	person := c.fake.Person()
	customer := Customer{ID: c.either()}
	customer.First, customer.Last, _ = strings.Cut(person.Name, " ")
	switch {
	case byNumber(channel):
		number := c.unique(channel, c.number)
		for _, each := range Channels {
			if byNumber(each) {
				customer.Identities = append(customer.Identities, Identity{each, number})
			}
		}
		customer.Identities = append(customer.Identities, Identity{Email, person.Email})
	case channel == LiveChat:
		customer.Authentication = c.authentication(person)
		customer.Identities = []Identity{{LiveChat, c.uuid()}}
		switch customer.Authentication.Type {
		case NotAuthenticated:
			customer.First, customer.Last = "", ""
		case ByEmail:
			customer.Identities = append(customer.Identities, Identity{Email, person.Email})
		}
	default:
		value := c.unique(channel, func() string { return c.identity(channel, person) })
		customer.Identities = []Identity{{channel, value}}
	}
	c.commit(c.now(), CustomerCame{customer})
	return customer
}

// byNumber tells whether people are known by a telephone number on a channel.
func byNumber(channel Channel) bool {
	switch channel {
	case SMS, Viber, WhatsApp, RCS, Calls:
		return true
	}
	return false
}

// unique makes up an identity until it is nobody's yet.
func (c *Center) unique(channel Channel, invent func() string) string {
	for {
		if value := invent(); c.known[Identity{channel, value}] == "" {
			return value
		}
	}
}

// number is a telephone number in international form, of those that are kept free for fiction (555-0100 to 555-0199 in
// any area of North America).
func (c *Center) number() string {
	return "1" + c.text("2345679", 1) + c.text("0123456789", 2) + "55501" + c.text("0123456789", 2)
}

// identity is what a person is on a channel. The document says only that these range from alphanumeric values to UUIDs;
// their forms are those that the channels' own platforms have.
func (c *Center) identity(channel Channel, p fake.Person) string {
	local, _, _ := strings.Cut(p.Email, "@")
	const (
		hex    = "0123456789abcdef"
		base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	)
	switch channel {
	case Email:
		return p.Email
	case FacebookMessenger, InstagramMessaging:
		return c.digits(16) // an id that holds for this page alone
	case FacebookPost:
		return c.digits(15)
	case InstagramPost:
		return local + c.text("0123456789", 3)
	case Line:
		return "U" + c.text(hex, 32)
	case Telegram:
		return c.digits(10)
	case ViberBot:
		return c.text(base64, 22) + "=="
	case AppleBusinessChat:
		return "urn:mbid:AQAAY" + c.text(base64, 42)
	case KakaoSangdam:
		return c.text(base64, 12)
	case GooglePlay:
		return "gp:" + c.text(base64, 24) // the author of a review
	case LiveChat:
		return c.uuid()
	}
	return c.number()
}

// authentication is how a live chat knows its customer: by each of the four types in turn.
func (c *Center) authentication(p fake.Person) Authentication {
	kind := AuthenticationTypes[next(&c.turns.guest)%len(AuthenticationTypes)]
	if kind == NotAuthenticated {
		return Authentication{Type: kind}
	}
	first, last, _ := strings.Cut(p.Name, " ")
	known := Authentication{Type: kind, Person: 1 + c.fake.IntN(1<<31-1), First: first, Last: last}
	switch kind {
	case ByEmail:
		known.Value = p.Email
	case ByPhone:
		known.Value = c.number()
	case ByExternalID:
		known.Value = "customer-" + strconv.Itoa(1000+c.turns.guest)
	}
	return known
}

// sender is what the centre itself is on a channel.
func (c *Center) sender(channel Channel, shop string) string {
	handle := strings.ToLower(strings.Join(strings.Fields(shop), ""))
	switch {
	case byNumber(channel):
		return "4478600" + c.text("0123456789", 5)
	case channel == Email:
		return "support@" + handle + ".example"
	case channel == InstagramPost:
		return handle
	case channel == GooglePlay:
		return "example." + handle + ".app" // the application that is reviewed
	}
	return c.identity(channel, fake.Person{})
}
