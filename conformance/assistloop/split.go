package assistloop

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// timed are instants of creation by uuid.
type timed map[string]time.Time

// split is an instant with items known on both sides, and none of them near it.
type split struct {
	at        time.Time
	later     time.Time // the first known after it
	lastOfAll time.Time
	known     bool // there is one
	before    []string
	after     []string
	// end is a further instant, with items on both sides where that can be had; within are those up to it.
	end            time.Time
	within, beyond []string
}

// splitOf looks for the widest gap of at least two seconds between known instants: a boundary there is never
// one that inclusive and exclusive readings take apart.
func splitOf(times timed) split {
	type entry struct {
		id string
		at time.Time
	}
	var all []entry
	for id, at := range times {
		all = append(all, entry{id, at})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].at.Before(all[j].at) })
	s := split{}
	if len(all) == 0 {
		return s
	}
	s.lastOfAll = all[len(all)-1].at
	// between is an instant in the gap before item i: near that item, so that an offset that is ignored moves
	// the boundary past it.
	between := func(i int) time.Time {
		at := all[i].at.Add(-min(all[i].at.Sub(all[i-1].at)/2, time.Hour)).UTC().Truncate(time.Second)
		if !at.After(all[i-1].at) {
			at = at.Add(time.Second)
		}
		return at
	}
	// even finds the gap that splits the items from one on most evenly; among like ones the first will do.
	even := func(from int) int {
		best := -1
		for i := from + 1; i < len(all); i++ {
			if all[i].at.Sub(all[i-1].at) >= 2*time.Second && (best < 0 || abs(2*i-from-len(all)) < abs(2*best-from-len(all))) {
				best = i
			}
		}
		return best
	}
	best := even(0)
	if best < 0 {
		return s
	}
	s.known, s.later, s.at, s.end = true, all[best].at, between(best), s.lastOfAll.Add(time.Hour)
	last := len(all)
	if end := even(best); end >= 0 {
		last, s.end = end, between(end)
	}
	for i, e := range all {
		switch {
		case i < best:
			s.before = append(s.before, e.id)
			continue
		case i < last:
			s.within = append(s.within, e.id)
		default:
			s.beyond = append(s.beyond, e.id)
		}
		s.after = append(s.after, e.id)
	}
	return s
}

func abs(n int) int { return max(n, -n) }

// queries adds those that narrow by time, where items are known on both sides of an instant.
func (s split) queries(queries map[string]url.Values) {
	if !s.known {
		return
	}
	at := stamp(s.at)
	queries["from"] = query("created_from", at)
	queries["to"] = query("created_to", at)
	queries["window"] = query("created_from", at, "created_to", stamp(s.end))
	// The same instant, in a clock far ahead: read without its offset it means a later one.
	ahead := s.at.In(time.FixedZone("", 14*3600)).Format(time.RFC3339)
	queries["from+14:00"] = query("created_from", ahead)
	queries["to+14:00"] = query("created_to", ahead)
}

