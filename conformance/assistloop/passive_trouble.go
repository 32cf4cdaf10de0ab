package assistloop

import (
	"fmt"

	"github.com/parley-contracts/parley/conformance"
)

// troubles are answers with a 5xx. One is somebody's passing trouble, and no breach.
type troubles struct {
	// mistakes are those to requests that should be refused, by requirement and request: the same request that comes to one
	// again and again is no chance any more.
	mistakes conformance.Recent[[]*conformance.Exchange]
	any      bool
	// outages are those to requests that should be served, by requirement, as long as none is.
	outages map[string][]*conformance.Exchange
}

// persistent is how many in a row are no passing trouble any more.
const persistent = 3

const keptMistakes = 512

func newTroubles() troubles {
	return troubles{
		mistakes: conformance.Recent[[]*conformance.Exchange]{Keep: keptMistakes}, outages: map[string][]*conformance.Exchange{},
	}
}

func troubleOf(requirement string, x *conformance.Exchange) string {
	return requirement + " " + x.Method + " " + x.URL
}

// again notes one more, and returns a breach when the same request has come to enough of them in a row.
func (t *troubles) again(requirement string, x *conformance.Exchange) error {
	t.any = true
	key := troubleOf(requirement, x)
	xs, _ := t.mistakes.Get(key)
	xs = append(xs[:len(xs):len(xs)], x.Outline())
	if len(xs) < persistent {
		t.mistakes.Put(key, xs)
		return nil
	}
	t.mistakes.Put(key, nil)
	return breach("a refusal with a 4xx", fmt.Sprintf("%d to %s, and a 5xx each time", x.Status, x.Purpose), xs...)
}

// over: the same request came to something else.
func (t *troubles) over(requirement string, x *conformance.Exchange) {
	if !t.any {
		return
	}
	if xs, known := t.mistakes.Get(troubleOf(requirement, x)); known && len(xs) > 0 {
		t.mistakes.Put(troubleOf(requirement, x), nil)
	}
}

func (t *troubles) down(requirement string, x *conformance.Exchange) {
	if xs := t.outages[requirement]; len(xs) < persistent {
		t.outages[requirement] = append(xs, x.Outline())
	}
}

// lasted is the breach of what was never served, and came to a 5xx again and again.
func (t *troubles) lasted(requirement string) error {
	xs := t.outages[requirement]
	if len(xs) < persistent {
		return nil
	}
	return breach("a 2xx", fmt.Sprintf("%d to %s, and never a 2xx", xs[0].Status, xs[0].Purpose), xs...)
}

// blamed says why a requirement that was broken is not to be blamed: another one that was broken explains it.
func (j *passive) blamed(requirement string) error {
	explains := map[string][]string{
		"list-conversations/filters-combine": {
			"list-conversations/status-open", "list-conversations/status-closed", "list-conversations/mode-ai", "list-conversations/mode-human",
			"list-conversations/created-from", "list-conversations/created-to",
		},
		"close-conversation/other-content-type": {"close-conversation/twice"},
	}[requirement]
	for _, other := range explains {
		if _, broken := j.tally.Verdict(other).(*conformance.Breach); broken {
			return conformance.Lacking("it cannot be told while %s is not met", other)
		}
	}
	return nil
}
