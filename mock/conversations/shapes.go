package conversations

import (
	"github.com/oapi-codegen/nullable"

	api "github.com/parley-contracts/parley/openapi/conversations"

	"github.com/parley-contracts/parley/mock/center"
)

func conversationOf(c center.Conversation) api.Conversation {
	shown := api.Conversation{
		ID: c.ID, Status: api.Status(c.Status), Priority: api.Priority(c.Priority), Channel: api.Channel(c.Channel),
		Direction: api.Direction(c.Direction), QueueID: orNull(c.Queue), AgentID: orNull(c.Assignee),
		CustomerID: orNull(c.Customer), FormID: orNull(c.Form), Topic: text(c.Topic), Summary: text(c.Summary),
		CreatedAt: c.Created.String(), UpdatedAt: c.Updated.String(), ClosedAt: nullable.NewNullNullable[string](),
	}
	if c.Closed != 0 {
		shown.ClosedAt = nullable.NewNullableWithValue(c.Closed.String())
	}
	return shown
}

func messageOf(conversation center.Conversation) func(center.Message) api.Message {
	return func(m center.Message) api.Message {
		kind := m.Content.Kind
		return api.Message{
			ID: m.ID, MessageID: m.ID, ConversationID: conversation.ID, Channel: api.Channel(conversation.Channel),
			Direction: api.Direction(m.Direction), From: m.From, To: m.To, CreatedAt: m.Created.String(),
			UpdatedAt: m.Updated.String(), Content: api.Content{Text: text(m.Content.Text), Type: &kind},
		}
	}
}

func agentOf(a center.Agent) api.Agent {
	shown := api.Agent{ID: a.ID, DisplayName: a.Name, Kind: api.AgentKindHUMAN, Status: statusOf(a)}
	if a.Bot {
		shown.Kind = api.AgentKindBOT
	}
	return shown
}

func statusOf(a center.Agent) api.AgentStatus {
	if a.Active {
		return api.AgentStatusACTIVE
	}
	return api.AgentStatusAWAY
}

func queueOf(q center.Queue) api.Queue { return api.Queue{ID: q.ID, Name: q.Name, AgentIds: q.Agents} }

func formOf(f center.Form) api.Form {
	shown := api.Form{ID: f.ID, Name: f.Name, Fields: []api.Form_Fields{}}
	for _, field := range f.Fields {
		shown.Fields = append(shown.Fields, api.Form_Fields{Name: field.Name, Required: field.Required})
	}
	return shown
}

func customerOf(c center.Customer) api.Customer {
	shown := api.Customer{ID: c.ID, FullName: orNull(c.Name()), Identities: []api.Customer_Identities{}}
	for _, i := range c.Identities {
		shown.Identities = append(shown.Identities, api.Customer_Identities{Channel: api.Channel(i.Channel), Value: i.Value})
	}
	return shown
}

func tagsOf(names []string) api.Tags {
	shown := api.Tags{Tags: []api.Tag{}}
	for _, name := range names {
		shown.Tags = append(shown.Tags, api.Tag{Name: name})
	}
	return shown
}

func subscriptionOf(s center.Subscription) api.Subscription {
	shown := api.Subscription{SubscriptionID: s.ID, Profile: profileOf(s.Profile)}
	if s.Name != "" {
		shown.Name = &s.Name
	}
	for _, event := range api.Events() {
		for _, wanted := range s.Events {
			if wanted == event.Name {
				shown.Events = append(shown.Events, api.SubscribedEvent(event.SubscribedAs))
			}
		}
	}
	return shown
}

func profileOf(p center.Profile) api.ShownProfile {
	shown := api.ShownProfile{ProfileID: p.ID, Webhook: api.Webhook{NotifyURL: p.URL}}
	if p.Security != nil {
		security := securityOf(*p.Security)
		shown.Security = &security
	}
	return shown
}

// securityOf shows a setting without its secrets.
func securityOf(s center.Security) api.ShownSecurity {
	shown := api.ShownSecurity{SecurityID: s.ID, Type: api.SecurityType(s.Type)}
	if s.Username != "" {
		shown.Username = &s.Username
	}
	return shown
}

// each shows all of a list; an empty one is [], not null.
func each[T, S any](things []T, show func(T) S) []S {
	shown := make([]S, 0, len(things))
	for _, thing := range things {
		shown = append(shown, show(thing))
	}
	return shown
}

func paged(p center.Page, total int, order string) api.Pagination {
	return api.Pagination{TotalItems: total, Page: p.Page, Limit: p.Limit, OrderBy: orNull(order)}
}

func orNull(value string) nullable.Nullable[string] {
	if value == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(value)
}

func text(value *string) nullable.Nullable[string] {
	if value == nil {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(*value)
}

// given is what a request has at a place: nil where it is null or absent.
func given(value nullable.Nullable[string]) *string {
	if text, err := value.Get(); err == nil {
		return &text
	}
	return nil
}
