package conversations

import (
	"context"
	"errors"

	"github.com/oapi-codegen/nullable"

	api "github.com/parley-contracts/parley/openapi/conversations"

	"github.com/parley-contracts/parley/mock/center"
)

// newestFirst is how conversations and messages are sorted.
const newestFirst = "createdAt:desc"

// GetConversations lists conversations.
func (Server) GetConversations(ctx context.Context, r api.GetConversationsRequestObject) (api.GetConversationsResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	found, total := in(ctx).Conversations(center.Query{
		Status: center.Status(orDefault(r.Params.Status, "")), Channel: center.Channel(orDefault(r.Params.Channel, "")),
		Queue: orDefault(r.Params.QueueID, ""), Agent: orDefault(r.Params.AgentID, ""),
	}, p)
	return ok(api.GetConversations200JSONResponseBody{
		Conversations: each(found, conversationOf), Pagination: paged(p, total, newestFirst),
	}, nil), nil
}

// GetConversation gives one.
func (Server) GetConversation(ctx context.Context, r api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	found, err := in(ctx).Conversation(r.ConversationID)
	return ok(conversationOf(found), err), nil
}

// CreateConversation begins one: empty, or with a message that comes in or goes out.
func (Server) CreateConversation(ctx context.Context, r api.CreateConversationRequestObject) (api.CreateConversationResponseObject, error) {
	draft := center.Draft{
		Channel: center.Channel(r.Body.Channel), Status: center.Status(orDefault(r.Body.Status, "")),
		Priority: center.Priority(orDefault(r.Body.Priority, "")), Topic: given(r.Body.Topic), Summary: given(r.Body.Summary),
		Agent: orDefault(given(r.Body.AgentID), ""), Customer: orDefault(given(r.Body.CustomerID), ""),
		Queue: queue(r.Body.QueueID),
	}
	if m := r.Body.Message; m != nil {
		draft.Message = &center.NewMessage{
			Direction: center.Direction(m.Direction), From: orDefault(m.From, ""), To: orDefault(m.To, ""), Content: contentOf(m.Content),
		}
	}
	begun, err := in(ctx).Create(draft)
	return ok(conversationOf(begun), err), nil
}

// queue is nil where a request leaves the queue out, and points to nothing where it asks for none.
func queue(value nullable.Nullable[string]) *string {
	if !value.IsSpecified() {
		return nil
	}
	id := orDefault(given(value), "")
	return &id
}

func contentOf(c api.Content) center.Content {
	return center.Content{Kind: orDefault(c.Type, "TEXT"), Text: given(c.Text)}
}

// UpdateConversation sets all that can be set; what is left out becomes null.
func (Server) UpdateConversation(ctx context.Context, r api.UpdateConversationRequestObject) (api.UpdateConversationResponseObject, error) {
	queue, topic, summary := orDefault(given(r.Body.QueueID), ""), given(r.Body.Topic), given(r.Body.Summary)
	changed, err := in(ctx).Change(r.ConversationID, center.Changes{
		Status: as[center.Status](&r.Body.Status), Priority: as[center.Priority](&r.Body.Priority),
		Queue: &queue, Topic: &topic, Summary: &summary,
	})
	return ok(conversationOf(changed), err), nil
}

// PatchConversation sets what is given.
func (Server) PatchConversation(ctx context.Context, r api.PatchConversationRequestObject) (api.PatchConversationResponseObject, error) {
	changes := center.Changes{
		Status: as[center.Status](r.Body.Status), Priority: as[center.Priority](r.Body.Priority), Queue: queue(r.Body.QueueID),
	}
	if r.Body.Topic.IsSpecified() {
		topic := given(r.Body.Topic)
		changes.Topic = &topic
	}
	if r.Body.Summary.IsSpecified() {
		summary := given(r.Body.Summary)
		changes.Summary = &summary
	}
	if changes == (center.Changes{}) {
		return refuse(errors.New("expected one or more of status, priority, queueId, topic, summary")), nil
	}
	changed, err := in(ctx).Change(r.ConversationID, changes)
	return ok(conversationOf(changed), err), nil
}

// as is a word of the contract as the centre's own.
func as[To, From ~string](word *From) *To {
	if word == nil {
		return nil
	}
	same := To(*word)
	return &same
}

// AssignConversation gives a conversation to an agent or bot.
func (Server) AssignConversation(ctx context.Context, r api.AssignConversationRequestObject) (api.AssignConversationResponseObject, error) {
	changed, err := in(ctx).Assign(r.ConversationID, r.Body.AgentID)
	return ok(conversationOf(changed), err), nil
}

// UnassignConversation takes it from them.
func (Server) UnassignConversation(ctx context.Context, r api.UnassignConversationRequestObject) (api.UnassignConversationResponseObject, error) {
	changed, err := in(ctx).Assign(r.ConversationID, "")
	return ok(conversationOf(changed), err), nil
}

// GetMessages lists a conversation's messages.
func (Server) GetMessages(ctx context.Context, r api.GetMessagesRequestObject) (api.GetMessagesResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	of, err := in(ctx).Conversation(r.ConversationID)
	if err != nil {
		return refuse(err), nil
	}
	messages, total, err := in(ctx).Messages(r.ConversationID, p)
	return ok(api.GetMessages200JSONResponseBody{
		Messages: each(messages, messageOf(of)), Pagination: paged(p, total, newestFirst),
	}, err), nil
}

// SendMessage sends the customer a message.
func (Server) SendMessage(ctx context.Context, r api.SendMessageRequestObject) (api.SendMessageResponseObject, error) {
	sent, err := in(ctx).Send(r.ConversationID, center.Channel(orDefault(r.Body.Channel, "")), center.NewMessage{
		From: orDefault(r.Body.From, ""), To: orDefault(r.Body.To, ""), Content: contentOf(r.Body.Content),
	})
	if err != nil {
		return refuse(err), nil
	}
	of, err := in(ctx).Conversation(r.ConversationID)
	return ok(messageOf(of)(sent), err), nil
}

// GetTags lists a conversation's tags.
func (Server) GetTags(ctx context.Context, r api.GetTagsRequestObject) (api.GetTagsResponseObject, error) {
	of, err := in(ctx).Conversation(r.ConversationID)
	return ok(tagsOf(of.Tags), err), nil
}

// AddTag files a conversation under one more.
func (Server) AddTag(ctx context.Context, r api.AddTagRequestObject) (api.AddTagResponseObject, error) {
	tags, err := in(ctx).Tag(r.ConversationID, r.Body.Name)
	return ok(tagsOf(tags), err), nil
}
