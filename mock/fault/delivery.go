package fault

import (
	"regexp"
	"time"
)

// Delivery is what rules want to know of one attempt to deliver.
type Delivery struct {
	ID           string // of the event, the same for all attempts
	Event        string // its name on the wire
	Subscription string
	URL          string
	Attempt      int  // 1 for the first
	Spared       bool // so few attempts are left that none may be made to fail
	Signed       bool // it bears a signature
}

// Disturbance is what one attempt to deliver meets.
type Disturbance struct {
	Act                   // but for the lengths that chance chose:
	Late    time.Duration // how long it waits first
	Again   time.Duration // when it is sent once more, though it was answered 2xx
	Applied string        // the act as ParseAct reads it, with those lengths
}

// onDelivery is a rule for one event.
type onDelivery struct {
	turn
	act          Act
	target       *regexp.Regexp
	subscription string
	attempt      int
}

// ForDelivery says what an attempt meets; nil for nothing.
func (f *Faults) ForDelivery(d Delivery) *Disturbance {
	t := f.active.Load()
	if t == nil {
		return nil
	}
	for _, rule := range t.byEvent[d.Event] {
		if !rule.meets(d) {
			continue
		}
		draw := mix(rule.seed ^ hash(d.ID, d.Subscription) ^ mix(uint64(d.Attempt)))
		if rule.takes(rule.next(), draw) {
			return rule.disturb(mix(draw))
		}
	}
	return nil
}

func (r *onDelivery) meets(d Delivery) bool {
	return (r.attempt == 0 || r.attempt == d.Attempt) &&
		(r.attempt != 0 || !d.Spared || !r.act.fails()) && // at-least-once
		(d.Signed || r.act.Signature == "" && r.act.Timestamp == 0) &&
		(r.subscription == "" || r.subscription == d.Subscription) &&
		(r.target == nil || r.target.MatchString(d.URL))
}

// fails tells whether no fair receiver takes such an attempt.
func (a *Act) fails() bool { return a.Drop != "" || a.Signature != "" || a.Timestamp != 0 }

func (r *onDelivery) disturb(draw uint64) *Disturbance {
	d := &Disturbance{Act: r.act}
	if r.act.Delay != (Spread{}) {
		d.Late = r.act.Delay.at(draw)
		d.Act.Delay = Always(d.Late)
	}
	if r.act.Repeat != (Spread{}) {
		d.Again = r.act.Repeat.at(mix(draw))
		d.Act.Repeat = Always(d.Again)
	}
	d.Applied = d.Act.String()
	return d
}

func (f *Faults) prepareDelivery(rule Rule, number int) (map[string]*onDelivery, error) {
	events, err := f.contract.eventsNamed(rule.Match.Event)
	if err != nil {
		return nil, err
	}
	ready := map[string]*onDelivery{}
	for _, event := range events {
		on := &onDelivery{
			act: rule.Act, subscription: rule.Match.Subscription, attempt: rule.Match.Attempt,
			turn: newTurn(&rule.Match, f.seed^hash(event)^mix(uint64(number))),
		}
		if rule.Match.Target != "" {
			on.target = glob(rule.Match.Target)
		}
		ready[event] = on
	}
	return ready, nil
}
