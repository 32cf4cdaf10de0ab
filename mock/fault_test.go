package mock_test

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
)

var _ = Describe("Faults of the whole mock", func() {
	It("strike deliveries of either contract, and stand in the journal", func(ctx SpecContext) {
		tap := &wiretap{}
		c := start(mock.Options{DeliveryTransport: tap, Faults: []string{"INBOUND_MESSAGE=duplicate", "new_conversation=together"}})
		steer(c.Driver+"/subscribe", "", object{"target_url": "https://hook.example/", "events": []string{"INBOUND_MESSAGE"}})
		status, answer, _ := c.call("POST", "/webhooks/subscribe", object{
			"organization_uuid": c.Organization, "agent_uuid": c.Agent, "target_url": "https://hook.example/", "event": "new_conversation", "platform": "make",
		})
		Expect(status).To(Equal(http.StatusOK), "%v", answer)
		steer(c.Driver+"/provoke", "", object{"event": "INBOUND_MESSAGE"})
		steer(c.Driver+"/provoke", "", object{"event": "new_conversation"})
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		Expect(tap.names()).To(ConsistOf("INBOUND_MESSAGE", "INBOUND_MESSAGE", "", ""), "AssistLoop's events have no type")
		var seen []string
		for _, a := range c.World().Journal.Attempts(-1) {
			seen = append(seen, a.Event+" "+string(a.Outcome)+" "+a.Fault)
		}
		Expect(seen).To(ConsistOf("INBOUND_MESSAGE delivered duplicate=1", "INBOUND_MESSAGE extra duplicate=1",
			"new_conversation delivered together", "new_conversation extra together"))
	})

	It("keep every answer to the contract", func() {
		c := start(mock.Options{Faults: []string{"*=429,retry_after=0:every=3", "*=502:every=2", "*=latency=1ms"}})
		for range 12 {
			c.call("GET", "/oauth/me", nil) // which holds it to the contract
		}
	})

	It("are refused by a profile that is none", func() {
		_, err := mock.New(mock.Options{Profile: "claim"})
		Expect(err).To(MatchError(`unknown profile "claim": did you mean calm?`))
	})
})
