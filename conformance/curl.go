package conformance

import (
	"encoding/json"
	"net/url"
	"sort"
	"strings"
)

// curl is a line that repeats an exchange, with $PARLEY_TOKEN in place of the token. Where another token than
// the main account's was used, a comment says which.
func (s *show) curl(x *Exchange) string {
	words := []string{"curl", "-i"}
	if x.Method != "GET" {
		words = append(words, "-X", x.Method)
	}
	words = append(words, quoted(s.clean(x.URL)))
	comment := ""
	switch {
	case x.Authorization != "":
		words = append(words, "-H", quoted("Authorization: "+s.clean(x.Authorization)))
	case x.Account != nil:
		words = append(words, "-H", `"Authorization: Bearer $PARLEY_TOKEN"`)
		if x.Account.Scopes != nil {
			comment = "  # with a token of its own that holds just: " + strings.Join(x.Account.Scopes, " ")
		}
	}
	if t := x.RequestHeader.Get("Content-Type"); t != "" {
		words = append(words, "-H", quoted("Content-Type: "+t))
	}
	for _, name := range sorted(x.Request.Header) {
		words = append(words, "-H", quoted(name+": "+s.clean(x.Request.Header.Get(name))))
	}
	if x.RequestBody != nil {
		words = append(words, "--data-raw", quoted(s.requestBody(x)))
	}
	return strings.Join(words, " ") + comment
}

// secretFields are those of a token request that a report shows no value of.
var secretFields = []string{"client_secret", "refresh_token", "code", "code_verifier"}

// requestBody: the suite wrote it, so that it may be shown but for secrets in it; or others did, and it may not.
func (s *show) requestBody(x *Exchange) string {
	if x.Observed != nil {
		return s.body(x.RequestBody, false, "")
	}
	body := s.clean(string(x.RequestBody))
	var object map[string]any
	if json.Unmarshal([]byte(body), &object) == nil {
		if s.hide(func(field string) string { text, _ := object[field].(string); return text }, func(field string) { object[field] = "…" }) {
			encoded, _ := json.Marshal(object)
			body = string(encoded)
		}
		return shorten(body)
	}
	if form, err := url.ParseQuery(body); err == nil && s.hide(form.Get, func(field string) { form.Set(field, "…") }) {
		return shorten(strings.ReplaceAll(form.Encode(), url.QueryEscape("…"), "…"))
	}
	for _, field := range secretFields {
		if strings.Contains(body, `"`+field+`"`) || strings.Contains(body, field+"=") { // in what is read by neither
			return "…"
		}
	}
	return shorten(body)
}

// hide takes the values of secret fields out, but for those that the suite made up, and tells whether there were any.
func (s *show) hide(value func(field string) string, set func(field string)) bool {
	hidden := false
	for _, field := range secretFields {
		if text := value(field); text != "" && !s.ours(text) {
			set(field)
			hidden = true
		}
	}
	return hidden
}

// quoted wraps a word for a POSIX shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func sorted(h map[string][]string) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
