package conversations

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/conversations"
)

// GetAgents lists agents and bots.
func (Server) GetAgents(ctx context.Context, r api.GetAgentsRequestObject) (api.GetAgentsResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	agents, total := in(ctx).Agents(p)
	return ok(api.GetAgents200JSONResponseBody{Agents: each(agents, agentOf), Pagination: paged(p, total, "")}, nil), nil
}

// GetAgent gives one, by the id that an assignee has.
func (Server) GetAgent(ctx context.Context, r api.GetAgentRequestObject) (api.GetAgentResponseObject, error) {
	found, err := in(ctx).Agent(r.AgentID)
	return ok(agentOf(found), err), nil
}

// GetAgentStatus tells whether one takes conversations.
func (Server) GetAgentStatus(ctx context.Context, r api.GetAgentStatusRequestObject) (api.GetAgentStatusResponseObject, error) {
	found, err := in(ctx).Agent(r.AgentID)
	return ok(api.Availability{Status: statusOf(found)}, err), nil
}

// SetAgentStatus lets one take conversations, or not.
func (Server) SetAgentStatus(ctx context.Context, r api.SetAgentStatusRequestObject) (api.SetAgentStatusResponseObject, error) {
	err := in(ctx).SetActive(r.AgentID, r.Body.Status == api.AgentStatusACTIVE)
	return ok(api.Availability{Status: r.Body.Status}, err), nil
}

// GetQueues lists queues.
func (Server) GetQueues(ctx context.Context, r api.GetQueuesRequestObject) (api.GetQueuesResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	queues, total := in(ctx).Queues(p)
	return ok(api.GetQueues200JSONResponseBody{Queues: each(queues, queueOf), Pagination: paged(p, total, "")}, nil), nil
}

// GetCustomer gives one.
func (Server) GetCustomer(ctx context.Context, r api.GetCustomerRequestObject) (api.GetCustomerResponseObject, error) {
	found, err := in(ctx).Customer(r.CustomerID)
	return ok(customerOf(found), err), nil
}

// GetConversationForms lists forms.
func (Server) GetConversationForms(ctx context.Context, r api.GetConversationFormsRequestObject) (api.GetConversationFormsResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	forms, total := in(ctx).Forms(p)
	return ok(api.GetConversationForms200JSONResponseBody{Forms: each(forms, formOf), Pagination: paged(p, total, "")}, nil), nil
}

// GetConversationForm gives one.
func (Server) GetConversationForm(ctx context.Context, r api.GetConversationFormRequestObject) (api.GetConversationFormResponseObject, error) {
	found, err := in(ctx).Form(r.FormID)
	return ok(formOf(found), err), nil
}
