package assistloop

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/assistloop"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/reading"
)

// ListConversations answers an agent's conversations (List Conversations, and Get Conversations, which is the same URL).
func (Server) ListConversations(
	ctx context.Context, r api.ListConversationsRequestObject,
) (api.ListConversationsResponseObject, error) {
	readings := readings(ctx)
	q := desk.Query{Limit: orDefault(r.Params.PerPage, defaultPage)}
	if r.Params.PerPage == nil && readings.Has(reading.PerPage100) {
		q.Limit = 100
	}
	var err error
	if q.Window, err = window(readings, r.Params.CreatedFrom, r.Params.CreatedTo); err != nil {
		return refuse(err), nil
	}
	if status := r.Params.Status; status != nil {
		q.Status = desk.Closed
		if *status == 1 {
			q.Status = desk.Open
		}
	}
	if mode := r.Params.ResponseMode; mode != nil {
		q.Mode = desk.AI
		if *mode == api.ResponseModeHuman {
			q.Mode = desk.Human
		}
	}
	d, account := caller(ctx)
	a := newAnswer()
	a.body, err = d.AppendConversations(a.body, account, r.AgentUUID, q)
	return a.unless(err), nil
}

// RecentSample answers an agent's newest conversations as the webhooks would have told of them (Get Recent Conversation
// Samples).
func (Server) RecentSample(ctx context.Context, r api.RecentSampleRequestObject) (api.RecentSampleResponseObject, error) {
	event := string(orDefault(r.Params.Type, desk.NewConversation))
	d, account := caller(ctx)
	a := newAnswer()
	var err error
	a.body, err = d.AppendSamples(a.body, account, r.AgentUUID, event, orDefault(r.Params.Limit, defaultSamples))
	return a.unless(err), nil
}

// FindMessages answers a conversation's messages (Find Messages).
func (Server) FindMessages(ctx context.Context, r api.FindMessagesRequestObject) (api.FindMessagesResponseObject, error) {
	w, err := window(readings(ctx), r.Params.CreatedFrom, r.Params.CreatedTo)
	if err != nil {
		return refuse(err), nil
	}
	d, account := caller(ctx)
	a := newAnswer()
	a.body, err = d.AppendMessages(a.body, account, r.ConversationUUID, w, orDefault(r.Params.PerPage, defaultPage))
	return a.unless(err), nil
}

// ReplyToConversation says something in a conversation in the caller's name (Reply to Conversation).
func (Server) ReplyToConversation(
	ctx context.Context, r api.ReplyToConversationRequestObject,
) (api.ReplyToConversationResponseObject, error) {
	d, account := caller(ctx)
	message, err := d.Reply(account, r.ConversationUUID, r.Body.Content)
	if err != nil {
		return refuse(err), nil
	}
	return api.ReplyToConversation200JSONResponse{Status: api.RepliedStatusSent, MessageID: message}, nil
}

// CloseConversation closes a conversation (Close Conversation).
func (Server) CloseConversation(
	ctx context.Context, r api.CloseConversationRequestObject,
) (api.CloseConversationResponseObject, error) {
	d, account := caller(ctx)
	if err := d.Close(account, r.ConversationUUID); err != nil {
		return refuse(err), nil
	}
	return api.CloseConversation200JSONResponse{
		Status: api.ClosedStatusConversationClosed, Platform: string(r.Body.Platform),
	}, nil
}
