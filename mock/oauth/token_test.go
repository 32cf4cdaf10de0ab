package oauth_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/oauth2"

	"github.com/parley-contracts/parley/mock/grant"
)

var _ = Describe("The token endpoint", func() {
	var h house
	BeforeEach(func() { h = open(true) })

	It("gives a token for a code, with all that a client needs to know", func() {
		status, tokens := h.token(h.redeeming(h.code()))
		Expect(status).To(Equal(http.StatusOK))
		Expect(tokens).To(HaveKeyWithValue("token_type", "Bearer"))
		Expect(tokens).To(HaveKeyWithValue("expires_in", BeNumerically("==", 3600)))
		Expect(tokens).To(HaveKeyWithValue("refresh_token", Not(BeEmpty())))
		g, err := h.grants.Lookup(tokens["access_token"].(string))
		Expect(err).NotTo(HaveOccurred())
		Expect(g.Account).To(Equal("usr_1"))
	})

	It("takes the request as JSON, as Make sends it", func() {
		object := map[string]any{"scope": nil}
		for name, values := range h.redeeming(h.code()) {
			object[name] = values[0]
		}
		body, err := json.Marshal(object)
		Expect(err).NotTo(HaveOccurred())
		status, _ := read(h.do(http.MethodPost, "/oauth/token", "application/json; charset=utf-8", string(body)))
		Expect(status).To(Equal(http.StatusOK))
	})

	It("takes the client's secret by Basic authentication", func() {
		request, err := http.NewRequest(http.MethodPost, h.URL+"/oauth/token",
			strings.NewReader(h.redeeming(h.code(), "client_id", "", "client_secret", "").Encode()))
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("Content-Type", form)
		request.SetBasicAuth(url.QueryEscape(h.client.ID), url.QueryEscape(h.client.Secret))
		response, err := h.browser.Do(request)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(response.Body.Close)
		Expect(response).To(HaveHTTPStatus(http.StatusOK))
	})

	DescribeTable("refuses", func(status int, code, message string, changes ...string) {
		got, refusal := h.token(h.redeeming(h.code(), changes...))
		Expect(got).To(Equal(status))
		Expect(refusal).To(HaveKeyWithValue("error", code))
		Expect(refusal).To(HaveKeyWithValue("message", ContainSubstring(message)))
		Expect(refusal["error_description"]).To(Equal(refusal["message"]))
	},
		Entry("a request without a grant type", 400, "invalid_request", "grant_type is missing", "grant_type", ""),
		Entry("a grant type it does not have", 400, "unsupported_grant_type", "authorization_code or refresh_token", "grant_type", "password"),
		Entry("a request without a code", 400, "invalid_request", "code is missing", "code", ""),
		Entry("a code that was never given", 400, "invalid_grant", "unknown", "code", "ac.default.none"),
		Entry("another redirect URI than before", 400, "invalid_grant", "redirect_uri", "redirect_uri", make1),
		Entry("no redirect URI", 400, "invalid_grant", "redirect_uri", "redirect_uri", ""),
		Entry("a request without a client", 401, "invalid_client", "client_id is missing", "client_id", ""),
		Entry("an unknown client", 401, "invalid_client", "unknown client", "client_id", "stranger"),
		Entry("a wrong secret", 401, "invalid_client", "wrong client_secret", "client_secret", "guess"),
		Entry("no secret", 401, "invalid_client", "wrong client_secret", "client_secret", ""),
		Entry("a verifier without a challenge", 400, "invalid_grant", "without a code_challenge", "code_verifier", strings.Repeat("v", 43)),
		Entry("a refresh without a refresh token", 400, "invalid_request", "refresh_token is missing", "grant_type", "refresh_token"),
	)

	DescribeTable("refuses a body that is", func(contentType, body string) {
		status, refusal := read(h.do(http.MethodPost, "/oauth/token", contentType, body))
		Expect(status).To(Equal(http.StatusBadRequest))
		Expect(refusal).To(HaveKeyWithValue("error", "invalid_request"))
		Expect(refusal).To(HaveKeyWithValue("message", Not(BeEmpty())))
	},
		Entry("no JSON", "application/json", "{"),
		Entry("no object", "application/json", "[]"),
		Entry("null", "application/json", "null"),
		Entry("an object of numbers", "application/json", `{"code":1}`),
		Entry("no form", form, "%zz"),
		Entry("of another type", "text/plain", "code=1"),
		Entry("longer than any request", form, "code="+strings.Repeat("x", 65<<10)),
		Entry("a form that repeats itself", form, "code=1&code=2"),
	)

	It("asks for Basic authentication when that is what failed", func() {
		response := h.do(http.MethodPost, "/oauth/token", form, h.redeeming("x", "client_id", "", "client_secret", "").Encode(),
			"Authorization", "Basic eDp5")
		Expect(response).To(HaveHTTPStatus(http.StatusUnauthorized))
		Expect(response.Header.Get("WWW-Authenticate")).To(HavePrefix("Basic "))
	})

	It("refuses a client that authenticates twice", func() {
		response := h.do(http.MethodPost, "/oauth/token", form, h.redeeming("x").Encode(), "Authorization", "Basic eDp5")
		Expect(response).To(HaveHTTPStatus(http.StatusBadRequest))
	})

	It("takes a code once, and revokes everything when it comes again", func() {
		code := h.code()
		_, tokens := h.token(h.redeeming(code))
		status, refusal := h.token(h.redeeming(code))
		Expect(status).To(Equal(http.StatusBadRequest))
		Expect(refusal).To(HaveKeyWithValue("error", "invalid_grant"))
		_, err := h.grants.Lookup(tokens["access_token"].(string))
		Expect(err).To(MatchError(grant.ErrUnknown))
	})

	It("refuses a code that has grown old by the world's clock", func() {
		code := h.code()
		h.clock.now = h.clock.now.Add(grant.CodeLifetime)
		status, refusal := h.token(h.redeeming(code))
		Expect(status).To(Equal(http.StatusBadRequest))
		Expect(refusal).To(HaveKeyWithValue("message", "the code has expired"))
	})

	Describe("with PKCE", func() {
		verifier := oauth2.GenerateVerifier()

		DescribeTable("takes the verifier of a challenge, and no other", func(challenge, method string) {
			code := h.code("code_challenge", challenge, "code_challenge_method", method)
			for _, wrong := range []string{"", oauth2.GenerateVerifier(), challenge + "x"} {
				status, refusal := h.token(h.redeeming(code, "code_verifier", wrong))
				Expect(status).To(Equal(http.StatusBadRequest))
				Expect(refusal).To(HaveKeyWithValue("error", "invalid_grant"))
			}
			status, _ := h.token(h.redeeming(code, "code_verifier", verifier))
			Expect(status).To(Equal(http.StatusOK))
		},
			Entry("hashed", oauth2.S256ChallengeFromVerifier(verifier), "S256"),
			Entry("plain", verifier, "plain"),
			Entry("plain when no method is named", verifier, ""),
		)
	})

	Describe("refreshing", func() {
		refreshing := func(token string, changes ...string) url.Values {
			return change(url.Values{
				"grant_type": {"refresh_token"}, "refresh_token": {token},
				"client_id": {h.client.ID}, "client_secret": {h.client.Secret},
			}, changes)
		}
		var first string
		BeforeEach(func() {
			_, tokens := h.token(h.redeeming(h.code()))
			first = tokens["refresh_token"].(string)
		})

		It("gives a new access token and a new refresh token", func() {
			status, tokens := h.token(refreshing(first))
			Expect(status).To(Equal(http.StatusOK))
			Expect(tokens["refresh_token"]).NotTo(Equal(first))
			Expect(h.grants.Lookup(tokens["access_token"].(string))).NotTo(BeNil())
		})

		It("takes a refresh token once", func() {
			h.token(refreshing(first))
			status, refusal := h.token(refreshing(first))
			Expect(status).To(Equal(http.StatusBadRequest))
			Expect(refusal).To(HaveKeyWithValue("error", "invalid_grant"))
		})

		It("narrows the scopes, and never widens them", func() {
			status, refusal := h.token(refreshing(first, "scope", "write:conversations"))
			Expect(status).To(Equal(http.StatusBadRequest))
			Expect(refusal).To(HaveKeyWithValue("error", "invalid_scope"))
			status, tokens := h.token(refreshing(first, "scope", "read:messages"))
			Expect(status).To(Equal(http.StatusOK))
			Expect(tokens["scope"]).To(Equal("read:messages"))
		})

		It("refuses one that was never given", func() {
			status, refusal := h.token(refreshing("rt.default.none"))
			Expect(status).To(Equal(http.StatusBadRequest))
			Expect(refusal).To(HaveKeyWithValue("error", "invalid_grant"))
		})
	})
})

