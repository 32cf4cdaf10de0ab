package conversations

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/sender"
)

// Every honest way to be a sender passes the whole suite; a lapse warns. It stands beside the Ginkgo specs because its
// hundred runs want to go side by side.
func TestEveryHonestSenderPasses(t *testing.T) {
	for i, v := range sender.Variants() {
		t.Run(v.ID, func(t *testing.T) {
			if race.On && i%4 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() && v.Rule != "" {
				t.Skip("one reading at a time is for the long run")
			}
			t.Parallel()
			g := NewWithT(t)
			report := judged(g, v.Options)
			g.Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
			if v.Lapse {
				g.Expect(outcome(report, conformance.Warn)).NotTo(BeEmpty(), said(report))
			} else {
				g.Expect(outcome(report, conformance.Warn)).To(BeEmpty(), said(report))
			}
			if !slices.Contains(v.Without, "unsubscribe") || slices.Contains(v.Without, "provoke") {
				g.Expect(report.Leftovers).To(BeEmpty())
			}
		})
	}
}

// judged runs everything against a sender.
func judged(g *WithT, options sender.Options) conformance.Report {
	s, err := sender.New(options)
	g.Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	contract := loaded()
	report, err := conformance.Run(context.Background(), conformance.Target{Driver: server.URL + sender.DriverPath},
		conformance.Options{Contract: contract, Patience: 3 * time.Second})
	g.Expect(err).NotTo(HaveOccurred())
	return report
}

// outcome lists the requirements that were selected and came out so.
func outcome(report conformance.Report, outcomes ...conformance.Outcome) []string {
	var ids []string
	for _, f := range report.Findings {
		if slices.Contains(outcomes, f.Outcome) && f.Message != "not selected" {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// said is every message of a report, for a test that fails.
func said(report conformance.Report) string {
	var all []string
	for _, f := range report.Findings {
		if f.Message != "" && f.Outcome != conformance.Unsupported {
			all = append(all, string(f.Outcome)+" "+f.Requirement+": "+f.Message)
		}
	}
	return strings.Join(all, "\n")
}
