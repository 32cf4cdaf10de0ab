package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/proxy"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/recording"
	"github.com/parley-contracts/parley/mock/defects"
)

// hidden are the defects that nobody can see in the traffic of others, by their ids, and why.
var hidden = []struct{ pattern, because string }{
	{`/(unknown-token|expired-token|any-scope|scope-required|scope-sufficient|unknown-id|foreign-id|other-account)~`, "traffic does not tell what a token is worth, or whose it is what an id names"},
	{`^subscribe/(unknown-organization|unknown-agent|agent-elsewhere)~`, "nor what those ids name"},
	{`^[a-z-]+/served~(302|400|404)$`, "a refusal may be due"},
	{`^unsubscribe/served~(500|other-id)$`, "the next try is answered 404, which may be due"},
	{`/unauthenticated~(302|403|404)$`, "a request that writes may be refused for another reason, and a redirect tells nothing"},
	{`/wrong-method~302$`, "a redirect is no service"},
	{`~traced$`, "others may have done the same"},
	{`~(one-missing|one-short|empty)$`, "what is not listed may not be there"},
	{`/created-(from|to)~[+-]48h$`, "the same"},
	{`/created-(offset|date)~`, "the same: a time that is misread may show too little"},
	{`/created-window~(swapped|from-ignored)$`, "the same"},
	{`/filters-combine~no-time$`, "the same"},
	{`/both-states~`, "the same"},
	{`/per-page-default~(10|15|30)$|/limit-default~[13]$|/per-page-below~served$`, "the same"},
	{`/(per-page|limit)-(above|below|bad|not-a-number)~404$`, "what the path names may not be there"},
	{`/(status|mode)-unknown~(0|1|ai|human)$`, "what would be listed without a filter is not known"},
	{`^recent-sample/(newest|of-agent~conversation|one-organization~another)`, "samples are of nobody knows what"},
	{`^subscribe/(external-id|both-events)~`, "a refusal may be due"},
	{`^reply-to-conversation/(found|once|mode|elsewhere)~`, "others may have written meanwhile"},
	{`^close-conversation/(closed|elsewhere)~`, "others may have opened or closed it meanwhile"},
	{`^unsubscribe/(stops|stops-retries|others-go-on)~`, "no delivery is in the client's traffic"},
	{`^deliveries/`, "no delivery is in the client's traffic"},
	{`^rate-limit/(general|close)-(allows|at)~|^rate-limit/(recovers|per-account)~`, "others may have spent the same budget"},
	{`^rate-limit/general-enforced~(400|403|503|reply-to-conversation|subscribe|unsubscribe)$`, "the client does not ask so often, or is refused otherwise"},
	{`^transport/plain-http~|^authorize/(redirect|post|unregistered-redirect)~`, "it takes a request for this very purpose"},
	{`^token/(usable|refresh|code-once|pkce|default-scopes|granted-scopes|unknown-code|unknown-refresh-token|wrong-client|exchange-json|exchange-form)~`, "it takes a request for this very purpose"},
}

func isHidden(d defects.Defect) bool {
	return slices.ContainsFunc(hidden, func(h struct{ pattern, because string }) bool {
		return regexp.MustCompile(h.pattern).MatchString(d.ID)
	})
}

// consequences are requirements that a breach of another shows, in what the client happens to ask.
func consequence(d defects.Defect, requirement string) bool {
	switch {
	case strings.HasSuffix(d.ID, "~example"), strings.HasSuffix(d.ID, "~one-extra"): // the example is of other ids
		return true
	case d.Kind == "refusal-broken":
		return strings.HasSuffix(requirement, "/served")
	}
	return map[string]string{
		"reply-to-conversation/type~guest":     "find-messages/guest-responder",
		"reply-to-conversation/responder~null": "find-messages/agent-responder",
	}[d.ID] == requirement
}

// every is how many of the defects are played: all of them by `go run ./cmd/matrix -traffic`.
const every = 6

