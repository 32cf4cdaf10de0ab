package check_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// chance makes values that a schema allows, but for a fault now and then.
type chance struct {
	*rand.Rand
	faults float64 // how often, from 0 to 1
}

func (c *chance) value(ref *openapi3.SchemaRef, depth int) any {
	strays := []any{nil, true, false, 0, 1, 7, -1, 0.5, 1e6, "", "a", "äb", "A", "B", "guest", "2024-02-30T00:00:00Z", "2024-02-29", []any{}, []any{1, nil}, map[string]any{}, map[string]any{"x": "y"}}
	if ref == nil || c.Float64() < c.faults || depth > 8 {
		return strays[c.IntN(len(strays))]
	}
	s := ref.Value
	switch {
	case s.Nullable && c.IntN(4) == 0:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[c.IntN(len(s.Enum))]
	case len(s.AllOf) > 0:
		all := map[string]any{}
		for _, part := range s.AllOf {
			if members, ok := c.value(part, depth).(map[string]any); ok {
				maps.Copy(all, members)
			}
		}
		return all
	case len(s.OneOf)+len(s.AnyOf) > 0 && len(s.Properties) == 0:
		branches := slices.Concat(s.OneOf, s.AnyOf)
		return c.value(branches[c.IntN(len(branches))], depth)
	case s.Type.Is("object"):
		return c.members(s, depth)
	case s.Type.Is("array"):
		list := []any{}
		for range 1 + c.IntN(2) {
			list = append(list, c.value(s.Items, depth+1))
		}
		return list
	}
	return c.scalar(s, strays)
}

func (c *chance) members(s *openapi3.Schema, depth int) any {
	members := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if (slices.Contains(s.Required, name) && c.Float64() >= c.faults) || c.IntN(3) == 0 {
			members[name] = c.value(s.Properties[name], depth+1)
		}
	}
	if c.IntN(4) == 0 {
		members["else"] = c.value(s.AdditionalProperties.Schema, depth+1)
	}
	return members
}

func (c *chance) scalar(s *openapi3.Schema, strays []any) any {
	switch {
	case s.Type.Is("boolean"):
		return c.IntN(2) == 0
	case s.Type.Is("integer"):
		return c.IntN(12)
	case s.Type.Is("number"):
		return c.Float64()
	case s.Format == "date-time":
		return fmt.Sprintf("2024-%02d-%02dT%02d:10:00.5+02:00", 1+c.IntN(12), 1+c.IntN(28), c.IntN(24))
	case s.Format == "date":
		return fmt.Sprintf("2024-%02d-%02d", 1+c.IntN(12), 1+c.IntN(31))
	case s.Format == "uuid", s.Format == "uuid-or-legacy" && c.IntN(2) == 0:
		return "550e8400-e29b-41d4-a716-446655440000"
	case s.Format == "uuid-or-legacy":
		return "FBCFE58EA5C33A80B569F631DBB27C41"
	case s.Format == "instant-millis":
		return "2023-06-20T16:44:24.572" + []string{"Z", "+00:00", "-0330"}[c.IntN(3)]
	case s.Format == "uri":
		return "https://a.example/b"
	case s.Type.Is("string"):
		return []string{"ab", "abc", "abcd"}[c.IntN(3)]
	}
	return strays[c.IntN(len(strays))]
}
