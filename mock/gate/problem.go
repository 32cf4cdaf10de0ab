package gate

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
)

// problem is a request that is refused.
type problem struct {
	status  int
	name    string // the `error`
	message string
}

func notFound(message string) *problem {
	return &problem{http.StatusNotFound, "Not found", message}
}

// badRequest is for what cannot be read or is missing, invalid for what can be read and is not allowed (AL-20).
func badRequest(message string) *problem {
	return &problem{http.StatusBadRequest, "Bad request", message}
}

func invalid(message string) *problem {
	return &problem{http.StatusUnprocessableEntity, "Validation failed", message}
}

// Form writes a refusal as a contract documents errors: the status to answer with, of which a contract may know fewer,
// and the body. nil is AssistLoop's form (heading "Error Response Format").
type Form func(status int, name, message string) (int, []byte)

// refuse answers a request with a problem.
func (f Form) refuse(w http.ResponseWriter, p *problem) {
	if f != nil {
		status, body := f(p.status, p.name, p.message)
		writeJSON(w, status, body)
		return
	}
	body, err := json.Marshal(struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}{p.name, p.message})
	if err != nil { // two strings always encode
		body = []byte(`{"message":"the request is refused"}`)
	}
	writeJSON(w, p.status, body)
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// RefuseRequest is the error hook of generated code for parameters and bodies that it cannot bind. The gate has
// validated both, so it stands for a case that the tables do not know.
func (f Form) RefuseRequest(w http.ResponseWriter, _ *http.Request, err error) {
	f.refuse(w, badRequest(err.Error()))
}

// Broken is the error hook of generated code for an answer that could not be written: a bug, or a caller who left.
func (f Form) Broken(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		if r.Context().Err() != nil {
			return
		}
		log.Error("an answer could not be written", "method", r.Method, "path", r.URL.Path, "error", err)
		if a, ok := w.(*answer); ok && a.status == 0 {
			f.refuse(w, serverError())
		}
	}
}

func serverError() *problem {
	return &problem{http.StatusInternalServerError, "Internal server error", "Something went wrong on our side."}
}
