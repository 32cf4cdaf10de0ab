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
func (m message) changesAt(f check.Field, at place) []change {
	types, nullable := f.Types, f.Nullable
	if strings.Contains(f.Path, "lastMessage.") {
		nullable = false // all of its members may be null together, none alone
	}
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
	// Of messageId and messageid, a message with both can do without either.
	if either := strings.EqualFold(f.Path, "payload.message.messageId"); at.pointer != "" && (!either || m.complete) {
		list = append(list, change{"dropped", "", f.RequiredHere})
	}
	list = append(list, formChanges(f)...)
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

// formChanges are those that formats and bounds allow or forbid.
func formChanges(f check.Field) []change {
	const v1 = `"0a1b2c3d-1133-1adb-9847-47C83E6FC8BF"`
	switch {
	case f.Format == "uuid":
		return []change{{"set to another version of UUID", v1, false}, {"set to a legacy id", `"D12945086921DDDF4F36EBB3BE7AEFF1"`, true}}
	case f.Format == "uuid-or-legacy":
		return []change{
			{"set to another version of UUID", v1, false},
			{"set to a legacy id", `"D12945086921DDDF4F36EBB3BE7AEFF1"`, false},
			{"set to a legacy id of letters beyond F", `"ZZ2945086921DDDF4F36EBB3BE7AEFF1"`, false},
			{"set to the word NULL", `"NULL"`, true},
			{"set to a legacy id in lower case", `"d12945086921dddf4f36ebb3be7aeff1"`, true},
			{"cut by a character", `"D12945086921DDDF4F36EBB3BE7AEFF"`, true},
			{"set to a UUID without hyphens", `"ce83e95511334adb984747c83e6fc8bf"`, true},
		}
	case f.Format == "instant-millis":
		return []change{
			{"set to Z", `"2023-06-20T16:44:24.572Z"`, false},
			{"set to an offset without a colon", `"2023-06-20T16:44:24.572-0330"`, false},
			{"set to another offset", `"2023-06-20T16:44:24.572+05:30"`, false},
			{"set to whole seconds", `"2023-06-20T16:44:24Z"`, true},
			{"set to microseconds", `"2023-06-20T16:44:24.572000Z"`, true},
			{"set to a time without a zone", `"2023-06-20T16:44:24.572"`, true},
			{"set to a time without a T", `"2023-06-20 16:44:24.572Z"`, true},
			{"set to 31 June", `"2023-06-31T16:44:24.572Z"`, true},
		}
	case strings.Contains(f.Expected, "an integer from 1 to 2147483647"):
		return []change{{"set to 0", `0`, true}, {"set to 2^31", `2147483648`, true}, {"set to 2^31-1", `2147483647`, false}}
	}
	return nil
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
