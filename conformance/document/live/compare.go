package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// compare holds an answer to the example that the document shows for it: what is missing, added, or of another kind.
func (r *run) compare(call document.Call, body []byte) {
	var answer any
	if err := json.Unmarshal(body, &answer); err != nil {
		r.say(document.Drift, "live-retyped", call, "", call.Answer.Line, "the target answers with no JSON")
		return
	}
	if kind := kindOf(answer); kind != call.Answer.Kind {
		r.say(document.Drift, "live-retyped", call, "", call.Answer.Line,
			fmt.Sprintf("the example is of kind %s, the target answers with %s", call.Answer.Kind, kind))
		return
	}
	seen := seenIn(answer)
	if list, ok := answer.([]any); ok && len(list) == 0 {
		r.say(document.Note, "live-skipped", call, "", call.Line, "the target's list is empty: nothing to compare")
		return
	}
	shown := map[string]bool{"": true}
	call.Answer.Walk(func(path string, v *document.Value) {
		if shown[path] {
			return
		}
		shown[path] = true
		r.field(call, path, v, seen)
	})
	for _, path := range sorted(seen) {
		if !shown[path] && shown[above(path)] {
			r.say(document.Gap, "live-added", call, path, call.Answer.Line, "the target answers with "+path+", which the example does not show")
		}
	}
}

// field judges one field of the example.
func (r *run) field(call document.Call, path string, v *document.Value, seen map[string][]string) {
	required, open := r.contract.Field(call.Operation, path)
	kinds, there := seen[path]
	switch {
	case !there && holds(seen[above(path)], "object") && required:
		r.say(document.Drift, "live-missing", call, path, v.Line, "the example shows "+path+", the target answers without it")
	case !there && holds(seen[above(path)], "object"):
		r.say(document.Note, "live-missing", call, path, v.Line, "the example shows "+path+", the target answers without it, as it may")
	case there && !open && v.Kind != "null" && !holds(kinds, v.Kind) && !slices.Equal(kinds, []string{"null"}):
		r.say(document.Drift, "live-retyped", call, path, v.Line,
			fmt.Sprintf("the example shows %s as %s, the target answers with %s", path, v.Kind, strings.Join(kinds, " or ")))
	}
}

// seenIn lists the kinds of value that an answer has at each way; the items of an array have the array's way.
func seenIn(value any) map[string][]string {
	seen := map[string][]string{}
	var visit func(path string, value any)
	visit = func(path string, value any) {
		if kind := kindOf(value); !holds(seen[path], kind) {
			seen[path] = append(seen[path], kind)
		}
		switch v := value.(type) {
		case map[string]any:
			for name, member := range v {
				visit(strings.TrimPrefix(path+"."+name, "."), member)
			}
		case []any:
			for _, item := range v {
				visit(path, item)
			}
		}
	}
	visit("", value)
	return seen
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func holds(kinds []string, kind string) bool { return slices.Contains(kinds, kind) }

func above(path string) string {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)]
}

func sorted(seen map[string][]string) []string {
	paths := make([]string, 0, len(seen))
	for path := range seen {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}
