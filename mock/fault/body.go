package fault

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// place is where a value stands in a JSON body: keys, and numbers of items.
type place []any

// parsePlace reads a path such as data.items[0].name.
func parsePlace(path string) (place, error) {
	var p place
	for name := range strings.SplitSeq(path, ".") {
		name, items, indexed := strings.Cut(name, "[")
		if name == "" && !(indexed && len(p) == 0) {
			return nil, fmt.Errorf("body: expected a path such as data.items[0].name, not %.40q", path)
		}
		if name != "" {
			p = append(p, name)
		}
		if !indexed {
			continue
		}
		inner, closed := strings.CutSuffix(items, "]")
		for index := range strings.SplitSeq(inner, "][") {
			n, err := strconv.Atoi(index)
			if err != nil || n < 0 || !closed {
				return nil, fmt.Errorf("body: expected a path such as data.items[0].name, not %.40q", path)
			}
			p = append(p, n)
		}
	}
	return p, nil
}

// in finds the value; false where there is none.
func (p place) in(value any) (any, bool) {
	for _, step := range p {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			inner, found := object[step]
			if !found {
				return nil, false
			}
			value = inner
		case int:
			items, _ := value.([]any)
			if step >= len(items) {
				return nil, false
			}
			value = items[step]
		}
	}
	return value, true
}

// field of a body that has to have a value.
type bodyField struct {
	at    place
	value any
}

func (f bodyField) holds(body any) bool {
	value, found := f.at.in(body)
	return found && reflect.DeepEqual(value, f.value)
}
