package assistloop

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// item is a JSON object of an answer, read without trust: an accessor gives the zero value for what is missing
// or of another type, since shapes are judged elsewhere.
type item map[string]any

func (i item) text(name string) string {
	s, _ := i[name].(string)
	return s
}

func (i item) flag(name string) (value, ok bool) {
	value, ok = i[name].(bool)
	return value, ok
}

func (i item) object(name string) item {
	o, _ := i[name].(map[string]any)
	return o
}

func (i item) instant(name string) (time.Time, bool) {
	return instant(i.text(name))
}

// instant reads an RFC 3339 timestamp of any fraction and offset.
func instant(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	return t, err == nil
}

// page is an answer that should be an array of objects. A nil page was not asked for.
type page struct {
	x     *conformance.Exchange
	items []item
	// err says why it cannot be read as one.
	err error
}

func pageOf(x *conformance.Exchange) *page {
	p := &page{x: x}
	if p.err = answered(x); p.err != nil {
		return p
	}
	raw, ok := x.Value().([]any)
	if !ok {
		p.err = conformance.Blocked("the answer to %s is no array", x.Purpose)
		return p
	}
	for _, v := range raw {
		o, ok := v.(map[string]any)
		if !ok {
			p.err = conformance.Blocked("the answer to %s is no array of objects", x.Purpose)
			return p
		}
		p.items = append(p.items, o)
	}
	return p
}

// answered tells why an exchange that was to be served cannot be judged further; that it was refused is the
// business of the requirement that it be served.
func answered(x *conformance.Exchange) error {
	switch {
	case x == nil:
		return conformance.Blocked("the request was not sent")
	case x.Lost != nil:
		return conformance.Blocked("%s: %v", x.Purpose, x.Lost)
	case !x.OK():
		return conformance.Blocked("%s was answered %d", x.Purpose, x.Status)
	}
	return nil
}

func (p *page) ids(name string) map[string]bool {
	ids := map[string]bool{}
	for _, i := range p.items {
		if id := i.text(name); id != "" {
			ids[id] = true
		}
	}
	return ids
}

func (p *page) find(uuid string) item {
	for _, i := range p.items {
		if i.text("uuid") == uuid {
			return i
		}
	}
	return nil
}

// objectOf reads an answer that should be one object.
func objectOf(x *conformance.Exchange) (item, error) {
	if err := answered(x); err != nil {
		return nil, err
	}
	o, ok := x.Value().(map[string]any)
	if !ok {
		return nil, conformance.Blocked("the answer to %s is no object", x.Purpose)
	}
	return o, nil
}

// asking words a query as people write it, without the size of page that most lists are asked for.
func asking(q url.Values) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if value := q.Get(name); name != "per_page" || value != "100" {
			all = append(all, name+"="+value)
		}
	}
	if len(all) == 0 {
		return "no filter"
	}
	return strings.Join(all, " and ")
}

// breach says what was expected and seen, with the exchanges that show it; the last one decided.
func breach(expected, seen string, xs ...*conformance.Exchange) error {
	return &conformance.Breach{Expected: expected, Seen: seen, Exchanges: xs}
}

// refused holds for an exchange that has to be refused: with any 4xx, or one of the statuses. A 429 was waited
// for before, so that one that is left is trouble.
func refused(x *conformance.Exchange, statuses ...int) error {
	expected := "a refusal with a 4xx"
	if len(statuses) > 0 {
		expected = "a refusal with " + listed(statuses)
	}
	if err := sent(x); err != nil {
		return err
	}
	if len(statuses) == 0 && x.Refused() {
		return nil
	}
	for _, s := range statuses {
		if x.Status == s {
			return nil
		}
	}
	return breach(expected, fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
}

// allRefused: each of them is a refusal with a 4xx.
func allRefused(xs ...*conformance.Exchange) error {
	return each(xs, func(x *conformance.Exchange) error { return refused(x) })
}

// sent tells why an exchange has no status to judge.
func sent(x *conformance.Exchange) error {
	switch {
	case x == nil:
		return conformance.Lacking("the target has no data to send the request with")
	case x.Lost != nil:
		return conformance.Blocked("%s: %v", x.Purpose, x.Lost)
	case x.Status == 429:
		return conformance.Blocked("%s was answered 429 again and again", x.Purpose)
	}
	return nil
}

// lostRemoval: an earlier try may have removed it, and its answer was lost.
func lostRemoval(x *conformance.Exchange) bool {
	return x.Method == "DELETE" && x.Troubled && x.Status == 404
}

// served holds for an exchange that has to be served with a 2xx.
func served(x *conformance.Exchange) error {
	if err := sent(x); err != nil {
		return err
	}
	if lostRemoval(x) {
		return conformance.Blocked("trouble on the way: a try whose answer was lost may have removed it")
	}
	if !x.OK() {
		return breach("a 2xx", fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
	}
	return nil
}

// noServerError holds for an exchange that may be served or refused.
func noServerError(x *conformance.Exchange) error {
	if err := sent(x); err != nil {
		return err
	}
	if !x.OK() && !x.Refused() {
		return breach("a 2xx or a 4xx", fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
	}
	return nil
}

// each applies a rule to several exchanges and returns the first breach, else the first other error.
func each(xs []*conformance.Exchange, rule func(*conformance.Exchange) error) error {
	var other error
	for _, x := range xs {
		err := rule(x)
		if _, ok := err.(*conformance.Breach); ok {
			return err
		}
		if other == nil {
			other = err
		}
	}
	return other
}

func listed(statuses []int) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = fmt.Sprint(s)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
