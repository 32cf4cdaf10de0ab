package assistloop

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/proxy"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// Every honest way to read the document passes the whole suite, with client credentials and a driver as far as
// the variant has one. It stands beside the Ginkgo specs because its hundred runs want to go side by side.
func TestEveryHonestStrangerPasses(t *testing.T) {
	for i, v := range stranger.Variants() {
		t.Run(v.ID, func(t *testing.T) {
			if race.On && i%4 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() && v.Rule != "" {
				t.Skip("one reading at a time is for the long run")
			}
			if takesMinutes(v.Options) {
				t.Skip("minutes are made up for it in the tests of rate limits")
			}
			t.Parallel()
			g := NewWithT(t)
			report, passed := whole(g, v.Options)
			g.Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
			if !v.Lapse {
				g.Expect(outcome(report, conformance.Warn)).To(BeEmpty(), said(report))
			}
			if !v.Lapse && v.Options.Lag == 0 { // what lags is asked for again and again
				g.Expect(report.Requests.Main).To(BeNumerically("<=", 180), "requests on the main account")
			}
			g.Expect(report.Leftovers).To(BeEmpty())

			// The same traffic, judged as it passed by, gives no false alarm either.
			g.Expect(outcome(passed, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(passed))
			if !v.Lapse {
				g.Expect(outcome(passed, conformance.Warn)).To(BeEmpty(), said(passed))
			}
		})
	}
}

// takesMinutes: without a clock to move, a run waits for the documented limits in real time.
func takesMinutes(o stranger.Options) bool {
	for _, c := range o.Without {
		if c == "advance-clock" {
			return true
		}
	}
	return o.NoDriver
}

// whole runs everything against a stranger, through a proxy that judges what passes.
func whole(g *WithT, options stranger.Options) (report, passed conformance.Report) {
	s := stranger.New(options)
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	contract, err := loaded()
	g.Expect(err).NotTo(HaveOccurred())
	ready := s.Ready()
	traffic, err := conformance.NewTraffic(conformance.Target{URL: server.URL + ready.Base}, conformance.Options{Contract: contract})
	g.Expect(err).NotTo(HaveOccurred())
	origin, err := url.Parse(server.URL)
	g.Expect(err).NotTo(HaveOccurred())
	between := httptest.NewServer(proxy.New(traffic, proxy.Options{Target: origin, Transport: http.DefaultTransport, Log: slog.New(slog.DiscardHandler)}))
	defer between.Close()
	target := conformance.Target{
		URL: between.URL + ready.Base, Token: ready.Token, Driver: server.URL + ready.Driver,
		ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
	}
	report, err = conformance.Run(context.Background(), target, conformance.Options{Contract: contract, Patience: 5 * time.Second})
	g.Expect(err).NotTo(HaveOccurred())
	return report, traffic.Report()
}
