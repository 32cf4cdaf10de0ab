package assistloop

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/parley-contracts/parley/mock/desk"
)

// answer is a response whose body is JSON already. It stands in for the generated responses where these would encode a list
// of structs for a client that only wants its bytes, and for all their kinds of errors.
type answer struct {
	status int
	body   []byte
}

// answers are used again when they have been written.
var answers = sync.Pool{New: func() any { return new(answer) }}

// keep bounds what a used answer may hold on to, in bytes: a page of a hundred fits.
const keep = 1 << 17

func newAnswer() *answer {
	a := answers.Get().(*answer)
	a.status, a.body = http.StatusOK, a.body[:0]
	return a
}

func (a *answer) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, err := w.Write(a.body)
	if cap(a.body) <= keep {
		answers.Put(a)
	}
	return err
}

// unless is the answer itself, or what err makes of it.
func (a *answer) unless(err error) *answer {
	if err == nil {
		return a
	}
	return refuse(err)
}

// refuse answers an error in the documented form (Error Response Format).
func refuse(err error) *answer {
	var e *desk.Error
	switch {
	case errors.As(err, &e) && e.Kind == desk.ErrNotFound:
		return notFound(e.Subject)
	case errors.As(err, &e) && e.Kind == desk.ErrForbidden:
		return problem(http.StatusForbidden, "Forbidden", "You don't have access to this "+e.Subject+".")
	case errors.As(err, &e) && e.Kind == desk.ErrConflict:
		return problem(http.StatusConflict, "Conflict", e.Error())
	case errors.As(err, &e):
		return invalid(e.Error())
	}
	return problem(http.StatusBadRequest, "Bad request", err.Error())
}

func invalid(message string) *answer {
	return problem(http.StatusUnprocessableEntity, "Validation failed", message)
}

func notFound(subject string) *answer {
	return problem(http.StatusNotFound, strings.ToUpper(subject[:1])+subject[1:]+" not found",
		"The requested "+subject+" could not be found or you don't have access to it.")
}

func problem(status int, short, message string) *answer {
	a := newAnswer()
	a.status = status
	// Two strings always encode.
	body, _ := json.Marshal(struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}{short, message})
	a.body = append(a.body, body...)
	return a
}

// The generated interfaces ask for a method of each operation's own.

func (a *answer) VisitGetMeResponse(w http.ResponseWriter) error               { return a.write(w) }
func (a *answer) VisitListOrganizationsResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a *answer) VisitListAgentsResponse(w http.ResponseWriter) error          { return a.write(w) }
func (a *answer) VisitListConversationsResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a *answer) VisitRecentSampleResponse(w http.ResponseWriter) error        { return a.write(w) }
func (a *answer) VisitFindMessagesResponse(w http.ResponseWriter) error        { return a.write(w) }
func (a *answer) VisitReplyToConversationResponse(w http.ResponseWriter) error { return a.write(w) }
func (a *answer) VisitCloseConversationResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a *answer) VisitSubscribeResponse(w http.ResponseWriter) error           { return a.write(w) }
func (a *answer) VisitUnsubscribeResponse(w http.ResponseWriter) error         { return a.write(w) }
