package defects

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// Trace is the kind of refusals that take effect all the same.
const Trace Kind = "refusal-with-effect"

// fault is a body that has to be refused.
type fault struct {
	rule, what string // the requirement's, and in words
	is         func(*call) bool
	repair     func(*call) // makes it one that is served; nil where there is no telling what was meant
	trace      bool        // its requirement rules out that it takes effect
	// servable: it may be served as well (AL-26).
	servable bool
}

// bodies takes what is wrong with a request's body, or breaks at it.
func bodies(*check.Contract) []Defect {
	var all []Defect
	for _, op := range secured() {
		if op.Body == nil {
			continue
		}
		for _, f := range faultsOf(op) {
			requirement := op.ID + "/" + f.rule
			add := func(kind Kind, done, sentence string, instead func(*call) *answer) {
				all = append(all, defect(kind, requirement, done, fmt.Sprintf("%s %s %s.", op.ID, f.what, sentence), badBody(op.ID, f.is, instead)))
			}
			add(Broken, "500", "is answered 500", func(*call) *answer { return refusal(500) })
			if f.servable {
				continue
			}
			add(Served, "example", "is answered 200, as in the documentation", func(c *call) *answer { return example(c.op) })
			if f.repair == nil {
				continue
			}
			repaired := func(c *call) *answer {
				f.repair(c)
				return c.send()
			}
			add(Served, "served", "is served", repaired)
			if f.trace {
				add(Trace, "traced", "is refused with 422, and takes effect", func(c *call) *answer {
					repaired(c)
					return refusal(http.StatusUnprocessableEntity)
				})
				if op.ID == "close-conversation" {
					all[len(all)-1] = all[len(all)-1].with("which of the closes that were refused closed it cannot be told",
						op.ID+"/platform-missing", op.ID+"/platform-null", op.ID+"/platform-not-a-string")
				}
			}
		}
	}
	return append(all, lengths()...)
}

// badBody does otherwise with calls of an operation whose body is bad. What the server would refuse for another
// reason is left to it.
func badBody(op string, is func(*call) bool, instead func(*call) *answer) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op || c.wrong || !is(c) {
				return nil
			}
			if t, narrow := c.memory.issued(c.token()); c.token() == "" || t.expired || narrow || c.caller() != c.memory.keys.Token {
				return nil
			}
			if real, _ := c.memory.knows(c.id); c.id != "" && !real {
				return nil
			}
			return instead(c)
		}}
	}
}

func faultsOf(op openapi.Operation) []fault {
	isObject := func(c *call) bool { return c.fields() != nil }
	isJSON := func(c *call) bool { return strings.HasPrefix(c.header.Get("Content-Type"), "application/json") }
	all := []fault{
		{rule: "malformed-json", what: "with a body that is no JSON", is: func(c *call) bool { return isJSON(c) && decode(c.body) == nil }},
		{rule: "no-object", what: "with a body that is no object", is: func(c *call) bool { return decode(c.body) != nil && !isObject(c) }},
		{rule: "other-content-type", what: "with another content type", is: func(c *call) bool { return !isJSON(c) }, servable: true},
	}
	for _, p := range op.Body {
		if !p.Required {
			continue
		}
		value := func(c *call) (v any, has bool) {
			v, has = c.fields()[p.Name]
			return v, has && isJSON(c)
		}
		name := "`" + p.Name + "`"
		all = append(all,
			fault{rule: p.Name + "-missing", what: "without " + name, repair: repair(p.Name, ""), trace: op.ID == "close-conversation",
				is: func(c *call) bool { _, has := value(c); return !has && isObject(c) && isJSON(c) }},
			fault{rule: p.Name + "-null", what: "with " + name + " null", repair: repair(p.Name, "null"), trace: op.ID != "subscribe",
				is: func(c *call) bool { v, has := value(c); return has && v == nil }},
			fault{rule: p.Name + "-not-a-string", what: "with " + name + " that is no string", repair: repair(p.Name, "20241112"), trace: op.ID != "subscribe",
				is: func(c *call) bool { v, has := value(c); _, is := v.(string); return has && v != nil && !is }},
		)
	}
	return append(all, wrongWords(op.ID)...)
}

