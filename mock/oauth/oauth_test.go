package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/oauth"
)

func TestOAuth(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "oauth")
}

const (
	make1    = "https://www.integromat.com/oauth/cb/app"
	callback = "http://127.0.0.1:49152/callback"
)

// hand is a clock that moves by hand.
type hand struct{ now time.Time }

func (h *hand) Now() time.Time { return h.now }

// house is an authorization server that listens, and a browser that follows no redirect.
type house struct {
	*httptest.Server
	clock   *hand
	grants  *grant.Store
	client  grant.Client
	browser *http.Client
}

func open(autoConsent bool) house {
	clock := &hand{now: time.Now()}
	grants := grant.New("default", 7, clock)
	server := oauth.Server{Grants: grants, Account: "usr_1", AccountName: `Jo <b> "Doe"`, AutoConsent: autoConsent}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/oauth/authorize", server.Authorize)
	mux.HandleFunc("POST /oauth/token", server.Token)
	listening := httptest.NewServer(mux)
	DeferCleanup(listening.Close)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return house{listening, clock, grants, grants.Client(), browser}
}

// asking is an authorization request that is good, with some parameters changed; an empty value takes one away.
func (h house) asking(changes ...string) url.Values {
	values := url.Values{
		"response_type": {"code"}, "client_id": {h.client.ID}, "redirect_uri": {callback}, "state": {"s t&a=te"},
	}
	return change(values, changes)
}

// redeeming is a token request that is good, with some parameters changed.
func (h house) redeeming(code string, changes ...string) url.Values {
	values := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback},
		"client_id": {h.client.ID}, "client_secret": {h.client.Secret},
	}
	return change(values, changes)
}

func change(values url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		values.Del(changes[i])
		if changes[i+1] != "" {
			values.Set(changes[i], changes[i+1])
		}
	}
	return values
}

func (h house) authorize(values url.Values) *http.Response {
	GinkgoHelper()
	return h.do(http.MethodGet, "/v1/oauth/authorize?"+values.Encode(), "", "")
}

func (h house) do(method, path, contentType, body string, headers ...string) *http.Response {
	GinkgoHelper()
	request, err := http.NewRequest(method, h.URL+path, strings.NewReader(body))
	Expect(err).NotTo(HaveOccurred())
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := h.browser.Do(request)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(response.Body.Close)
	return response
}

// sentBack is what the client learns from a redirect.
func sentBack(response *http.Response) url.Values {
	GinkgoHelper()
	Expect(response).To(HaveHTTPStatus(http.StatusFound))
	location, err := response.Location()
	Expect(err).NotTo(HaveOccurred())
	Expect(location.String()).To(HavePrefix("http"))
	return location.Query()
}

// code runs the authorization part, which has to go well.
func (h house) code(changes ...string) string {
	GinkgoHelper()
	code := sentBack(h.authorize(h.asking(changes...))).Get("code")
	Expect(code).NotTo(BeEmpty())
	return code
}

const form = "application/x-www-form-urlencoded"

func (h house) token(values url.Values) (int, map[string]any) {
	GinkgoHelper()
	return read(h.do(http.MethodPost, "/oauth/token", form, values.Encode()))
}

func read(response *http.Response) (int, map[string]any) {
	GinkgoHelper()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(response.Header.Get("Content-Type")).To(HavePrefix("application/json"))
	Expect(response.Header.Get("Cache-Control")).To(Equal("no-store"))
	var object map[string]any
	Expect(json.Unmarshal(text, &object)).To(Succeed(), string(text))
	return response.StatusCode, object
}
