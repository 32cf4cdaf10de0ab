package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// relevant leaves out of a long list what the finding is not about. What it is about is an item at a place as /3/status, or
// those that bear an id or a time that it names; where it names none, the list stays as it is.
func (s *show) relevant(list []any, about string) []any {
	var kept []any
	left := 0
	rest := func() {
		if left > 0 {
			kept = append(kept, fmt.Sprintf("… %d more", left))
		}
		left = 0
	}
	found := false
	for i, item := range list {
		if !mentions(about, i, plainJSON(item)) {
			left++
			continue
		}
		rest()
		kept, found = append(kept, item), true
	}
	rest()
	if !found {
		return list
	}
	return kept
}

// mentions tells whether a text speaks of the item at an index, or names an id of its own or a time that stands in it.
func mentions(text string, index int, item string) bool {
	if strings.Contains(text+" ", fmt.Sprintf(" /%d/", index)) || strings.Contains(text+" ", fmt.Sprintf(" /%d ", index)) {
		return true
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '"' }) {
		if len(word) >= 8 && strings.ContainsAny(word, "0123456789") && strings.Contains(item, word) {
			return true
		}
	}
	return false
}

// plainJSON encodes without the escapes that are for web pages alone.
func plainJSON(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil { // of nothing that was decoded
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}
