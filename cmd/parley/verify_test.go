package main

import (
	"net/http"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock"
)

var _ = Describe("parley verify", func() {
	Describe("exit status and verdict", func() {
		It("is 0 for the mock, in under three seconds", func() {
			p, _ := mockWith(mock.Options{AutoConsent: true})
			s := verified(p)
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.report.Verdict).To(Equal(conformance.Conforms))
			Expect(s.report.Seconds).To(BeNumerically("<", 3))
			Expect(s.report.Leftovers).To(BeEmpty())
			Expect(s.stdout).To(HaveSuffix("assistloop conforms: " + s.report.Reason + "\n"))
		})

		It("is 0 for an honest implementation that shares no code with the mock", func() {
			s := verified(strangerWith(stranger.Options{}))
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.report.Leftovers).To(BeEmpty())
		})

		It("is 1 for one that breaks a rule, which is named with its source and a line that repeats it", func() {
			s := verified(strangerWith(stranger.Options{Defect: "list-status-ignored"}), "--requirement", "list-conversations")
			Expect(s.status).To(Equal(1))
			Expect(s.report.Verdict).To(Equal(conformance.DoesNotConform))
			broken := s.finding("list-conversations/status-open")
			Expect(broken.Outcome).To(Equal(conformance.Fail))
			Expect(s.stdout).To(And(
				ContainSubstring("FAIL list-conversations/status-open MUST\n"), ContainSubstring("source    "+broken.Section),
				ContainSubstring("expected  "+broken.Expected), ContainSubstring("seen      "+broken.Seen),
				ContainSubstring("Bearer $PARLEY_TOKEN"),
			))
			Expect(s.files["junit"]).To(ContainSubstring("<failure"))
		})

		It("is 2, soon, with one reason, when nobody is at the address", func() {
			p := serve(nil)
			p.URL, p.Token = "http://127.0.0.1:1/v1", "t"
			began := time.Now()
			s := verified(p)
			Expect(s.status).To(Equal(2))
			Expect(time.Since(began)).To(BeNumerically("<", 10*time.Second))
			Expect(s.stdout).To(ContainSubstring("assistloop not judged: no connection to http://127.0.0.1:1/v1"))
			Expect(strings.Count(s.stdout, "no connection")).To(Equal(1))
			Expect(s.report.Findings).NotTo(BeEmpty())
		})

		It("is 2, in bounded time, for one that never answers", func() {
			p := serve(nil)
			p.URL, p.Token = p.origin+"/v1", "t"
			p.hold.Store(http.MethodGet)
			s := start(p, "--timeout", "100ms").end(10 * time.Second)
			Expect(s.status).To(Equal(2))
			Expect(s.report.Reason).To(HavePrefix("no connection to " + p.URL))
		})

		It("is 2 without a token", func() {
			p := strangerWith(stranger.Options{})
			p.Token = ""
			s := verified(p)
			Expect(s.status).To(Equal(2))
			Expect(s.stderr).To(Equal("parley: no token: pass --token, --token-file or PARLEY_TOKEN\n"))
			Expect(p.requests.Load()).To(BeZero())
		})

		It("is 2, with one reason, for a token that the target does not know", func() {
			p := strangerWith(stranger.Options{})
			p.Token = "wrong-token"
			s := verified(p)
			Expect(s.status).To(Equal(2))
			Expect(s.stdout).To(HaveSuffix("assistloop not judged: every authenticated request was answered 401: check --token\n"))
			Expect(strings.Count(s.stdout, "\n")).To(Equal(3))
		})

		It("is 2 for a driver that is not there", func() {
			p := strangerWith(stranger.Options{})
			p.Driver += "/nowhere"
			s := verified(p)
			Expect(s.status).To(Equal(2))
			Expect(s.report.Reason).To(ContainSubstring("check --driver"))
		})

		It("is 2 when nothing is judged", func() {
			s := verified(strangerWith(stranger.Options{}), "--label-filter", "nothing is labelled so")
			Expect(s.status).To(Equal(2))
			Expect(s.report.Reason).To(Equal("nothing was judged"))
			Expect(s.report.Counts[conformance.Skipped]).To(Equal(len(s.report.Findings)))
		})

		It("turns with --strict when a SHOULD is not met", func() {
			p := strangerWith(stranger.Options{Defect: "error-no-code"})
			args := []string{"--requirement", "get-me"}
			s := verified(p, args...)
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.finding("get-me/error-code").Outcome).To(Equal(conformance.Warn))
			s = verified(p, append(args, "--strict")...)
			Expect(s.status).To(Equal(1))
			Expect(s.files["junit"]).To(ContainSubstring("<failure"))
		})
	})

	Describe("without what a driver gives", func() {
		events := []string{"--requirement", "deliveries", "--requirement", "list-organizations"}

		It("reports what needs it as unsupported, which decides nothing", func() {
			s := verified(strangerWith(stranger.Options{NoDriver: true}), events...)
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.finding("deliveries/new-conversation").Outcome).To(Equal(conformance.Unsupported))
			Expect(s.finding("list-organizations/expired-token").Outcome).To(Equal(conformance.Unsupported))
			Expect(s.finding("list-organizations/served").Outcome).To(Equal(conformance.Pass))
		})

		It("judges what a partial one makes possible", func() {
			s := verified(strangerWith(stranger.Options{Without: []string{"issue-token"}, DriverToken: "driver-token-0815"}),
				"--requirement", "list-organizations", "--requirement", "deliveries/new-conversation")
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.finding("deliveries/new-conversation").Outcome).To(Equal(conformance.Pass))
			Expect(s.finding("list-organizations/expired-token").Outcome).To(Equal(conformance.Unsupported))
			Expect(s.whole()).NotTo(ContainSubstring("driver-token-0815"))
		})
	})

	It("writes nothing with --read-only", func() {
		p, m := mockWith(mock.Options{AutoConsent: true, RateLimit: "off"})
		p.Driver = "" // which would connect accounts of their own
		before := m.World().Desk.Stats()
		s := verified(p, "--read-only", "--skip", "rate-limit")
		Expect(s.status).To(Equal(0), s.stdout)
		Expect(m.World().Desk.Stats()).To(Equal(before))
		Expect(s.finding("reply-to-conversation/found").Outcome).To(Equal(conformance.Skipped))
		Expect(s.finding("list-conversations/status-open").Outcome).To(Equal(conformance.Pass))
	})

	It("writes nothing with --read-only by way of a driver either", func() {
		p := strangerWith(stranger.Options{})
		before := p.private()
		s := verified(p, "--read-only")
		Expect(s.status).To(Equal(0), s.stdout)
		Expect(p.private()).To(Equal(before))
	})

	It("sends only what the chosen requirements need", func() {
		p := strangerWith(stranger.Options{})
		s := verified(p, "--requirement", "list-organizations/served")
		Expect(s.status).To(Equal(0), s.stdout)
		Expect(s.report.Counts[conformance.Pass]).To(Equal(1))
		Expect(s.report.Requests.Total).To(BeNumerically("<", 20))
		Expect(p.requests.Load()).To(BeNumerically("<", 25)) // the driver's included
		for section, requirement := range map[string]string{"get agents": "list-agents/served", "Find Messages": "find-messages/newest-first"} {
			s = verified(p, "--section", section)
			Expect(s.finding(requirement).Outcome).To(Equal(conformance.Pass))
			Expect(s.finding("list-conversations/served").Outcome).To(Equal(conformance.Skipped))
		}
		s = verified(p, "--label-filter", "MUST && list-agents", "--skip", "list-agents/field", "--skip", "*-token")
		Expect(s.finding("list-agents/unknown-token").Outcome).To(Equal(conformance.Skipped))
		Expect(s.finding("list-agents/field:name").Outcome).To(Equal(conformance.Skipped))
		Expect(s.finding("list-agents/unauthenticated").Outcome).To(Equal(conformance.Pass))
	})

	It("shows no token, no secret and nothing of what customers wrote, whatever goes wrong", func() {
		var runs []*running
		var places []*place
		texts := map[*place][]string{}
		for _, defect := range []string{
			"list-status-ignored", "find-oldest-first", "find-other-conversation", "reply-truncated", "sample-of-another-agent",
			"unsubscribe-answers-secret", "deliver-secret", "error-html", "state-changed",
		} {
			if race.Spares(defect, 3) {
				continue
			}
			p := strangerWith(stranger.Options{Defect: defect, DriverToken: "driver-token-0815"})
			places, texts[p] = append(places, p), p.private()
			runs = append(runs, start(p, "--header", "X-Pass: header-secret-4711"))
		}
		for i, p := range places {
			s := runs[i].end(2 * time.Minute)
			Expect(s.status).To(Equal(1), s.stdout)
			for _, text := range append(texts[p], p.Token, p.ClientSecret, p.DriverToken, "header-secret-4711") {
				Expect(strings.Contains(s.whole(), text)).To(BeFalse(), "it shows %q", text)
			}
		}
	})
})

// private is what the target holds of customers, and is long enough to be recognized.
func (p *place) private() []string {
	var all []string
	keep := func(item any, fields ...string) {
		for _, field := range fields {
			if text, ok := item.(map[string]any)[field].(string); ok && len(text) >= 8 {
				all = append(all, text)
			}
		}
	}
	organization := p.get("/my/organizations").([]any)[0].(map[string]any)["organization_uuid"].(string)
	agent := p.get("/organizations/" + organization + "/agents").([]any)[0].(map[string]any)["agent_uuid"].(string)
	conversations := p.get("/automation/agents/" + agent + "/conversations/list?per_page=100").([]any)
	for i, c := range conversations {
		keep(c.(map[string]any)["chat_user"], "name", "email")
		if i%10 == 0 {
			for _, m := range p.get("/automation/conversations/" + c.(map[string]any)["uuid"].(string) + "/messages/find").([]any) {
				keep(m, "content", "sender_name")
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
