package oauth

import (
	"net/http"
	"net/url"
	"slices"
)

// registered are the redirect URIs of Make, under its old and its new name (heading "OAuth Configuration
// Parameters", AL-06).
var registered = []string{
	"https://www.integromat.com/oauth/cb/app",
	"https://www.make.com/oauth/cb/app",
}

// loopback hosts take a code on any port and path, so that programs and tests can wait for it there
// (RFC 8252, section 7.3).
var loopback = []string{"127.0.0.1", "::1", "localhost"}

// mayRedirect tells whether a code may be sent to the URI. Everything but loopback has to match to the letter.
func mayRedirect(uri string, toLoopback bool) bool {
	if slices.Contains(registered, uri) {
		return true
	}
	if !toLoopback {
		return false
	}
	u, err := url.Parse(uri)
	if err != nil {
		return false
	}
	return (u.Scheme == "http" || u.Scheme == "https") && slices.Contains(loopback, u.Hostname()) &&
		u.User == nil && u.Fragment == "" && u.Opaque == ""
}

// redirect sends the browser back to the client with an answer. What the URI's query held is retained
// (RFC 6749, section 4.1.2).
func (a ask) redirect(w http.ResponseWriter, answer url.Values) {
	if a.state != "" {
		answer.Set("state", a.state)
	}
	u, err := url.Parse(a.redirectURI)
	if err != nil { // cannot be: mayRedirect has seen it
		refuse(w, "text/html", "the redirect_uri cannot be read")
		return
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += answer.Encode()
	noStore(w)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", u.String())
	w.WriteHeader(http.StatusFound)
}
