package assistloop

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// filter judges one filter: what it lists has to match by its own words, and what matched both before and
// after has to be listed, unless the page is full. An item that does not tell, for want of a good field, is the
// business of that field's requirement.
func (l *lists) filter(name string, match func(item) bool) error {
	p := l.filtered[name]
	if p.err != nil {
		return p.err
	}
	if err := onlyMatching(p, match); err != nil {
		return err
	}
	return l.complete(p, match, "every conversation that matches "+asking(p.x.Query), "which the unfiltered list shows to match")
}

// standing is how an item is in what the filters of a query are about.
func standing(i item, q url.Values) string {
	var all []string
	for filter, field := range map[string]string{"status": "status", "response_mode": "response_mode", "created_from": "created_at", "created_to": "created_at"} {
		if said := fmt.Sprintf("whose %s is %v", field, i[field]); q.Has(filter) && i[field] != nil && !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	if len(all) == 0 {
		return "which does not"
	}
	slices.Sort(all)
	return strings.Join(all, " and ")
}

// onlyMatching: a page that was filtered holds nothing else.
func onlyMatching(p *page, match func(item) bool) error {
	for _, i := range p.items {
		if !match(i) && tells(i, p.x.Query) {
			return breach("only conversations that match "+asking(p.x.Query), "conversation "+i.text("uuid")+", "+standing(i, p.x.Query), p.x)
		}
	}
	return nil
}

// tells: the item has every field that the filters are about.
func tells(i item, q url.Values) bool {
	_, open := i.flag("status")
	mode := i.text("response_mode")
	return (open || !q.Has("status")) && (mode == "ai" || mode == "human" || !q.Has("response_mode"))
}

// complete: what match picks, before and after, is on the page, unless that is full.
func (l *lists) complete(p *page, match func(item) bool, expected, because string) error {
	if l.before.err != nil {
		return l.before.err
	}
	if l.after.err != nil {
		return l.after.err
	}
	judged := 0
	for _, i := range l.before.items {
		later := l.after.find(i.text("uuid"))
		if later == nil || !match(i) || !match(later) {
			continue
		}
		judged++
		if !full(p) && p.find(i.text("uuid")) == nil {
			return breach(expected, "conversation "+i.text("uuid")+" missing, "+because, l.before.x, l.after.x, p.x)
		}
	}
	if judged == 0 && len(p.items) == 0 {
		return conformance.Lacking("no conversation matches %s", asking(p.x.Query))
	}
	return nil
}

// combine: filters given together all hold. It tells only where a conversation matches one filter and not the
// other, and where either holds alone.
func (l *lists) combine() error {
	c := l.combined
	for name, match := range map[string]func(item) bool{"status=" + c.status: c.state, "mode=" + c.mode: c.inMode} {
		if err := l.filter(name, match); err != nil && !isGapError(err) {
			return conformance.Blocked("%s does not hold alone", asking(l.filtered[name].x.Query))
		}
	}
	if err := l.filter("combined", func(i item) bool { return c.state(i) && c.inMode(i) }); err != nil {
		return err
	}
	if !l.someMatch(func(i item) bool { return c.state(i) != c.inMode(i) }) {
		return conformance.Lacking("no conversation matches one filter and not the other")
	}
	return l.combineTime()
}

func (l *lists) combineTime() error {
	p, asked := l.filtered["combined&from"]
	if !asked {
		return nil
	}
	err := l.filter("combined&from", func(i item) bool {
		at, known := l.timed[i.text("uuid")]
		return l.combined.state(i) && l.combined.inMode(i) && (!known || at.After(l.split.at)) && (known || p.find(i.text("uuid")) != nil)
	})
	if isGapError(err) {
		return nil
	}
	return err
}

func isGapError(err error) bool {
	_, ok := err.(*conformance.Gap)
	return ok
}

func (l *lists) someMatch(match func(item) bool) bool {
	for _, i := range l.before.items {
		if match(i) {
			return true
		}
	}
	return false
}

// bothStates: the unfiltered list holds open and closed conversations, where the filters say that there are
// some that the page would not have left out.
func (l *lists) bothStates() error {
	open, closed := l.filtered["status=1"], l.filtered["status=0"]
	for _, p := range []*page{l.before, l.after, open, closed} {
		if p.err != nil {
			return p.err
		}
	}
	if len(open.items) == 0 || len(closed.items) == 0 {
		return conformance.Lacking("the agent has no conversations of both states")
	}
	for _, p := range []*page{open, closed} {
		for _, i := range p.items {
			if !full(l.before) && !full(l.after) && l.before.find(i.text("uuid")) == nil && l.after.find(i.text("uuid")) == nil {
				return breach("open and closed conversations in the unfiltered list", "conversation "+i.text("uuid")+" only under its status filter", l.before.x, p.x, l.after.x)
			}
		}
	}
	seen := map[bool]bool{}
	for _, i := range append(append([]item(nil), l.before.items...), l.after.items...) {
		if s, ok := i.flag("status"); ok {
			seen[s] = true
		}
	}
	if full(l.before) && !(seen[true] && seen[false]) {
		return conformance.Lacking("the unfiltered page is full and may have left a state out")
	}
	return nil
}

func (l *lists) ofAgent() error {
	if l.otherAgent == nil {
		return conformance.Lacking("the account has one agent, and two are needed to tell")
	}
	if l.otherAgent.err != nil {
		return l.otherAgent.err
	}
	if l.before.err != nil {
		return l.before.err
	}
	others := l.otherAgent.ids("uuid")
	for id := range l.before.ids("uuid") {
		if others[id] {
			return breach("each conversation under one agent", "conversation "+id+" under two", l.otherAgent.x, l.before.x)
		}
	}
	if len(others) == 0 || len(l.before.items) == 0 {
		return conformance.Lacking("only one agent has conversations, and two are needed to tell")
	}
	return nil
}

// ignored: an unknown filter value is refused, or answered as if it were not there (AL-76).
func (l *lists) ignored(name string) error {
	x := l.bad[name]
	if err := noServerError(x); err != nil || x.Refused() {
		return err
	}
	p := pageOf(x)
	if p.err != nil {
		return p.err
	}
	return l.complete(p, func(item) bool { return true },
		"a refusal, or every conversation: "+asking(p.x.Query)+" is no filter", "which is in the unfiltered list")
}

// pageDefault: 20 or 100 (AL-60).
func (l *lists) pageDefault() error {
	p := l.filtered["default"]
	if p.err != nil {
		return p.err
	}
	if l.before.err != nil || l.after.err != nil {
		return conformance.Blocked("the unfiltered list cannot be read")
	}
	low, high := l.least(), max(len(l.before.items), len(l.after.items))
	n := len(p.items)
	for _, size := range []int{20, 100} {
		if n >= min(low, size) && n <= min(high, size) {
			if high <= 10 {
				return conformance.Lacking("the agent has %s, too few to tell the default", counted(high, "conversation"))
			}
			return nil
		}
	}
	return breach("20 conversations or 100, or all when there are fewer", fmt.Sprintf("%d, of at least %d", n, low), l.before.x, p.x)
}

// pageSize: a page holds size items when that many match, and never more (AL-61).
func pageSize(p *page, size, least int) error {
	if p.err != nil {
		return p.err
	}
	n := len(p.items)
	if n > size {
		return breach(fmt.Sprintf("at most %d items", size), fmt.Sprint(n), p.x)
	}
	if n < min(size, least) {
		return breach(fmt.Sprintf("%d items, of at least %d that match", min(size, least), least), fmt.Sprint(n), p.x)
	}
	if least < size {
		return conformance.Lacking("%s match, too few to fill a page of %d", counted(least, "item"), size)
	}
	return nil
}

// clamped: a value out of bounds is refused with 400 or 422, or taken for the nearest bound: no page is
// larger than most, and none is smaller than the least bound when that many match.
func clamped(bad map[string]*conformance.Exchange, most, least int, names ...string) error {
	for _, name := range names {
		if err := refusedOrClamped(bad[name], most, least); err != nil {
			return err
		}
	}
	return nil
}

func refusedOrClamped(x *conformance.Exchange, most, least int) error {
	if err := sent(x); err != nil {
		return err
	}
	if !x.OK() {
		return refused(x, 400, 422)
	}
	p := pageOf(x)
	if p.err != nil {
		return p.err
	}
	if n := len(p.items); n > most {
		return breach(fmt.Sprintf("a refusal with 400 or 422, or at most %d items", most), fmt.Sprintf("%d items", n), x)
	} else if smallest := min(least, 10, most); n < smallest {
		return breach(fmt.Sprintf("a refusal with 400 or 422, or the nearest page size allowed, so at least %d items", smallest), fmt.Sprintf("%d items", n), x)
	}
	return nil
}

func refusedOrEmpty(bad map[string]*conformance.Exchange, names ...string) error {
	for _, name := range names {
		if err := refusedOrNothing(bad[name]); err != nil {
			return err
		}
	}
	return nil
}

func refusedOrNothing(x *conformance.Exchange) error {
	if err := noServerError(x); err != nil || x.Refused() {
		return err
	}
	p := pageOf(x)
	if p.err != nil {
		return p.err
	}
	if len(p.items) > 0 {
		return breach("a refusal with a 4xx, or an empty list", counted(len(p.items), "item"), x)
	}
	return nil
}
