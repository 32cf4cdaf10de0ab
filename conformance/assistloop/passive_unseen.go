package assistloop

import (
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// unseen says why the traffic shows nothing of a requirement.
func (j *passive) unseen(q requirements.Requirement) error {
	if reason := hiddenBy(q); reason != "" {
		return conformance.Lacking("%s", reason)
	}
	switch op := subjectOf(q.ID); {
	case op == "rate-limit":
		return conformance.Lacking("the traffic met no rate limit that could show it")
	case op == "authorize" && j.seen["authorize"]+j.seen["authorize-post"] == 0, op != "authorize" && op != "transport" && j.seen[op] == 0:
		return conformance.Lacking("the traffic has no exchange of it")
	}
	return conformance.Lacking("no exchange of the traffic could show it")
}

func subjectOf(requirement string) string {
	subject, _, _ := strings.Cut(requirement, "/")
	return subject
}

// hiddenBy says what it is that traffic never shows; "" where it may.
func hiddenBy(q requirements.Requirement) string {
	switch q.Rule {
	case requirements.UnknownToken, requirements.ExpiredToken:
		return "traffic does not tell whether a token was issued, or has expired"
	case requirements.AnyScope:
		return "traffic does not tell which scopes a token holds"
	case requirements.UnknownID, requirements.ForeignID:
		return "traffic does not tell whether what an id names is there"
	case requirements.OtherAccount:
		return "traffic does not tell whose it is what a request asks for"
	}
	if q.Scope != "" {
		return "traffic does not tell which scopes a token holds"
	}
	switch q.ID {
	case "rate-limit/general-allows", "rate-limit/general-at", "rate-limit/close-allows", "rate-limit/close-at", "rate-limit/recovers", "rate-limit/per-account":
		return "others may have spent the same budget unseen"
	case "subscribe/unknown-organization", "subscribe/unknown-agent", "subscribe/agent-elsewhere":
		return "traffic does not tell whether what an id names is there"
	case "subscribe/other-account":
		return "traffic does not tell whose it is what a request asks for"
	case "reply-to-conversation/once", "reply-to-conversation/mode", "reply-to-conversation/elsewhere", "close-conversation/closed", "close-conversation/elsewhere",
		"unsubscribe/stops", "unsubscribe/stops-retries", "unsubscribe/others-go-on", "recent-sample/newest":
		return "others may have changed the same unseen"
	case "transport/plain-http", "authorize/redirect", "authorize/post", "authorize/unregistered-redirect", "token/usable", "token/refresh", "token/code-once",
		"token/pkce", "token/default-scopes", "token/granted-scopes", "token/unknown-code", "token/unknown-refresh-token", "token/wrong-client":
		return "it takes a request for this very purpose"
	}
	return ""
}
