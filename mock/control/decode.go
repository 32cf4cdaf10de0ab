package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/parley-contracts/parley/mock/object"
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
	anything := func(string, json.RawMessage) error { return nil }
	if err := object.Read(text, keysOf(reflect.TypeFor[T]()), anything); err != nil {
		return into, problem(http.StatusBadRequest, err.Error())
	}
	if err := json.Unmarshal(text, &into); err != nil {
		return into, problem(http.StatusUnprocessableEntity, describe(err))
	}
	return into, nil
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
