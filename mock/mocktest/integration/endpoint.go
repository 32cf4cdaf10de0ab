// Package integration is an integration as a developer would write one: it subscribes, verifies signatures, keeps what
// is delivered before it answers, does each event once, backs off when it is told to and refreshes its token.
//
// It serves as an example, and as the subject of two proofs: it survives every fault that the mock can bring, and
// whoever judges endpoints finds nothing wrong with it, but finds each Bug that can be put in. It knows the mock over
// HTTP alone.
package integration

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// longestBody bounds a delivery, in bytes.
const longestBody = 1 << 20

// Endpoint takes webhooks of either contract, at any path. It is safe for concurrent use.
type Endpoint struct {
	bugs  []Bug
	store Store
	work  time.Duration // how long an endpoint that answers slowly takes

	mu      sync.Mutex
	secrets []*standardwebhooks.Webhook
	taking  atomic.Int32 // deliveries at this moment
	taken   atomic.Int64 // so far
}

// New makes an endpoint that takes what is signed with a secret (whsec_…) and keeps it in memory.
func New(secret string, options ...Option) (*Endpoint, error) {
	e := &Endpoint{store: NewMemory(), work: 15 * time.Second}
	for _, option := range options {
		option(e)
	}
	if e.has(LosesConcurrent) {
		e.store = &forgetful{Store: e.store}
	}
	if secret == "" {
		return e, nil
	}
	return e, e.AddSecret(secret)
}

// Option alters an endpoint that New makes.
type Option func(*Endpoint)

// With puts bugs in.
func With(bugs ...Bug) Option { return func(e *Endpoint) { e.bugs = append(e.bugs, bugs...) } }

// KeptIn has the endpoint keep events elsewhere than in memory of its own.
func KeptIn(store Store) Option { return func(e *Endpoint) { e.store = store } }

// Working says how long AnswersSlowly takes to answer; 15 s if it is not said.
func Working(d time.Duration) Option { return func(e *Endpoint) { e.work = d } }

// AddSecret has the endpoint take what is signed with this secret, too: each subscription has one of its own.
func (e *Endpoint) AddSecret(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return fmt.Errorf("the subscription's secret cannot be used: expected whsec_ and base64")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.secrets = append(e.secrets, w)
	return nil
}

// Handler answers deliveries: 2xx once an event is kept, and to one that was kept before; 401 to a signature that is
// missing, wrong or old; 400 to what is no event; 500 when it cannot be kept, so that it is delivered again.
func (e *Endpoint) Handler() http.Handler { return http.HandlerFunc(e.take) }

func (e *Endpoint) take(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "deliveries are POST", http.StatusMethodNotAllowed)
		return
	}
	alone := e.taking.Add(1) == 1
	defer e.taking.Add(-1)
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		http.Error(w, "the body did not arrive whole", http.StatusBadRequest)
		return
	}
	if !e.verified(text, r.Header) {
		http.Error(w, "the signature is missing, wrong or old", http.StatusUnauthorized)
		return
	}
	event, err := read(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if status := e.mistake(event, text, alone); status != 0 {
		http.Error(w, "the event cannot be taken", status)
		return
	}
	event.Key = e.key(event)
	if e.has(AcknowledgesFirst) {
		w.WriteHeader(http.StatusNoContent)
		_ = e.store.Keep(event)
		return
	}
	switch err := e.store.Keep(event); {
	case err == nil, errors.Is(err, ErrKept) && !e.has(RefusesDuplicates):
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, ErrKept):
		http.Error(w, "this event is there already", http.StatusConflict)
	default:
		http.Error(w, "the event cannot be kept: deliver it again", http.StatusInternalServerError)
	}
}

func (e *Endpoint) verified(text []byte, header http.Header) bool {
	if e.has(AcceptsForged) || e.has(AcceptsUnsigned) && header.Get(standardwebhooks.HeaderWebhookSignature) == "" {
		return true
	}
	e.mu.Lock()
	secrets := e.secrets[:len(e.secrets):len(e.secrets)]
	e.mu.Unlock()
	return slices.ContainsFunc(secrets, func(secret *standardwebhooks.Webhook) bool {
		if e.has(AcceptsStale) {
			return secret.VerifyIgnoringTimestamp(text, header) == nil
		}
		return secret.Verify(text, header) == nil
	})
}

// mistake is the status with which a bug refuses a delivery that is to be taken; 0 where it does not.
func (e *Endpoint) mistake(event Event, text []byte, alone bool) int {
	if e.has(AnswersSlowly) {
		time.Sleep(e.work)
	}
	if e.has(RefusesConcurrent) {
		time.Sleep(lockHeld)
		if !alone {
			return http.StatusServiceUnavailable
		}
	}
	if e.has(RefusesReordered) && event.Name == HumanHandoff && !e.store.Has(NewConversation, event.Conversation) {
		return http.StatusConflict
	}
	return tooStrict(e.has, text)
}

// key is what an event is known by.
func (e *Endpoint) key(event Event) string {
	switch {
	case e.has(DoesDuplicates):
		return fmt.Sprint(event.Key, "#", e.taken.Add(1))
	case e.has(KnowsByConversation):
		return event.Conversation
	}
	return event.Key
}

// lockHeld is how long a delivery that wants to be alone takes.
const lockHeld = 50 * time.Millisecond

func (e *Endpoint) has(bug Bug) bool { return slices.Contains(e.bugs, bug) }
