package assistloop

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

var pathOperations = []string{
	"list-agents", "list-conversations", "recent-sample", "find-messages", "reply-to-conversation", "close-conversation", "unsubscribe",
}

var _ = Describe("what is another account's", func() {
	for _, op := range append([]string{"subscribe"}, pathOperations...) {
		It("is kept from "+op, func() {
			for _, status := range []int{403, 404} {
				options := stranger.Plain()
				options.Readings.ForeignStatus, options.Defect = status, "foreign/"+op
				report := against(options, nil, ours)
				Expect(outcome(report, conformance.Fail)).To(ConsistOf(op+"/other-account"), said(report))
			}
		})
	}
	It("is refused in a body with 400 or 422, too, and in a path not", func() {
		options := stranger.Plain()
		options.Readings.ForeignStatus = 422
		report := against(options, nil, ours)
		Expect(outcome(report, conformance.Fail)).To(ConsistOf(every("other-account", pathOperations...)), said(report))
	})
	It("is not shown by a refusal", func() {
		for operation, red := range map[string]string{
			"/conversations/list": "list-conversations", "/recent-sample": "recent-sample", "/agents": "list-agents", "/messages/find": "find-messages",
		} {
			report := against(stranger.Plain(), talkative(operation), ours)
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(red+"/other-account"), said(report))
		}
	})
	It("is not changed by a request that was refused", func() {
		for operation, red := range map[string]string{
			"/reply": "reply-to-conversation", "/close": "close-conversation", "/unsubscribe/": "unsubscribe",
		} {
			report := against(stranger.Plain(), heedless(operation), ruleOf("other-account"))
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(red+"/other-account"), said(report))
		}
	})
	It("is looked at alone in a read-only run", func() {
		report := against(stranger.Plain(), nil, ruleOf("other-account"), func(_ *conformance.Target, o *conformance.Options) { o.ReadOnly = true })
		Expect(outcome(report, conformance.Pass)).To(ConsistOf(every("other-account", pathOperations[:4]...)), said(report))
	})
	It("costs the main account few requests", func() {
		looking := against(stranger.Plain(), nil, func(id string) bool { return id == "list-organizations/distinct" })
		report := against(stranger.Plain(), nil, ruleOf("other-account"))
		Expect(report.Requests.Main - looking.Requests.Main).To(Equal(4))
	})
})

var _ = Describe("the judges of accounts", func() {
	x := func(status int, body string) *conformance.Exchange {
		return &conformance.Exchange{Request: conformance.Request{Purpose: "ask"}, Status: status, Body: []byte(body), URL: "http://x/agents/agt_12345678/list"}
	}
	texts := map[string]string{"agt_12345678": "an agent's id", "conv_12345678": "a conversation's id", "Where is my \"parcel\"?": "a message's content"}
	DescribeTable("leaked", func(body, what string) {
		Expect(leaked(x(404, body), texts)).To(Equal(what))
	},
		Entry("nothing", `{"error":"not_found","message":"No such agent."}`, ""),
		Entry("what was asked for may be repeated", `{"message":"No agent agt_12345678."}`, ""),
		Entry("an id", `{"message":"No.","data":[{"uuid":"conv_12345678"}]}`, "a conversation's id"),
		Entry("an id as a name", `{"conv_12345678":null}`, "a conversation's id"),
		Entry("a content in another spelling", `{"message":"Where is my \u0022parcel\u0022?"}`, "a message's content"),
		Entry("an id in what is no JSON", `<h1>conv_12345678</h1>`, "a conversation's id"),
		Entry("no body", "", ""),
	)
	It("take only texts that do not turn up by chance", func() {
		a := &accounts{
			place: &place{organization: "1", agent: "agents", list: &page{items: []item{
				{"uuid": "conv_12345678", "session_id": 4, "chat_user": "nobody"}, nil, {"chat_user": map[string]any{"email": "a@mail.example"}},
			}}},
			messages: &page{items: []item{{"id": "12", "content": "Hello"}, {"uuid": "msg_12345678", "content": "Where is my parcel?"}}},
		}
		Expect(a.kept(nil)).To(Equal(map[string]string{
			"conv_12345678": "a conversation's id", "a@mail.example": "a customer's address", "msg_12345678": "a message's id", "Where is my parcel?": "a message's content",
		}))
	})
	DescribeTable("notRemoved", func(removed, control int, outcome string) {
		a := &accounts{removed: x(removed, ""), control: x(control, ""), tried: map[string]*conformance.Exchange{}}
		Expect(kindOf(a.notRemoved())).To(Equal(outcome))
	},
		Entry("it is still there", 200, 0, "pass"),
		Entry("it is gone, and removing works", 404, 200, "breach"),
		Entry("removing does not work at all", 404, 404, "trouble"),
		Entry("it cannot be told", 500, 200, "trouble"),
	)
	It("say so where nothing is foreign", func() {
		main := &place{organization: "o", agent: "a"}
		w := &world{main: main, places: []*place{main}}
		shares := &accounts{organizations: &page{items: []item{{"organization_uuid": "o"}}}}
		_, err := shares.foreign(w)
		Expect(err).To(MatchError(ContainSubstring("shares")))
		apart := &accounts{organizations: &page{items: []item{{"organization_uuid": "p"}, {"organization_uuid": 3}}}}
		Expect(apart.foreign(w)).To(Equal(main))
		_, err = apart.foreign(&world{})
		Expect(kindOf(err)).To(Equal("gap"))
	})
	It("prefer the main agent's organization, and take another where that is shared", func() {
		first, second := &place{organization: "o", agent: "a"}, &place{organization: "p", agent: "b"}
		w := &world{main: first, places: []*place{first, second}}
		a := &accounts{organizations: &page{items: []item{{"organization_uuid": "o"}}}}
		Expect(a.foreign(w)).To(Equal(second))
	})
})
