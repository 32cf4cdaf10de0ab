package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/fixtures/bubble"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

// circumstance is what a target may hold, lack or be busy with. None of it is a breach.
type circumstance struct {
	name     string
	data     desk.Options
	readings []string
	noDriver bool
	without  []string      // capabilities that the driver lacks
	latency  time.Duration // before every answer
	arrivals time.Duration // a conversation starts at this interval
	trouble  float64       // how many of the requests meet it
	spent    int           // requests that somebody sent with the token just before
	runs     int           // at once; 0 is one
	seed     uint64
}

var (
	many = desk.Options{Conversations: 100, Messages: 2500}
	few  = desk.Options{Organizations: 1, Agents: 1, Conversations: 3, Messages: 12}
)

func circumstances() []circumstance {
	return []circumstance{
		{name: "one organization, one agent, three conversations", data: few},
		{name: "nothing", data: desk.Options{Empty: true}},
		{name: "nothing in one organization", data: desk.Options{Empty: true, Organizations: 1, Agents: 1}},
		{name: "a driver that cannot provoke", data: many, without: []string{"provoke"}},
		{name: "a driver that issues no tokens", data: many, without: []string{"issue-token"}},
		{name: "a driver that only moves the clock", data: many, without: []string{"issue-token", "provoke"}},
		{name: "few and no tokens", data: few, without: []string{"issue-token"}},
		{name: "latency", data: many, latency: 100 * time.Millisecond},
		{name: "a conversation each second", data: many, arrivals: time.Second},
		{name: "ten conversations each second", data: many, arrivals: 100 * time.Millisecond},
		{name: "trouble", data: many, trouble: 0.01, seed: 1},
		{name: "more trouble", data: many, trouble: 0.03, seed: 2},
		{name: "half a window spent", data: many, spent: 30},
		{name: "two runs at once", data: many, runs: 2},
		{name: "two runs at once without accounts", data: many, runs: 2, without: []string{"issue-token"}},
	}
}

// slow are those in which a run waits for the limits' minutes, so that time is made up for them. No delivery is seen
// there.
func slow() []circumstance {
	return []circumstance{
		{name: "no driver", data: many, noDriver: true},
		{name: "no driver and few", data: few, noDriver: true},
		{name: "no driver and nothing", data: desk.Options{Empty: true}, noDriver: true},
		{name: "no driver and a sliding window", data: many, noDriver: true, readings: []string{"window=sliding,closes=counted"}},
		{name: "no driver and a bucket", data: many, noDriver: true, readings: []string{"window=bucket"}},
		{name: "a driver without a clock", data: many, without: []string{"advance-clock"}},
		{name: "a driver without a clock and accounts", data: many, without: []string{"advance-clock", "issue-token"}},
		{name: "a driver that only issues tokens", data: many, without: []string{"advance-clock", "provoke"}},
		{name: "no driver and latency", data: many, noDriver: true, latency: 100 * time.Millisecond},
		{name: "no driver and a conversation each second", data: many, noDriver: true, arrivals: time.Second},
		{name: "no driver and trouble", data: many, noDriver: true, trouble: 0.01, seed: 3},
		{name: "no driver and half a window spent", data: many, noDriver: true, spent: 30},
		{name: "no clock and half a window spent", data: many, without: []string{"advance-clock"}, spent: 30},
		{name: "no driver and two runs at once", data: many, noDriver: true, runs: 2},
		{name: "no driver and three runs at once", data: few, noDriver: true, runs: 3, latency: 20 * time.Millisecond},
		{name: "no clock and two runs at once", data: many, without: []string{"advance-clock"}, runs: 2},
		{name: "no clock or accounts and two runs at once", data: many, without: []string{"advance-clock", "issue-token"}, runs: 2},
	}
}

// No circumstance is held against a target: what cannot be judged in one is unsupported, or an error that says why.
func TestNoCircumstanceIsHeldAgainstATarget(t *testing.T) {
	for i, c := range circumstances() {
		t.Run(c.name, func(t *testing.T) {
			if race.On && i%4 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() && i > 1 {
				t.Skip("one circumstance at a time is for the long run")
			}
			t.Parallel()
			g := NewWithT(t)
			s := c.stage(g, nil)
			defer s.close()
			server := httptest.NewServer(s.handler)
			defer server.Close()
			c.judge(g, s, server.URL, nil)
		})
	}
	for i, c := range slow() {
		t.Run(c.name, func(t *testing.T) {
			if race.On && i%4 != 0 {
				t.Skip(race.Why)
			}
			if testing.Short() {
				t.Skip("one circumstance at a time is for the long run")
			}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				time.Sleep(time.Second) // so that no clock's minute begins just now
				s := c.stage(g, nowhere)
				defer s.close()
				network := bubble.New()
				server := &http.Server{Handler: s.handler}
				go func() { _ = server.Serve(network) }()
				defer server.Close()
				c.judge(g, s, "http://mock.localhost", network)
			})
		})
	}
}

// stage is a world in a circumstance.
type stage struct {
	world   *world.World
	handler http.Handler
	close   func()
}

