package control

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
)

// clockFace is what the world's clock shows.
type clockFace struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

func clockOf(w *world.World) clockFace {
	return clockFace{Now: w.Clock.Now(), Frozen: w.Clock.Frozen()}
}

func getClock(r *http.Request) (any, error) { return clockOf(world.From(r.Context())), nil }

func freezeClock(r *http.Request) (any, error) {
	w := world.From(r.Context())
	w.Clock.Freeze()
	return clockOf(w), nil
}

func resumeClock(r *http.Request) (any, error) {
	w := world.From(r.Context())
	w.Clock.Resume()
	return clockOf(w), nil
}

// faults are rules and delays, each as text or, where text cannot say it, an object.
type faults struct {
	Profile string        `json:"profile,omitempty"` // a ready-made set, before the others; an answer has its rules
	Faults  []fault.Rule  `json:"faults"`
	Latency []fault.Delay `json:"latency"`
}

func faultsOf(w *world.World) faults {
	rules, delays := w.Faults.Rules()
	return faults{Faults: append([]fault.Rule{}, rules...), Latency: append([]fault.Delay{}, delays...)} // lists, also when empty
}

// rules are those asked for, the profile's included.
func (f faults) rules() ([]fault.Rule, error) {
	if f.Profile == "" {
		return f.Faults, nil
	}
	profile, err := fault.Profile(f.Profile)
	return append(profile.Rules, f.Faults...), err
}

func getFaults(r *http.Request) (any, error) { return faultsOf(world.From(r.Context())), nil }

// putFaults puts the rules in place of those in force; a list that is left out is empty.
func putFaults(r *http.Request) (any, error) {
	return changeFaults(r, (*fault.Faults).Set)
}

// addFaults puts the rules beside those in force.
func addFaults(r *http.Request) (any, error) {
	return changeFaults(r, (*fault.Faults).Add)
}

func changeFaults(r *http.Request, change func(*fault.Faults, []fault.Rule, []fault.Delay) error) (any, error) {
	w := world.From(r.Context())
	asked, err := decode[faults](r)
	if err != nil {
		return nil, err
	}
	rules, err := asked.rules()
	if err != nil {
		return nil, err
	}
	if err := change(w.Faults, rules, asked.Latency); err != nil {
		return nil, err
	}
	return faultsOf(w), nil
}

func deleteFaults(r *http.Request) (any, error) {
	return nil, world.From(r.Context()).Faults.Set(nil, nil)
}

// defaultLast is how many journal entries are answered when nobody says how many.
const defaultLast = 100

func getRequests(r *http.Request) (any, error) {
	last, err := lastOf(r.URL.Query())
	if err != nil {
		return nil, err
	}
	return struct {
		Requests []journal.Request `json:"requests"` // the newest first
	}{world.From(r.Context()).Journal.Requests(last)}, nil
}

func getDeliveries(r *http.Request) (any, error) {
	last, err := lastOf(r.URL.Query())
	if err != nil {
		return nil, err
	}
	return struct {
		Deliveries []journal.Attempt `json:"deliveries"` // each attempt, the newest first
	}{world.From(r.Context()).Journal.Attempts(last)}, nil
}

func lastOf(query url.Values) (int, error) {
	for key := range query {
		if key != "last" {
			return 0, problem(http.StatusBadRequest, fmt.Sprintf("unknown parameter %.40q: there is last", key))
		}
	}
	if !query.Has("last") {
		return defaultLast, nil
	}
	last, err := strconv.Atoi(query.Get("last"))
	if err != nil || last < 1 {
		return 0, problem(http.StatusUnprocessableEntity, "last: expected a whole number above zero")
	}
	return last, nil
}

// stats are a world's numbers.
type stats struct {
	summary
	Outbox outbox.Stats `json:"outbox"`
	Desk   desk.Stats   `json:"desk"`
	Center center.Stats `json:"center"`
	Tokens int          `json:"tokens"` // access and refresh tokens and codes that are kept
}

func getStats(r *http.Request) (any, error) {
	w := world.From(r.Context())
	return stats{summary: summaryOf(w), Outbox: w.Outbox.Stats(), Desk: w.Desk.Stats(), Center: w.Center.Stats(), Tokens: w.Grants.Size()}, nil
}
