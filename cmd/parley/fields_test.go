package main

import (
	"encoding/json"
	"testing"
)

func FuzzReadFields(f *testing.F) {
	for _, text := range []string{"a.b=null", `a="x"`, "a=x y", "a={", "=", "..=1", "a=1 2", "a=\x00", "a=[1,{}]", "a=", "a=1]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fields, err := readFields([]string{text})
		if err != nil {
			return
		}
		if len(fields) != 1 || fields[0].path == "" {
			t.Fatalf("%q: %v", text, fields)
		}
		if _, err := json.Marshal(fields[0].value); err != nil {
			t.Errorf("%q has a value that is no JSON: %v", text, err)
		}
	})
}
