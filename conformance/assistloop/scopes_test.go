package assistloop

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// ours are the requirements of scopes.go and accounts.go.
func ours(id string) bool {
	_, rule, _ := strings.Cut(id, "/")
	switch rule {
	case "scope-required", "scope-sufficient", "any-scope", "expired-token", "other-account":
		return true
	}
	return false
}

func ruleOf(rule string) func(string) bool {
	return func(id string) bool { return strings.HasSuffix(id, "/"+rule) }
}

func every(rule string, operations ...string) []string {
	var ids []string
	for _, op := range operations {
		ids = append(ids, op+"/"+rule)
	}
	return ids
}

var scopedOperations = []string{
	"list-conversations", "find-messages", "reply-to-conversation", "close-conversation", "subscribe", "unsubscribe",
}

var _ = Describe("a token of one scope", func() {
	It("is judged on every operation where the account has an organization of its own", func() {
		report := against(stranger.Plain(), nil, ours)
		Expect(outcome(report, conformance.Pass)).To(HaveLen(33), said(report))
		Expect(report.Leftovers).To(BeEmpty())
		Expect(report.Requests.Main).To(BeNumerically("<=", 13), "nine of which look around")
	})
	It("is judged where the account shares the main account's organizations", func() {
		report := against(stranger.Opposite(), nil, ours)
		Expect(outcome(report, conformance.Pass)).To(HaveLen(25), said(report))
		Expect(outcome(report, conformance.Unsupported)).To(HaveLen(8))
		Expect(said(report)).To(ContainSubstring("shares the main account's organizations"))
	})
	It("is judged on conversations that are there already, where the driver cannot provoke", func() {
		options := stranger.Opposite()
		options.Without = []string{"provoke"}
		report := against(options, nil, func(id string) bool { return ours(id) && !ruleOf("other-account")(id) })
		Expect(outcome(report, conformance.Pass)).To(HaveLen(25), said(report))
	})
	It("is not judged on conversations that nobody can name", func() {
		options := stranger.Plain()
		options.Without = []string{"provoke"}
		report := against(options, nil, ours)
		Expect(outcome(report, conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty(), said(report))
		Expect(outcome(report, conformance.Unsupported)).To(ConsistOf(append(
			every("scope-required", "find-messages", "reply-to-conversation", "close-conversation"),
			every("scope-sufficient", "find-messages", "reply-to-conversation", "close-conversation")...)), said(report))
	})
	It("only reads in a read-only run", func() {
		var requests []string
		report := against(stranger.Opposite(), watched(&requests), ours, func(_ *conformance.Target, o *conformance.Options) { o.ReadOnly = true })
		Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
		Expect(outcome(report, conformance.Pass)).To(ContainElements("find-messages/scope-required", "list-conversations/scope-sufficient"), said(report))
		Expect(outcome(report, conformance.Skipped)).To(ContainElements("reply-to-conversation/scope-required", "unsubscribe/expired-token"))
		Expect(requests).To(HaveEach(Or(HavePrefix("GET "), HaveSuffix("/issue-token"))))
	})
	It("asks for nothing without a driver", func() {
		options := stranger.Plain()
		options.NoDriver = true
		report := against(options, nil, ours)
		Expect(outcome(report, conformance.Unsupported)).To(HaveLen(33), said(report))
		Expect(said(report)).To(ContainSubstring("there is no driver"))
	})
	It("is no matter of scopes where the target accepts no issued token at all", func() {
		report := against(stranger.Plain(), closedDoor(401), ruleOf("scope-sufficient"))
		Expect(outcome(report, conformance.Errored)).To(HaveLen(6), said(report))
	})
	It("may be told 404 for another's subscription by a target that looks for the resource first", func() {
		report := against(stranger.Opposite(), resourceFirst(true), func(id string) bool { return ours(id) && !ruleOf("other-account")(id) })
		Expect(outcome(report, conformance.Unsupported)).To(ConsistOf("unsubscribe/scope-required"), said(report))
		Expect(outcome(report, conformance.Pass)).To(HaveLen(24))
	})
	It("may be told 404 there also by one that looks at scopes first elsewhere", func() {
		report := against(stranger.Opposite(), resourceFirst(false), ours)
		Expect(outcome(report, conformance.Fail)).To(BeEmpty(), said(report))
		Expect(outcome(report, conformance.Unsupported)).To(ContainElement("unsubscribe/scope-required"))
	})
	It("is told by a narrower grant of the main account's, too, which can have a subscription", func() {
		report := connectedOn(ours, stranger.Plain(), nil)
		Expect(outcome(report, conformance.Pass)).To(ContainElement("unsubscribe/scope-required"), said(report))
		report = connectedOn(ours, stranger.Plain(), resourceFirst(false))
		Expect(outcome(report, conformance.Fail)).To(BeEmpty(), said(report))
	})
	DescribeTable("that is denied must change nothing", func(operation, requirement string) {
		report := against(stranger.Opposite(), heedless(operation), ours)
		Expect(outcome(report, conformance.Fail)).To(ConsistOf(requirement), said(report))
	},
		Entry("replies", "/reply", "reply-to-conversation/scope-required"),
		Entry("closes", "/close", "close-conversation/scope-required"),
	)
})

var _ = Describe("a breach of a rule of tokens", func() {
	expectations := map[string][]string{
		"scope-401":     every("scope-required", scopedOperations...),
		"expired-token": every("expired-token", securedOperations...),
	}
	for _, op := range scopedOperations {
		expectations["scope/"+op] = every("scope-required", op)
		expectations["scope-strict/"+op] = every("scope-sufficient", op)
	}
	for _, op := range []string{"get-me", "list-organizations", "list-agents"} {
		expectations["scope-strict/"+op] = every("any-scope", op)
	}
	for defect, red := range expectations {
		It(defect+" turns its requirement red, and no other", func() {
			sampled(3)
			for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
				options.Defect = defect
				report := connectedOn(ours, options, nil)
				Expect(outcome(report, conformance.Fail)).To(ConsistOf(red), said(report))
			}
		})
	}
	It("is seen for unsubscribing also where another's subscription is 403 by itself", func() {
		options := stranger.Plain()
		options.Readings.ForeignStatus, options.Defect = 403, "scope/unsubscribe"
		report := connectedOn(ours, options, nil)
		Expect(outcome(report, conformance.Fail)).To(ConsistOf("unsubscribe/scope-required"), said(report))
	})
})

