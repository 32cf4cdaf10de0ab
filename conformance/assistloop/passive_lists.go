package assistloop

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/openapi"
)

// onPage holds a rule against a page that was served.
func onPage(judge func(*page) error) func(*seen) error {
	return properly(func(s *seen) error {
		if s.page.err != nil {
			return errUntold
		}
		return judge(s.page)
	})
}

// pages is what holds for every page of items.
func pages(op openapi.Operation) []rule {
	distinctBy := func(name string) rule {
		return rule{op.ID + "/distinct", onPage(func(p *page) error { return distinct(p, name) })}
	}
	equal := func(name string) rule {
		return rule{op.ID + "/id-equals", onPage(func(p *page) error { return equalIDs(p, name) })}
	}
	switch op.ID {
	case "list-organizations":
		return []rule{distinctBy("organization_uuid"), equal("organization_uuid")}
	case "list-agents":
		return []rule{distinctBy("agent_uuid"), equal("agent_uuid")}
	case "list-conversations":
		return append(sizes(op.ID, 100), distinctBy("uuid"), equal("uuid"), rule{op.ID + "/both-states", bothStates})
	case "find-messages":
		return append(sizes(op.ID, 20), distinctBy("uuid"))
	}
	return nil
}

// bothStates is shown by a page without a filter that holds both; that one holds a single state shows nothing.
func bothStates(s *seen) error {
	if !s.OK() || s.page.err != nil || s.Query.Has("status") {
		return errUntold
	}
	states := map[bool]bool{}
	for _, i := range s.page.items {
		if open, ok := i.flag("status"); ok {
			states[open] = true
		}
	}
	if len(states) < 2 {
		return errUntold
	}
	return nil
}

// sizes are the rules about per_page. most is the largest page that may come without one.
func sizes(op string, most int) []rule {
	return []rule{
		{op + "/per-page", sized("per_page", 10, 100)},
		{op + "/per-page-default", onPage(func(p *page) error {
			n := len(p.items)
			switch {
			case p.x.Query.Has("per_page"):
				return errUntold
			case n > most:
				return pageSize(p, most, n)
			case n == 20 || n == most:
				return nil
			}
			return errUntold
		})},
		{op + "/per-page-above", bounded("per_page", 100, func(n int, err error) bool { return err == nil && n > 100 })},
		{op + "/per-page-below", bounded("per_page", 100, func(n int, err error) bool { return err == nil && n < 10 })},
		{op + "/per-page-not-a-number", bounded("per_page", 100, notANumber)},
	}
}

func notANumber(_ int, err error) bool { return err != nil }

// sized: a page holds no more items than was asked for; a full one shows it.
func sized(name string, least, most int) func(*seen) error {
	return onPage(func(p *page) error {
		size, err := number(p.x.Query, name)
		if err != nil || size < least || size > most {
			return errUntold
		}
		return pageSize(p, size, len(p.items))
	})
}

// bounded: a size out of bounds is refused or clamped.
func bounded(name string, most int, out func(int, error) bool) func(*seen) error {
	return func(s *seen) error {
		size, err := number(s.Query, name)
		if s.Request.Method != "" || err == errUntold || !out(size, err) {
			return errUntold
		}
		switch {
		case s.OK() && s.page.err == nil:
			return refusedOrClamped(s.Exchange, most, 0)
		case s.OK():
			return errUntold
		}
		return s.toRefuse()
	}
}

// number reads a query's number. What may be one to somebody, as 1e2 or 20.0, is untold.
func number(q url.Values, name string) (int, error) {
	if len(q[name]) != 1 || q.Get(name) == "" {
		return 0, errUntold
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil && strings.ContainsAny(q.Get(name), "0123456789") {
		return 0, errUntold
	}
	return n, err
}

// messagePages is what holds for every page of messages.
func messagePages(op openapi.Operation) []rule {
	if op.ID != "find-messages" {
		return nil
	}
	told := func(judge func(*page) (int, error)) func(*seen) error {
		return onPage(func(p *page) error {
			n, err := judge(p)
			if err == nil && n == 0 {
				return errUntold
			}
			return err
		})
	}
	return []rule{
		{"find-messages/newest-first", told((*page).newestFirst)},
		{"find-messages/no-platform-actions", onPage(func(p *page) error {
			if err := p.noPlatformAction(); err != nil {
				return err
			}
			return some(p)
		})},
		{"find-messages/guest-responder", told(func(p *page) (int, error) { return p.responder("guest") })},
		{"find-messages/agent-responder", told(func(p *page) (int, error) { return p.responder("agent") })},
	}
}

// samplePages is what holds for every page of samples.
func samplePages(op openapi.Operation) []rule {
	if op.ID != "recent-sample" {
		return nil
	}
	of := func(types string, judge func(*page) error) func(*seen) error {
		return onPage(func(p *page) error {
			if len(p.x.Query["type"]) > 1 || p.x.Query.Get("type") != types {
				return errUntold
			}
			return judge(p)
		})
	}
	only := func(event string) func(*page) error { return func(p *page) error { return onlyEvent(p, event) } }
	const first, handoff = "new_conversation", "human_handoff_required"
	return []rule{
		{"recent-sample/type-default", of("", only(first))},
		{"recent-sample/type-new-conversation", of(first, only(first))},
		{"recent-sample/type-handoff", of(handoff, handoffSamples)},
		{"recent-sample/handoff-mode", of(handoff, handoffMode)},
		{"recent-sample/type-unknown", func(s *seen) error {
			if !strange(s.Query["type"], first, handoff) || s.Request.Method != "" {
				return errUntold
			}
			if s.OK() {
				return onPage(func(p *page) error { return unknownType(p.x) })(s)
			}
			return s.toRefuse()
		}},
		{"recent-sample/limit", sized("limit", 1, 10)},
		{"recent-sample/limit-default", onPage(func(p *page) error {
			if p.x.Query.Has("limit") {
				return errUntold
			}
			return pageSize(p, 5, len(p.items))
		})},
		{"recent-sample/limit-above", bounded("limit", 10, func(n int, err error) bool { return err == nil && n > 10 })},
		{"recent-sample/limit-bad", bounded("limit", 10, func(n int, err error) bool { return err != nil || n <= 0 })},
		{"recent-sample/of-agent", onPage(func(p *page) error {
			if err := p.samplesName("agent", p.x.Path["agentUuid"]); err != nil {
				return err
			}
			return some(p)
		})},
	}
}
