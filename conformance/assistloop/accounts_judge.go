package assistloop

import (
	"encoding/json"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// keptFrom: what the outsider asked for is refused with one of the statuses, and the refusal shows nothing of it.
func (r *run) keptFrom(op string, statuses ...int) error {
	a := &r.accounts
	if a.gap != nil {
		return a.gap
	}
	x := a.tried[op]
	if x == nil {
		return a.untried(op)
	}
	if err := refused(x, statuses...); err != nil {
		return err
	}
	if what := leaked(x, a.kept(r.world.agents[a.place.organization])); what != "" {
		return breach("a refusal that shows nothing of the other account's", what+" in it", x)
	}
	return nil
}

// untried says why something was not tried.
func (a *accounts) untried(op string) error {
	switch {
	case op == "unsubscribe" && a.subscribing != nil:
		return conformance.Blocked("there is no subscription to try: subscribing was answered %d", a.subscribing.Status)
	case a.conversation == nil:
		return conformance.Lacking("the main account has no conversation to keep from others")
	}
	return conformance.Lacking("there is no conversation that may be written to: give a driver that can provoke, or --conversation")
}

// noReply: the outsider's reply did not land.
func (a *accounts) noReply() error {
	if a.messages.err != nil {
		return a.messages.err
	}
	for _, i := range a.messages.items {
		if strings.Contains(i.text("content"), a.text) {
			return breach("no message from another account's reply", "its message", a.tried["reply-to-conversation"], a.messages.x)
		}
	}
	return nil
}

// notClosed: the outsider's close left the conversation open. Of one that the driver did not make it cannot be
// told who closed it.
func (a *accounts) notClosed() error {
	if a.closed == nil {
		return nil
	}
	if open, known := a.closed.find(a.conversation.uuid).flag("status"); known && !open {
		return breach("the conversation left open by another account's close", "it closed", a.tried["close-conversation"], a.closed.x)
	}
	return nil
}

// notRemoved: the main account's subscription is still there for itself to remove. That it cannot tells
// something only if removing works at all.
func (a *accounts) notRemoved() error {
	switch {
	case isRemoved(a.removed):
		return nil
	case a.removed.Status == 404 && !a.removed.Troubled && a.control.OK():
		return breach("the subscription left alone", "404 to its own account afterwards", a.tried["unsubscribe"], a.removed)
	}
	return conformance.Blocked("whether the subscription was left alone cannot be told: its own account's unsubscribing was answered %d", a.removed.Status)
}

// firstOf gives the first error of two rules.
func firstOf(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// kept are texts that only the main account may see, with what they are: ids, addresses and contents that do
// not turn up by chance.
func (a *accounts) kept(agents *page) map[string]string {
	texts := map[string]string{}
	add := func(what, text string, least int) {
		if len(text) >= least {
			texts[text] = what
		}
	}
	add("an organization's id", a.place.organization, 8)
	add("an agent's id", a.place.agent, 8)
	if agents != nil {
		for _, i := range agents.items {
			add("an agent's id", i.text("agent_uuid"), 8)
		}
	}
	for _, i := range a.place.conversations() {
		add("a conversation's id", i.text("uuid"), 8)
		add("a session's id", i.text("session_id"), 8)
		add("a customer's address", i.object("chat_user").text("email"), 8)
	}
	if a.messages != nil {
		for _, i := range a.messages.items {
			add("a message's id", i.text("uuid"), 8)
			add("a message's id", i.text("id"), 8)
			add("a message's content", i.text("content"), 12)
		}
	}
	return texts
}

// leaked says what of the texts a body shows, but for those that the request itself named.
func leaked(x *conformance.Exchange, texts map[string]string) string {
	words := []string{string(x.Body)}
	var body any
	if json.Unmarshal(x.Body, &body) == nil {
		words = stringsIn(body)
	}
	asked := x.URL + " " + string(x.RequestBody)
	for text, what := range texts {
		if strings.Contains(asked, text) {
			continue
		}
		for _, word := range words {
			if strings.Contains(word, text) {
				return what
			}
		}
	}
	return ""
}

// stringsIn collects every string of a JSON value, names of fields too: an object may be keyed by ids.
func stringsIn(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, inner := range v {
			all = append(all, stringsIn(inner)...)
		}
		return all
	case map[string]any:
		var all []string
		for name, inner := range v {
			all = append(append(all, name), stringsIn(inner)...)
		}
		return all
	}
	return nil
}
