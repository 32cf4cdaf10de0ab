package control

import (
	"errors"
	"net/http"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/driver"
)

// provokeConversations makes an event of Conversations happen, on a channel.
func provokeConversations(w *world.World, asked provocation) (any, error) {
	if asked.Organization != nil || asked.Agent != nil {
		return nil, problem(http.StatusUnprocessableEntity, "organization_uuid, agent_uuid: the events of Conversations have none, only a channel")
	}
	channel := center.Channel("")
	if asked.Channel != nil {
		if channel = center.Channel(*asked.Channel); channel == "" {
			return nil, problem(http.StatusUnprocessableEntity, "channel: expected one, or none given")
		}
	}
	conversation, err := w.Center.Provoke(asked.Event, channel)
	if err != nil {
		return nil, err
	}
	return driver.Provoked{ConversationUUID: &conversation}, nil
}

type subscription struct {
	TargetURL *string   `json:"target_url"`
	Events    *[]string `json:"events"` // by their names on the wire
}

// subscribe has events of Conversations delivered, bare of any credentials: those come with subscriptions of its own API.
func subscribe(r *http.Request) (any, error) {
	w := world.From(r.Context())
	asked, err := decode[subscription](r)
	switch {
	case err != nil:
		return nil, err
	case asked.TargetURL == nil || asked.Events == nil:
		return nil, problem(http.StatusUnprocessableEntity, "expected target_url and events")
	}
	if err := outbox.CheckTarget(*asked.TargetURL, w.Options.Outbox.AllowLoopbackHTTP); err != nil {
		return nil, err
	}
	made, err := w.Center.Subscribe(center.Subscription{Events: *asked.Events, Profile: center.Profile{URL: *asked.TargetURL}})
	if err != nil {
		return nil, err
	}
	return driver.DriverSubscribed{ID: &made.ID}, nil
}

type unsubscription struct {
	TargetURL *string `json:"target_url"`
}

// unsubscribe ends all subscriptions that deliver to a URL.
func unsubscribe(r *http.Request) (any, error) {
	asked, err := decode[unsubscription](r)
	if err != nil {
		return nil, err
	}
	if asked.TargetURL == nil {
		return nil, problem(http.StatusUnprocessableEntity, "expected target_url")
	}
	if err := world.From(r.Context()).Center.UnsubscribeURL(*asked.TargetURL); err != nil {
		return nil, err
	}
	return driver.Done{}, nil
}

// happened is what came of something in the contact centre.
type happened struct {
	Conversation string `json:"conversation_id"`
	Message      string `json:"message_id,omitempty"`
}

// inbound is a customer's message. Without a conversation it goes to the customer's on that channel that is not closed, or
// begins one; without a customer, and from nobody who is known, somebody new writes.
type inbound struct {
	Conversation string  `json:"conversation_id"`
	Channel      string  `json:"channel"`
	Customer     string  `json:"customer_id"`
	From         string  `json:"from"`
	Text         *string `json:"text"`
}

var errText = problem(http.StatusUnprocessableEntity, "text: expected a string")

func receiveMessage(r *http.Request) (any, error) {
	asked, err := decode[inbound](r)
	switch {
	case err != nil:
		return nil, err
	case asked.Text == nil:
		return nil, errText
	case asked.Conversation != "" && asked.Customer != "":
		return nil, problem(http.StatusUnprocessableEntity, "expected conversation_id or customer_id, not both")
	}
	conversation, message, err := world.From(r.Context()).Center.Receive(center.Inbound{
		Conversation: asked.Conversation, Channel: center.Channel(asked.Channel), Customer: asked.Customer, From: asked.From,
		Content: center.Text(*asked.Text),
	})
	return happened{conversation, message}, err
}

// outbound is a conversation that an agent begins, as with the Start Conversation dialogue of the web interface.
type outbound struct {
	Channel  string  `json:"channel"`
	Customer string  `json:"customer_id"`
	Agent    string  `json:"agent_id"`
	Text     *string `json:"text"`
}

func startConversation(r *http.Request) (any, error) {
	asked, err := decode[outbound](r)
	switch {
	case err != nil:
		return nil, err
	case asked.Text == nil:
		return nil, errText
	}
	begun, err := world.From(r.Context()).Center.Create(center.Draft{
		Channel: center.Channel(asked.Channel), Customer: asked.Customer, Agent: asked.Agent,
		Message: &center.NewMessage{Direction: center.Outward, Content: center.Text(*asked.Text)},
	})
	return happened{Conversation: begun.ID}, err
}

type edit struct {
	Message string  `json:"message_id"`
	Text    *string `json:"text"`
}

func editMessage(r *http.Request) (any, error) {
	asked, err := decode[edit](r)
	switch {
	case err != nil:
		return nil, err
	case asked.Text == nil:
		return nil, errText
	}
	conversation, err := world.From(r.Context()).Center.Edit(asked.Message, center.Text(*asked.Text))
	return happened{conversation, asked.Message}, err
}

type deletion struct {
	Message string `json:"message_id"`
}

func deleteMessage(r *http.Request) (any, error) {
	asked, err := decode[deletion](r)
	if err != nil {
		return nil, err
	}
	conversation, err := world.From(r.Context()).Center.Delete(asked.Message)
	return happened{conversation, asked.Message}, err
}

type statusChange struct {
	Conversation string        `json:"conversation_id"`
	Status       center.Status `json:"status"`
}

func changeStatus(r *http.Request) (any, error) {
	asked, err := decode[statusChange](r)
	if err != nil {
		return nil, err
	}
	changed, err := world.From(r.Context()).Center.Change(asked.Conversation, center.Changes{Status: &asked.Status})
	return happened{Conversation: changed.ID}, err
}

// assignment gives a conversation to an agent or bot, or to nobody when agent_id is null.
type assignment struct {
	Conversation string  `json:"conversation_id"`
	Agent        *string `json:"agent_id"`
}

func changeAssignment(r *http.Request) (any, error) {
	asked, err := decode[assignment](r)
	if err != nil {
		return nil, err
	}
	agent := ""
	if asked.Agent != nil {
		if agent = *asked.Agent; agent == "" {
			return nil, errors.New("agent_id: expected an id, or null for nobody")
		}
	}
	changed, err := world.From(r.Context()).Center.Assign(asked.Conversation, agent)
	return happened{Conversation: changed.ID}, err
}

type removal struct {
	Conversation string `json:"conversation_id"`
}

// removeConversation takes a conversation away with all its messages, of which no event tells.
func removeConversation(r *http.Request) (any, error) {
	asked, err := decode[removal](r)
	if err != nil {
		return nil, err
	}
	return happened{Conversation: asked.Conversation}, world.From(r.Context()).Center.DeleteConversation(asked.Conversation)
}