// wrongWords are the values that are strings and not to be taken.
func wrongWords(op string) []fault {
	// The values of every other field have to be good: a call is bad in one way at a time.
	of := func(name string, bad func(c *call, value string) bool) func(*call) bool {
		return func(c *call) bool {
			value, is := c.fields()[name].(string)
			return is && bad(c, value)
		}
	}
	switch op {
	case "reply-to-conversation":
		return []fault{{rule: "content-empty", what: "with empty `content`", is: of("content", func(_ *call, v string) bool { return v == "" })}}
	case "close-conversation":
		return []fault{{rule: "platform-other", what: "for another platform", repair: repair("platform", ""),
			is: of("platform", func(_ *call, v string) bool { return v != "make" })}}
	}
	unknown := func(c *call, id string) bool { real, likely := c.memory.knows(id); return !real && likely }
	return []fault{
		{rule: "platform-other", what: "for another platform", repair: repair("platform", ""),
			is: of("platform", func(_ *call, v string) bool { return v != "make" })},
		{rule: "https-only", what: "with a plain http URL", repair: repair("target_url", ""),
			is: of("target_url", func(_ *call, v string) bool { return strings.HasPrefix(v, "http://") })},
		{rule: "target-url-malformed", what: "with a target_url that is no URL", repair: repair("target_url", ""),
			is: of("target_url", func(_ *call, v string) bool { return !strings.Contains(v, "://") })},
		{rule: "event-unknown", what: "with an unknown event", repair: repair("event", ""),
			is: of("event", func(_ *call, v string) bool { return v != "new_conversation" && v != "human_handoff_required" })},
		{rule: "unknown-organization", what: "with an unknown organization", repair: repair("organization_uuid", ""), is: of("organization_uuid", unknown)},
		{rule: "unknown-agent", what: "with an unknown agent", repair: repair("agent_uuid", ""), is: of("agent_uuid", unknown)},
		{rule: "agent-elsewhere", what: "with an agent of another organization", repair: repair("organization_uuid", ""),
			is: of("organization_uuid", func(c *call, organization string) bool {
				home := c.memory.home(text(c.fields(), "agent_uuid"))
				real, _ := c.memory.knows(organization)
				return real && home != "" && home != organization
			})},
		{rule: "external-id-not-a-string", what: "with an external_id that is no string", repair: func(c *call) { c.set("external_id", "short") },
			is: func(c *call) bool { v := c.fields()["external_id"]; _, is := v.(string); return v != nil && !is }},
		{rule: "external-id-too-long", what: "with an external_id of more than 255 characters", repair: func(c *call) { c.set("external_id", "short") },
			is: of("external_id", func(_ *call, v string) bool { return utf8.RuneCountInString(v) > 255 })},
	}
}

// repair gives a property a value that is served; word is what a reply then says.
func repair(name, word string) func(*call) {
	if name == "content" && word == "" {
		return nil
	}
	return func(c *call) {
		fields := c.fields()
		value := map[string]string{
			"content": word, "platform": "make", "event": "new_conversation", "target_url": "https://parley.invalid/repaired",
			"organization_uuid": c.memory.home(text(fields, "agent_uuid")), "agent_uuid": c.memory.agentOf(text(fields, "organization_uuid")),
		}[name]
		c.set(name, value)
	}
}

// lengths measures external_id otherwise than in characters.
func lengths() []Defect {
	var all []Defect
	for _, m := range []struct {
		done, sentence string
		too            func(string) bool
	}{
		{"bytes", "is measured in bytes", func(s string) bool { return len(s) > 255 }},
		{"254", "may have 254 characters", func(s string) bool { return utf8.RuneCountInString(s) > 254 }},
		{"ascii", "may have ASCII characters alone", func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }},
	} {
		all = append(all, defect(Refused, "subscribe/external-id", m.done, "An external_id "+m.sentence+".",
			badBody("subscribe", func(c *call) bool { return m.too(text(c.fields(), "external_id")) },
				func(*call) *answer { return refusal(http.StatusUnprocessableEntity) })))
	}
	return append(all, defect(Refused, "subscribe/both-events", "one", "Only new_conversation can be subscribed to.",
		badBody("subscribe", func(c *call) bool { return text(c.fields(), "event") == "human_handoff_required" },
			func(*call) *answer { return refusal(http.StatusUnprocessableEntity) })))
}

// Refused is the kind of good requests that are refused.
const Refused Kind = "good-refused"
