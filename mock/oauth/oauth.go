// Package oauth is the authorization server of a world: the authorization code grant with optional PKCE, and
// refresh with rotation (RFC 6749, RFC 7636), as client libraries expect them.
//
// It is our own because the kept libraries (ory/fosite, go-oauth2/oauth2, zitadel/oidc) take time from the
// machine and token requests from forms: here codes and tokens age by the world's clock, and Make sends JSON
// (AL-04). What is left of the protocol then fits on a few screens.
package oauth

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/reading"
)

// Server answers the two OAuth endpoints of one world. It holds no state of its own.
type Server struct {
	Grants      *grant.Store
	Account     string // who consents
	AccountName string // how the consent page names them
	AutoConsent bool   // redirect at once instead of showing the page
	Readings    reading.Set
}

// failure is an error as RFC 6749 has it (sections 4.1.2.1 and 5.2). Status counts for the token endpoint alone.
type failure struct {
	status      int
	code        string
	description string
}

func (f failure) Error() string { return f.description }

// asciiOnly replaces what a description may not hold (RFC 6749, section 5.2): it can quote the request.
func asciiOnly(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < ' ' || r > '~' || r == '\\':
			return '?'
		}
		return r
	}, text)
}

func invalidRequest(description string) error {
	return failure{http.StatusBadRequest, "invalid_request", description}
}

func invalidClient(description string) error {
	return failure{http.StatusUnauthorized, "invalid_client", description}
}

func invalidGrant(description string) error {
	return failure{http.StatusBadRequest, "invalid_grant", description}
}

func invalidScope(description string) error {
	return failure{http.StatusBadRequest, "invalid_scope", description}
}

// noStore keeps codes and tokens out of caches (RFC 6749, section 5.1).
func noStore(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.Encode(value) // a struct of strings and numbers always encodes
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}
