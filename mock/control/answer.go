package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/clock"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/driver"
)

// action does what a request asks and gives what is answered: nil answers 204.
type action func(*http.Request) (any, error)

// created marks an answer as 201.
type created struct{ body any }

// refusal is an error with a status of its own.
type refusal struct {
	status  int
	message string
}

func (r refusal) Error() string { return r.message }

func problem(status int, message string) error { return refusal{status, message} }

// answering makes a handler of an action.
func answering(act action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := act(r)
		if err != nil {
			refuse(w, err)
			return
		}
		status := http.StatusOK
		switch b := body.(type) {
		case nil:
			w.WriteHeader(http.StatusNoContent)
			return
		case created:
			status, body = http.StatusCreated, b.body
		}
		write(w, status, body)
	}
}

// refuse answers with an error, in the driver protocol's form. Nothing that a caller can send is a 5xx.
func refuse(w http.ResponseWriter, err error) {
	write(w, statusOf(err), driver.Problem{Message: err.Error()})
}

func statusOf(err error) int {
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return refused.status
	case errors.Is(err, desk.ErrNotFound), errors.Is(err, center.ErrNotFound), errors.Is(err, world.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, world.ErrExists), errors.Is(err, world.ErrFull), errors.Is(err, world.ErrDefault),
		errors.Is(err, clock.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusConflict
	default:
		return http.StatusUnprocessableEntity
	}
}

func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // strings, numbers and times within RFC 3339 always encode
		status, text = http.StatusInternalServerError, []byte(`{"message":"the answer cannot be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller who has left needs no answer
}

// wrongMethod answers 405 and says which methods there are, as it has to (RFC 9110, section 15.5.6).
func wrongMethod(methods []string) http.HandlerFunc {
	allowed := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		refuse(w, problem(http.StatusMethodNotAllowed, "this path answers to "+allowed))
	}
}
