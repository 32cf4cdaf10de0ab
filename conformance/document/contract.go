package document

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Contract is what a document is held to. It is never changed once made, and safe for concurrent use.
type Contract struct {
	Name       string
	Checker    *check.Contract
	Catalogue  *requirements.Catalogue
	Operations []openapi.Operation
	Events     []openapi.Event
	Limits     []openapi.Limit
	Known      []Contradicted // contradictions of the document that a reading settles

	subjects  []*subject
	servers   []string // base URLs, the documented one first
	scopes    []scope
	statuses  []string // that operations of the document answer
	errors    []errorShape
	tokens    []string // URLs of the OAuth endpoints
	words     *vocabulary
	facts     []fact
	sequences [][]string // of names that stand beside each other, in the document's order
	enums     []enumeration
	beyond    []beyond
	excuses   []excuse
}

// A subject is an operation or an event: what claims of the document are about.
type subject struct {
	id        string   // "list-conversations", "event-new-conversation"
	heading   string   // of the document
	about     []string // the words of both
	title     []string // the heading's words
	operation *openapi.Operation
	event     *openapi.Event
	items     []*property // parameters and the properties of a request body
	fields    []*property // of the answer, or of the event
	examples  []*example  // of the answer or the event, as the contract has them
}

// A property is a parameter or a field, with what the contract says of it.
type property struct {
	in       string // "path", "query", "body"; "" of an answer or an event
	name     string // as on the wire; of a field the way to it: "data.chat_user.name"
	types    []string
	required bool
	nullable bool
	traits   map[trait]string
	reading  string
}

// An example is one of the contract's, flattened: the kinds of value that it shows at each way.
type example struct {
	kinds map[string]string // "chat_user.name": "string"
	texts map[string]bool   // the strings in it
}

// A scope is one that a token can hold.
type scope struct {
	name      string
	byDefault bool
}

// An errorShape is an error body that the contract shows.
type errorShape struct {
	status    int
	operation string // one that answers with it
	*example
}

// AssistLoop is the contract of AssistLoop's Make integration. The error means that what is embedded is broken.
func AssistLoop() (Contract, error) {
	checker, err := assistloop.Load()
	if err != nil {
		return Contract{}, err
	}
	catalogue, err := requirements.AssistLoop(checker)
	if err != nil {
		return Contract{}, err
	}
	return newContract(Contract{
		Name: "assistloop", Checker: checker, Catalogue: catalogue,
		Operations: assistloop.Operations(), Events: assistloop.Events(), Limits: assistloop.Limits(),
	}, openapi.AssistLoop())
}

// Conversations is the contract of Infobip's Conversations webhooks. The error means that what is embedded is broken.
func Conversations() (Contract, error) {
	checker, err := conversations.Load()
	if err != nil {
		return Contract{}, err
	}
	catalogue, err := requirements.Conversations(checker)
	if err != nil {
		return Contract{}, err
	}
	return newContract(Contract{
		Name: "conversations", Checker: checker, Catalogue: catalogue,
		Operations: conversations.Operations(), Events: conversations.Events(),
	}, openapi.Conversations())
}

// newContract fills in what only the OpenAPI document itself tells.
func newContract(c Contract, source []byte) (Contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return Contract{}, fmt.Errorf("%s's contract: %w", c.Name, err)
	}
	c.Checker = c.Checker.With(check.Options{Show: func(string) bool { return true }})
	for _, server := range doc.Servers {
		c.servers = append(c.servers, strings.TrimSuffix(server.URL, "/"))
	}
	c.scopes, c.tokens = scopesOf(doc)
	if c.sequences, err = sequencesOf(source); err != nil {
		return Contract{}, fmt.Errorf("%s's contract: %w", c.Name, err)
	}
	if err := c.addSubjects(doc); err != nil {
		return Contract{}, fmt.Errorf("%s's contract: %w", c.Name, err)
	}
	page, err := knownOf(c.Name)
	if err != nil {
		return Contract{}, err
	}
	c.Known, c.beyond, c.excuses = page.Contradictions, page.Beyond, page.Uncovered
	if c.facts, err = factsOf(c); err != nil {
		return Contract{}, err
	}
	c.words, c.enums = newVocabulary(&c), c.enumerations()
	return c, nil
}

