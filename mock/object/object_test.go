package object_test

import (
	"encoding/json"
	"testing"

	"github.com/parley-contracts/parley/mock/object"
)

func TestRead(t *testing.T) {
	keys := []string{"name", "seed"}
	for _, c := range []struct{ text, complaint string }{
		{`{"seed": 1, "name": [2]}`, ""},
		{` {} `, ""},
		{``, "expected a JSON object with name, seed"},
		{`[]`, "expected a JSON object with name, seed"},
		{`null`, "expected a JSON object with name, seed"},
		{`{"sead": 1}`, `unknown key "sead": did you mean seed?`},
		{`{"Seed": 1}`, `unknown key "Seed": did you mean seed?`},
		{`{"x": 1}`, `unknown key "x": the keys are name, seed`},
		{`{"seed": 1, "seed": 2}`, `the key "seed" comes twice`},
		{`{"seed": 1} {}`, "there is something after the JSON object"},
		{`{"seed": `, "this is no JSON: it ends too early"},
		{`{"seed": 1`, "this is no JSON: it ends too early"},
		{`{"seed": ?}`, "this is no JSON: invalid character '?' looking for beginning of value"},
	} {
		order := ""
		err := object.Read([]byte(c.text), keys, func(key string, value json.RawMessage) error {
			order += key + string(value)
			return nil
		})
		switch {
		case err == nil && c.complaint != "":
			t.Errorf("%s: taken", c.text)
		case err != nil && err.Error() != c.complaint:
			t.Errorf("%s: %v", c.text, err)
		case c.text == `{"seed": 1, "name": [2]}` && order != "seed1name[2]":
			t.Errorf("read in the order %s", order)
		}
	}
}
