package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/conversations"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/reading"
)

// way is one fair way of reading the documents.
type way struct {
	name   string
	texts  []string
	lapses []string // SHOULDs that it leaves out
}

// waysOf are every value of every reading on its own, of those readings that belong to a contract by their rules.
func waysOf(rule string) (all []way) {
	for _, r := range reading.All() {
		if !strings.HasPrefix(r.Rule, rule) && r.Rule != "" {
			continue
		}
		for _, v := range r.Values[1:] {
			text := r.Name + "=" + v.Name
			all = append(all, way{text, []string{text}, v.Lapses})
		}
	}
	return all
}

// opposites take the nth value beside the default of every reading that has so many, or else its last.
func opposites(rule string, n int) way {
	all := way{name: fmt.Sprintf("opposites %d", n+1)}
	for _, r := range reading.All() {
		if !strings.HasPrefix(r.Rule, rule) && r.Rule != "" {
			continue
		}
		v := r.Values[min(n+1, len(r.Values)-1)]
		if len(v.Lapses) > 0 {
			v = r.Values[min(1, len(r.Values)-1)]
		}
		if len(v.Lapses) == 0 {
			all.texts = append(all.texts, r.Name+"="+v.Name)
		}
	}
	return all
}

// Every reading passes the whole suite, alone and all of them at once: the suite asks for nothing that only the mock does.
func TestEveryFairReadingPasses(t *testing.T) {
	ways := append([]way{opposites("AL-", 0), opposites("AL-", 1), opposites("AL-", 2)}, waysOf("AL-")...)
	for i, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			if race.On && i%5 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() && i > 0 {
				t.Skip("one reading at a time is for the long run")
			}
			t.Parallel()
			g := NewWithT(t)
			report := judgeMock(g, mock.Options{Readings: w.texts}, nil)
			g.Expect(came(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), told(report))
			g.Expect(slices.DeleteFunc(came(report, conformance.Warn), w.leavesOut)).To(BeEmpty(), told(report))
			g.Expect(report.Requests.Main).To(BeNumerically("<=", 180), "requests on the main account")
			g.Expect(report.Leftovers).To(BeEmpty())
		})
	}
}

func (w way) leavesOut(requirement string) bool {
	return slices.ContainsFunc(w.lapses, func(pattern string) bool {
		ok, _ := path.Match(pattern, requirement)
		return ok
	})
}

// around puts something between the mock and its clients.
type around func(http.Handler) http.Handler

// judgeMock runs the whole suite against a mock of its own.
func judgeMock(g *WithT, o mock.Options, between around, change ...func(*conformance.Target, *conformance.Options)) conformance.Report {
	o.AutoConsent, o.Logger = true, slog.New(slog.DiscardHandler)
	if o.Conversations == 0 && !o.StartEmpty {
		o.Conversations, o.Messages = 100, 2500
	}
	m, err := mock.New(o)
	g.Expect(err).NotTo(HaveOccurred())
	defer m.Close()
	handler := m.Handler()
	if between != nil {
		handler = between(handler)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	contract, err := assistloop.Contract()
	g.Expect(err).NotTo(HaveOccurred())
	ready := m.Ready(server.URL)
	target := conformance.Target{
		URL: ready.BaseURL, Token: ready.Token, Driver: ready.Driver, ClientID: ready.ClientID, ClientSecret: ready.ClientSecret,
	}
	options := conformance.Options{Contract: contract, Patience: 3 * time.Second}
	for _, c := range change {
		c(&target, &options)
	}
	report, err := conformance.Run(context.Background(), target, options)
	g.Expect(err).NotTo(HaveOccurred())
	return report
}

// came are the requirements that came out so.
func came(report conformance.Report, outcomes ...conformance.Outcome) (ids []string) {
	for _, f := range report.Findings {
		if slices.Contains(outcomes, f.Outcome) {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// told is what a report says of each of its findings but those that passed or could not be judged.
func told(report conformance.Report) string {
	var all []string
	for _, f := range report.Findings {
		if f.Message != "" && f.Outcome != conformance.Unsupported {
			all = append(all, string(f.Outcome)+" "+f.Requirement+": "+f.Message)
		}
	}
	return strings.Join(all, "\n")
}

// Every reading of the second contract passes its suite, too.
func TestEveryFairReadingOfConversationsPasses(t *testing.T) {
	contract, err := conversations.Contract()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	ways := append([]way{opposites("IB-", 0), opposites("IB-", 1)}, waysOf("IB-")...)
	for i, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			if race.On && i%5 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() && i > 0 {
				t.Skip("one reading at a time is for the long run")
			}
			t.Parallel()
			g := NewWithT(t)
			m, err := mock.New(mock.Options{Readings: w.texts, Logger: slog.New(slog.DiscardHandler)})
			g.Expect(err).NotTo(HaveOccurred())
			defer m.Close()
			server := httptest.NewServer(m.Handler())
			defer server.Close()
			report, err := conformance.Run(context.Background(), conformance.Target{Driver: m.Ready(server.URL).Driver},
				conformance.Options{Contract: contract, Patience: 3 * time.Second})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(came(report, conformance.Fail, conformance.Errored, conformance.Warn)).To(BeEmpty(), told(report))
			g.Expect(report.Leftovers).To(BeEmpty())
		})
	}
}
