package grant_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/grant"
)

func TestGrant(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "grant")
}

// hand is a clock that moves by hand.
type hand struct{ now time.Time }

func (h *hand) Now() time.Time          { return h.now }
func (h *hand) advance(d time.Duration) { h.now = h.now.Add(d) }

func anyone(grant.Authorization) error { return nil }

func whole(g grant.Grant) (grant.Scopes, error) { return g.Scopes, nil }

var _ = Describe("A store of grants", func() {
	var (
		clock *hand
		store *grant.Store
	)
	BeforeEach(func() {
		clock = &hand{now: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)}
		store = grant.New("default", 7, clock)
	})

	It("finds the grant of a token it issued", func() {
		token, issued := store.Issue("usr_1", grant.ReadMessages, time.Hour)
		found, err := store.Lookup(token)
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(BeIdenticalTo(issued))
		Expect(found.Account).To(Equal("usr_1"))
		Expect(found.Scopes).To(Equal(grant.ReadMessages))
	})

	DescribeTable("knows no token that it did not issue", func(token string) {
		_, err := store.Lookup(token)
		Expect(err).To(MatchError(grant.ErrUnknown))
	},
		Entry("an empty one", ""),
		Entry("a made-up one", "at.default.abc"),
		Entry("a very long one", strings.Repeat("x", 4096)),
	)

	It("tells a token that expired by the world's clock from one it never knew", func() {
		token, _ := store.Issue("usr_1", grant.AllScopes, time.Minute)
		clock.advance(time.Minute - 1)
		Expect(store.Lookup(token)).NotTo(BeNil())
		clock.advance(1)
		_, err := store.Lookup(token)
		Expect(err).To(MatchError(grant.ErrExpired))
	})

	It("issues a token that never expires for a lifetime of zero, and an expired one for a negative one", func() {
		forever, _ := store.Issue("usr_1", grant.AllScopes, 0)
		past, _ := store.Issue("usr_1", grant.AllScopes, -time.Second)
		clock.advance(100 * 365 * 24 * time.Hour)
		Expect(store.Lookup(forever)).NotTo(BeNil())
		_, err := store.Lookup(past)
		Expect(err).To(MatchError(grant.ErrExpired))
	})

	It("gives the same tokens in the same world, and others in another", func() {
		token := func(world string, seed uint64) string {
			text, _ := grant.New(world, seed, clock).Issue("usr_1", grant.AllScopes, 0)
			return text
		}
		Expect(token("a", 1)).To(Equal(token("a", 1)))
		Expect(token("a", 1)).NotTo(Equal(token("a", 2)))
		Expect(strings.TrimPrefix(token("a", 1), "at.a.")).NotTo(Equal(strings.TrimPrefix(token("b", 1), "at.b.")))
	})

	It("names its world in every token", func() {
		token, _ := grant.New("ci-7", 1, clock).Issue("usr_1", grant.AllScopes, 0)
		Expect(grant.WorldOf(token)).To(Equal("ci-7"))
		Expect(grant.WorldOf("nothing")).To(BeEmpty())
		Expect(grant.WorldOf("at.half")).To(BeEmpty())
	})

	It("keeps two grants of one account apart", func() {
		_, one := store.Issue("usr_1", grant.AllScopes, 0)
		_, two := store.Issue("usr_1", grant.AllScopes, 0)
		Expect(one.ID).NotTo(Equal(two.ID))
	})

	It("forgets what has long been dead, and nothing else", func() {
		forever, _ := store.Issue("usr_1", grant.AllScopes, 0)
		for range 5000 {
			store.Issue("usr_1", grant.AllScopes, time.Second)
			clock.advance(time.Minute)
		}
		Expect(store.Size()).To(BeNumerically("<", 4000))
		Expect(store.Lookup(forever)).NotTo(BeNil())
	})

	It("knows its client by the secret alone", func() {
		client := store.Client()
		Expect(client.Authenticate(client.Secret)).To(BeTrue())
		Expect(client.Authenticate("")).To(BeFalse())
		Expect(client.Authenticate(client.Secret + "x")).To(BeFalse())
	})

	It("carries the caller's grant in a context", func() {
		_, g := store.Issue("usr_1", grant.AllScopes, 0)
		Expect(grant.From(grant.With(context.Background(), g))).To(BeIdenticalTo(g))
		Expect(grant.From(context.Background())).To(BeNil())
	})

	Describe("exchanging a code", func() {
		asked := grant.Authorization{Account: "usr_1", Client: "c", Scopes: grant.DefaultScopes, RedirectURI: "http://127.0.0.1/"}

		It("gives tokens for what was authorized", func() {
			tokens, err := store.Exchange(store.Authorize(asked), func(a grant.Authorization) error {
				Expect(a).To(Equal(asked))
				return nil
			})
			Expect(err).NotTo(HaveOccurred())
			g, err := store.Lookup(tokens.Access)
			Expect(err).NotTo(HaveOccurred())
			Expect(g.Account).To(Equal("usr_1"))
			Expect(g.Client).To(Equal("c"))
			Expect(g.Scopes).To(Equal(grant.DefaultScopes))
			Expect(g.Expires).To(Equal(clock.now.Add(tokens.ExpiresIn)))
		})

		It("refuses a code it never gave", func() {
			_, err := store.Exchange("ac.default.none", anyone)
			Expect(err).To(MatchError(grant.ErrUnknown))
		})

		It("refuses a code that is too old", func() {
			code := store.Authorize(asked)
			clock.advance(grant.CodeLifetime)
			_, err := store.Exchange(code, anyone)
			Expect(err).To(MatchError(grant.ErrExpired))
		})

		It("refuses a code the second time, and revokes what the first time gave", func() {
			code := store.Authorize(asked)
			tokens, err := store.Exchange(code, anyone)
			Expect(err).NotTo(HaveOccurred())
			_, err = store.Exchange(code, anyone)
			Expect(err).To(MatchError(grant.ErrUsed))
			_, err = store.Lookup(tokens.Access)
			Expect(err).To(MatchError(grant.ErrUnknown))
			_, err = store.Refresh(tokens.Refresh, whole)
			Expect(err).To(MatchError(grant.ErrUnknown))
		})

		It("leaves a code good that was presented wrongly", func() {
			code := store.Authorize(asked)
			wrong := errors.New("wrong client")
			_, err := store.Exchange(code, func(grant.Authorization) error { return wrong })
			Expect(err).To(BeIdenticalTo(wrong))
			_, err = store.Exchange(code, anyone)
			Expect(err).NotTo(HaveOccurred())
		})

		It("does not take an access token for a code, nor a code for an access token", func() {
			token, _ := store.Issue("usr_1", grant.AllScopes, 0)
			_, err := store.Exchange(token, anyone)
			Expect(err).To(MatchError(grant.ErrUnknown))
			_, err = store.Lookup(store.Authorize(asked))
			Expect(err).To(MatchError(grant.ErrUnknown))
		})
	})

	Describe("refreshing", func() {
		var tokens grant.Tokens
		BeforeEach(func() {
			var err error
			tokens, err = store.Exchange(store.Authorize(grant.Authorization{Account: "usr_1", Scopes: grant.DefaultScopes}), anyone)
			Expect(err).NotTo(HaveOccurred())
		})

		It("gives a new pair and goes on with the same grant", func() {
			fresh, err := store.Refresh(tokens.Refresh, whole)
			Expect(err).NotTo(HaveOccurred())
			Expect(fresh.Access).NotTo(Equal(tokens.Access))
			Expect(fresh.Refresh).NotTo(Equal(tokens.Refresh))
			before, _ := store.Lookup(tokens.Access)
			after, _ := store.Lookup(fresh.Access)
			Expect(after.ID).To(Equal(before.ID))
		})

		It("narrows the access token and keeps the authorization as wide as it was", func() {
			narrow, err := store.Refresh(tokens.Refresh, func(grant.Grant) (grant.Scopes, error) { return grant.ReadMessages, nil })
			Expect(err).NotTo(HaveOccurred())
			g, _ := store.Lookup(narrow.Access)
			Expect(g.Scopes).To(Equal(grant.ReadMessages))
			wide, err := store.Refresh(narrow.Refresh, whole)
			Expect(err).NotTo(HaveOccurred())
			Expect(wide.Scopes).To(Equal(grant.DefaultScopes))
		})

		It("takes a refresh token once; a second time ends the authorization", func() {
			fresh, err := store.Refresh(tokens.Refresh, whole)
			Expect(err).NotTo(HaveOccurred())
			_, err = store.Refresh(tokens.Refresh, whole)
			Expect(err).To(MatchError(grant.ErrUsed))
			_, err = store.Lookup(fresh.Access)
			Expect(err).To(MatchError(grant.ErrUnknown))
		})

		It("refuses one that is too old", func() {
			clock.advance(grant.RefreshLifetime)
			_, err := store.Refresh(tokens.Refresh, whole)
			Expect(err).To(MatchError(grant.ErrExpired))
		})
	})
})

