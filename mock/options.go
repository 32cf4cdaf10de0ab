package mock

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

// Options say how the default world begins; worlds made later begin alike where they do not say otherwise. The
// zero value is a mock that keeps to the document.
type Options struct {
	Seed          uint64    // the same seed and Now give the same world, byte for byte; 0 means 1
	Now           time.Time // where the world's clock starts; zero means the real time
	Conversations int       // of AssistLoop in all; 0 means 60
	Messages      int       // in all; 0 means ten for each conversation
	StartEmpty    bool      // without conversations, of either contract
	AutoConsent   bool      // whoever asks for authorization gets it without a consent page

	RateLimit string   // as in general=60/1m,close=10/1m, or off; empty means as documented
	Profile   string   // a ready-made set of faults: fault.Profiles
	Faults    []string // beside those, each as in reply=503:0.1; the package fault has the syntax
	Latency   []string // each as in list=200ms

	// What it does where the documents leave a choice, each as in per-page=100: package reading has the list.
	Readings []string

	AllowLoopbackHTTP bool              // take webhook targets at http://127.0.0.1 and the like, too
	DeliverCA         *x509.CertPool    // trusted for deliveries elsewhere than to loopback; nil means the system's
	DeliveryTransport http.RoundTripper // sends the deliveries, instead of the mock's own

	Defect *defects.Defect // a deliberate breach of the contract, for clients that are to bear it; nil for none

	Retries int                           // of a delivery that failed; 0 means three, as documented
	Backoff func(retry int) time.Duration // from a failure to the nth retry; nil means 1 s, 2 s, 4 s

	ControlToken string       // what control API and driver ask for, as Bearer; empty means nothing
	MaxWorlds    int          // worlds at once; 0 means 100
	Logger       *slog.Logger // for what nobody else is told of; nil means slog.Default
}

// The defaults of Options.
const (
	DefaultSeed          = 1
	DefaultConversations = 60
	DefaultMaxWorlds     = 100
)

// most bounds the numbers of a world: beyond, memory would be the first to answer.
const most = 10_000_000

func (o Options) check() error {
	switch {
	case o.Conversations < 0 || o.Conversations > most:
		return fmt.Errorf("conversations: expected 0 to %d, not %d", most, o.Conversations)
	case o.Messages < 0 || o.Messages > most:
		return fmt.Errorf("messages: expected 0 to %d, not %d", most, o.Messages)
	case o.StartEmpty && (o.Conversations > 0 || o.Messages > 0):
		return errors.New("a world that starts empty has no conversations or messages: leave one of them out")
	case !o.Now.IsZero() && (o.Now.Year() < 1970 || o.Now.Year() > 9999):
		return fmt.Errorf("now: expected a year from 1970 to 9999, not %d", o.Now.Year())
	case o.MaxWorlds < 0:
		return fmt.Errorf("worlds: expected a number above zero, not %d", o.MaxWorlds)
	case o.DeliverCA != nil && o.DeliveryTransport != nil:
		return errors.New("a delivery transport has authorities of its own: leave one of them out")
	}
	return nil
}

// world is the template of all worlds, but for what the contract adds.
func (o Options) world(transport http.RoundTripper) (world.Options, error) {
	limits, err := limit.Parse(o.RateLimit)
	if err != nil {
		return world.Options{}, err
	}
	faults, latency, err := fault.ParseAll(o.Faults, o.Latency)
	if err != nil {
		return world.Options{}, err
	}
	if o.Profile != "" {
		profile, err := fault.Profile(o.Profile)
		if err != nil {
			return world.Options{}, err
		}
		faults = append(profile.Rules, faults...)
	}
	readings, err := reading.Parse(o.Readings)
	if err != nil {
		return world.Options{}, err
	}
	return world.Options{
		Seed: cmp.Or(o.Seed, DefaultSeed), Now: o.Now,
		Desk: desk.Options{
			Conversations: cmp.Or(o.Conversations, DefaultConversations), Messages: o.Messages, Empty: o.StartEmpty,
		},
		Center: center.Options{Empty: o.StartEmpty},
		Outbox: outbox.Options{
			Transport: transport, AllowLoopbackHTTP: o.AllowLoopbackHTTP, Retries: o.Retries, Backoff: o.Backoff,
		},
		Limits: limits, Faults: faults, Latency: latency, Readings: readings, AutoConsent: o.AutoConsent,
	}, nil
}
