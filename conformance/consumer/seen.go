package consumer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// seen is what a consumer says that it has kept: how often, by id.
type seen map[string]int

// maxSeen bounds what is read of it.
const maxSeen = 16 << 20

// readSeen asks a consumer what it has kept. It answers a GET with JSON: a list of ids, each as often as it did something
// for it, or an object with a count for each id. An id is any that the event bears as its own: the event's, the delivery's,
// the conversation's or the message's.
func readSeen(ctx context.Context, s *conformance.Session, url string) (seen, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("ask what was kept: %w", reason(err))
	}
	for name, values := range s.Target.Header {
		request.Header[name] = values
	}
	request.Header.Set("Accept", "application/json")
	response, err := s.HTTP().Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask what was kept: %w", reason(err))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSeen+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask what was kept: %w", err)
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask what was kept: expected 200, came %d", response.StatusCode)
	case len(body) > maxSeen:
		return nil, fmt.Errorf("ask what was kept: expected at most %d bytes", maxSeen)
	}
	return parseSeen(body)
}

func parseSeen(body []byte) (seen, error) {
	var ids []string
	if json.Unmarshal(body, &ids) == nil && bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		counts := seen{}
		for _, id := range ids {
			counts[id]++
		}
		return counts, nil
	}
	var counts seen
	if err := json.Unmarshal(body, &counts); err != nil || counts == nil {
		return nil, fmt.Errorf(`ask what was kept: expected JSON, a list of ids or an object with a count for each, as ["evt_1"] or {"evt_1": 1}`)
	}
	return counts, nil
}

func (e *exam) lookBefore(ctx context.Context) (err error) {
	e.before, err = readSeen(ctx, e.Session, e.options.Seen)
	return err
}

// Between two looks at what was kept, and how long it has to stay the same before it is judged.
const (
	lookEvery = 50 * time.Millisecond
	settled   = 6 // looks
)

// look waits until all that was accepted has been kept, as long as there is patience, and then until nothing more is done:
// a consumer may do its work after it has answered, and so may it do it twice.
func (e *exam) look(ctx context.Context) error {
	deadline := time.Now().Add(e.Session.Options.Patience)
	for same := 0; same < settled; {
		now, err := readSeen(ctx, e.Session, e.options.Seen)
		if err != nil {
			return err
		}
		if maps.Equal(now, e.kept) {
			same++
		} else {
			e.kept, same = now, 0
		}
		late := time.Now().After(deadline)
		if late && same > 0 {
			break
		}
		if !late && len(e.lost(e.all())) > 0 {
			same = 0
		}
		if err := e.Wait(ctx, lookEvery, "the consumer to do its work"); err != nil {
			return err
		}
	}
	return nil
}

// all are the events that were delivered honestly, one for each however often it was delivered.
func (e *exam) all() []*delivery {
	var events []*delivery
	for _, d := range e.genuine {
		i := slices.IndexFunc(events, func(other *delivery) bool { return same(other, d) })
		switch {
		case i < 0:
			events = append(events, d)
		case d.accepted() && !events[i].accepted():
			events[i] = d
		}
	}
	return events
}

// grown is how much more often an id was kept since the beginning.
func (e *exam) grown(id string) int { return e.kept[id] - e.before[id] }

// bearers counts, for each id, the events that bear it.
func (e *exam) bearers(events []*delivery) map[string]int {
	counts := map[string]int{}
	for _, d := range events {
		for _, id := range d.keys(e.source) {
			counts[id]++
		}
	}
	return counts
}

// lost are those of the accepted events that no id shows to be kept. An id of one event alone shows that; one of several
// has to be there as often as there are events that nothing else shows.
func (e *exam) lost(events []*delivery) []*delivery {
	accepted := slices.DeleteFunc(slices.Clone(events), func(d *delivery) bool { return !d.accepted() })
	all := e.bearers(accepted)
	unshown := slices.DeleteFunc(accepted, func(d *delivery) bool {
		return slices.ContainsFunc(d.keys(e.source), func(id string) bool { return all[id] == 1 && e.grown(id) > 0 })
	})
	left := e.bearers(unshown)
	return slices.DeleteFunc(unshown, func(d *delivery) bool {
		return slices.ContainsFunc(d.keys(e.source), func(id string) bool { return all[id] > 1 && e.grown(id) >= left[id] })
	})
}

// allKept: what was accepted is not lost. Two events of one conversation are a requirement of their own.
func (e *exam) allKept() error {
	var alone []*delivery
	for _, d := range e.all() {
		if !e.paired(d) && !slices.Contains(e.alike, d) {
			alone = append(alone, d)
		}
	}
	return e.noneLost(alone, e.lost(e.all()))
}

func (e *exam) paired(d *delivery) bool {
	return slices.ContainsFunc(e.pairs, func(pair [2]*delivery) bool { return pair[0] == d || pair[1] == d })
}

func (e *exam) bothKept() error {
	var all []*delivery
	for _, pair := range e.pairs {
		all = append(all, pair[0], pair[1])
	}
	return e.noneLost(all, e.lost(e.all()))
}

func (e *exam) alikeKept() error { return e.noneLost(e.alike, e.lost(e.all())) }

// noneLost judges some of the events.
func (e *exam) noneLost(events, lost []*delivery) error {
	accepted, gone := 0, []*delivery(nil)
	for _, d := range events {
		if d.accepted() {
			accepted++
			if slices.Contains(lost, d) {
				gone = append(gone, d)
			}
		}
	}
	switch {
	case accepted == 0:
		return conformance.Lacking("nothing was accepted that could have been kept")
	case len(gone) > 0:
		return breach("every event kept that was answered with a 2xx",
			fmt.Sprintf("%d of %d lost, as %s: %s", len(gone), accepted, gone[0].purpose, strings.Join(gone[0].keys(e.source), ", ")),
			gone[0].last())
	}
	return nil
}

// allOnce: nothing is done twice, however often an event is delivered.
func (e *exam) allOnce() error {
	if len(e.repeated) == 0 {
		return conformance.Lacking("no event was delivered twice")
	}
	events := e.all()
	counts := e.bearers(events)
	for _, d := range events {
		for _, id := range d.keys(e.source) {
			if n := e.grown(id); n > counts[id] {
				return breach("an event kept once, however often it is delivered",
					fmt.Sprintf("%s kept %d times, of %s", id, n, d.purpose), d.attempts...)
			}
		}
	}
	return nil
}

// forgeriesNotKept: what was not signed by the sender has no effect.
func (e *exam) forgeriesNotKept() error {
	n := 0
	for _, f := range forgeries() {
		for _, d := range e.forged[f.requirement] {
			n++
			for _, id := range d.keys(e.source) {
				if e.grown(id) > 0 {
					return breach("nothing kept of a delivery "+d.purpose, "it was kept", d.last())
				}
			}
		}
	}
	if n == 0 {
		return conformance.Lacking("nothing forged was sent")
	}
	return nil
}