// What one exchange shows is seen in a recording of a client that wants nothing but its work done.
func TestRecordedTrafficShowsWhatSingleExchangesBreak(t *testing.T) {
	if testing.Short() {
		t.Skip("it records a client with more than a hundred defects")
	}
	g := NewWithT(t)
	a, err := newArena(t.Context(), contracts()[0], theMock)
	g.Expect(err).NotTo(HaveOccurred())
	var chosen []defects.Defect
	kinds := map[defects.Kind]int{}
	for _, d := range a.defects {
		if d.Delivers() || isHidden(d) {
			continue
		}
		if kinds[d.Kind]%every == 0 {
			chosen = append(chosen, d)
		}
		kinds[d.Kind]++
	}
	g.Expect(len(chosen)).To(BeNumerically(">", 120))
	if race.On {
		chosen = chosen[:len(chosen)/6]
	}
	var missed, alarms []string
	for _, r := range a.overhearAll(t.Context(), chosen, 4, func() {}) {
		if r.err != nil || !r.noticed() {
			missed = append(missed, r.ID+": "+string(r.outcome)+" "+r.message)
		}
		for _, id := range r.red {
			if !consequence(r.Defect, id) {
				alarms = append(alarms, r.ID+" turned "+id+" red: "+r.said[id])
			}
		}
	}
	g.Expect(missed).To(BeEmpty(), "defects that nothing notices")
	g.Expect(alarms).To(BeEmpty(), "requirements that are red for another's defect")
}

// A list of what cannot be seen that names what is not there would grow for ever.
func TestWhatIsHiddenIsThere(t *testing.T) {
	g := NewWithT(t)
	a, err := newArena(t.Context(), contracts()[0], theMock)
	g.Expect(err).NotTo(HaveOccurred())
	for _, h := range hidden {
		pattern := regexp.MustCompile(h.pattern)
		g.Expect(slices.ContainsFunc(a.defects, func(d defects.Defect) bool { return pattern.MatchString(d.ID) })).To(BeTrue(), h.pattern)
	}
}

// Whatever wrote it down, the traffic of a client with a server that is as it should be gives no false alarm.
func TestCleanRecordingsGiveNoFalseAlarm(t *testing.T) {
	for _, tool := range recording.Tools() {
		t.Run(tool.Name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			contract, err := assistloop.Contract()
			g.Expect(err).NotTo(HaveOccurred())
			file, base, err := recorded(theMock, defects.Defect{}, "", tool)
			g.Expect(err).NotTo(HaveOccurred())
			report, err := judged(t.Context(), contract, file, base)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(reds(report)).To(BeEmpty())
			g.Expect(report.Verdict).To(Equal(conformance.Conforms), report.Reason)
			least := 240
			if tool.Bodiless {
				least = 40
			}
			g.Expect(report.Counts[conformance.Pass]).To(BeNumerically(">", least))
		})
	}
}

// The suite's own run through a proxy is clean, too, and shows a proxy what a recording shows.
func TestAProxySeesWhatPasses(t *testing.T) {
	g := NewWithT(t)
	a, err := newArena(t.Context(), contracts()[0], theMock)
	g.Expect(err).NotTo(HaveOccurred())
	for id, requirement := range map[string]string{
		"": "", "get-me/field:name~dropped": "get-me/field:name", "list-conversations/status-open~ignored": "list-conversations/status-open",
		"subscribe/event-missing~served": "subscribe/event-missing", "find-messages/unauthenticated~served": "find-messages/unauthenticated",
	} {
		i := slices.IndexFunc(a.defects, func(d defects.Defect) bool { return d.ID == id })
		var d defects.Defect
		if id != "" {
			g.Expect(i).To(BeNumerically(">=", 0), id)
			d = a.defects[i]
		}
		target, stop, err := theMock(d)
		g.Expect(err).NotTo(HaveOccurred())
		traffic, between, end := through(g, a.suite, target)
		_, err = conformance.Run(t.Context(), between, conformance.Options{Contract: a.suite, Patience: longPatience})
		g.Expect(err).NotTo(HaveOccurred())
		report := traffic.Report()
		end()
		stop()
		if id == "" {
			g.Expect(reds(report)).To(BeEmpty())
			g.Expect(report.Counts[conformance.Pass]).To(BeNumerically(">", 250))
		} else {
			g.Expect(reds(report)).To(ContainElement(requirement), id)
		}
	}
}

// through puts a proxy between the suite and a target.
func through(g *WithT, contract conformance.Contract, target conformance.Target) (traffic *conformance.Traffic, between conformance.Target, stop func()) {
	traffic, err := conformance.NewTraffic(conformance.Target{URL: target.URL}, conformance.Options{Contract: contract})
	g.Expect(err).NotTo(HaveOccurred())
	to, err := url.Parse(target.URL)
	g.Expect(err).NotTo(HaveOccurred())
	transport := http.DefaultTransport.(*http.Transport).Clone()
	server := httptest.NewServer(proxy.New(traffic, proxy.Options{Target: to, Transport: transport, Log: slog.New(slog.DiscardHandler)}))
	target.URL = server.URL + to.Path
	return traffic, target, func() { server.Close(); transport.CloseIdleConnections() }
}

func reds(report conformance.Report) []string {
	var ids []string
	for _, f := range report.Findings {
		if isRed(f.Outcome) || f.Outcome == conformance.Errored {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}
