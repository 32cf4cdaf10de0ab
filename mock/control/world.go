package control

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

const (
	// mostEntities bounds the numbers of a world: beyond, memory would be the first to answer.
	mostEntities = 10_000_000
	// closingPatience is how long a world that ends waits for its deliveries under way.
	closingPatience = 2 * time.Second
)

// newWorld says how a world begins. What it leaves out is as in the default world.
type newWorld struct {
	Name          string         `json:"name"` // made up when it is left out
	Seed          *uint64        `json:"seed"`
	Now           *string        `json:"now"` // RFC 3339; null is the real time
	Conversations *int           `json:"conversations"`
	Messages      *int           `json:"messages"`
	StartEmpty    *bool          `json:"start_empty"`
	AutoConsent   *bool          `json:"auto_consent"`
	RateLimit     *string        `json:"rate_limit"` // as on the command line: "general=60/1m,close=10/1m" or "off"
	Profile       *string        `json:"profile"`    // a ready-made set of faults, before the others
	Faults        *[]fault.Rule  `json:"faults"`     // as on the command line, "reply=503:0.1", or objects of match and act
	Readings      *[]string      `json:"readings"`   // as on the command line: "per-page=100"
	Latency       *[]fault.Delay `json:"latency"`    // as on the command line: "list=200ms"
}

// summary is a world in a list.
type summary struct {
	Name   string    `json:"name"`
	Seed   uint64    `json:"seed"`
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

// whole is a world with what a client needs to begin.
type whole struct {
	summary
	world.Ready
}

func summaryOf(w *world.World) summary {
	return summary{Name: w.Name, Seed: w.Options.Seed, Now: w.Clock.Now(), Frozen: w.Clock.Frozen()}
}

// wholeOf gives URLs of the server that the request has reached.
func wholeOf(w *world.World, r *http.Request) whole {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return whole{summaryOf(w), w.Ready(scheme + "://" + r.Host)}
}

func (c *Control) listWorlds(*http.Request) (any, error) {
	var list struct {
		Worlds []summary `json:"worlds"`
	}
	for _, w := range c.worlds.List() {
		list.Worlds = append(list.Worlds, summaryOf(w))
	}
	return list, nil
}

func (c *Control) getWorld(r *http.Request) (any, error) {
	w, found := c.worlds.Get(r.PathValue("name"))
	if !found {
		return nil, world.ErrUnknown
	}
	return wholeOf(w, r), nil
}

func (c *Control) createWorld(r *http.Request) (any, error) {
	asked, err := decode[newWorld](r)
	if err != nil {
		return nil, err
	}
	if asked.Name == "" {
		asked.Name = strings.ToLower(rand.Text())
	}
	options, err := asked.options(c.worlds.Default().Options)
	if err != nil {
		return nil, err
	}
	w, err := c.worlds.Create(asked.Name, options)
	if err != nil {
		return nil, err
	}
	return created{wholeOf(w, r)}, nil
}

func (c *Control) resetWorld(r *http.Request) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), closingPatience)
	defer cancel()
	w, err := c.worlds.Reset(ctx, r.PathValue("name"))
	if w == nil {
		return nil, err
	}
	return wholeOf(w, r), nil // an error tells what the old world left undone: that goes with it
}

func (c *Control) deleteWorld(r *http.Request) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), closingPatience)
	defer cancel()
	err := c.worlds.Delete(ctx, r.PathValue("name"))
	if errors.Is(err, world.ErrUnknown) || errors.Is(err, world.ErrDefault) {
		return nil, err
	}
	return nil, nil // any other error tells what the world left undone: that goes with it
}

// options are those of the template, but for what is asked.
func (n newWorld) options(template world.Options) (world.Options, error) {
	o := template
	if n.Seed != nil {
		if *n.Seed == 0 {
			return o, errors.New("seed: expected a whole number above zero")
		}
		o.Seed = *n.Seed
	}
	if n.Now != nil {
		now, err := time.Parse(time.RFC3339, *n.Now)
		if err != nil || now.Year() < 1970 {
			return o, errors.New("now: expected a time from 1970 on, as in 2026-01-31T12:00:00Z")
		}
		o.Now = now
	}
	if n.AutoConsent != nil {
		o.AutoConsent = *n.AutoConsent
	}
	if err := n.fill(&o); err != nil {
		return o, err
	}
	return o, n.trouble(&o)
}

// fill takes over what the world holds.
func (n newWorld) fill(o *world.Options) error {
	for _, number := range []struct {
		key  string
		want *int
		set  *int
	}{{"conversations", n.Conversations, &o.Desk.Conversations}, {"messages", n.Messages, &o.Desk.Messages}} {
		if number.want == nil {
			continue
		}
		if *number.want < 1 || *number.want > mostEntities {
			return fmt.Errorf("%s: expected 1 to %d; for none there is start_empty", number.key, mostEntities)
		}
		*number.set = *number.want
		o.Desk.Empty, o.Center.Empty = false, false
	}
	if n.Conversations != nil && n.Messages == nil {
		o.Desk.Messages = 0 // the template's number was meant for its own conversations: ten each instead
	}
	if n.StartEmpty != nil {
		if *n.StartEmpty && (n.Conversations != nil || n.Messages != nil) {
			return errors.New("a world that starts empty has no conversations or messages: leave one of them out")
		}
		o.Desk.Empty, o.Center.Empty = *n.StartEmpty, *n.StartEmpty
	}
	if n.Readings != nil {
		readings, err := reading.Parse(*n.Readings)
		if err != nil {
			return err
		}
		o.Readings = readings
	}
	return nil
}

// trouble takes over limits, faults and latency.
func (n newWorld) trouble(o *world.Options) (err error) {
	if n.RateLimit != nil {
		if o.Limits, err = limit.Parse(*n.RateLimit); err != nil {
			return err
		}
	}
	if n.Latency != nil {
		o.Latency = *n.Latency
	}
	if n.Faults == nil && n.Profile == nil {
		return nil
	}
	var asked faults
	if n.Faults != nil {
		asked.Faults = *n.Faults
	}
	if n.Profile != nil {
		asked.Profile = *n.Profile
	}
	o.Faults, err = asked.rules()
	return err
}
