package conversations

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// What is judged here takes a run that saw everything and knows what was made to happen when.

// timed is an event about a conversation with its time.
type timed struct {
	*arrival
	at time.Time
}

// told lists what arrived about conversations, without what came again, by conversation and in order of time.
func (r *run) told() map[string][]timed {
	all := map[string][]timed{}
	for _, a := range r.arrivals {
		if a.event == nil || a.again || a.event.message != nil {
			continue
		}
		at, ok := a.event.payload.instant("timestamp")
		if id := a.event.conversation(); ok && id != "" {
			all[id] = append(all[id], timed{a, at})
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b timed) int { return a.at.Compare(b.at) })
	}
	return all
}

// status and assignee are what events about conversations tell of; ok is false where one tells nothing of it, or
// something that none can be.
func status(e *event) (value string, ok bool) {
	value = e.payload.text("status")
	return value, slices.Contains([]string{"OPEN", "WAITING", "SOLVED", "CLOSED"}, value) && e.name != assignmentUpdated
}

func assignee(e *event) (value string, ok bool) {
	whole, there := e.payload["assignee"]
	switch one := toItem(whole); {
	case !there || e.name == statusUpdated:
		return "", false
	case whole == nil:
		return "", true
	case one == nil:
		return "", false
	default:
		id, there := one["id"]
		value = formed(one.text("id"))
		return value, there && id == nil || value != ""
	}
}

func toItem(v any) item {
	o, _ := v.(map[string]any)
	return o
}

// changed: an event tells of something else than the one before it. A first status event that repeats what the conversation
// began with is another requirement's. Events of one instant are not compared: nothing tells which was first. The newest shows a
// change, and is not held against the target for want of one: what happened before it may be under way still, where nothing
// keeps deliveries in order.
func (r *run) changed(name string, of func(*event) (string, bool)) error {
	judged := false
	for _, list := range r.told() {
		list = slices.DeleteFunc(list, func(t timed) bool { _, ok := of(t.event); return !ok })
		for i := 1; i < len(list); i++ {
			before, now := list[i-1], list[i]
			if now.event.name != name || !alone(list, i-1) || !alone(list, i) || name == statusUpdated && before.event.name == created {
				continue
			}
			was, _ := of(before.event)
			is, _ := of(now.event)
			newest := i == len(list)-1
			judged = judged || was != is || !newest
			if was == is && !newest {
				return breach("something else than the event before it tells", "the same again: "+cmp.Or(was, "nobody"), before.Delivery, now.Delivery)
			}
		}
	}
	if !judged {
		return r.lackingPair(name)
	}
	return nil
}

// alone tells whether no other of the list is of the same instant.
func alone(list []timed, i int) bool {
	return (i == 0 || list[i-1].at.Before(list[i].at)) && (i == len(list)-1 || list[i].at.Before(list[i+1].at))
}

// noStatusEvent: that a conversation begins fires no event of its status. One that comes first, and tells the status that the
// conversation began with, tells of no change.
func (r *run) noStatusEvent() error {
	judged := false
	for _, list := range r.told() {
		list = slices.DeleteFunc(list, func(t timed) bool { return t.event.name == assignmentUpdated })
		begin := slices.IndexFunc(list, func(t timed) bool { return t.event.name == created })
		if begin < 0 {
			continue
		}
		judged = true
		began := list[begin]
		later := slices.DeleteFunc(slices.Clone(list), func(t timed) bool { return t.event.name == created || t.at.Before(began.at) })
		if len(later) == 0 || !alone(later, 0) {
			continue
		}
		was, _ := status(began.event)
		if is, _ := status(later[0].event); is == was {
			return breach("no event of a status when a conversation begins", "one of "+later[0].event.name+", with the status that it began with: "+is, began.Delivery, later[0].Delivery)
		}
	}
	if !judged {
		if err := r.refused(created); err != nil {
			return err
		}
		return conformance.Lacking("no conversation was seen to begin")
	}
	return nil
}

// ownTime: what happened well after a conversation's beginning had been delivered bears a later time than that.
func (r *run) ownTime(name string) error {
	judged := false
	for _, p := range r.inNamed(name) {
		list := r.told()[p.id]
		begin := slices.IndexFunc(list, func(t timed) bool { return t.event.name == created && t.number <= r.paused })
		latest, ok := since(list, p.before, name)
		if begin < 0 || !ok || p.before < r.paused {
			continue
		}
		judged = true
		if !latest.at.After(list[begin].at) {
			return breach("a time that is later than the conversation's beginning", spelt(latest.at)+", and it began at "+spelt(list[begin].at), list[begin].Delivery, latest.Delivery)
		}
	}
	if !judged {
		return r.lackingPair(name)
	}
	return nil
}

// timesForward: what was provoked after another event of the conversation had been delivered is not earlier than that. Of several
// that may be what was provoked, the latest counts: a late one of before may be among them.
func (r *run) timesForward() error {
	judged := false
	for _, name := range []string{created, statusUpdated, assignmentUpdated} {
		for _, p := range r.inNamed(name) {
			list := r.told()[p.id]
			latest, ok := since(list, p.before, name)
			if !ok {
				continue
			}
			for _, earlier := range list {
				if earlier.number > p.before {
					continue
				}
				judged = true
				if latest.at.Before(earlier.at) {
					return breach("a time that is not before that of what had been delivered already", instants(latest.at, earlier.at),
						earlier.Delivery, latest.Delivery)
				}
			}
		}
	}
	if !judged {
		return conformance.Lacking("nothing was delivered of a conversation in which something happened later")
	}
	return nil
}

// in is a provocation in a conversation that the driver named, by the id that its deliveries have.
type in struct {
	*provoked
	id string
}

func (r *run) inNamed(name string) []in {
	var all []in
	for _, p := range r.provoked {
		if p.event != name || p.err != nil || p.conversation == "" {
			continue
		}
		for _, a := range r.arrivals {
			if a.event != nil && strings.EqualFold(a.event.conversation(), p.conversation) {
				all = append(all, in{p, a.event.conversation()})
				break
			}
		}
	}
	return all
}

// since is the latest event of a kind that arrived after so many others.
func since(list []timed, before int, name string) (latest timed, ok bool) {
	for _, t := range list {
		if t.number > before && t.event.name == name {
			latest, ok = t, true
		}
	}
	return latest, ok
}

func (r *run) lackingPair(name string) error {
	if err := r.refused(name); err != nil {
		return err
	}
	return conformance.Lacking("no conversation had two events, one after the other, that could show it")
}
