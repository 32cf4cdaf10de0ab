package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/parley-contracts/parley/conformance/consumer"
)

// field is a value of --set: where it goes, and what it is.
type field struct {
	path  string
	value any
}

// readFields reads values of --set, PATH=JSON. What is no JSON is text: --set data.agent.name=Ada.
func readFields(values []string) ([]field, error) {
	var fields []field
	for _, text := range values {
		path, value, found := strings.Cut(text, "=")
		if !found || path == "" || strings.HasPrefix(path, ".") || strings.HasSuffix(path, ".") || strings.Contains(path, "..") {
			return nil, fmt.Errorf("--set: expected PATH=JSON, as data.chat_user.name=null, came %q", text)
		}
		f := field{path: path, value: value}
		switch {
		case json.Valid([]byte(value)):
			decoder := json.NewDecoder(strings.NewReader(value))
			decoder.UseNumber() // large ones stay as they are
			if err := decoder.Decode(&f.value); err != nil {
				return nil, fmt.Errorf("--set: %s: %w", path, err)
			}
		case value != "" && strings.ContainsAny(value[:1], `{["`): // meant to be JSON
			return nil, fmt.Errorf("--set: expected JSON for %s, came %s", path, value)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// unknownField is the error for a path that an event has not.
func unknownField(path, what string, known []string) error {
	return fmt.Errorf("--set: no field %q of %s; %s", path, what, suggest(path, known, "", "fields: "+list(known)))
}

// everyEvent reads values of --set for whichever events have the field; one has to.
func everyEvent(values []string, source *consumer.Source) (map[string]any, error) {
	fields, err := readFields(values)
	if err != nil {
		return nil, err
	}
	set := map[string]any{}
	for _, f := range fields {
		var all []string
		known := false
		for _, name := range source.Names() {
			known = known || source.Knows(name, f.path)
			all = append(all, source.Paths(name)...)
		}
		if !known {
			return nil, unknownField(f.path, source.Name+"'s events", unique(all))
		}
		set[f.path] = f.value
	}
	return set, nil
}

func unique(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// randomSeed is another one each time, short enough to be typed again.
func randomSeed() uint64 { return uint64(rand.Uint32()) }
