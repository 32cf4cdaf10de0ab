package grant

import (
	"crypto/subtle"
	"fmt"
	"sync"
	"time"

	"github.com/parley-contracts/parley/mock/reading"
)

// Clock tells the world's time.
type Clock interface{ Now() time.Time }

// How long things last by the world's clock.
const (
	AccessLifetime  = time.Hour
	RefreshLifetime = 30 * 24 * time.Hour
	CodeLifetime    = time.Minute
)

// Client is an application that may ask for authorization. Its secret is kept in clear because the mock
// shows it to whoever started the world.
type Client struct {
	ID     string
	Secret string
}

// Authenticate tells whether the secret is the client's.
func (c Client) Authenticate(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) == 1
}

// Store keeps the grants of one world. It is safe for concurrent use.
type Store struct {
	clock  Clock
	client Client

	keepRefresh, codesReusable bool // see By

	mu        sync.RWMutex
	mint      mint
	grants    int
	tokens    map[key]*Grant
	refreshes map[key]*refresh
	codes     map[key]*code
	sweepAt   int // the number of secrets at which dead ones are next looked for
}

// New makes the empty store of a world. The world's name is part of every token and may hold no dot.
func New(world string, seed uint64, clock Clock) *Store {
	s := &Store{
		clock:     clock,
		mint:      newMint(world, seed),
		tokens:    make(map[key]*Grant),
		refreshes: make(map[key]*refresh),
		codes:     make(map[key]*code),
		sweepAt:   1024,
	}
	s.client = Client{ID: s.mint.next(clientID), Secret: s.mint.next(clientSecret)}
	return s
}

// By has the store go by a world's readings. It is called before the store is used.
func (s *Store) By(readings *reading.Set) {
	s.keepRefresh, s.codesReusable = readings.Has(reading.RefreshKept), readings.Has(reading.CodesReusable)
}

// Client is the world's one registered OAuth client.
func (s *Store) Client() Client { return s.client }

// Lookup finds the grant of an access token: ErrUnknown or ErrExpired when it opens nothing.
func (s *Store) Lookup(token string) (*Grant, error) {
	k, ok := keyOf(token)
	if !ok {
		return nil, ErrUnknown
	}
	s.mu.RLock()
	g := s.tokens[k]
	s.mu.RUnlock()
	if g == nil {
		return nil, ErrUnknown
	}
	if expired(g.Expires, s.clock) {
		return nil, ErrExpired
	}
	return g, nil
}

// Issue makes an access token without any OAuth exchange, with an authorization of its own. It lives for ttl:
// zero means for ever, and a negative one has expired already.
func (s *Store) Issue(account string, scopes Scopes, ttl time.Duration) (token string, g *Grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(Grant{ID: s.newID(), Account: account, Scopes: scopes}, ttl)
}

// Revoke ends an authorization: its access and refresh tokens open nothing any more.
func (s *Store) Revoke(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoke(id)
}

func (s *Store) revoke(id string) {
	for k, g := range s.tokens {
		if g.ID == id {
			delete(s.tokens, k)
		}
	}
	for k, r := range s.refreshes {
		if r.grant.ID == id {
			delete(s.refreshes, k)
		}
	}
}

func (s *Store) newID() string {
	s.grants++
	return fmt.Sprintf("grant-%d", s.grants)
}

func (s *Store) issue(g Grant, ttl time.Duration) (string, *Grant) {
	s.sweep()
	if ttl != 0 {
		g.Expires = s.clock.Now().Add(ttl)
	}
	token := s.mint.next(accessToken)
	k, _ := keyOf(token)
	s.tokens[k] = &g
	return token, &g
}

// sweep forgets what has been dead for a day: an expired token then reads as unknown, which is a 401 as well.
// It runs each time the store has doubled, so that its cost stays in proportion.
func (s *Store) sweep() {
	if s.size() < s.sweepAt {
		return
	}
	dead := s.clock.Now().Add(-24 * time.Hour)
	for k, g := range s.tokens {
		if !g.Expires.IsZero() && g.Expires.Before(dead) {
			delete(s.tokens, k)
		}
	}
	for k, r := range s.refreshes {
		if r.expires.Before(dead) {
			delete(s.refreshes, k)
		}
	}
	for k, c := range s.codes {
		if c.expires.Before(dead) {
			delete(s.codes, k)
		}
	}
	s.sweepAt = max(1024, 2*s.size())
}

// Size is how many secrets are kept.
func (s *Store) Size() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.size()
}

func (s *Store) size() int { return len(s.tokens) + len(s.refreshes) + len(s.codes) }

func expired(at time.Time, clock Clock) bool {
	return !at.IsZero() && !clock.Now().Before(at)
}
