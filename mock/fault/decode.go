package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
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
	err := object(data, []string{"match", "act"}, func(key string, value json.RawMessage) error {
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
	return object(data, keysOf(p), func(key string, value json.RawMessage) error {
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

// object reads a JSON object strictly, one key after another: a key that is unknown or comes twice, and anything after
// the object, are errors. encoding/json alone would pass over them.
func object(data []byte, keys []string, read func(key string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return fmt.Errorf("expected an object, not %.40s", bytes.TrimSpace(data))
	}
	var seen []string
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return notJSON(err)
		}
		key, _ := token.(string) // a key of an object is one, or Token has failed
		if !slices.Contains(keys, key) {
			return unknown("key", key, keys)
		}
		if slices.Contains(seen, key) {
			return fmt.Errorf("the key %s comes twice", key)
		}
		seen = append(seen, key)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return notJSON(err)
		}
		if err := read(key, value); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return notJSON(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the object")
	}
	return nil
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	return fmt.Errorf("it is no JSON: %w", err)
}
