package defects

import (
	"slices"
	"strconv"

	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong lists.
const (
	Duplicate Kind = "list-duplicate"
	Foreign   Kind = "list-foreign" // what belongs to another
	Missing   Kind = "list-item-missing"
	Extra     Kind = "list-item-extra"
	Order     Kind = "order"
	Value     Kind = "value-changed" // one of the enumeration for another, or an id for another
)

// onPage alters the items of a list that was served.
func onPage(op string, is func(*call) bool, change func(*call, []map[string]any) []map[string]any) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op || c.wrong || !is(c) {
				return nil
			}
			a := c.send()
			if a.ok() {
				a.setItems(change(c, a.items()))
			}
			return a
		}}
	}
}

func always(*call) bool { return true }

// onItems alters every item of a list.
func onItems(op string, change func(map[string]any)) play {
	return onPage(op, always, func(_ *call, items []map[string]any) []map[string]any {
		for _, i := range items {
			change(i)
		}
		return items
	})
}

// identities are the fields by which items of lists are told apart.
var identities = []string{"id", "uuid", "organization_uuid", "agent_uuid"}

// resize cuts a list, or makes it longer by copies that have ids of their own. An empty one stays so.
func resize(items []map[string]any, size int) []map[string]any {
	if len(items) == 0 {
		return items
	}
	for n := 0; len(items) < size; n++ {
		copied := clone(items[len(items)-1]) // the last, so that the order stays as it is
		for _, name := range identities {
			if id := text(copied, name); id != "" {
				copied[name] = id[:len(id)-1] + "-" + strconv.Itoa(n)
			}
		}
		items = append(items, copied)
	}
	return items[:max(0, size)]
}

func key(item map[string]any) string {
	for _, name := range []string{"uuid", "organization_uuid", "agent_uuid", "id"} {
		if id := text(item, name); id != "" {
			return id
		}
	}
	return ""
}

// union joins lists, each item once.
func union(a, b []map[string]any) []map[string]any {
	for _, i := range b {
		if !slices.ContainsFunc(a, func(other map[string]any) bool { return key(other) == key(i) }) {
			a = append(a, i)
		}
	}
	return a
}

// pages gives lists that hold what they should not, or not all that they should.
func pages(*check.Contract) []Defect {
	var all []Defect
	for _, op := range []string{"list-organizations", "list-agents", "list-conversations", "find-messages"} {
		all = append(all, defect(Duplicate, op+"/distinct", "repeated", op+" shows an item twice.",
			onPage(op, unfiltered, func(c *call, items []map[string]any) []map[string]any {
				last := len(items) - 1
				if last > 0 && len(items) >= c.size(20) {
					last-- // the last one makes room for it
				}
				if last < 0 {
					return items
				}
				return add(c, items, items[last])
			})))
		if op != "find-messages" {
			all = append(all, defect(Value, op+"/id-equals", "differs", "`id` is another than the item's uuid in "+op+".",
				onItems(op, func(i map[string]any) { i["id"] = "x-" + text(i, "id") })))
		}
	}
	return slices.Concat(all, filtered(), elsewhere(), samples(), messages())
}

// filtered gives lists that hold one item less or more than the filter asks for.
func filtered() []Defect {
	var all []Defect
	for _, f := range []struct {
		op, requirement string
		is              func(*call) bool
	}{
		{"list-conversations", "status-open", only("status", "1")},
		{"list-conversations", "status-closed", only("status", "0")},
		{"list-conversations", "mode-ai", only("response_mode", "ai")},
		{"list-conversations", "mode-human", only("response_mode", "human")},
		{"list-conversations", "created-from", instantIn("created_from")},
		{"list-conversations", "created-to", instantIn("created_to")},
		{"find-messages", "created-from", instantIn("created_from")},
		{"find-messages", "created-to", instantIn("created_to")},
	} {
		requirement := f.op + "/" + f.requirement
		all = append(all,
			defect(Missing, requirement, "one-missing", f.op+" leaves one item out that matches.", onPage(f.op, f.is, func(_ *call, items []map[string]any) []map[string]any {
				return items[:max(0, len(items)-1)]
			})),
			defect(Extra, requirement, "one-extra", f.op+" shows one item that does not match.", onPage(f.op, f.is, func(c *call, items []map[string]any) []map[string]any {
				whole := c.again()
				whole.query = map[string][]string{"per_page": {"100"}}
				everything := union(items, whole.send().items())
				return everything[:min(len(everything), len(items)+1)]
			})),
		)
	}
	return all
}

// unfiltered: nothing narrows the list.
func unfiltered(c *call) bool {
	for _, name := range []string{"status", "response_mode", "created_from", "created_to", "type"} {
		if c.query.Has(name) {
			return false
		}
	}
	return true
}

// add puts items at the end of a list, in place of its last ones where the page is full.
func add(c *call, items []map[string]any, more ...map[string]any) []map[string]any {
	return append(items[:max(0, min(len(items), c.size(20)-len(more)))], more...)
}

// size is how many items a page may have.
func (c *call) size(standard int) int {
	if n, err := strconv.Atoi(c.query.Get("per_page")); err == nil {
		return max(10, min(n, 100))
	}
	return standard
}

func instantIn(name string) func(*call) bool {
	return func(c *call) bool { return c.query.Has(name) && onlyInstant(c) }
}

// only: the query has this one filter; any value of it when value is empty.
func only(name, value string) func(*call) bool {
	return func(c *call) bool {
		filters := 0
		for _, n := range []string{"status", "response_mode", "created_from", "created_to"} {
			if c.query.Has(n) {
				filters++
			}
		}
		return filters == 1 && c.query.Has(name) && (value == "" || c.query.Get(name) == value)
	}
}
