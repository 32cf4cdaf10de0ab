package assistloop

import (
	"context"
	"net/url"
	"strconv"

	"github.com/parley-contracts/parley/conformance"
)

// lists is List Conversations with every filter and page size, between unfiltered pages that show what stayed
// the same meanwhile.
type lists struct {
	before, after *page // unfiltered, per_page=100
	filtered      map[string]*page
	bad           map[string]*conformance.Exchange
	otherAgent    *page
	combined      pair
	timed         timed // known times of creation
	split         split
}

// pair is a status and a mode to filter by at once.
type pair struct{ status, mode string }

func (p pair) state(i item) bool {
	open, ok := i.flag("status")
	return ok && open == (p.status == "1")
}

func (p pair) inMode(i item) bool { return i.text("response_mode") == p.mode }

// combination picks the filters that conversations tell apart best: some match both, and others only one.
func combination(p *page) pair {
	best, most := pair{"1", "ai"}, -1
	for _, c := range []pair{{"1", "ai"}, {"1", "human"}, {"0", "ai"}, {"0", "human"}} {
		both, one := 0, 0
		for _, i := range p.items {
			switch {
			case c.state(i) && c.inMode(i):
				both++
			case c.state(i) || c.inMode(i):
				one++
			}
		}
		if n := min(both, one); n > most {
			best, most = c, n
		}
	}
	return best
}

// Section "List Conversations", and "Get Conversations" of the dropdowns: one URL.
func (r *run) listsPart() conformance.Plan {
	l := &r.lists
	filter := func(id, name string, match func(item) bool) conformance.Check {
		return on("list-conversations/"+id, func() error { return l.filter(name, match) }, "lists")
	}
	open := func(status string) func(item) bool { return pair{status: status}.state }
	mode := func(want string) func(item) bool { return pair{mode: want}.inMode }
	refusedOrEmpty := func(names ...string) func() error {
		return func() error { return refusedOrEmpty(l.bad, names...) }
	}
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "lists", Title: "conversation lists and their filters", After: []string{"world"}, Run: r.probeLists}},
		Checks: []conformance.Check{
			on("list-conversations/id-equals", func() error { return equalIDs(l.before, "uuid") }, "lists"),
			on("list-conversations/distinct", func() error { return distinct(l.before, "uuid") }, "lists"),
			on("list-conversations/of-agent", l.ofAgent, "lists"),
			on("list-conversations/both-states", l.bothStates, "lists"),
			filter("status-open", "status=1", open("1")),
			filter("status-closed", "status=0", open("0")),
			filter("mode-ai", "mode=ai", mode("ai")),
			filter("mode-human", "mode=human", mode("human")),
			on("list-conversations/filters-combine", l.combine, "lists"),
			on("list-conversations/created-from", func() error { return l.split.judge(l.filtered["from"], l.timed, true, false) }, "lists"),
			on("list-conversations/created-to", func() error { return l.split.judge(l.filtered["to"], l.timed, false, true) }, "lists"),
			on("list-conversations/created-window", func() error { return l.split.window(l.filtered, l.timed) }, "lists"),
			on("list-conversations/created-offset", func() error { return l.split.offsets(l.filtered, l.timed) }, "lists"),
			on("list-conversations/created-date", func() error { return l.split.dates(l.bad) }, "lists"),
			on("list-conversations/created-bad", refusedOrEmpty("from=bad", "to=bad"), "lists"),
			on("list-conversations/created-reversed", refusedOrEmpty("reversed"), "lists"),
			on("list-conversations/status-unknown", func() error {
				return firstOf(l.ignored("status=7"), func() error { return noServerError(l.bad["status=true"]) })
			}, "lists"),
			on("list-conversations/mode-unknown", func() error { return l.ignored("mode=robot") }, "lists"),
			on("list-conversations/per-page", func() error { return pageSize(l.filtered["per_page=10"], 10, l.least()) }, "lists"),
			on("list-conversations/per-page-default", l.pageDefault, "lists"),
			on("list-conversations/per-page-above", func() error { return clamped(l.bad, 100, l.least(), "per_page=101") }, "lists"),
			on("list-conversations/per-page-below", func() error { return clamped(l.bad, 100, l.least(), "per_page=9", "per_page=0", "per_page=-1") }, "lists"),
			on("list-conversations/per-page-not-a-number", func() error { return clamped(l.bad, 100, 0, "per_page=abc") }, "lists"),
		},
	}
}

