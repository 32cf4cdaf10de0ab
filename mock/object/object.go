// Package object reads JSON objects that people write, strictly: encoding/json alone would take keys in any case, pass
// over those that it does not know, take the last of two, and stop reading after the object.
package object

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/nearest"
)

// Read hands one key after another to read, in the order in which they stand. A key that is none of those named or comes
// twice, and anything after the object, are errors, in one line.
func Read(data []byte, keys []string, read func(key string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return fmt.Errorf("expected a JSON object with %s", strings.Join(keys, ", "))
	}
	var seen []string
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return notJSON(err)
		}
		key, _ := token.(string) // a key of an object is one, or Token has failed
		if !slices.Contains(keys, key) {
			return unknown(key, keys)
		}
		if slices.Contains(seen, key) {
			return fmt.Errorf("the key %q comes twice", key)
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
		return errors.New("there is something after the JSON object")
	}
	return nil
}

func unknown(key string, keys []string) error {
	if meant, ok := nearest.Name(key, keys); ok {
		return fmt.Errorf("unknown key %.40q: did you mean %s?", key, meant)
	}
	return fmt.Errorf("unknown key %.40q: the keys are %s", key, strings.Join(keys, ", "))
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("this is no JSON: it ends too early")
	}
	return fmt.Errorf("this is no JSON: %w", err)
}
