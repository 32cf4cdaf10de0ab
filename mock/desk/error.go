package desk

import (
	"errors"
	"fmt"
)

// The kinds of errors, for errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
)

// Error is why the desk does not do what it is asked to. Another account's things are not found, like those that do not
// exist (AL-23).
type Error struct {
	Kind    error  // ErrNotFound or ErrInvalid
	Subject string // what is not found or invalid: "organization", "agent", "conversation", "webhook subscription", "event"
	Reason  string // more about it, may be empty
}

func (e *Error) Error() string {
	if e.Reason == "" {
		return e.Subject + " " + e.Kind.Error()
	}
	return fmt.Sprintf("%s %s: %s", e.Subject, e.Kind, e.Reason)
}

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }

func notFound(subject string) error { return &Error{Kind: ErrNotFound, Subject: subject} }
