package world_test

import (
	"context"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

func TestWorld(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "world")
}

var noon = time.Date(2025, 1, 2, 12, 0, 0, 0, time.UTC)

func options(seed uint64) world.Options {
	return world.Options{Seed: seed, Now: noon, Limits: limit.Documented(), Operations: assistloop.Operations()}
}

var _ = Describe("A registry of worlds", func() {
	var worlds *world.Registry
	BeforeEach(func() {
		var err error
		worlds, err = world.NewRegistry(options(1), 3)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx SpecContext) { Expect(worlds.Close(ctx)).To(Succeed()) })
	})

	It("begins with the default world, and finds others by name", func() {
		Expect(worlds.Default().Name).To(Equal(world.Default))
		ci, err := worlds.Create("ci-7", options(2))
		Expect(err).NotTo(HaveOccurred())
		found, ok := worlds.Get("ci-7")
		Expect(ok).To(BeTrue())
		Expect(found).To(BeIdenticalTo(ci))
		Expect(worlds.List()).To(HaveExactElements(ci, worlds.Default()))
		_, ok = worlds.Get("other")
		Expect(ok).To(BeFalse())
	})

	It("keeps a world's token and client to that world, also when both have one seed", func() {
		ci, err := worlds.Create("ci", options(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(ci.Token).NotTo(Equal(worlds.Default().Token))
		_, err = ci.Grants.Lookup(worlds.Default().Token)
		Expect(err).To(MatchError(grant.ErrUnknown))
		Expect(ci.Grants.Client()).NotTo(Equal(worlds.Default().Grants.Client()))
	})

	It("makes the same world from the same name, seed and time", func() {
		first := worlds.Default().Ready("http://x")
		again, err := worlds.Reset(context.Background(), world.Default)
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(BeIdenticalTo(worlds.Default()))
		Expect(again.Ready("http://x")).To(Equal(first))
	})

	It("forgets at a reset what happened in that world, and only there", func() {
		ci, err := worlds.Create("ci", options(1))
		Expect(err).NotTo(HaveOccurred())
		there, _ := ci.Grants.Issue("usr", grant.AllScopes, 0)
		here, _ := worlds.Default().Grants.Issue("usr", grant.AllScopes, 0)
		fresh, err := worlds.Reset(context.Background(), "ci")
		Expect(err).NotTo(HaveOccurred())
		_, err = fresh.Grants.Lookup(there)
		Expect(err).To(MatchError(grant.ErrUnknown))
		Expect(worlds.Default().Grants.Lookup(here)).NotTo(BeNil())
	})

	It("gives each world a clock of its own", func() {
		ci, err := worlds.Create("ci", options(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(ci.Clock.Advance(context.Background(), time.Hour)).To(Succeed())
		Expect(ci.Clock.Now()).To(BeTemporally(">=", noon.Add(time.Hour)))
		Expect(worlds.Default().Clock.Now()).To(BeTemporally("<", noon.Add(time.Hour)))
	})

	It("deletes a world, but never the default one", func() {
		_, err := worlds.Create("ci", options(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(worlds.Delete(context.Background(), "ci")).To(Succeed())
		_, found := worlds.Get("ci")
		Expect(found).To(BeFalse())
		Expect(worlds.Delete(context.Background(), "ci")).To(MatchError(world.ErrUnknown))
		Expect(worlds.Delete(context.Background(), world.Default)).To(MatchError(world.ErrDefault))
	})

	It("can be asked for several resets at once", func() {
		var resets sync.WaitGroup
		for range 8 {
			resets.Go(func() {
				defer GinkgoRecover()
				_, err := worlds.Reset(context.Background(), world.Default)
				Expect(err).NotTo(HaveOccurred())
			})
		}
		resets.Wait()
		Expect(worlds.List()).To(HaveLen(1))
	})

	It("resets no world that is not there", func() {
		_, err := worlds.Reset(context.Background(), "ci")
		Expect(err).To(MatchError(world.ErrUnknown))
	})

	It("holds each name once, and no more worlds than it may", func() {
		_, err := worlds.Create(world.Default, options(1))
		Expect(err).To(MatchError(world.ErrExists))
		for _, name := range []string{"a", "b"} {
			_, err = worlds.Create(name, options(1))
			Expect(err).NotTo(HaveOccurred())
		}
		_, err = worlds.Create("c", options(1))
		Expect(err).To(MatchError(world.ErrFull))
	})

	DescribeTable("refuses a name that is", func(name string) {
		_, err := worlds.Create(name, options(1))
		Expect(err).To(MatchError(ContainSubstring("1 to 40 of a-z, 0-9 and -")))
	},
		Entry("empty", ""),
		Entry("long", "a123456789012345678901234567890123456789x"),
		Entry("in capitals", "CI"),
		Entry("a path", "a/b"),
		Entry("dotted", "a.b"),
		Entry("an option", "-a"),
	)

	It("refuses a world whose faults name what the contract does not have", func() {
		o := options(1)
		o.Faults = []fault.Rule{{Match: fault.Match{Operation: "lsit"}, Act: fault.Act{Status: 500}}}
		_, err := worlds.Create("ci", o)
		Expect(err).To(MatchError(ContainSubstring("did you mean list?")))
	})

	It("lets its worlds be looked up while they change", func() {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 20 {
				worlds.Create("ci", options(1))
				worlds.Reset(context.Background(), "ci")
				worlds.Delete(context.Background(), "ci")
			}
		}()
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
				worlds.Get("ci")
				Expect(worlds.Default()).NotTo(BeNil())
			}
		}
	})
})

var _ = Describe("What a client needs to begin", func() {
	It("is found at the root for the default world, and below the name for any other", func() {
		worlds, err := world.NewRegistry(options(1), 2)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx SpecContext) { Expect(worlds.Close(ctx)).To(Succeed()) })
		ready := worlds.Default().Ready("http://127.0.0.1:8080")
		Expect(ready.BaseURL).To(Equal("http://127.0.0.1:8080/v1"))
		Expect(ready.Driver).To(Equal("http://127.0.0.1:8080/_parley/driver"))
		Expect(ready.Organization).NotTo(BeEmpty())
		Expect(ready.Agent).NotTo(BeEmpty())
		Expect(ready.Conversation).NotTo(BeEmpty())
		ci, err := worlds.Create("ci", options(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(ci.Ready("http://h").BaseURL).To(Equal("http://h/_parley/worlds/ci/at/v1"))
		Expect(ci.Ready("http://h").Driver).To(Equal("http://h/_parley/worlds/ci/at/_parley/driver"))
		Expect(ci.Ready("http://h").Conversations.BaseURL).To(Equal("http://h/_parley/worlds/ci/at"))
		Expect(ready.Conversations.Authorization).To(Equal("App " + worlds.Default().Key))
		Expect(ready.Conversations.Key).NotTo(Or(Equal(ready.Token), Equal(ci.Key)))
		Expect(ready.Conversations.Conversation).NotTo(BeEmpty())
	})
})

var _ = It("carries the world of a request in a context", func() {
	w := &world.World{}
	Expect(world.From(world.With(context.Background(), w))).To(BeIdenticalTo(w))
	Expect(world.From(context.Background())).To(BeNil())
})