var _ = Describe("golang.org/x/oauth2", func() {
	DescribeTable("completes the code flow with PKCE, and refreshes", func(ctx SpecContext, style oauth2.AuthStyle) {
		h := open(true)
		config := oauth2.Config{
			ClientID: h.client.ID, ClientSecret: h.client.Secret, RedirectURL: callback,
			Endpoint: oauth2.Endpoint{AuthURL: h.URL + "/v1/oauth/authorize", TokenURL: h.URL + "/oauth/token", AuthStyle: style},
			Scopes:   []string{"read:conversations", "write:conversations"},
		}
		verifier := oauth2.GenerateVerifier()
		there, err := url.Parse(config.AuthCodeURL("xyz", oauth2.S256ChallengeOption(verifier)))
		Expect(err).NotTo(HaveOccurred())
		answer := sentBack(h.authorize(there.Query()))
		Expect(answer.Get("state")).To(Equal("xyz"))

		_, err = config.Exchange(ctx, answer.Get("code"))
		var refusal *oauth2.RetrieveError
		Expect(err).To(BeAssignableToTypeOf(refusal))
		token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
		Expect(err).NotTo(HaveOccurred())
		Expect(token.Valid()).To(BeTrue())
		Expect(token.Extra("scope")).To(Equal("read:conversations write:conversations"))

		token.Expiry = time.Now().Add(-time.Second)
		fresh, err := config.TokenSource(context.Background(), token).Token()
		Expect(err).NotTo(HaveOccurred())
		Expect(fresh.AccessToken).NotTo(Equal(token.AccessToken))
		Expect(fresh.RefreshToken).NotTo(Equal(token.RefreshToken))
	},
		Entry("with the secret in the header", oauth2.AuthStyleInHeader),
		Entry("with the secret in the body", oauth2.AuthStyleInParams),
		Entry("finding out for itself", oauth2.AuthStyleAutoDetect),
	)
})
