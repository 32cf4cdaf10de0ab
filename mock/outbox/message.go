package outbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// Message is one event for one subscription.
type Message struct {
	ID           string // of the event, the same for all attempts: what Standard Webhooks calls webhook-id
	Subscription string // its id, by which it can be cancelled
	Event        string // the event's name, for the journal
	URL          string // where it goes
	Secret       string // what it is signed with, whsec_…; see openapi/webhook
	Body         []byte
	ContentType  string // application/json when empty

	// Key orders: messages of one key to one origin are attempted one after another, in order of Send, so that
	// they arrive in order while attempts succeed. A retry does not hold up those behind it. Empty: no order.
	Key string

	// Authorize, where a contract has something else than a signature by Standard Webhooks, puts on a request
	// what proves its sender. It is called for every attempt.
	Authorize func(*http.Request)
}

// CheckTarget tells whether deliveries can go to a URL: https, or http to this machine where that is allowed.
func CheckTarget(target string, allowLoopbackHTTP bool) error {
	_, err := originOf(target, allowLoopbackHTTP)
	return err
}

// originOf gives scheme, host and port of a target.
func originOf(target string, allowLoopbackHTTP bool) (string, error) {
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("the target URL cannot be used: want https://host/path") // it is a secret: not quoted
	case u.Scheme == "https", u.Scheme == "http" && allowLoopbackHTTP && isLoopback(u.Hostname()):
		return u.Scheme + "://" + u.Host, nil
	default:
		return "", fmt.Errorf("the target URL cannot be used: its scheme is %q, want https", u.Scheme)
	}
}

// isLoopback goes by the name alone: a name that happens to resolve to this machine is not known to stay there.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (o *Outbox) check(m *Message) (origin string, err error) {
	if len(m.Body) > o.options.MaxBody {
		return "", fmt.Errorf("the body has %d bytes, at most %d are sent", len(m.Body), o.options.MaxBody)
	}
	if m.ContentType == "" {
		m.ContentType = "application/json"
	}
	return originOf(m.URL, o.options.AllowLoopbackHTTP)
}
