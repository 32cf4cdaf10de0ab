// Package center is Conversations' state in one world: a contact centre with its customers on seventeen channels, its
// agents, bots, queues and forms, its conversations and their messages, and who has subscribed to its events. It knows
// no HTTP.
//
// The state changes only by events, folded one at a time into indexes in memory, as on AssistLoop's desk. What the
// document leaves to the sender and no reading settles is this package's own choice, and said so where it is made.
package center

import (
	"sync"
	"time"

	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock/reading"
)

// Options say how a centre is filled.
type Options struct {
	Seed          uint64
	Clock         interface{ Now() time.Time } // nil is real time
	Conversations int                          // 0 means DefaultConversations: each channel has some in every status
	Empty         bool                         // start without conversations
	Readings      reading.Set                  // how payloads differ from the usual ones and still keep to the document
}

// DefaultConversations gives each channel four.
const DefaultConversations = 4 * 17

// Center is the state of one world. It is safe for concurrent use.
type Center struct {
	clock    interface{ Now() time.Time }
	readings reading.Set

	// Whoever changes the centre holds writer until the listeners know; mu is held only while an event is folded. So a
	// listener may read the centre, and readers never wait for a listener.
	writer    sync.Mutex
	fake      *fake.Faker
	turns     turns
	listeners []func(Event)

	mu            sync.RWMutex
	events        uint64
	senders       map[Channel]string // what the centre itself is on each channel
	agents        list[Agent]
	queues        list[Queue]
	forms         list[Form]
	customers     list[Customer]
	conversations list[conversation] // in order of creation
	known         map[Identity]string
	threads       map[thread]*conversation // the newest of a customer on a channel
	messages      map[string]*conversation // by the message's id
	securities    list[Security]
	profiles      list[Profile]
	subscriptions list[Subscription]
	subscribers   map[string][]Subscription // by the event's name on the wire
}

// turns are what comes round in turn: they make a world varied with few things in it.
type turns struct {
	id, guest, queue, form, provoked, inline, subscription int
}

// next gives the turn that it is, from 0.
func next(turn *int) int {
	*turn++
	return *turn - 1
}

// thread is a customer's talk on a channel.
type thread struct {
	customer string
	channel  Channel
}

// New builds a centre. The same options and time give the same centre, byte for byte.
func New(o Options) *Center {
	if o.Clock == nil {
		o.Clock = realTime{}
	}
	c := &Center{
		clock:       o.Clock,
		readings:    o.Readings,
		fake:        fake.New(o.Seed ^ apart),
		senders:     map[Channel]string{},
		known:       map[Identity]string{},
		threads:     map[thread]*conversation{},
		messages:    map[string]*conversation{},
		subscribers: map[string][]Subscription{},
	}
	c.build(o)
	return c
}

// apart keeps the people of this contract from being those of the other, which come from the same seed.
const apart = 0xc0417e45a710_0003

// Listen has every later event told to f: in order, after the change is visible, one at a time. f may read the centre
// but not change it, and has to be quick: the next change waits for it.
func (c *Center) Listen(f func(Event)) {
	c.writer.Lock()
	defer c.writer.Unlock()
	c.listeners = append(c.listeners, f)
}

// Stats counts what a centre holds.
type Stats struct {
	Customers     int    `json:"customers"`
	Agents        int    `json:"agents"` // bots included
	Queues        int    `json:"queues"`
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"`
	Subscriptions int    `json:"subscriptions"`
	Events        uint64 `json:"events"`
}

// Stats counts what is there now.
func (c *Center) Stats() Stats {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return Stats{
		Customers: len(c.customers.all), Agents: len(c.agents.all), Queues: len(c.queues.all),
		Conversations: len(c.conversations.all), Messages: len(c.messages),
		Subscriptions: len(c.subscriptions.all), Events: c.events,
	}
}

// list is things in order, and by id.
type list[T any] struct {
	all  []*T
	byID map[string]*T
}

func (l *list[T]) put(id string, thing *T) {
	if l.byID == nil {
		l.byID = map[string]*T{}
	}
	l.byID[id] = thing
	l.all = append(l.all, thing)
}

type realTime struct{}

func (realTime) Now() time.Time { return time.Now() }
