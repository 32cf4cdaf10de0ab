package main

import (
	"encoding/json"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/parley-contracts/parley/conformance/consumer"
)

var _ = Describe("parley trigger", func() {
	It("sends an event as the contract has it, signed as the library of Standard Webhooks verifies it", func() {
		h := openHook(http.StatusAccepted)
		status, text := toEnd("trigger", "new_conversation", "--to", h.URL+"/in?x=1", "--secret", hookSecret, "--header", "X-Key: abc")
		Expect(text).To(MatchRegexp(`^new_conversation [0-9a-f-]{36}: 202 Accepted after [0-9.a-zµ]+\n$`))
		Expect(status).To(Equal(0))
		got, bodies := h.all()
		Expect(got).To(HaveLen(1))
		Expect(got[0].Method + " " + got[0].URL.RequestURI()).To(Equal("POST /in?x=1"))
		Expect(got[0].Header.Get("X-Key")).To(Equal("abc"))
		theirs, err := standardwebhooks.NewWebhook(hookSecret)
		Expect(err).NotTo(HaveOccurred())
		Expect(theirs.Verify([]byte(bodies[0]), got[0].Header)).To(Succeed())
		source, err := consumer.AssistLoop()
		Expect(err).NotTo(HaveOccurred())
		Expect(source.Violations("new_conversation", []byte(bodies[0]))).To(BeEmpty())
	})

	It("sends several, each with ids of its own, and the same ones for the same seed", func() {
		h := openHook(http.StatusOK)
		for range 2 {
			status, _ := toEnd("trigger", "INBOUND_MESSAGE", "--to", h.URL, "--count", "3", "--seed", "7")
			Expect(status).To(Equal(0))
		}
		_, bodies := h.all()
		ids := map[string]int{}
		for _, body := range bodies {
			var e struct {
				Payload struct{ Message struct{ ID string } }
			}
			Expect(json.Unmarshal([]byte(body), &e)).To(Succeed())
			ids[e.Payload.Message.ID]++
		}
		Expect(ids).To(HaveLen(3))
		Expect(ids).To(HaveEach(2))
	})

	DescribeTable("sets fields", func(set, want string) {
		status, text := toEnd("trigger", "new_conversation", "--dry-run", "--set", set)
		Expect(status).To(Equal(0), text)
		Expect(text).To(ContainSubstring(want))
	},
		Entry("to null", "data.chat_user.name=null", `"name":null`),
		Entry("to a truth value", "data.conversation.status=false", `"status":false`),
		Entry("to text that is quoted", `data.agent.name="Ada"`, `"name":"Ada"`),
		Entry("to text that is not", "data.agent.name=Ada Lovelace", `"name":"Ada Lovelace"`),
		Entry("to text that looks like a number", `data.agent.name="42"`, `"name":"42"`),
		Entry("to text that begins like a number", "data.agent.name=1]", `"name":"1]"`),
		Entry("to an object", `data.initial_message={"uuid":"m","content":"x","type":"guest","created_at":"2026-01-01T00:00:00Z"}`, `"uuid":"m"`),
		Entry("that are optional", "data.chat_user.country_code=DE", `"country_code":"DE"`),
		Entry("the id, which the delivery bears, too", "id=evt_7", "Webhook-Id: evt_7\n"),
	)

	It("sets what the document leaves open, and a large number as it is", func() {
		status, text := toEnd("trigger", "INBOUND_MESSAGE", "--dry-run", "--set", "payload.message.content.text=Hallo", "--set", "payload.message.content.size=12345678901234567890")
		Expect(status).To(Equal(0))
		Expect(text).To(ContainSubstring(`"size":12345678901234567890,"text":"Hallo"`))
	})

	It("says what the document forbids, and sends it all the same", func() {
		h := openHook(http.StatusOK)
		status, text := toEnd("trigger", "new_conversation", "--to", h.URL, "--set", "data.chat_user=null", "--force", "--set", "data.more=1")
		Expect(status).To(Equal(0))
		Expect(text).To(HavePrefix("parley: the document forbids this: /data/chat_user: expected an object, came null\n"))
		_, bodies := h.all()
		Expect(bodies[0]).To(And(ContainSubstring(`"chat_user":null`), ContainSubstring(`"more":1`)))
	})

	It("prints what it would send, and neither secret nor header values of --header", func() {
		status, text := toEnd("trigger", "new_conversation", "--dry-run", "--secret", hookSecret, "--header", "Authorization: Bearer abc")
		Expect(status).To(Equal(0))
		Expect(text).To(And(ContainSubstring("Webhook-Signature: v1,"), ContainSubstring("Authorization: ***")))
		Expect(text).NotTo(Or(ContainSubstring("abc\n"), ContainSubstring(strings.TrimPrefix(hookSecret, "whsec_"))))
	})

	It("signs in another way when it is told how", func() {
		h := openHook(http.StatusOK)
		status, _ := toEnd("trigger", "new_conversation", "--to", h.URL, "--secret", hookSecret, "--signature", "X-AssistLoop-Signature: sha256={hex}")
		Expect(status).To(Equal(0))
		got, bodies := h.all()
		Expect(got[0].Header.Get("X-AssistLoop-Signature")).To(MatchRegexp(`^sha256=[0-9a-f]{64}$`))
		Expect(got[0].Header).NotTo(HaveKey("Webhook-Signature"))
		Expect(genuine(got[0].Header, bodies[0])).To(BeTrue())
	})

	DescribeTable("exits with 1 when it is not answered with a 2xx", func(answer int) {
		h := openHook(answer)
		status, _ := toEnd("trigger", "new_conversation", "--to", h.URL)
		Expect(status).To(Equal(1))
		got, _ := h.all()
		Expect(got).To(HaveLen(1))
	},
		Entry("but with an error", http.StatusInternalServerError),
		Entry("but with a redirect", http.StatusFound),
	)

	It("signs nothing of a contract that knows no signatures, and says so", func() {
		h := openHook(http.StatusOK)
		status, text := toEnd("trigger", "INBOUND_MESSAGE", "--to", h.URL, "--secret", hookSecret)
		Expect(status).To(Equal(0))
		Expect(text).To(HavePrefix("parley: not signed: the document of conversations names no signature\n"))
		got, _ := h.all()
		Expect(got[0].Header).NotTo(Or(HaveKey("Webhook-Signature"), HaveKey("Webhook-Id")))
	})

	It("knows an event by the name that subscriptions know it by, too", func() {
		status, text := toEnd("trigger", "CONVERSATION_MESSAGE_RECEIVED", "--dry-run")
		Expect(status).To(Equal(0))
		Expect(text).To(ContainSubstring(`"type":"INBOUND_MESSAGE"`))
	})
})
