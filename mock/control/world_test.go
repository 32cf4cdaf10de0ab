package control_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Worlds", func() {
	var r *room
	BeforeEach(func() { r = newRoom("") })

	names := func() []any {
		GinkgoHelper()
		var names []any
		for _, w := range r.ask("GET", "/_parley/worlds", "").Body["worlds"].([]any) {
			names = append(names, w.(object)["name"])
		}
		return names
	}

	It("can be made, listed, looked at, reset and deleted", func() {
		made := r.ask("POST", "/_parley/worlds", `{"name": "ci-1", "seed": 42, "now": "2025-05-06T07:08:09+02:00", "conversations": 5, "messages": 20}`)
		Expect(made).To(answered(201,
			"name", "ci-1", "seed", 42.0, "now", HavePrefix("2025-05-06T05:08:"), "token", Not(BeEmpty()), "conversation_uuid", Not(BeEmpty()),
			"base_url", "http://example.com/_parley/worlds/ci-1/at/v1", "driver", "http://example.com/_parley/worlds/ci-1/at/_parley/driver"))
		Expect(names()).To(Equal([]any{"ci-1", "default"}))
		looked := r.ask("GET", "/_parley/worlds/ci-1", "")
		delete(looked.Body, "now")
		delete(made.Body, "now")
		Expect(looked.Body).To(Equal(made.Body))

		Expect(r.ask("POST", "/_parley/worlds/ci-1/at/_parley/provoke", `{"event": "new_conversation"}`).Status).To(Equal(200))
		stats := func() any { return r.ask("GET", "/_parley/worlds/ci-1/at/_parley/stats", "").Body["desk"] }
		Expect(stats()).To(HaveKeyWithValue("conversations", 6.0))
		again := r.ask("POST", "/_parley/worlds/ci-1/reset", "")
		Expect(again).To(answered(200, "token", made.Body["token"]))
		Expect(stats()).To(HaveKeyWithValue("conversations", 5.0))

		Expect(r.ask("DELETE", "/_parley/worlds/ci-1", "").Status).To(Equal(204))
		Expect(names()).To(Equal([]any{"default"}))
		Expect(r.ask("DELETE", "/_parley/worlds/ci-1", "")).To(refused(404, "no such world"))
	})

	It("get a name of their own when none is given, and begin like the default one", func() {
		made := r.ask("POST", "/_parley/worlds", `{}`)
		Expect(made).To(answered(201, "name", MatchRegexp("^[a-z0-9]{26}$"), "seed", 7.0))
		Expect(made.Body["token"]).NotTo(Equal(r.ask("GET", "/_parley/worlds/default", "").Body["token"]))
	})

	It("never meet", func() {
		r.ask("POST", "/_parley/worlds", `{"name": "other", "rate_limit": "off", "faults": ["me=503"], "latency": ["list=1ms"], "auto_consent": true}`)
		r.world = "other"
		Expect(r.ask("POST", "/_parley/clock/freeze", "")).To(answered(200, "frozen", true))
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", HaveLen(1), "latency", HaveLen(1)))
		r.world = ""
		Expect(r.ask("GET", "/_parley/clock", "")).To(answered(200, "frozen", false))
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", BeEmpty()))
	})

	It("can begin in trouble of their own", func() {
		r.ask("POST", "/_parley/worlds", `{"name": "other", "profile": "rate-limited", "faults": [{"match": {"operation": "me"}, "act": {"status": 503}}]}`)
		r.world = "other"
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", HaveExactElements("*=429,retry_after=2:every=3", "me=503:1")))
	})

	It("can start empty", func() {
		Expect(r.ask("POST", "/_parley/worlds", `{"name": "bare", "start_empty": true}`)).To(answered(201, "conversation_uuid", ""))
	})

	DescribeTable("are refused when they cannot be",
		func(body string, status int, message string) {
			Expect(r.ask("POST", "/_parley/worlds", body)).To(refused(status, message))
			Expect(names()).To(Equal([]any{"default"}))
		},
		Entry("a name that is taken", `{"name": "default"}`, 409, "already"),
		Entry("a name that fits no path", `{"name": "A B"}`, 422, "a world's name"),
		Entry("an unknown key", `{"sead": 1}`, 400, `unknown key "sead": did you mean seed?`),
		Entry("a seed that is none", `{"seed": 0}`, 422, "seed: expected"),
		Entry("a seed below zero", `{"seed": -1}`, 422, "seed: expected a whole number, not below zero, came number -1"),
		Entry("a time that is none", `{"now": "noon"}`, 422, "as in 2026-01-31T12:00:00Z"),
		Entry("a time before time", `{"now": "1900-01-01T00:00:00Z"}`, 422, "from 1970 on"),
		Entry("too many conversations", `{"conversations": 10000001}`, 422, "conversations: expected 1 to 10000000"),
		Entry("no messages", `{"messages": 0}`, 422, "messages: expected 1 to"),
		Entry("an empty world with something in it", `{"start_empty": true, "messages": 5}`, 422, "leave one of them out"),
		Entry("a rate limit", `{"rate_limit": "60"}`, 422, "rate limit"),
		Entry("a fault", `{"faults": ["reply"]}`, 422, "expected OPERATION=STATUS"),
		Entry("a fault of an unknown operation", `{"faults": ["repyl=503"]}`, 422, "did you mean reply?"),
		Entry("an unknown profile", `{"profile": "claim"}`, 422, "did you mean calm?"),
		Entry("a latency", `{"latency": ["list=fast"]}`, 422, "expected a duration"),
		Entry("a list that is none", `{"latency": "list=1ms"}`, 422, "latency: expected a list, came string"),
	)

	It("are bounded in number", func() {
		for range 3 {
			Expect(r.ask("POST", "/_parley/worlds", `{}`).Status).To(Equal(201))
		}
		Expect(r.ask("POST", "/_parley/worlds", `{}`)).To(refused(409, "as many worlds as there may be"))
	})

	It("include the default one, which can be reset and not deleted", func() {
		Expect(r.ask("POST", "/_parley/worlds/default/reset", "")).To(answered(200, "name", "default"))
		Expect(r.ask("DELETE", "/_parley/worlds/default", "")).To(refused(409, "reset it instead"))
		Expect(r.ask("POST", "/_parley/worlds/none/reset", "")).To(refused(404, "no such world"))
	})
})