func scopesOf(doc *openapi3.T) (scopes []scope, urls []string) {
	var defaults []string
	if list, ok := doc.Extensions["x-default-scopes"].([]any); ok {
		for _, name := range list {
			defaults = append(defaults, fmt.Sprint(name))
		}
	}
	for _, scheme := range doc.Components.SecuritySchemes {
		if scheme.Value.Flows == nil || scheme.Value.Flows.AuthorizationCode == nil {
			continue
		}
		flow := scheme.Value.Flows.AuthorizationCode
		urls = []string{flow.AuthorizationURL, flow.TokenURL}
		for _, name := range slices.Sorted(maps.Keys(flow.Scopes)) {
			scopes = append(scopes, scope{name, slices.Contains(defaults, name)})
		}
	}
	return scopes, urls
}

func (c *Contract) addSubjects(doc *openapi3.T) error {
	sources := map[string]*openapi3.Operation{}
	for _, path := range doc.Paths.Map() {
		for _, op := range path.Operations() {
			sources[op.OperationID] = op
			for _, callback := range op.Callbacks {
				for _, item := range callback.Value.Map() {
					for _, event := range item.Operations() {
						sources[event.OperationID] = event
					}
				}
			}
		}
	}
	seen := map[string]bool{}
	for i := range c.Operations {
		op := &c.Operations[i]
		s := &subject{id: op.ID, heading: op.Section, title: titleWords(op.Section), operation: op}
		source := sources[op.ID]
		s.items = itemsOf(op)
		c.sequences = append(c.sequences, namesOf(s.items))
		s.fields = fieldsOf(c.Checker.Fields(op.ID), answerSchema(source))
		for _, content := range answerContent(source) {
			if err := s.addExamples(content.Examples); err != nil {
				return err
			}
		}
		c.subjects = append(c.subjects, s)
		if op.Reference {
			continue
		}
		if err := c.addErrors(op.ID, source, seen); err != nil {
			return err
		}
	}
	for i := range c.Events {
		event := &c.Events[i]
		s := &subject{id: event.ID, heading: event.Section, title: titleWords(event.Section), event: event}
		content := sources[event.ID].RequestBody.Value.Content.Get("application/json")
		s.fields = fieldsOf(c.Checker.EventFields(event.Name), content.Schema)
		if err := s.addExamples(content.Examples); err != nil {
			return err
		}
		c.subjects = append(c.subjects, s)
	}
	for _, s := range c.subjects {
		for _, word := range append(nameWords(s.id), titleWords(s.heading)...) {
			s.about = append(s.about, stem(word))
		}
	}
	slices.Sort(c.statuses)
	return nil
}

// addErrors collects the statuses of an operation, and the error bodies that the document shows.
func (c *Contract) addErrors(id string, source *openapi3.Operation, seen map[string]bool) error {
	for _, status := range slices.Sorted(maps.Keys(source.Responses.Map())) {
		if strings.HasSuffix(status, "XX") || status == "302" { // a redirect is OAuth's, not the document's
			continue
		}
		if !slices.Contains(c.statuses, status) {
			c.statuses = append(c.statuses, status)
		}
		content := source.Responses.Value(status).Value.Content.Get("application/json")
		if content == nil || content.Examples["documented"] == nil || status < "400" || seen[status] {
			continue
		}
		seen[status] = true
		shown, err := exampleOf(content.Examples["documented"].Value.Value)
		if err != nil {
			return err
		}
		var code int
		if _, err := fmt.Sscan(status, &code); err != nil {
			return err
		}
		c.errors = append(c.errors, errorShape{code, id, shown})
	}
	return nil
}

func answerContent(source *openapi3.Operation) openapi3.Content {
	for _, status := range slices.Sorted(maps.Keys(source.Responses.Map())) {
		if status[0] == '2' {
			return source.Responses.Value(status).Value.Content
		}
	}
	return nil
}

func answerSchema(source *openapi3.Operation) *openapi3.SchemaRef {
	if content := answerContent(source).Get("application/json"); content != nil {
		return content.Schema
	}
	return nil
}

// subject finds one by its id.
func (c *Contract) subject(id string) *subject {
	for _, s := range c.subjects {
		if s.id == id {
			return s
		}
	}
	return nil
}
