package document

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func (s *subject) addExamples(all openapi3.Examples) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		shown, err := exampleOf(all[name].Value.Value)
		if err != nil {
			return err
		}
		s.examples = append(s.examples, shown)
	}
	return nil
}

func exampleOf(value any) (*example, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	e := &example{kinds: map[string]string{}, texts: map[string]bool{}}
	e.add("", value)
	return e, nil
}

func (e *example) add(path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		e.kinds[path] = "object"
		for name, member := range v {
			e.add(strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		if _, within := e.kinds[path]; !within {
			e.kinds[path] = "array"
		}
		for _, one := range v {
			if object, ok := one.(map[string]any); ok {
				for name, member := range object {
					e.add(strings.TrimPrefix(path+"."+name, "."), member)
				}
			}
		}
	case string:
		e.kinds[path] = "string"
		e.texts[v] = true
	case float64:
		e.kinds[path] = "number"
	case bool:
		e.kinds[path] = "boolean"
	default:
		e.kinds[path] = "null"
	}
}
