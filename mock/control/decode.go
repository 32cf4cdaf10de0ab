package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// maxBody bounds what is read of a request, in bytes.
const maxBody = 64 << 10

// decode reads a request's body, one JSON object, into a T. It is strict: a key that T does not have, a key that
// comes twice and anything after the object are errors, in one line.
func decode[T any](r *http.Request) (T, error) {
	var into T
	text, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return into, problem(http.StatusBadRequest, "the body broke off")
	}
	if len(text) > maxBody {
		return into, problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", maxBody))
	}
	if err := checkObject(text, keysOf(reflect.TypeFor[T]())); err != nil {
		return into, problem(http.StatusBadRequest, err.Error())
	}
	if err := json.Unmarshal(text, &into); err != nil {
		return into, problem(http.StatusUnprocessableEntity, describe(err))
	}
	return into, nil
}

// checkObject looks at the keys of an object before anything is made of it: encoding/json alone would take keys
// in any case, take the last of two, and stop reading after the object.
func checkObject(text []byte, keys []string) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return fmt.Errorf("expected a JSON object with %s", strings.Join(keys, ", "))
	}
	var seen []string
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return notJSON(err)
		}
		name, _ := key.(string) // a key of an object is one, or Token has failed
		if !slices.Contains(keys, name) {
			return fmt.Errorf("unknown key %.40q: the keys are %s", name, strings.Join(keys, ", "))
		}
		if slices.Contains(seen, name) {
			return fmt.Errorf("the key %q comes twice", name)
		}
		seen = append(seen, name)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return notJSON(err)
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

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the body is no JSON: it ends too early")
	}
	return fmt.Errorf("the body is no JSON: %w", err)
}

// keysOf lists the JSON names of a struct's fields.
func keysOf(t reflect.Type) []string {
	keys := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}

// describe says what is wrong with a value in the words of JSON, not of Go.
func describe(err error) string {
	var mistyped *json.UnmarshalTypeError
	if !errors.As(err, &mistyped) {
		return err.Error()
	}
	return fmt.Sprintf("%s: expected %s, came %s", mistyped.Field, nameOf(mistyped.Type), mistyped.Value)
}

func nameOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return nameOf(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Int:
		return "a whole number"
	case reflect.Uint64:
		return "a whole number, not below zero"
	case reflect.Float64:
		return "a number"
	default:
		return "an object"
	}
}
