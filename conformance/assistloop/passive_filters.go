package assistloop

import (
	"net/url"
	"regexp"
	"time"

	"github.com/parley-contracts/parley/openapi"
)

// filters are the rules about what lists are filtered by. A page that one filter filtered speaks for that filter, one that
// several did for their combination.
func filters(op openapi.Operation) []rule {
	if op.ID != "list-conversations" && op.ID != "find-messages" {
		return nil
	}
	all := []rule{
		{op.ID + "/created-bad", outOfTime(func(from, to string) bool { return noTime(from) || noTime(to) })},
		{op.ID + "/created-reversed", outOfTime(func(from, to string) bool {
			a, ok := instant(from)
			b, ok2 := instant(to)
			return ok && ok2 && a.After(b.Add(time.Second))
		})},
	}
	names := []string{"created-from", "created-to", "created-window", "created-offset", "created-date"}
	if op.ID == "list-conversations" {
		names = append(names, "status-open", "status-closed", "mode-ai", "mode-human", "filters-combine")
		all = append(all,
			rule{op.ID + "/status-unknown", when(func(s *seen) bool { return strange(s.Query["status"], "0", "1") && !s.OK() })},
			rule{op.ID + "/mode-unknown", when(func(s *seen) bool { return strange(s.Query["response_mode"], "ai", "human") && !s.OK() })})
	}
	for _, name := range names {
		all = append(all, rule{op.ID + "/" + name, onPage(func(p *page) error {
			n, ok := filteredBy(p.x.Query)
			if !ok || n.rule != name {
				return errUntold
			}
			return n.judge(p)
		})})
	}
	return all
}

func strange(values []string, known ...string) bool {
	return len(values) == 1 && values[0] != "" && values[0] != known[0] && values[0] != known[1]
}

// outOfTime: times that nothing can be between are refused, or answered by nothing (AL-65).
func outOfTime(bad func(from, to string) bool) func(*seen) error {
	return func(s *seen) error {
		q := s.Query
		if s.Request.Method != "" || len(q["created_from"]) > 1 || len(q["created_to"]) > 1 || !bad(q.Get("created_from"), q.Get("created_to")) {
			return errUntold
		}
		switch {
		case s.OK() && s.page.err == nil:
			return refusedOrNothing(s.Exchange)
		case s.OK():
			return errUntold
		}
		return s.toRefuse()
	}
}

var (
	stampForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)
	wordForm  = regexp.MustCompile(`^[A-Za-z]+(-[A-Za-z]+)+$`)
)

// noTime tells of a text that nobody can take for a time: a timestamp that is none, or words. Other forms, as a number of
// seconds or "yesterday", mean a time to some.
func noTime(text string) bool {
	_, ok := instant(text)
	return !ok && (stampForm.MatchString(text) || wordForm.MatchString(text))
}

// filtered is what a query lets through.
type filtered struct {
	rule     string // the requirement's, for this very combination
	match    func(item) bool
	from, to *bound
}

// bound is a time in a query, with what it may be understood as.
type bound struct {
	at       time.Time
	slack    time.Duration
	offset   bool // it is not in UTC
	dateOnly bool
}

// filteredBy reads a query's filters. Not ok: it has none, or one of them is not as documented.
func filteredBy(q url.Values) (n filtered, ok bool) {
	p := pair{}
	var rules []string
	for _, f := range []struct {
		name   string
		values map[string]string
	}{
		{"status", map[string]string{"1": "status-open", "0": "status-closed"}},
		{"response_mode", map[string]string{"ai": "mode-ai", "human": "mode-human"}},
	} {
		if !q.Has(f.name) {
			continue
		}
		rule, known := f.values[q.Get(f.name)]
		if !known || len(q[f.name]) > 1 {
			return n, false
		}
		rules = append(rules, rule)
	}
	p.status, p.mode = q.Get("status"), q.Get("response_mode")
	n.match = func(i item) bool { return (p.status == "" || p.state(i)) && (p.mode == "" || p.inMode(i)) }
	var times int
	for name, to := range map[string]**bound{"created_from": &n.from, "created_to": &n.to} {
		if !q.Has(name) {
			continue
		}
		b, known := boundOf(q.Get(name))
		if !known || len(q[name]) > 1 {
			return n, false
		}
		times++
		*to = b
	}
	if times == 2 && !n.from.at.Before(n.to.at) {
		return n, false // which has a requirement of its own
	}
	n.rule = filterRule(rules, times, n.from, n.to)
	return n, n.rule != ""
}

func filterRule(words []string, times int, from, to *bound) string {
	b := from
	if b == nil {
		b = to
	}
	switch {
	case len(words)+min(times, 1) > 1:
		return "filters-combine"
	case len(words) == 1:
		return words[0]
	case times == 2:
		return "created-window"
	case times == 0:
		return ""
	case b.dateOnly:
		return "created-date"
	case b.offset:
		return "created-offset"
	case from != nil:
		return "created-from"
	}
	return "created-to"
}

// boundOf reads a time. The boundary itself is nobody's (AL-64), and of a date alone, nobody knows the zone.
func boundOf(text string) (*bound, bool) {
	if at, ok := instant(text); ok {
		_, offset := at.Zone()
		return &bound{at: at, slack: time.Second, offset: offset != 0}, true
	}
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return &bound{at: at, slack: 48 * time.Hour, dateOnly: true}, true
	}
	return nil, false
}

func (n filtered) judge(p *page) error {
	if err := onlyMatching(p, n.match); err != nil {
		return err
	}
	timed := 0
	for _, i := range p.items {
		at, ok := i.instant("created_at")
		if !ok {
			continue
		}
		timed++
		switch {
		case n.from != nil && at.Before(n.from.at.Add(-n.from.slack)):
			return breach("only what was created after "+p.x.Query.Get("created_from"), i.text("uuid")+" of "+at.UTC().Format(time.RFC3339Nano), p.x)
		case n.to != nil && at.After(n.to.at.Add(n.to.slack)):
			return breach("only what was created before "+p.x.Query.Get("created_to"), i.text("uuid")+" of "+at.UTC().Format(time.RFC3339Nano), p.x)
		}
	}
	if timed == 0 && (n.from != nil || n.to != nil) {
		return errUntold
	}
	return some(p)
}
