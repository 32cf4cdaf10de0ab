package defects

import "strings"

// each calls f with every object that has a place for the field at the path, and the field's name there. The path
// is one of check.Field: names with dots between them, through arrays.
func each(v any, path string, f func(parent map[string]any, name string)) {
	head, rest, deeper := strings.Cut(path, ".")
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			each(inner, path, f)
		}
	case map[string]any:
		if deeper {
			each(v[head], rest, f)
		} else {
			f(v, head)
		}
	}
}

// put sets the field in every object: where it stands, or everywhere when it may be left out.
func put(v any, path string, everywhere bool, value any) {
	each(v, path, func(parent map[string]any, name string) {
		if _, has := parent[name]; has || everywhere {
			parent[name] = value
		}
	})
}

// drop takes the field out of every object.
func drop(v any, path string) {
	each(v, path, func(parent map[string]any, name string) { delete(parent, name) })
}
