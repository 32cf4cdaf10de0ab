package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/parley-contracts/parley/mock/object"
)

// UnmarshalJSON reads a rule as an object of match and act, or as a string of its text.
func (r *Rule) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	parsed, err := ParseRule(text)
	*r = parsed
	return err
}

// decode reads {"match": {…}, "act": {…}}.
func (r *Rule) decode(data []byte) error {
	err := object.Read(data, []string{"match", "act"}, func(key string, value json.RawMessage) error {
		if key == "match" {
			return r.decodeHalf(inMatch, value)
		}
		return r.decodeHalf(inAct, value)
	})
	if err != nil {
		return err
	}
	return r.complete()
}

func (r *Rule) decodeHalf(p part, data []byte) error {
	return object.Read(data, keysOf(p), func(key string, value json.RawMessage) error {
		switch {
		case p == inMatch && key == "header":
			if json.Unmarshal(value, &r.Match.Header) != nil || len(r.Match.Header) == 0 {
				return errors.New(`header: expected an object of names and values, as in {"X-Client": "zap*"}`)
			}
			return nil
		case p == inMatch && key == "body":
			if json.Unmarshal(value, &r.Match.Body) != nil || len(r.Match.Body) == 0 {
				return errors.New(`body: expected an object of paths and values, as in {"data.items[0].name": null}`)
			}
			return nil
		}
		f, err := fieldOf(p, key)
		if err != nil {
			return err
		}
		text, err := scalar(value)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return f.set(r, text)
	})
}

// scalar is the text of a string, a number or true.
func scalar(value json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(value, &text) == nil && value[0] == '"' {
		return text, nil
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil && number != "" {
		if f, err := number.Float64(); err == nil && f == float64(int64(f)) {
			return strconv.FormatInt(int64(f), 10), nil
		}
		return number.String(), nil
	}
	if string(value) == "true" {
		return "true", nil
	}
	return "", fmt.Errorf("expected a string, a number or true, not %.40s", value)
}