var _ = Describe("Scopes", func() {
	It("read as OAuth writes them", func() {
		set, err := grant.ParseScopes(" read:messages  write:conversations read:messages")
		Expect(err).NotTo(HaveOccurred())
		Expect(set).To(Equal(grant.ReadMessages | grant.WriteConversations))
		Expect(set.String()).To(Equal("read:messages write:conversations"))
	})

	It("by default are the three documented ones", func() {
		Expect(grant.DefaultScopes.List()).To(Equal([]string{"read:conversations", "read:messages", "manage:webhooks"}))
		Expect(grant.DefaultScopes.Has(grant.WriteConversations)).To(BeFalse())
		Expect(grant.DefaultScopes.Has(grant.ReadMessages | grant.ManageWebhooks)).To(BeTrue())
	})

	It("that do not exist are named, with those that do", func() {
		_, err := grant.ParseScopes("read:messages read:everything")
		Expect(err).To(MatchError(`unknown scope "read:everything": the scopes are read:conversations read:messages manage:webhooks write:conversations`))
	})
})

func BenchmarkLookup(b *testing.B) {
	store := grant.New("default", 1, &hand{now: time.Now()})
	var token string
	for range 1000 {
		token, _ = store.Issue("usr_1", grant.AllScopes, time.Hour)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.Lookup(token); err != nil {
			b.Fatal(err)
		}
	}
}
