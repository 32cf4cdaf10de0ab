package world

// Ready is what a client needs to begin: what `parley mock --ready` writes, and what making a world answers.
type Ready struct {
	BaseURL      string `json:"base_url"` // ends in /v1
	Token        string `json:"token"`    // of the owner's account, for all scopes
	Driver       string `json:"driver"`
	Organization string `json:"organization_uuid"`
	Agent        string `json:"agent_uuid"`
	Conversation string `json:"conversation_uuid"` // empty in an empty world
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`

	Conversations ReadyConversations `json:"conversations"`
}

// ReadyConversations is what a client of Conversations needs to begin.
type ReadyConversations struct {
	BaseURL       string `json:"base_url"`        // its paths begin with /ccaas and /subscriptions
	Authorization string `json:"authorization"`   // the whole header: App and the key
	Key           string `json:"api_key"`         // good for App, IBSSO and Bearer, and as the password of Basic
	Conversation  string `json:"conversation_id"` // empty in an empty world, like the customer's
	Customer      string `json:"customer_id"`
	Agent         string `json:"agent_id"`
	Queue         string `json:"queue_id"`
	Form          string `json:"form_id"`
}

// PathPrefix is where a world is found by path, at any server that has it: the default world at the root.
func (w *World) PathPrefix() string {
	if w.Name == Default {
		return ""
	}
	return "/_parley/worlds/" + w.Name + "/at"
}

// Ready says how to begin with a world that is served at an origin, as in http://127.0.0.1:8080.
func (w *World) Ready(origin string) Ready {
	at := origin + w.PathPrefix()
	client := w.Grants.Client()
	organization, agent, conversation := w.Desk.Example()
	ready := Ready{
		BaseURL: at + "/v1", Token: w.Token, Driver: at + "/_parley/driver",
		Organization: organization, Agent: agent, Conversation: conversation,
		ClientID: client.ID, ClientSecret: client.Secret,
	}
	ready.Conversations = ReadyConversations{BaseURL: at, Authorization: "App " + w.Key, Key: w.Key}
	with := &ready.Conversations
	with.Conversation, with.Agent, with.Queue, with.Customer, with.Form = w.Center.Example()
	return ready
}
