package requirements_test

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func loadConversations() (*check.Contract, *requirements.Catalogue) {
	GinkgoHelper()
	contract, err := conversations.Load()
	Expect(err).NotTo(HaveOccurred())
	catalogue, err := requirements.Conversations(contract)
	Expect(err).NotTo(HaveOccurred())
	return contract, catalogue
}

// The rows of the document's tables, by event: a field, and whether it has to be there. What its example has is required,
// but for the last message, which an empty conversation may leave out (IB-26).
var rows = map[string]map[string]bool{
	"event-conversation-created": {
		"id": true, "status": true, "queue": true, "priority": true, "channel": true, "direction": true, "assignee": true,
		"customer": true, "lastMessage": false, "form": true, "topic": true, "summary": true, "timestamp": true,
		"assignee.id": true, "queue.id": true, "form.id": true, "customer.id": true,
		"lastMessage.from": true, "lastMessage.to": true, "lastMessage.channel": true, "lastMessage.direction": true,
	},
	"event-conversation-status-updated": {
		"id": true, "status": true, "lastMessage": false, "timestamp": true,
		"lastMessage.from": true, "lastMessage.to": true, "lastMessage.channel": true, "lastMessage.direction": true,
	},
	"event-conversation-assignment-updated": {
		"id": true, "assignee": true, "lastMessage": false, "timestamp": true, "assignee.id": true,
		"lastMessage.from": true, "lastMessage.to": true, "lastMessage.channel": true, "lastMessage.direction": true,
	},
	"event-inbound-message": with(message(), map[string]bool{
		"authentication.authenticationType": true, "authentication.value": false, "authentication.personId": false,
		"authentication.firstName": false, "authentication.lastName": false,
	}),
	"event-inbound-message-updated": message(),
	"event-inbound-message-deleted": message(),
}

// message: messageId may be spelled in another way, so that neither spelling has to be there.
func message() map[string]bool {
	return map[string]bool{
		"message": true, "authentication": true, "message.id": true, "message.messageId": false, "message.conversationId": true,
		"message.channel": true, "message.from": true, "message.to": true, "message.createdAt": true, "message.updatedAt": true,
		"message.content": true,
	}
}

func with(rows, more map[string]bool) map[string]bool {
	for name, required := range more {
		rows[name] = required
	}
	return rows
}

