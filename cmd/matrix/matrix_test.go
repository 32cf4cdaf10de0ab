package main

import (
	"context"
	"maps"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock/defects"
)

// atOnce is how many runs stand side by side: they wait more than they work.
const atOnce = 10

// Some defects of each kind turn their own requirement red, and no other that they do not declare. All of them are played
// by `make matrix`.
func TestDefectsOfEachKindAreNoticedByName(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays dozens of defects")
	}
	for _, c := range contracts() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			a, err := newArena(t.Context(), c, theMock)
			g.Expect(err).NotTo(HaveOccurred())
			var survivors, alarms []string
			for _, r := range a.meetAll(t.Context(), ofEachKind(a.defects), false, atOnce, func() {}) {
				if !r.noticed() {
					survivors = append(survivors, r.ID+": "+string(r.outcome)+" "+r.message)
				}
				for _, id := range r.red {
					alarms = append(alarms, r.ID+" turned "+id+" red: "+r.said[id])
				}
			}
			g.Expect(survivors).To(BeEmpty(), "defects that nothing notices")
			g.Expect(alarms).To(BeEmpty(), "requirements that are red for another's defect")
			g.Expect(a.bare()).To(BeEmpty(), "requirements that no defect turns red: checks that cannot fail")
			g.Expect(a.unmet()).To(BeEmpty(), "requirements that an honest server is not seen to meet")
		})
	}
}

// ofEachKind takes the first, the middle and the last defect of each kind.
func ofEachKind(all []defects.Defect) []defects.Defect {
	byKind := map[defects.Kind][]defects.Defect{}
	for _, d := range all {
		byKind[d.Kind] = append(byKind[d.Kind], d)
	}
	var some []defects.Defect
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		of := byKind[kind]
		places := []int{0, len(of) / 2, len(of) - 1}
		if race.On {
			places = places[1:2]
		}
		for _, i := range slices.Compact(places) {
			some = append(some, of[i])
		}
	}
	return some
}

// The second target's own defects are noticed, though the suite was not made at it.
func TestEveryDefectOfAStrangerIsNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays dozens of defects")
	}
	g := NewWithT(t)
	contract, err := assistloop.Contract()
	g.Expect(err).NotTo(HaveOccurred())
	var group errgroup.Group
	group.SetLimit(atOnce)
	all := stranger.Defects()
	missed := make([]bool, len(all))
	for i, d := range all {
		if race.On && i%6 != 0 {
			continue // a run without the race detector has all
		}
		group.Go(func() (err error) {
			missed[i], err = missedOverStranger(t.Context(), contract, d)
			return err
		})
	}
	g.Expect(group.Wait()).To(Succeed())
	for i, d := range all {
		if missed[i] { // alone, since dozens of runs at once keep no time
			again, err := missedOverStranger(t.Context(), contract, d)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(again).To(BeFalse(), "%s: %s", d.ID, d.Says)
		}
	}
}

func missedOverStranger(ctx context.Context, contract conformance.Contract, d stranger.Defect) (bool, error) {
	report, err := overStranger(ctx, contract, d)
	return report.Counts[conformance.Fail] == 0 && (!d.Should || report.Counts[conformance.Warn] == 0), err
}

func overStranger(ctx context.Context, contract conformance.Contract, d stranger.Defect) (conformance.Report, error) {
	options := stranger.Plain()
	if d.Needs == stranger.NeedStrict {
		options = stranger.Opposite()
	}
	options.Defect = d.ID
	s := stranger.New(options)
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	ready := s.Ready()
	target := conformance.Target{
		URL: server.URL + ready.Base, Token: ready.Token, Driver: server.URL + ready.Driver,
		ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
	}
	return conformance.Run(ctx, target, conformance.Options{Contract: contract, Patience: 3 * time.Second})
}
