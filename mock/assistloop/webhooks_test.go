package assistloop_test

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/world"
	api "github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/webhook"
)

var _ = Describe("Subscribe to Webhooks", func() {
	It("gives an id and a secret", func() {
		s := newSpec(world.Options{})
		made := read[api.Subscribed](s.subscribe("external_id", "scenario 7"))
		Expect(made.Data.ID).NotTo(BeEmpty())
		Expect(made.Data.Secret).To(HavePrefix("whsec_"))
		Expect(made.Message).To(Equal("Webhook subscribed successfully"))
	})

	DescribeTable("takes https, and http on this machine alone and only where that is allowed",
		func(target string, usually, allowed int) {
			Expect(newSpec(world.Options{}).subscribe("target_url", target).status).To(Equal(usually))
			Expect(newSpec(loopback).subscribe("target_url", target).status).To(Equal(allowed))
		},
		Entry(nil, "https://hook.example/abcd", 200, 200),
		Entry(nil, "https://127.0.0.1:8443/", 200, 200),
		Entry(nil, "http://127.0.0.1:8080/", 422, 200),
		Entry(nil, "http://localhost/", 422, 200),
		Entry(nil, "http://[::1]:1/", 422, 200),
		Entry(nil, "http://hook.example/", 422, 422),
		Entry(nil, "http://127.0.0.1.example/", 422, 422),
		Entry(nil, "ftp://hook.example/", 422, 422),
		Entry(nil, "https://", 422, 422),
		Entry(nil, "https:hook.example", 422, 422),
		Entry(nil, "https://hook example/", 422, 422),
		Entry(nil, "https://[::1/", 422, 422),
		Entry(nil, "hook", 422, 422),
		Entry(nil, "", 422, 422),
	)

	It("refuses an agent of another organization of the caller", func() {
		s := newSpec(world.Options{})
		Expect(s.subscribe("organization_uuid", s.Desk.Owner().Organizations[1])).To(refused(http.StatusUnprocessableEntity))
	})
})

var _ = Describe("Unsubscribe from Webhooks", func() {
	It("ends a subscription once", func() {
		s := newSpec(world.Options{})
		id := read[api.Subscribed](s.subscribe()).Data.ID
		Expect(string(s.unsubscribe(id).body)).To(MatchJSON(`{"data": null, "message": "Webhook unsubscribed successfully"}`))
		Expect(s.unsubscribe(id)).To(refused(http.StatusNotFound))
	})
})

var _ = Describe("Deliveries", func() {
	var open *receiver.Receiver

	BeforeEach(func() {
		var err error
		open, err = receiver.Open(receiver.Options{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() error { return open.Close() })
	})

	provoke := func(s *service, event string) string {
		GinkgoHelper()
		talk, err := s.Desk.Provoke(event, s.organization, s.agent)
		Expect(err).NotTo(HaveOccurred())
		return talk
	}

	DescribeTable("keep to the contract, are signed, and tell of what happened",
		func(ctx context.Context, event string) {
			s, hook := newSpec(world.Options{}), open.Hook()
			made := read[api.Subscribed](s.subscribe("event", event, "target_url", hook.URL))
			talk := provoke(s, event)
			got, err := hook.Wait(ctx, receiver.AtLeast(1))
			Expect(err).NotTo(HaveOccurred())
			Expect(got).To(HaveLen(1))

			Expect(got[0].Method).To(Equal(http.MethodPost))
			Expect(contract.Event(event, got[0].Header, got[0].Body)).To(BeEmpty(), "%s", got[0].Body)
			_, signed := webhook.Match(got[0].Header, got[0].Body, made.Data.Secret)
			Expect(signed).To(BeTrue())

			var body struct {
				ID   string
				Data struct {
					Conversation struct{ UUID string }
					LastMessage  struct{ UUID string } `json:"last_message"`
				}
			}
			Expect(json.Unmarshal(got[0].Body, &body)).To(Succeed())
			Expect(body.Data.Conversation.UUID).To(Equal(talk))
			Expect(body.ID).To(Equal(got[0].Header.Get(webhook.HeaderID)))
			if event == desk.HumanHandoffRequired {
				Expect(body.Data.LastMessage.UUID).To(Equal(read[[]api.Message](s.find(talk, ""))[0].ID))
			}
		},
		Entry("new_conversation", desk.NewConversation, SpecTimeout(10*time.Second)),
		Entry("human_handoff_required", desk.HumanHandoffRequired, SpecTimeout(10*time.Second)),
	)

	It("have an id of each event's own, and come to every subscription", func(ctx context.Context) {
		s, one, two := newSpec(world.Options{}), open.Hook(), open.Hook()
		read[api.Subscribed](s.subscribe("target_url", one.URL))
		read[api.Subscribed](s.subscribe("target_url", two.URL))
		provoke(s, desk.NewConversation)
		provoke(s, desk.NewConversation)
		atOne, err := one.Wait(ctx, receiver.AtLeast(2))
		Expect(err).NotTo(HaveOccurred())
		_, err = two.Wait(ctx, receiver.AtLeast(2))
		Expect(err).NotTo(HaveOccurred())
		Expect(atOne[0].Header.Get(webhook.HeaderID)).NotTo(Equal(atOne[1].Header.Get(webhook.HeaderID)))
	}, SpecTimeout(10*time.Second))

	It("are not made for other agents, for replies, or after the subscription ended", func(ctx context.Context) {
		s, hook, witness := newSpec(world.Options{}), open.Hook(), open.Hook()
		ended := read[api.Subscribed](s.subscribe("event", desk.HumanHandoffRequired, "target_url", hook.URL))
		other := read[[]api.Agent](s.call(s.owner, "list-agents", "GET", "/organizations/"+s.organization+"/agents", ""))[1].ID
		read[api.Subscribed](s.subscribe("agent_uuid", other, "target_url", hook.URL))
		read[api.Subscribed](s.subscribe("target_url", witness.URL))

		read[api.Replied](s.reply(s.talk, "Hello"))
		read[any](s.unsubscribe(ended.Data.ID))
		provoke(s, desk.HumanHandoffRequired)
		_, err := witness.Wait(ctx, receiver.AtLeast(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Outbox.Drain(ctx)).To(Succeed())
		Expect(hook.Deliveries()).To(BeEmpty())
		Expect(s.Outbox.Stats().Attempts).To(BeEquivalentTo(1))
	}, SpecTimeout(10*time.Second))
})
