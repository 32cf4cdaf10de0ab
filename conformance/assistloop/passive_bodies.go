package assistloop

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// badBodies are the bodies that an operation has to refuse for their form, and for the fields that every request needs.
func badBodies(op openapi.Operation) []rule {
	if op.Body == nil || !op.Secured {
		return nil
	}
	all := []rule{
		{op.ID + "/" + string(requirements.MalformedJSON), when(func(s *seen) bool { return s.inJSON() && s.odd })},
		{op.ID + "/" + string(requirements.NoObject), when(func(s *seen) bool { return s.inJSON() && !s.odd && s.fields() == nil })},
		{op.ID + "/" + string(requirements.OtherMedia), otherMedia},
	}
	for _, p := range op.Body {
		if !p.Required {
			continue
		}
		field := func(bad func(v any, has bool) bool) func(*seen) error {
			return whenObject(func(o item) bool {
				v, has := o[p.Name]
				return bad(v, has)
			})
		}
		of := op.ID + "/" + p.Name + "-"
		all = append(all,
			rule{of + string(requirements.Missing), field(func(_ any, has bool) bool { return !has })},
			rule{of + string(requirements.Null), field(func(v any, has bool) bool { return has && v == nil })},
			rule{of + string(requirements.NotAString), field(func(v any, has bool) bool {
				_, isText := v.(string)
				return has && v != nil && !isText
			})},
		)
	}
	return all
}

// when holds a request that is bad in some way to be refused.
func when(bad func(*seen) bool) func(*seen) error {
	return func(s *seen) error {
		if s.Request.Method != "" || !bad(s) {
			return errUntold
		}
		return s.toRefuse()
	}
}

func whenObject(bad func(item) bool) func(*seen) error {
	return when(func(s *seen) bool { return s.inJSON() && s.fields() != nil && bad(s.fields()) })
}

// whenText is whenObject for a field whose text is bad.
func whenText(field string, bad func(string) bool) func(*seen) error {
	return whenObject(func(o item) bool {
		text, isText := o[field].(string)
		return isText && bad(text)
	})
}

// inJSON tells whether the request has a body, all of it is known, and it says that it is JSON.
func (s *seen) inJSON() bool {
	return len(s.RequestBody) > 0 && !s.Observed.NoRequestBody && conformance.JSONType(s.RequestHeader.Get("Content-Type"))
}

// otherMedia: served or refused (AL-26).
func otherMedia(s *seen) error {
	t := s.RequestHeader.Get("Content-Type")
	switch {
	case s.Request.Method != "" || t == "" || conformance.JSONType(t) || len(s.RequestBody) == 0 && !s.Observed.NoRequestBody:
		return errUntold
	case s.Status >= 500:
		return errTroubled
	case s.OK() || s.Refused():
		return nil
	}
	return errUntold
}

// badWords are the values that an operation has to refuse though they are strings.
func badWords(op openapi.Operation) []rule {
	other := func(values ...string) func(string) bool {
		return func(text string) bool { return text != "" && !slices.Contains(values, text) }
	}
	switch op.ID {
	case "reply-to-conversation":
		return []rule{{op.ID + "/content-empty", whenText("content", func(text string) bool { return text == "" })}}
	case "close-conversation":
		return []rule{{op.ID + "/platform-other", whenText("platform", other("make"))}}
	case "subscribe":
		return []rule{
			{"subscribe/platform-other", whenText("platform", other("make"))},
			{"subscribe/event-unknown", whenText("event", other("new_conversation", "human_handoff_required"))},
			{"subscribe/https-only", whenText("target_url", insecure)},
			{"subscribe/target-url-malformed", whenText("target_url", noURL)},
			{"subscribe/external-id-too-long", whenText("external_id", func(text string) bool { return utf8.RuneCountInString(text) > 255 })},
			{"subscribe/external-id-not-a-string", whenObject(func(o item) bool {
				v := o["external_id"]
				_, isText := v.(string)
				return v != nil && !isText
			})},
			{"subscribe/external-id", properly(func(s *seen) error {
				text := s.fields().text("external_id")
				if utf8.RuneCountInString(text) != 255 || len(text) == 255 {
					return errUntold
				}
				return nil
			})},
		}
	case "token":
		return []rule{{"token/malformed", when(func(s *seen) bool { return s.inJSON() && s.odd })}}
	}
	return nil
}

// insecure is a URL of another scheme than https, to another machine: to its own, a server for tests may take plain HTTP.
func insecure(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || strings.EqualFold(u.Scheme, "https") || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && !strings.HasSuffix(u.Hostname(), ".localhost") && (ip == nil || !ip.IsLoopback())
}

func noURL(text string) bool {
	u, err := url.Parse(text)
	return text != "" && (err != nil || u.Scheme == "" || u.Host == "")
}