var _ = Describe("whoever keeps to the rules of tokens and accounts", func() {
	It("is not blamed for a breach of another rule", func() {
		var runs errgroup.Group
		runs.SetLimit(8)
		for _, d := range stranger.Defects() {
			if race.Spares(d.ID, 6) {
				continue
			}
			family, _, _ := strings.Cut(d.ID, "/")
			switch family {
			case "scope", "scope-strict", "scope-401", "expired-token", "foreign":
				continue
			}
			options := stranger.Plain()
			options.Defect = d.ID
			runs.Go(func() error {
				defer GinkgoRecover()
				report := against(options, nil, ours)
				Expect(outcome(report, conformance.Fail)).To(BeEmpty(), d.ID+"\n"+said(report))
				return nil
			})
		}
		Expect(runs.Wait()).To(Succeed())
	})
})

var _ = Describe("the judges of scopes", func() {
	x := func(status int) *conformance.Exchange {
		return &conformance.Exchange{Request: conformance.Request{Purpose: "ask"}, Status: status}
	}
	h := &holder{scope: "read:messages"}
	DescribeTable("allowed", func(status int, others bool, outcome string) {
		Expect(kindOf(h.allowed(x(status), others))).To(Equal(outcome))
	},
		Entry("any 2xx passes", 202, true, "pass"),
		Entry("403 is a breach whoever else is served", 403, false, "breach"),
		Entry("401 is a breach", 401, false, "breach"),
		Entry("404 is one only if others are served", 404, true, "breach"),
		Entry("404 to everybody is another matter", 404, false, "trouble"),
		Entry("a 429 that stays is trouble", 429, true, "trouble"),
		Entry("a 500 to everybody is another matter", 500, false, "trouble"),
	)
	It("allowed: a second try may meet what the first did", func() {
		second := x(409)
		second.Troubled = true
		Expect(kindOf(h.allowed(second, true))).To(Equal("trouble"))
	})
	DescribeTable("keptOut", func(status int, served bool, outcome string) {
		Expect(kindOf(keptOut(x(status), "read:messages", served))).To(Equal(outcome))
	},
		Entry("403 passes", 403, true, "pass"),
		Entry("a 2xx is a breach", 200, false, "breach"),
		Entry("401 is a breach", 401, true, "breach"),
		Entry("404 is a breach for what the account can see", 404, true, "breach"),
		Entry("422 to everybody is another matter", 422, false, "trouble"),
		Entry("a 429 that stays is trouble", 429, true, "trouble"),
	)
	It("keptOut: nothing sent is a gap, a lost connection trouble", func() {
		Expect(kindOf(keptOut(nil, "read:messages", true))).To(Equal("gap"))
		Expect(kindOf(keptOut(&conformance.Exchange{Lost: http.ErrHandlerTimeout}, "read:messages", true))).To(Equal("trouble"))
	})
	It("leave odd answers alone", func() {
		odd := &holder{
			scope: "read:messages", text: "Parley", conversation: &own{uuid: "c"},
			found:  &page{items: []item{{"content": 7}, nil, {}}},
			closed: &page{items: []item{{"uuid": "c", "status": "closed"}, {"uuid": 5}}},
		}
		Expect(odd.leftNothing("reply-to-conversation")).To(Succeed())
		Expect(odd.leftNothing("close-conversation")).To(Succeed())
	})
})

var _ = Describe("what a token of one scope may write to", func() {
	at := func(target string, named ...string) *run {
		return &run{Session: &conformance.Session{
			Target: conformance.Target{URL: target}, Options: conformance.Options{Conversation: named},
		}}
	}
	It("is what the user named", func() {
		Expect(at("https://api.example.com/v1", "c").mayWriteTo("c")).To(BeTrue())
		Expect(at("https://api.example.com/v1", "c").mayWriteTo("d")).To(BeFalse())
		Expect(at("http://127.0.0.1/v1", "c").mayWriteTo("d")).To(BeFalse())
	})
	It("is on loopback what no probe has taken", func() {
		r := at("http://127.0.0.1/v1")
		r.take(&own{uuid: "c"})
		Expect(r.mayWriteTo("c")).To(BeFalse())
		Expect(r.mayWriteTo("d")).To(BeTrue())
	})
	It("is nothing elsewhere", func() {
		Expect(at("https://api.example.com/v1").mayWriteTo("c")).To(BeFalse())
	})
})
