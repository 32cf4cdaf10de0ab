// Package desk is AssistLoop's state in one world: accounts, organizations, agents, conversations, messages and webhook
// subscriptions. It knows no HTTP and no tokens; callers say which account asks.
//
// The state changes only by events, folded one at a time into indexes in memory. An entity is encoded to JSON when an event
// changes it, so that a list joins bytes that are there; messages, of which a world may hold a million, are kept small and
// encoded when they are asked for. Either way the work grows with the page, not with the world.
package desk

import (
	"sync"
	"time"

	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock/reading"
)

// Options say how a desk is filled. The zero value of a number stands for its default.
type Options struct {
	Seed          uint64
	Clock         interface{ Now() time.Time } // nil is real time
	Organizations int                          // of the owner: 2
	Agents        int                          // of each organization: 3 of the first, 2 of the others
	Conversations int                          // of all agents together: 60
	Messages      int                          // of all conversations together: 10 each; at least 1 each
	Empty         bool                         // start without conversations
	Readings      reading.Set                  // what it does where the document leaves a choice
}

// Desk is the state of one world. It is safe for concurrent use.
type Desk struct {
	clock    interface{ Now() time.Time }
	ids      ids
	empty    bool
	readings reading.Set
	before   order // of lists; nil for newest first
	// Whoever changes the desk holds writer until the listeners know; mu is held only while an event is folded. So a listener
	// may read the desk, and readers never wait for a listener.
	writer    sync.Mutex
	fake      *fake.Faker
	numbers   numbers
	listeners []func(Event)

	mu            sync.RWMutex
	events        uint64
	messages      int
	scratch       []byte
	owner         *account
	accounts      map[string]*account
	organizations map[string]*organization
	agents        map[string]*agent
	conversations map[string]*conversation
	subscriptions map[string]*Subscription
	subscribers   map[topic][]Subscription
}

// New builds a desk. The same options and time give the same desk, byte for byte.
func New(o Options) *Desk {
	if o.Clock == nil {
		o.Clock = realTime{}
	}
	d := &Desk{
		clock:         o.Clock,
		ids:           newIDs(o.Seed, &o.Readings),
		readings:      o.Readings,
		before:        orderBy(&o.Readings, newIDs(o.Seed, &o.Readings)),
		empty:         o.Empty,
		fake:          fake.New(o.Seed),
		accounts:      map[string]*account{},
		organizations: map[string]*organization{},
		agents:        map[string]*agent{},
		conversations: make(map[string]*conversation, o.Conversations),
		subscriptions: map[string]*Subscription{},
		subscribers:   map[topic][]Subscription{},
	}
	d.build(o)
	return d
}

// Listen has every later event told to f: in order, after the change is visible, one at a time. f may read the desk but not
// change it, and has to be quick: the next change waits for it.
func (d *Desk) Listen(f func(Event)) {
	d.writer.Lock()
	defer d.writer.Unlock()
	d.listeners = append(d.listeners, f)
}

type realTime struct{}

func (realTime) Now() time.Time { return time.Now() }
