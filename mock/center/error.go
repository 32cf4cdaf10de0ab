package center

import (
	"errors"
	"fmt"
)

// The kinds of errors, for errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrClosed   = errors.New("closed") // a closed conversation cannot be changed
)

// Error is why the centre does not do what it is asked to.
type Error struct {
	Kind    error  // ErrNotFound, ErrInvalid or ErrClosed
	Subject string // what is not found, invalid or closed, as in "conversation" or "channel"
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

func invalid(subject, reason string) error {
	return &Error{Kind: ErrInvalid, Subject: subject, Reason: reason}
}
