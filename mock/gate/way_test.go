package gate_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/gate"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

var _ = Describe("The gate", func() {
	var h *house
	BeforeEach(func() { h = open() })

	It("leads to the operation, with the caller's world and grant", func() {
		h.handle = func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, world.From(r.Context()).Name, " ", grant.From(r.Context()).Account, " ", r.PathValue("conversationUuid"))
		}
		w := h.ask("POST", reply, hello)
		Expect(w.Body.String()).To(Equal("default " + h.world().Desk.Owner().ID + " c"))
	})

	It("serves the documented base path and the one of the other examples", func() {
		Expect(h.ask("GET", "/v1/oauth/me", "").Code).To(Equal(http.StatusOK))
		Expect(h.ask("GET", "/api/v1/oauth/me", "").Code).To(Equal(http.StatusOK))
	})

	It("has the token endpoint at the root, and nowhere else", func() {
		Expect(h.ask("POST", "/oauth/token", `{"grant_type":"refresh_token"}`).Code).To(Equal(http.StatusOK))
		Expect(h.ask("POST", "/v1/oauth/token", "").Code).To(Equal(http.StatusNotFound))
	})

	It("does not mount a contract whose tables and generated code differ", func() {
		mount := func(c gate.Contract) error { return gate.New(h.worlds, slog.Default()).Mount(c) }
		c := gate.Contract{Operations: assistloop.Operations()[1:], Bases: []string{"/v1"}, Generated: h.routes}
		Expect(mount(c)).To(MatchError(ContainSubstring("is in no table")))
		c = gate.Contract{Operations: assistloop.Operations(), Bases: []string{"/v1"}, Generated: func(string, gate.Router) {}}
		Expect(mount(c)).To(MatchError(ContainSubstring("no generated route")))
	})

	Describe("finds the world", func() {
		var ci *world.World
		BeforeEach(func() {
			var err error
			ci, err = h.worlds.Create("ci", h.world().Options)
			Expect(err).NotTo(HaveOccurred())
			h.handle = func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, world.From(r.Context()).Name) }
		})
		in := func(target string, headers ...string) string {
			GinkgoHelper()
			w := h.ask("GET", target, "", headers...)
			if w.Code != http.StatusOK {
				return fmt.Sprint(w.Code)
			}
			return w.Body.String()
		}

		It("by the token", func() {
			Expect(in(me)).To(Equal("default"))
			Expect(in(me, "Authorization", "Bearer "+ci.Token)).To(Equal("ci"))
		})
		It("by a header", func() {
			Expect(in(me, "Authorization", "Bearer "+ci.Token, "Parley-World", "ci")).To(Equal("ci"))
			Expect(in("/oauth/token", "Parley-World", "ci")).To(Equal("405"))
		})
		It("by a path", func() {
			Expect(in("/_parley/worlds/ci/at"+me, "Authorization", "Bearer "+ci.Token)).To(Equal("ci"))
		})
		It("and does not know another world's token in it", func() {
			Expect(in(me, "Parley-World", "ci")).To(Equal("401"))
			Expect(in("/_parley/worlds/ci/at" + me)).To(Equal("401"))
			Expect(in("/_parley/worlds/default/at"+me, "Authorization", "Bearer "+ci.Token)).To(Equal("401"))
		})
		It("and says so when there is none of that name", func() {
			Expect(refusal(h.ask("GET", me, "", "Parley-World", "nowhere"))).To(ContainSubstring("no world of this name"))
			Expect(refusal(h.ask("GET", "/_parley/worlds/nowhere/at"+me, ""))).To(ContainSubstring("no world of this name"))
		})
		It("for what belongs to no contract, too", func() {
			h.Handle("/_parley/", http.HandlerFunc(h.handle))
			Expect(in("/_parley/worlds/ci/at/_parley/driver")).To(Equal("ci"))
			Expect(in("/_parley/driver")).To(Equal("default"))
		})
		It("so that one world's limits and faults touch no other", func() {
			for range 61 {
				h.ask("GET", me, "")
			}
			Expect(in(me)).To(Equal("429"))
			Expect(in(me, "Authorization", "Bearer "+ci.Token)).To(Equal("ci"))
			rule, _ := fault.ParseRule("me=500")
			Expect(ci.Faults.Add([]fault.Rule{rule}, nil)).To(Succeed())
			Expect(in(me, "Authorization", "Bearer "+ci.Token)).To(Equal("500"))
			Expect(in(me)).To(Equal("429"))
		})
	})

	Describe("keeps a journal", func() {
		It("of what was asked, by whom, and what was answered", func() {
			h.ask("POST", reply+"?x=1", hello)
			h.ask("GET", "/nowhere", "")
			h.ask("GET", me, "", "Authorization", "")
			entries := h.world().Journal.Requests(-1)
			Expect(entries).To(HaveLen(3))
			Expect(entries[2].Operation).To(Equal("reply-to-conversation"))
			Expect(entries[2].Method + " " + entries[2].Path).To(Equal("POST " + reply))
			Expect(entries[2].Status).To(Equal(200))
			Expect(entries[2].Grant).To(Equal("grant-1"))
			Expect(entries[1].Operation).To(BeEmpty())
			Expect(entries[1].Status).To(Equal(404))
			Expect(entries[0].Status).To(Equal(401))
			Expect(entries[0].Grant).To(BeEmpty())
		})

		It("of a handler that panics, which is logged and answered with the documented 500", func() {
			h.handle = func(http.ResponseWriter, *http.Request) { panic("a bug") }
			w := h.ask("GET", me, "")
			Expect(w.Code).To(Equal(http.StatusInternalServerError))
			Expect(refusal(w)).NotTo(BeEmpty())
			Expect(h.log.String()).To(ContainSubstring(`cause="a bug"`))
			Expect(h.world().Journal.Requests(-1)[0].Status).To(Equal(500))
		})

		It("of a connection that is dropped on purpose", func() {
			h.handle = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
			Expect(func() { h.ask("GET", me, "") }).To(PanicWith(http.ErrAbortHandler))
			Expect(h.log.String()).To(BeEmpty())
			Expect(h.world().Journal.Requests(-1)[0].Status).To(BeZero())
		})
	})

	Describe("asks for a token", func() {
		challenged := func(w interface{ Header() http.Header }) string { return w.Header().Get("WWW-Authenticate") }

		DescribeTable("and refuses", func(authorization, challenge string) {
			w := h.ask("GET", me, "", "Authorization", authorization)
			Expect(w.Code).To(Equal(http.StatusUnauthorized))
			Expect(refusal(w)).NotTo(BeEmpty())
			Expect(challenged(w)).To(Equal(challenge))
		},
			Entry("a request without one", "", `Bearer realm="AssistLoop"`),
			Entry("another scheme", "Basic eDp5", `Bearer realm="AssistLoop"`),
			Entry("a scheme alone", "Bearer", `Bearer realm="AssistLoop"`),
			Entry("an unknown one", "Bearer at.default.guess", `Bearer realm="AssistLoop", error="invalid_token"`),
			Entry("one of a world that is not", "Bearer at.nowhere.guess", `Bearer realm="AssistLoop", error="invalid_token"`),
		)

		It("and refuses one that has expired by the world's clock", func() {
			token, _ := h.world().Grants.Issue("usr", grant.AllScopes, time.Minute)
			Expect(h.ask("GET", me, "", "Authorization", "Bearer "+token).Code).To(Equal(http.StatusOK))
			Expect(h.world().Clock.Advance(context.Background(), time.Minute)).To(Succeed())
			w := h.ask("GET", me, "", "Authorization", "Bearer "+token)
			Expect(w.Code).To(Equal(http.StatusUnauthorized))
			Expect(refusal(w)).To(Equal("the access token has expired"))
		})

		It("in any spelling of the scheme", func() {
			Expect(h.ask("GET", me, "", "Authorization", "bearer  "+h.world().Token).Code).To(Equal(http.StatusOK))
		})

		DescribeTable("with the scope of the operation", func(method, target, body string, enough ...grant.Scopes) {
			for scope := grant.Scopes(1); scope < grant.AllScopes; scope <<= 1 {
				token, _ := h.world().Grants.Issue("usr", scope, 0)
				w := h.ask(method, target, body, "Authorization", "Bearer "+token)
				if len(enough) == 0 || scope == enough[0] || len(enough) > 1 && scope == enough[1] {
					Expect(w.Code).To(Equal(http.StatusOK), scope.String())
					continue
				}
				Expect(w.Code).To(Equal(http.StatusForbidden), scope.String())
				Expect(refusal(w)).To(ContainSubstring(enough[0].String()))
				Expect(challenged(w)).To(ContainSubstring(`error="insufficient_scope"`))
			}
		},
			Entry("get the current user", "GET", me, ""),
			Entry("list organizations", "GET", "/v1/my/organizations", ""),
			Entry("list agents", "GET", "/v1/organizations/o/agents", ""),
			Entry("list conversations", "GET", list, "", grant.ReadConversations),
			Entry("sample", "GET", "/v1/automation/agents/a/conversations/recent-sample", "", grant.ReadConversations, grant.ManageWebhooks),
			Entry("find messages", "GET", "/v1/automation/conversations/c/messages/find", "", grant.ReadMessages),
			Entry("reply", "POST", reply, hello, grant.WriteConversations),
			Entry("close", "POST", shut, `{"platform":"make"}`, grant.WriteConversations),
			Entry("unsubscribe", "DELETE", "/v1/webhooks/unsubscribe/w", "", grant.ManageWebhooks),
		)
	})

	Describe("limits", func() {
		It("requests to the documented number, and tells when to come back", func() {
			for i := range 60 {
				w := h.ask("GET", me, "")
				Expect(w.Code).To(Equal(http.StatusOK))
				Expect(w.Header().Get("X-RateLimit-Limit")).To(Equal("60"))
				Expect(w.Header().Get("X-RateLimit-Remaining")).To(Equal(fmt.Sprint(59 - i)))
			}
			w := h.ask("GET", me, "")
			Expect(w.Code).To(Equal(http.StatusTooManyRequests))
			Expect(w.Body.String()).To(MatchJSON(fmt.Sprintf(`{"message":"Too Many Attempts.","retry_after":%s}`, w.Header().Get("Retry-After"))))
			Expect(w.Header().Get("X-RateLimit-Remaining")).To(Equal("0"))
			Expect(w.Header().Get("X-RateLimit-Reset")).NotTo(BeEmpty())
			Expect(h.world().Clock.Advance(context.Background(), time.Minute)).To(Succeed())
			Expect(h.ask("GET", me, "").Code).To(Equal(http.StatusOK))
		})

		It("closes by a number of their own", func() {
			for range 10 {
				Expect(h.ask("POST", shut, `{"platform":"make"}`).Code).To(Equal(http.StatusOK))
			}
			Expect(h.ask("POST", shut, `{"platform":"make"}`).Code).To(Equal(http.StatusTooManyRequests))
			Expect(h.ask("GET", me, "").Code).To(Equal(http.StatusOK))
		})

		It("neither callers without a token nor token requests", func() {
			for range 100 {
				Expect(h.ask("GET", me, "", "Authorization", "").Code).To(Equal(http.StatusUnauthorized))
				Expect(h.ask("POST", "/oauth/token", `{"grant_type":"refresh_token"}`).Code).To(Equal(http.StatusOK))
			}
			Expect(h.ask("GET", me, "").Code).To(Equal(http.StatusOK))
		})
	})

	Describe("knows the ways of HTTP", func() {
		It("and answers a wrong method with those that would do", func() {
			w := h.ask("PATCH", me, "")
			Expect(w.Code).To(Equal(http.StatusMethodNotAllowed))
			Expect(w.Header().Get("Allow")).To(Equal("GET, HEAD"))
			Expect(refusal(w)).To(ContainSubstring("GET, HEAD"))
			Expect(h.ask("GET", reply, "").Header().Get("Allow")).To(Equal("POST"))
		})
		It("and serves HEAD as GET, and OPTIONS with the methods", func() {
			Expect(h.ask("HEAD", me, "").Code).To(Equal(http.StatusOK))
			w := h.ask("OPTIONS", me, "")
			Expect(w.Code).To(Equal(http.StatusNoContent))
			Expect(w.Header().Get("Allow")).To(Equal("GET, HEAD"))
		})
		DescribeTable("and never redirects a path that is odd", func(path string) {
			w := h.ask("GET", path, "")
			Expect(w.Code).To(Equal(http.StatusNotFound))
			Expect(refusal(w)).NotTo(BeEmpty())
		},
			Entry("doubled slashes", "/v1//oauth/me"),
			Entry("a step back", "/v1/x/../oauth/me"),
			Entry("a step on the spot", "/v1/./oauth/me"),
			Entry("a step back at the end", "/v1/oauth/.."),
			Entry("a slash at the end", "/v1/oauth/me/"),
			Entry("nothing", "/"),
			Entry("an escaped slash", "/v1%2Foauth/me"),
		)
		It("and hands an escaped id on as it was meant", func() {
			h.handle = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.PathValue("agentUuid")) }
			w := h.ask("GET", strings.Replace(list, "/a/", "/a%2Fb%20%00/", 1), "")
			Expect(w.Body.String()).To(Equal("a/b \x00"))
		})
	})
})
