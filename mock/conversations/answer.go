package conversations

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	api "github.com/parley-contracts/parley/openapi/conversations"

	"github.com/parley-contracts/parley/mock/center"
)

// answer is a response: a status, and what is encoded as its body. It stands in for the generated responses, which are a
// type for each operation and status.
type answer struct {
	status int
	body   any // nil for none
}

// ok is what an operation answers that found or did something, or what err makes of it.
func ok(body any, err error) answer {
	if err != nil {
		return refuse(err)
	}
	return answer{http.StatusOK, body}
}

// created is the same where something came to be.
func created(body any, err error) answer {
	a := ok(body, err)
	if err == nil {
		a.status = http.StatusCreated
	}
	return a
}

// refuse answers an error. A closed conversation is a bad request, like all else that is not simply not there.
func refuse(err error) answer {
	status := http.StatusBadRequest
	if errors.Is(err, center.ErrNotFound) {
		status = http.StatusNotFound
	}
	return answer{status, problem(status, err.Error())}
}

// Problem is an error in the reference's form (gate.Form). Of refusals it knows five kinds; whatever else the gate
// refuses a request for is a bad one.
func Problem(status int, _, message string) (int, []byte) {
	switch status {
	case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		status = http.StatusBadRequest
	}
	body, _ := json.Marshal(problem(status, message)) // strings always encode
	return status, body
}

func problem(status int, message string) api.Error {
	kind := api.ErrorKindBADREQUEST
	switch status {
	case http.StatusUnauthorized:
		kind = api.ErrorKindUNAUTHORIZED
	case http.StatusForbidden:
		kind = api.ErrorKindFORBIDDEN
	case http.StatusNotFound:
		kind = api.ErrorKindNOTFOUND
	case http.StatusTooManyRequests:
		kind = api.ErrorKindTOOMANYREQUESTS
	case http.StatusInternalServerError:
		kind = api.ErrorKindGENERALERROR
	}
	var e api.Error
	e.RequestError.ServiceException.MessageID, e.RequestError.ServiceException.Text = kind, message
	return e
}

func (a answer) write(w http.ResponseWriter) error {
	if a.body == nil {
		w.WriteHeader(a.status)
		return nil
	}
	body, err := json.Marshal(a.body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, err = w.Write(body)
	return err
}

// The generated interfaces ask for a method of each operation's own.

func (a answer) VisitGetAgentsResponse(w http.ResponseWriter) error            { return a.write(w) }
func (a answer) VisitGetAgentResponse(w http.ResponseWriter) error             { return a.write(w) }
func (a answer) VisitGetAgentStatusResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a answer) VisitSetAgentStatusResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a answer) VisitGetConversationsResponse(w http.ResponseWriter) error     { return a.write(w) }
func (a answer) VisitCreateConversationResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a answer) VisitGetConversationResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a answer) VisitPatchConversationResponse(w http.ResponseWriter) error    { return a.write(w) }
func (a answer) VisitUpdateConversationResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a answer) VisitUnassignConversationResponse(w http.ResponseWriter) error { return a.write(w) }
func (a answer) VisitAssignConversationResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a answer) VisitGetMessagesResponse(w http.ResponseWriter) error          { return a.write(w) }
func (a answer) VisitSendMessageResponse(w http.ResponseWriter) error          { return a.write(w) }
func (a answer) VisitGetTagsResponse(w http.ResponseWriter) error              { return a.write(w) }
func (a answer) VisitAddTagResponse(w http.ResponseWriter) error               { return a.write(w) }
func (a answer) VisitGetCustomerResponse(w http.ResponseWriter) error          { return a.write(w) }
func (a answer) VisitGetQueuesResponse(w http.ResponseWriter) error            { return a.write(w) }
func (a answer) VisitGetConversationFormsResponse(w http.ResponseWriter) error { return a.write(w) }
func (a answer) VisitGetConversationFormResponse(w http.ResponseWriter) error  { return a.write(w) }
func (a answer) VisitGetProfilesResponse(w http.ResponseWriter) error          { return a.write(w) }
func (a answer) VisitCreateProfileResponse(w http.ResponseWriter) error        { return a.write(w) }
func (a answer) VisitGetSecuritiesResponse(w http.ResponseWriter) error        { return a.write(w) }
func (a answer) VisitCreateSecurityResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a answer) VisitGetSubscriptionsResponse(w http.ResponseWriter) error     { return a.write(w) }
func (a answer) VisitCreateSubscriptionResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a answer) VisitDeleteSubscriptionResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a answer) VisitGetSubscriptionResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a answer) VisitUpdateSubscriptionResponse(w http.ResponseWriter) error   { return a.write(w) }