func (r *run) probeLists(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	l := &r.lists
	l.filtered, l.bad = map[string]*page{}, map[string]*conformance.Exchange{}
	l.before = here.list
	l.timed = r.createdTimes(ctx, here, l.before)
	l.split = splitOf(l.timed)
	l.combined = combination(l.before)
	for name, q := range listQueries(l) {
		l.filtered[name] = r.list(ctx, r.Main, here.agent, q, "list with "+asking(q))
	}
	l.filtered["default"] = pageOf(r.get(ctx, "list-conversations", r.Main, path("agentUuid", here.agent), nil, "list without per_page"))
	// The document warns of it; a server may take it for 1, refuse it, or ignore it.
	l.bad["status=true"] = r.Do(ctx, conformance.Request{
		Operation: "list-conversations", Account: r.Main, Path: path("agentUuid", here.agent), Query: query("status", "true"), Purpose: "list with status=true",
	})
	for name, q := range l.split.badQueries(query("per_page", "100", "status", "7"), query("per_page", "100", "response_mode", "robot")) {
		l.bad[name] = r.Do(ctx, conformance.Request{
			Operation: "list-conversations", Account: r.Main, Path: path("agentUuid", here.agent), Query: q, Purpose: "list with " + asking(q),
		})
	}
	if r.world.other != nil {
		l.otherAgent = r.world.other.list
	}
	l.after = r.list(ctx, r.Main, here.agent, nil, "list unfiltered, after")
	return nil
}

// createdTimes learns when conversations began: from the list where it says so, else from samples (AL-66).
func (r *run) createdTimes(ctx context.Context, here *place, p *page) timed {
	times := timed{}
	if p.unnamed("uuid") {
		return times
	}
	for _, i := range p.items {
		if at, ok := i.instant("created_at"); ok {
			times[i.text("uuid")] = at
		}
	}
	if len(times) > 1 {
		return times
	}
	samples := pageOf(r.get(ctx, "recent-sample", r.Main, path("agentUuid", here.agent), query("limit", "10"), "sample, to learn when conversations began"))
	for _, i := range samples.items {
		c := i.object("data").object("conversation")
		if at, ok := c.instant("created_at"); ok && (p.find(c.text("uuid")) != nil || full(p) && r.exists(ctx, c.text("uuid"), len(times))) {
			times[c.text("uuid")] = at
		}
	}
	return times
}

// exists looks whether a sample is of a real conversation, for the first few: samples may be made up (AL-71).
func (r *run) exists(ctx context.Context, conversation string, already int) bool {
	const few = 4
	return already < few && r.find(ctx, r.Main, conversation, nil, "look whether a sampled conversation is real").x.OK()
}

func listQueries(l *lists) map[string]url.Values {
	queries := map[string]url.Values{
		"status=1":    query("status", "1"),
		"status=0":    query("status", "0"),
		"mode=ai":     query("response_mode", "ai"),
		"mode=human":  query("response_mode", "human"),
		"combined":    query("status", l.combined.status, "response_mode", l.combined.mode),
		"per_page=10": query("per_page", "10"),
	}
	l.split.queries(queries)
	if l.split.known {
		queries["combined&from"] = query("status", l.combined.status, "response_mode", l.combined.mode, "created_from", stamp(l.split.at))
	}
	return queries
}

// least is how many conversations the unfiltered pages certainly hold.
func (l *lists) least() int {
	if l.before.err != nil || l.after.err != nil {
		return 0
	}
	return min(len(l.before.items), len(l.after.items))
}

// full tells whether a page may have left something out.
func full(p *page) bool {
	size, err := strconv.Atoi(p.x.Query.Get("per_page"))
	if err != nil {
		size = 20
	}
	return len(p.items) >= size
}