var _ = Describe("Conversations' catalogue", func() {
	It("holds a requirement for every row of every table, and says what has to be there", func() {
		contract, catalogue := loadConversations()
		Expect(conversations.Events()).To(HaveLen(len(rows)))
		for _, event := range conversations.Events() {
			fields := map[string]check.Field{}
			for _, f := range contract.EventFields(event.Name) {
				fields[f.Path] = f
			}
			Expect(rows).To(HaveKey(event.ID))
			for row, required := range rows[event.ID] {
				r, ok := catalogue.Lookup(event.ID + "/field:payload." + row)
				Expect(ok).To(BeTrue(), "%s %s", event.ID, row)
				Expect(r.Section).To(Equal(event.Section))
				Expect(r.Needs).To(Equal("provoke"))
				Expect(r.Operation).To(Equal(event.Name))
				Expect(fields["payload."+row].RequiredHere).To(Equal(required), "%s %s", event.ID, row)
			}
			for path := range fields {
				row, within := strings.CutPrefix(path, "payload.")
				switch {
				case !within:
					Expect(path).To(BeElementOf("", "type", "payload"))
				case row != "message.messageid": // the examples' spelling
					Expect(rows[event.ID]).To(HaveKey(row), "%s has nothing that no table has", event.ID)
				}
			}
		}
	})

	It("holds one for every field of every example, but for the contents of messages, which are open", func() {
		_, catalogue := loadConversations()
		for _, event := range conversations.Events() {
			var visit func(value any, path string)
			visit = func(value any, path string) {
				_, ok := catalogue.Lookup(event.ID + "/field:" + path)
				Expect(ok || path == "").To(BeTrue(), "%s %s", event.ID, path)
				members, isObject := value.(map[string]any)
				if !isObject || path == "payload.message.content" {
					return
				}
				for name, member := range members {
					visit(member, strings.TrimPrefix(path+"."+name, "."))
				}
			}
			visit(documentedEvent(event.Name), "")
		}
	})

	It("asks of ids to be of version 4 where a table says so, and takes legacy ids for it only where it names them", func() {
		_, catalogue := loadConversations()
		for id, legacy := range map[string]bool{
			"event-conversation-created/payload.id": false, "event-conversation-created/payload.customer.id": true,
			"event-conversation-status-updated/payload.id": true, "event-conversation-assignment-updated/payload.assignee.id": true,
			"event-inbound-message/payload.message.conversationId":         true,
			"event-inbound-message-updated/payload.message.conversationId": false,
			"event-inbound-message-deleted/payload.message.conversationId": true,
			"event-inbound-message/payload.message.id":                     false,
			"event-inbound-message-deleted/payload.message.messageid":      false,
		} {
			subject, field, _ := strings.Cut(id, "/")
			form := map[bool]string{false: "uuid-v4", true: "uuid-v4-or-legacy"}[legacy]
			r, ok := catalogue.Lookup(subject + "/" + form + ":" + field)
			Expect(ok).To(BeTrue(), id)
			Expect(r.Level).To(Equal(requirements.Should))
			Expect(r.Reading).To(Equal("IB-17..21"))
			Expect(r.Rule).To(Equal(requirements.ShouldFormat))
			Expect(r.Field).To(Equal(field))
		}
	})

	It("has nothing about the operations that the document only points to", func() {
		contract, catalogue := loadConversations()
		Expect(contract.Operations()).To(HaveLen(len(conversations.Operations())))
		for _, op := range conversations.Operations() {
			Expect(op.Reference).To(BeTrue(), op.ID)
			for _, r := range catalogue.All {
				Expect(r.ID).NotTo(HavePrefix(op.ID + "/"))
			}
		}
	})

	It("needs a driver for all that can be observed, and marks relations, which one event cannot show", func() {
		_, catalogue := loadConversations()
		relations := 0
		for _, r := range catalogue.All {
			if r.Unobservable != "" {
				Expect(r.Needs).To(BeEmpty(), r.ID)
				Expect(len(r.Unobservable)).To(BeNumerically(">", 20), r.ID)
				continue
			}
			Expect(r.Needs).To(Equal("provoke"), r.ID)
			if r.Relation {
				relations++
				Expect(r.Rule).To(BeEmpty(), r.ID)
			}
		}
		Expect(relations).To(BeNumerically(">", 10))
	})

	It("has every event delivered", func() {
		_, catalogue := loadConversations()
		for _, event := range conversations.Events() {
			_, ok := catalogue.Lookup("deliveries/" + strings.TrimPrefix(event.ID, "event-"))
			Expect(ok).To(BeTrue(), event.ID)
		}
	})
})

var _ = Describe("The documented events of Conversations", func() {
	It("match the contract, with all that should be", func() {
		contract, _ := loadConversations()
		for _, event := range conversations.Events() {
			body, err := examples.Read("event." + event.Name)
			Expect(err).NotTo(HaveOccurred())
			Expect(contract.With(check.Options{Should: true}).Event(event.Name, nil, body)).To(BeEmpty(), event.Name)
		}
	})

	It("are the contract's own examples", func() {
		doc, err := openapi3.NewLoader().LoadFromData(openapi.Conversations())
		Expect(err).NotTo(HaveOccurred())
		callbacks := doc.Paths.Value("/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT").Post.Callbacks
		Expect(callbacks).To(HaveLen(6))
		for name, ref := range callbacks {
			for _, item := range ref.Value.Map() {
				media := item.Post.RequestBody.Value.Content.Get("application/json")
				Expect(documentedEvent(name)).To(Equal(media.Examples["documented"].Value.Value), name)
			}
		}
	})
})

func documentedEvent(name string) (value any) {
	GinkgoHelper()
	body, err := examples.Read("event." + name)
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(body, &value)).To(Succeed())
	return value
}
