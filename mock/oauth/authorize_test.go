package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/grant"
)

var _ = Describe("The authorization endpoint", func() {
	var h house
	BeforeEach(func() { h = open(true) })

	It("redirects at once with a code and the state, once consent is given already", func() {
		answer := sentBack(h.authorize(h.asking()))
		Expect(answer.Get("code")).NotTo(BeEmpty())
		Expect(answer.Get("state")).To(Equal("s t&a=te"))
	})

	It("keeps what the redirect URI had in its query", func() {
		answer := sentBack(h.authorize(h.asking("redirect_uri", callback+"?keep=me")))
		Expect(answer.Get("keep")).To(Equal("me"))
		Expect(answer.Get("code")).NotTo(BeEmpty())
	})

	DescribeTable("redirects to", func(uri string) {
		Expect(sentBack(h.authorize(h.asking("redirect_uri", uri))).Get("code")).NotTo(BeEmpty())
	},
		Entry("Make under its old name", "https://www.integromat.com/oauth/cb/app"),
		Entry("Make under its new name", "https://www.make.com/oauth/cb/app"),
		Entry("loopback on any port", "http://127.0.0.1:1/any/path"),
		Entry("loopback over IPv6", "http://[::1]:50000/"),
		Entry("localhost", "http://localhost:3000/callback"),
	)

	DescribeTable("never redirects to", func(uri string) {
		response := h.authorize(h.asking("redirect_uri", uri))
		Expect(response).To(HaveHTTPStatus(http.StatusBadRequest))
		Expect(response.Header).NotTo(HaveKey("Location"))
	},
		Entry("a stranger", "https://evil.example/cb"),
		Entry("a longer path", make1+"/more"),
		Entry("a host that begins like a known one", "https://www.make.com.evil.example/oauth/cb/app"),
		Entry("another scheme", "http://www.make.com/oauth/cb/app"),
		Entry("a query on a registered URI", make1+"?x=1"),
		Entry("loopback as user information", "http://127.0.0.1@evil.example/"),
		Entry("loopback as a part of a name", "http://127.0.0.1.evil.example/"),
		Entry("loopback with a fragment", callback+"#fragment"),
		Entry("a script", "javascript:alert(1)//127.0.0.1"),
		Entry("no URI", "::"),
		Entry("nothing", ""),
	)

	It("never redirects for a client that nobody knows", func() {
		Expect(h.authorize(h.asking("client_id", "stranger"))).To(HaveHTTPStatus(http.StatusBadRequest))
		Expect(h.authorize(h.asking("client_id", ""))).To(HaveHTTPStatus(http.StatusBadRequest))
	})

	It("refuses in JSON with a message, and in HTML for a browser", func() {
		response := h.authorize(h.asking("client_id", "stranger"))
		var object map[string]any
		Expect(json.NewDecoder(response.Body).Decode(&object)).To(Succeed())
		Expect(object).To(HaveKeyWithValue("message", "no client with this client_id is registered"))
		response = h.do(http.MethodGet, "/v1/oauth/authorize?"+h.asking("client_id", "stranger").Encode(), "", "", "Accept", "text/html")
		Expect(response).To(HaveHTTPStatus(http.StatusBadRequest))
		Expect(response).To(HaveHTTPHeaderWithValue("Content-Type", "text/html; charset=utf-8"))
	})

	DescribeTable("tells the client, with the state,", func(code string, changes ...string) {
		answer := sentBack(h.authorize(h.asking(changes...)))
		Expect(answer.Get("error")).To(Equal(code))
		Expect(answer.Get("error_description")).To(MatchRegexp(`^[ !#-\[\]-~]+$`))
		Expect(answer.Get("state")).To(Equal("s t&a=te"))
		Expect(answer).NotTo(HaveKey("code"))
	},
		Entry("that a response type is missing", "invalid_request", "response_type", ""),
		Entry("that a response type is not supported", "unsupported_response_type", "response_type", "token"),
		Entry("that a scope does not exist", "invalid_scope", "scope", "read:messages \"é"),
		Entry("that a challenge is too short", "invalid_request", "code_challenge", "short"),
		Entry("that a challenge is no SHA-256", "invalid_request", "code_challenge", strings.Repeat("~", 43), "code_challenge_method", "S256"),
		Entry("that a challenge method is unknown", "invalid_request", "code_challenge", strings.Repeat("a", 43), "code_challenge_method", "S512"),
		Entry("that a method came without a challenge", "invalid_request", "code_challenge_method", "S256"),
	)

	It("refuses a parameter that comes twice", func() {
		twice := h.asking()
		twice.Add("scope", "read:messages")
		twice.Add("scope", "manage:webhooks")
		Expect(sentBack(h.authorize(twice)).Get("error")).To(Equal("invalid_request"))
		twice = h.asking()
		twice.Add("redirect_uri", make1)
		Expect(h.authorize(twice)).To(HaveHTTPStatus(http.StatusBadRequest))
	})

	DescribeTable("grants", func(asked, granted string) {
		_, tokens := h.token(h.redeeming(h.code("scope", asked)))
		Expect(tokens["scope"]).To(Equal(granted))
	},
		Entry("the three documented scopes when none is asked for", "", grant.DefaultScopes.String()),
		Entry("the scopes that are asked for", "write:conversations read:messages", "read:messages write:conversations"),
	)

	Describe("that has to ask first", func() {
		BeforeEach(func() { h = open(false) })

		page := func() string {
			GinkgoHelper()
			response := h.authorize(h.asking("scope", "write:conversations"))
			Expect(response).To(HaveHTTPStatus(http.StatusOK))
			Expect(response).To(HaveHTTPHeaderWithValue("Content-Type", "text/html; charset=utf-8"))
			text, err := io.ReadAll(response.Body)
			Expect(err).NotTo(HaveOccurred())
			return string(text)
		}

		It("shows a page that says who asks for what, of whom, with everything escaped", func() {
			text := page()
			Expect(text).To(ContainSubstring(h.client.ID))
			Expect(text).To(ContainSubstring("write:conversations"))
			Expect(text).To(ContainSubstring("Jo &lt;b&gt; &#34;Doe&#34;"))
			Expect(text).To(ContainSubstring(`<form method="post">`))
		})

		It("redirects with a code when the page is approved", func() {
			response := h.do(http.MethodPost, "/v1/oauth/authorize?"+h.asking().Encode(), form, "decision=approve")
			Expect(sentBack(response).Get("code")).NotTo(BeEmpty())
		})

		It("redirects with an error when consent is denied", func() {
			response := h.do(http.MethodPost, "/v1/oauth/authorize?"+h.asking().Encode(), form, "decision=deny")
			answer := sentBack(response)
			Expect(answer.Get("error")).To(Equal("access_denied"))
			Expect(answer.Get("state")).To(Equal("s t&a=te"))
		})

		It("takes an approval as a form or JSON, without the page", func() {
			response := h.do(http.MethodPost, "/v1/oauth/authorize", form, h.asking().Encode())
			Expect(sentBack(response).Get("code")).NotTo(BeEmpty())
			object := map[string]string{}
			for name, values := range h.asking() {
				object[name] = values[0]
			}
			body, err := json.Marshal(object)
			Expect(err).NotTo(HaveOccurred())
			response = h.do(http.MethodPost, "/v1/oauth/authorize", "application/json", string(body))
			Expect(sentBack(response).Get("code")).NotTo(BeEmpty())
		})
	})
})
