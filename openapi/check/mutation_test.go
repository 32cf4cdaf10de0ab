package check_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

// A change of one field.
type change struct {
	name      string
	value     string // JSON; "" drops the field
	forbidden bool
}

func (c change) apply(body, pointer string) string {
	if c.value == "" {
		return drop(body, pointer)
	}
	return replace(body, pointer, c.value)
}

// changesAt are the changes that can be made to a field, each known to be allowed or forbidden by what Fields says of it.
func changesAt(f check.Field, at place) []change {
	types, nullable := f.Types, f.Nullable
	if at.item {
		types, nullable = f.Items, false
	}
	if len(types) == 0 && at.item {
		return nil // Fields says nothing of items that may be anything
	}
	only := slices.Equal(types, []string{"object"}) && f.Expected == "null"
	list := []change{{"nulled", "null", !nullable}}
	for name, value := range map[string]string{"string": `"x y"`, "number": `1.5`, "boolean": `true`, "object": `{}`, "array": `[]`} {
		admitted := len(types) == 0 || slices.Contains(types, name)
		if !admitted || only {
			list = append(list, change{"retyped as " + name, value, true})
		} else if len(types) == 0 {
			list = append(list, change{"retyped as " + name, value, false})
		}
	}
	if at.item {
		return list
	}
	if at.pointer != "" {
		list = append(list, change{"dropped", "", f.RequiredHere})
	}
	switch {
	case len(f.Enum) > 0:
		list = append(list, change{"replaced by no word of the enumeration", `"no such word"`, true})
	case f.Format == "date-time":
		list = append(list,
			change{"set to 31 February", `"2024-02-31T10:30:00Z"`, true},
			change{"set to a date", `"2024-02-28"`, true},
			change{"set to another zone", `"2024-02-29T10:30:00.123456789+05:30"`, false})
	case f.Expected == "a non-empty string":
		list = append(list, change{"emptied", `""`, true}, change{"set to another id", `"a"`, false})
	case f.Expected == "a string" || f.Expected == "a string or null":
		list = append(list, change{"emptied", `""`, false}, change{"set to another script", `"नमस्ते\n😀"`, false})
	}
	return list
}

func drop(body, pointer string) string {
	return edit(body, pointer, func(parent map[string]any, name string) { delete(parent, name) })
}

func replace(body, pointer, value string) string {
	if pointer == "" {
		return value
	}
	return edit(body, pointer, func(parent map[string]any, name string) { parent[name] = json.RawMessage(value) })
}

// edit changes one member; an array is lent to the change as an object of its indexes.
func edit(body, pointer string, change func(parent map[string]any, name string)) string {
	tree := parse(body)
	steps := strings.Split(pointer, "/")[1:]
	at := tree
	for _, s := range steps[:len(steps)-1] {
		at = child(at, s)
	}
	name := steps[len(steps)-1]
	switch parent := at.(type) {
	case map[string]any:
		change(parent, name)
	case []any:
		lent := map[string]any{}
		change(lent, name)
		i, err := strconv.Atoi(name)
		Expect(err).NotTo(HaveOccurred())
		parent[i] = lent[name]
	}
	text, err := json.Marshal(tree)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

func child(v any, step string) any {
	if list, ok := v.([]any); ok {
		i, err := strconv.Atoi(step)
		Expect(err).NotTo(HaveOccurred())
		return list[i]
	}
	return v.(map[string]any)[step]
}
