package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// A PayloadJudge judges bodies of webhooks one by one, in the order they came, in memory that their number does not fill.
// It needs no target: what it judges is what a body shows, alone or beside those before it.
type PayloadJudge interface {
	// Take judges one delivery. Of a recorded one, nothing but Body is known, and it is good until Take returns.
	Take(*Delivery)
	// Malformed notes a place where there should have been a body, and why none could be judged.
	Malformed(d *Delivery, problem string)
	// Verdict is what all of them say of a requirement: nil, a *Breach, a *Gap, or any other error.
	Verdict(requirement string) error
	// Watch has every breach told as it is found.
	Watch(tell func(requirement, expected, seen string))
}

// Tally keeps what a stream of deliveries or exchanges says of each requirement: how many speak for it, how many against it,
// and the first and the last few of those, with their bodies.
type Tally struct {
	counts map[string]*Count
	tell   func(requirement, expected, seen string) // of every breach; nil for nobody
}

// Watch has every breach told as it is counted.
func (t *Tally) Watch(tell func(requirement, expected, seen string)) { t.tell = tell }

// Count is one requirement's part of a tally.
type Count struct {
	tally          *Tally
	requirement    string
	judged, broken int
	expected, seen string   // of the first breach
	trouble, gap   error    // what kept one from being judged: something in the way, or nothing there
	places         []string // of the first few breaches, where they are recorded
	first, last    []witness
}

// Of returns a requirement's part, for those who ask for it more than once.
func (t *Tally) Of(requirement string) *Count {
	if t.counts == nil {
		t.counts = map[string]*Count{}
	}
	c := t.counts[requirement]
	if c == nil {
		c = &Count{tally: t, requirement: requirement}
		t.counts[requirement] = c
	}
	return c
}

// Verdict is what was counted of a requirement; a *Gap if nothing was.
func (t *Tally) Verdict(requirement string) error { return t.Of(requirement).Verdict() }

// Meet counts one that meets the requirement.
func (c *Count) Meet() { c.judged++ }

// Met tells whether any did, so far.
func (c *Count) Met() bool { return c.judged > 0 }

// Asked tells whether any was counted, for or against.
func (c *Count) Asked() bool { return c.judged > 0 || c.broken > 0 }

// Judge counts one by what a rule said of it: nil, a *Breach, or an error for what could not be judged.
func (c *Count) Judge(err error) {
	var breach *Breach
	var gap *Gap
	switch {
	case err == nil:
		c.judged++
	case errors.As(err, &breach):
		c.breaks(breach.Expected, breach.Seen, append(exchanges(breach.Exchanges...), deliveries(breach.Deliveries...)...))
	case errors.As(err, &gap):
		c.gap = cmp.Or(c.gap, err)
	default:
		c.trouble = cmp.Or(c.trouble, err)
	}
}

// Break counts one that breaks the requirement, by the deliveries that show it; the last one decided.
func (c *Count) Break(expected, seen string, ds ...*Delivery) {
	c.breaks(expected, seen, deliveries(ds...))
}

func (c *Count) breaks(expected, seen string, shown []witness) {
	c.broken++
	if c.broken == 1 {
		c.expected, c.seen = expected, seen
	}
	if c.tally.tell != nil {
		c.tally.tell(c.requirement, expected, seen)
	}
	if n := len(shown); n > 0 && shown[n-1].place() != "" && len(c.places) < maxPlaces {
		c.places = append(c.places, shown[n-1].place())
	}
	for _, w := range shown {
		if len(c.first) < keptEachSide {
			c.first = append(c.first, w.kept())
			continue
		}
		if len(c.last) == keptEachSide {
			copy(c.last, c.last[1:])
			c.last = c.last[:keptEachSide-1]
		}
		c.last = append(c.last, w.kept())
	}
}

// Verdict is what was counted.
func (c *Count) Verdict() error {
	switch {
	case c.broken > 0:
		b := &Breach{Expected: c.expected, Seen: c.said()}
		for _, w := range append(c.first[:len(c.first):len(c.first)], c.last...) {
			w.into(b)
		}
		return b
	case c.trouble != nil:
		return c.trouble
	case c.judged > 0:
		return nil
	case c.gap != nil:
		return c.gap
	}
	return Lacking("nothing was delivered to judge it by")
}

// maxPlaces bounds how many places a finding names.
const maxPlaces = 10

// said is what was seen of the first breach, with its place and those of others, where they are recorded.
func (c *Count) said() string {
	if len(c.places) == 0 {
		return c.seen
	}
	text := c.seen + " in " + c.places[0]
	if more := c.places[1:]; len(more) > 0 {
		text += ", and breaches in " + strings.Join(more, ", ")
	}
	if rest := c.broken - len(c.places); rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}