// badQueries are the queries that are to be refused or made good, and the dates alone, which may be refused.
func (s split) badQueries(more ...url.Values) map[string]url.Values {
	queries := map[string]url.Values{
		"from=bad":     query("created_from", "the-day-before"),
		"to=bad":       query("created_to", "2024-13-45T99:00:00Z"),
		"reversed":     query("created_from", "2024-06-02T00:00:00Z", "created_to", "2024-06-01T00:00:00Z"),
		"per_page=101": query("per_page", "101"),
		"per_page=9":   query("per_page", "9"),
		"per_page=0":   query("per_page", "0"),
		"per_page=-1":  query("per_page", "-1"),
		"per_page=abc": query("per_page", "abc"),
	}
	for _, q := range more {
		if q.Has("status") {
			queries["status=7"] = q
		} else {
			queries["mode=robot"] = q
		}
	}
	if s.known {
		queries["date-in"] = query("per_page", "100", "created_from", s.later.UTC().AddDate(0, 0, -1).Format(time.DateOnly))
		queries["date-out"] = query("per_page", "100", "created_from", s.lastOfAll.UTC().AddDate(0, 0, 2).Format(time.DateOnly))
	}
	return queries
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// judge holds a page narrowed by time against known instants: nothing known to lie outside is listed, and
// everything known to lie inside is, unless the page is full.
func (s split) judge(p *page, times timed, from, to bool) error {
	if !s.known {
		return conformance.Lacking("no two items are known to have been created two seconds apart")
	}
	if p.err != nil {
		return p.err
	}
	inside, outside, bound := s.after, s.before, "after "+stamp(s.at)
	switch {
	case from && to:
		inside, outside = s.within, append(append([]string(nil), s.before...), s.beyond...)
		bound = "between " + stamp(s.at) + " and " + stamp(s.end)
	case to:
		inside, outside, bound = s.before, s.after, "before "+stamp(s.at)
	}
	for _, id := range outside {
		if p.find(id) != nil {
			return breach("only what was created "+bound, id+" of "+times[id].UTC().Format(time.RFC3339Nano), p.x)
		}
	}
	for _, id := range inside {
		if !full(p) && p.find(id) == nil {
			return breach("everything that was created "+bound, id+" of "+times[id].UTC().Format(time.RFC3339Nano)+" missing", p.x)
		}
	}
	return p.showsAny(inside)
}

// showsAny: a full page that holds nothing of what is known tells nothing.
func (p *page) showsAny(known []string) error {
	if full(p) && !slices.ContainsFunc(known, func(id string) bool { return p.find(id) != nil }) {
		return conformance.Lacking("the page is full, and shows no item whose time is known")
	}
	return nil
}

// window: created_from and created_to together hold both.
func (s split) window(filtered map[string]*page, times timed) error {
	if s.known {
		p, from := filtered["window"], filtered["from"]
		if p.x.Refused() && from.err == nil {
			return breach("created_from and created_to taken together", fmt.Sprintf("%d to %s", p.x.Status, p.x.Purpose), from.x, p.x)
		}
	}
	return s.judge(filtered["window"], times, true, true)
}

// offsets: the same instant, written in other clocks, narrows alike (AL-64).
func (s split) offsets(filtered map[string]*page, times timed) error {
	if !s.known {
		return conformance.Lacking("no two items are known to have been created two seconds apart")
	}
	for _, p := range []struct{ plain, ahead *page }{{filtered["from"], filtered["from+14:00"]}, {filtered["to"], filtered["to+14:00"]}} {
		if p.ahead.x.Refused() && p.plain.err == nil {
			return breach("an instant with an offset taken as one in UTC is", fmt.Sprintf("%d to %s", p.ahead.x.Status, p.ahead.x.Purpose), p.plain.x, p.ahead.x)
		}
	}
	if err := s.judge(filtered["from+14:00"], times, true, false); err != nil {
		return err
	}
	return s.judge(filtered["to+14:00"], times, false, true)
}

// dates: a date alone narrows, too; days away from what is known, so that no zone matters.
func (s split) dates(bad map[string]*conformance.Exchange) error {
	if !s.known {
		return conformance.Lacking("no two items are known to have been created two seconds apart")
	}
	in, out := bad["date-in"], bad["date-out"]
	for _, x := range []*conformance.Exchange{in, out} {
		if err := served(x); err != nil {
			return err
		}
	}
	p := pageOf(in)
	if p.err != nil {
		return p.err
	}
	for _, id := range s.after {
		if !full(p) && p.find(id) == nil {
			return breach("everything created since "+in.Query.Get("created_from"), id+" missing", in)
		}
	}
	dark := p.showsAny(s.after)
	if p = pageOf(out); p.err == nil {
		for _, id := range append(append([]string(nil), s.before...), s.after...) {
			if p.find(id) != nil {
				return breach("nothing created before "+out.Query.Get("created_from"), id, out)
			}
		}
		return dark
	}
	return p.err
}
