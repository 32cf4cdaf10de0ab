package desk

import (
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/mock/reading"
)

// The kinds of errors, for errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	// ErrForbidden and ErrConflict are for worlds that read the document so.
	ErrForbidden = errors.New("belongs to another account")
	ErrConflict  = errors.New("is no longer open to this")
)

// Error is why the desk does not do what it is asked to. Another account's things are not found, like those that do not
// exist (AL-23).
type Error struct {
	Kind    error  // ErrNotFound, ErrInvalid, ErrForbidden or ErrConflict
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

// foreign is what an account cannot see: like what is not there, or openly another's (AL-23).
func (d *Desk) foreign(subject string) error {
	if d.readings.Has(reading.Foreign403) {
		return &Error{Kind: ErrForbidden, Subject: subject}
	}
	return notFound(subject)
}

func notFound(subject string) error { return &Error{Kind: ErrNotFound, Subject: subject} }