// nowhere is where deliveries lead in a bubble: name servers are real.
var nowhere = roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("there is no network") })

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (c circumstance) stage(g *WithT, deliver http.RoundTripper) *stage {
	o := mock.Options{AutoConsent: true, Logger: slog.New(slog.DiscardHandler), DeliveryTransport: deliver}
	m, err := mock.New(o)
	g.Expect(err).NotTo(HaveOccurred())
	options := m.Worlds().Default().Options
	options.Desk = c.data
	options.Readings, err = reading.Parse(c.readings)
	if len(c.readings) > 0 {
		g.Expect(err).NotTo(HaveOccurred())
	}
	w, err := m.Worlds().Create("circumstance", options)
	g.Expect(err).NotTo(HaveOccurred())
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { defer close(done); c.arrive(w, stop) }()
	return &stage{world: w, handler: c.around(m.Handler()), close: func() { close(stop); <-done; _ = m.Close() }}
}

// arrive has customers write.
func (c circumstance) arrive(w *world.World, stop chan struct{}) {
	if c.arrivals == 0 {
		return
	}
	tick := time.NewTicker(c.arrivals)
	defer tick.Stop()
	organization, agent, _ := w.Desk.Example()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			_, _ = w.Desk.Provoke(desk.NewConversation, organization, agent)
		}
	}
}

// around puts latency, trouble and what the driver lacks before the mock.
func (c circumstance) around(next http.Handler) http.Handler {
	var mu sync.Mutex
	chance := rand.New(rand.NewPCG(c.seed, 7))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at := strings.Index(r.URL.Path, "/_parley/driver"); at >= 0 {
			c.drive(next, w, r, r.URL.Path[at+len("/_parley/driver"):])
			return
		}
		time.Sleep(c.latency)
		mu.Lock()
		hit, kind := chance.Float64() < c.trouble, chance.IntN(4)
		mu.Unlock()
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		if kind < 2 { // after it took effect
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		if kind%2 == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"error":"Service unavailable","message":"Try again later."}`)
	})
}

// drive leaves out what the driver cannot.
func (c circumstance) drive(next http.Handler, w http.ResponseWriter, r *http.Request, call string) {
	if call != "" && slices.Contains(c.without, strings.TrimPrefix(call, "/")) {
		http.Error(w, `{"message":"this driver cannot"}`, http.StatusNotFound)
		return
	}
	if call != "" {
		next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	var can struct {
		Capabilities []string `json:"capabilities"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &can)
	can.Capabilities = slices.DeleteFunc(can.Capabilities, func(name string) bool { return slices.Contains(c.without, name) })
	body, _ := json.Marshal(can)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.Copy(w, bytes.NewReader(body))
}

// judge runs the suite, as often at once as the circumstance says, and expects no alarm of any run.
func (c circumstance) judge(g *WithT, s *stage, origin string, network *bubble.Network) {
	for range c.spent {
		r := httptest.NewRequest("GET", s.world.PathPrefix()+"/v1/oauth/me", nil)
		r.Header.Set("Authorization", "Bearer "+s.world.Token)
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	contract, err := assistloop.Contract()
	g.Expect(err).NotTo(HaveOccurred())
	ready := s.world.Ready(origin)
	target := conformance.Target{URL: ready.BaseURL, Token: ready.Token, ClientID: ready.ClientID, ClientSecret: ready.ClientSecret}
	target.TokenURL = origin + s.world.PathPrefix() + "/oauth/token"
	if !c.noDriver {
		target.Driver = ready.Driver
	}
	options := conformance.Options{Contract: contract, Patience: 3 * time.Second}
	if network != nil {
		target.Dial = network.Dial
		options.Receiver = conformance.Receiver{Listen: "nowhere"} // it would be a real one
		options.Selected = func(id, _, _ string) bool { return !delivered(id) }
	}
	reports := make([]conformance.Report, max(1, c.runs))
	var all errgroup.Group
	for i := range reports {
		all.Go(func() (err error) {
			reports[i], err = conformance.Run(context.Background(), target, options)
			return err
		})
	}
	g.Expect(all.Wait()).To(Succeed())
	for i, report := range reports {
		which := fmt.Sprintf("run %d of %d\n", i+1, len(reports))
		g.Expect(came(report, conformance.Fail, conformance.Warn)).To(BeEmpty(), which+told(report))
		if c.trouble == 0 && c.runs < 2 {
			g.Expect(came(report, conformance.Errored)).To(BeEmpty(), which+told(report))
		}
		g.Expect(report.Requests.Main).To(BeNumerically("<=", c.mostRequests()), which)
	}
}

// delivered: a requirement that is judged by what a receiver gets.
func delivered(id string) bool {
	switch id {
	case "unsubscribe/stops", "unsubscribe/stops-retries", "unsubscribe/others-go-on":
		return true
	}
	return strings.HasPrefix(id, "event-") || strings.HasPrefix(id, "deliveries/")
}

// mostRequests is the bound of a run. Trouble makes it ask again; beside another one it looks twice at limits that seem
// to come early.
func (c circumstance) mostRequests() int {
	switch {
	case c.runs > 1:
		return 330
	case c.trouble > 0:
		return 200
	}
	return 180
}
