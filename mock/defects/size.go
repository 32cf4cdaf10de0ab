package defects

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/openapi"
)

// sizes mistakes per_page or limit.
func sizes(op string, p openapi.Param) []Defect {
	number := func(c *call) (int, bool) {
		n, err := strconv.Atoi(c.query.Get(p.Name))
		return n, err == nil
	}
	within := func(c *call) bool { n, ok := number(c); return ok && n >= p.Min && n <= p.Max }
	name, below := strings.ReplaceAll(p.Name, "_", "-"), "-below"
	if p.Name == "limit" {
		below = "-bad"
	}
	id := op + "/" + name
	var all []Defect
	plain := func(c *call) bool {
		n, _ := number(c)
		return within(c) && unfiltered(c) && (n < p.Max || op == "recent-sample")
	}
	fullPage := func(by int) func(*call, []map[string]any) []map[string]any {
		return func(c *call, items []map[string]any) []map[string]any {
			if n, _ := number(c); n == len(items) {
				return resize(items, n+by)
			}
			return items
		}
	}
	all = append(all,
		defect(OffByOne, id, "one-short", op+" answers one item fewer than "+p.Name+" asks for.", onPage(op, plain, fullPage(-1))),
		defect(OffByOne, id, "one-more", op+" answers one item more than "+p.Name+" asks for.", onPage(op, plain, fullPage(1))),
	)
	all = append(all, defect(Ignored, id, "ignored", op+" takes no notice of "+p.Name+".", onQuery(op, within, func(c *call) { c.query.Set(p.Name, strconv.Itoa(p.Max)) })))
	is := func(match func(n int, number bool) bool) func(*call) bool {
		return func(c *call) bool { return c.query.Has(p.Name) && match(number(c)) }
	}
	above := is(func(n int, ok bool) bool { return ok && n > p.Max })
	under := is(func(n int, ok bool) bool { return ok && n < p.Min })
	noNumber := is(func(_ int, ok bool) bool { return !ok })
	bounded := func(requirement string, bad func(*call) bool) {
		what := p.Name + " out of bounds"
		all = append(all,
			defect(Broken, requirement, "500", op+" answers "+what+" with 500.", onBadQuery(op, bad, func(*call) *answer { return refusal(500) })),
			defect(Other, requirement, "404", op+" answers "+what+" with 404.", onBadQuery(op, bad, func(*call) *answer { return refusal(404) })),
			defect(Shifted, requirement, "too-many", op+" answers "+what+" by more items than it ever may.", onBadQuery(op, bad, func(c *call) *answer {
				c.query.Set(p.Name, strconv.Itoa(p.Max))
				a := c.send()
				return a.setItems(resize(a.items(), p.Max+1))
			})),
		)
	}
	bounded(id+"-above", above)
	bounded(id+below, under)
	if p.Name == "per_page" {
		bounded(id+"-not-a-number", noNumber)
		all = append(all, defect(Shifted, id+"-below", "served", op+" takes per_page below its least.", onBadQuery(op, under, func(c *call) *answer {
			n, _ := number(c)
			c.query.Set(p.Name, strconv.Itoa(p.Min))
			a := c.send()
			return a.setItems(resize(a.items(), max(0, n)))
		})))
	} else {
		all = append(all, defect(Broken, id+below, "nan-500", op+" answers a limit that is no number with 500.",
			onBadQuery(op, noNumber, func(*call) *answer { return refusal(500) })))
	}
	return append(all, defaults(op, id, p)...)
}

// defaults are wrong sizes of a page that nobody asked to be of any.
func defaults(op, id string, p openapi.Param) []Defect {
	wrong := map[string][]int{"list-conversations": {10, 30}, "find-messages": {10, 15, 100}, "recent-sample": {1, 3, 10}}[op]
	var all []Defect
	for _, n := range wrong {
		all = append(all, defect(Shifted, id+"-default", fmt.Sprint(n), fmt.Sprintf("Without %s, %s answers %d items.", p.Name, op, n),
			onQuery(op, func(c *call) bool { return !c.query.Has(p.Name) }, func(c *call) { c.query.Set(p.Name, strconv.Itoa(max(n, p.Min))) })))
	}
	return all
}
