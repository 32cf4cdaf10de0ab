// Package openapi holds the contracts: the OpenAPI documents as they are published, embedded, and the types
// of the tables compiled from them. Nothing here parses; check and requirements do, when first needed.
package openapi

import (
	_ "embed"
	"time"
)

//go:embed assistloop.yaml
var assistLoop []byte

//go:embed conversations.yaml
var conversations []byte

//go:embed driver.yaml
var driver []byte

// AssistLoop returns a copy of the AssistLoop contract, OpenAPI 3.0.3 as YAML.
func AssistLoop() []byte { return append([]byte(nil), assistLoop...) }

// Conversations returns a copy of the contract of Infobip's Conversations webhooks, OpenAPI 3.0.3 as YAML.
func Conversations() []byte { return append([]byte(nil), conversations...) }

// Driver returns a copy of the driver protocol's contract, OpenAPI 3.0.3 as YAML.
func Driver() []byte { return append([]byte(nil), driver...) }

// Operation is one operation of a contract, as its generated tables hold it.
type Operation struct {
	ID     string // the operationId: "list-conversations"
	Short  string // the name people type in rules: "list"
	Method string
	Path   string // as in the contract, below the base path: "/my/organizations"
	// AtRoot: the path is below the origin, not below the base path (the token endpoint).
	AtRoot bool
	// Secured operations need a token; any one of Scopes suffices, none means that any valid token does.
	Secured bool
	Schemes []string // the names of the security schemes that will do
	Scopes  []string
	// Reference: the document only points to this operation. It is served, and never judged.
	Reference bool
	Limit     string // the rate limit that counts it; "" counts for none
	Params    []Param
	Body      []Param // the properties of the JSON request body; none when it takes no body
	Errors    []ErrorBody
	Examples  []Example // of its answers, beside those in Errors
	Section   string    // the heading of the document
}

// Param is a parameter or a property of a request body.
type Param struct {
	Name, In  string // In: "path", "query" or "body"
	Type      string // "string", "integer", "boolean", "object", "array", or "" for any
	Format    string // "date-time", "uri", "instant-or-date", … or "": the schema's format or x-format
	Required  bool
	Nullable  bool
	Default   string // as it would stand in a query; "" for none
	HasBounds bool   // Min and Max hold
	Min, Max  int
	MinLength int
	MaxLength int // in characters; 0 for no bound
	Pattern   string
	Enum      []string
	Fields    []Param // the properties of an object
	Items     []Param // one, which stands for each item of an array; it has no name
}

// Event is one event of a contract: a callback.
type Event struct {
	Name string // on the wire: "new_conversation"
	ID   string // the operationId, with which its requirements begin: "event-new-conversation"
	// SubscribedAs is the name that subscriptions know it by, which need not be the one on the wire.
	SubscribedAs string
	Section      string // the heading of the document
}

// ErrorBody is an error that the contract knows, with its example body.
type ErrorBody struct {
	Status int // 503 stands for the whole 5XX range
	Range  bool
	Name   string // of the example
	Body   string // JSON
}

// Example is an answer that the contract shows.
type Example struct {
	Status int
	Name   string
	Body   string // JSON
}

// Limit is a documented rate limit.
type Limit struct {
	Name     string
	Requests int
	Per      time.Duration
}
