package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// guard lets in who has the token, and no web page of another origin: a mock often runs beside a browser, and
// needs no token there.
func (c *Control) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(answering(func(*http.Request) (any, error) {
		return nil, problem(http.StatusForbidden, "a web page of another origin may not control the mock")
	}))
	return origins.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.token != "" && !sameToken(c.token, r.Header.Get("Authorization")) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="parley"`)
			refuse(w, problem(http.StatusUnauthorized, "this needs the control token, as Authorization: Bearer TOKEN"))
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// sameToken takes as long for any token: hashes have one length and hide where a guess goes wrong.
func sameToken(token, authorization string) bool {
	scheme, given, _ := strings.Cut(authorization, " ")
	want, got := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(strings.TrimSpace(given)))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}
