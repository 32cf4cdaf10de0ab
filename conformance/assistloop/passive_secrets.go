package assistloop

import (
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// secrets are those of the latest subscriptions.
type secrets struct {
	latest []shownOnce
}

type shownOnce struct {
	secret string
	x      *conformance.Exchange
}

const keptSecrets = 16

// take: no later body shows the secret of a subscription (AL-90..92).
func (k *secrets) take(j *passive, s *seen) {
	if !s.known() || len(s.Body) == 0 {
		return
	}
	own := ""
	if s.Operation == "subscribe" && s.OK() {
		own = s.answer().object("data").text("secret")
	}
	count := j.tally.Of("transport/secret-shown-once")
	for _, before := range k.latest {
		// Two subscriptions may share a secret: each answer may show its own.
		if before.secret != own && strings.Contains(string(s.Body), before.secret) {
			count.Judge(breach("a secret in the answer to its own subscribing only", "the secret again in the answer to "+s.Purpose, before.x, s.Exchange))
			return
		}
	}
	if len(k.latest) > 0 {
		count.Meet()
	}
	if !secretive(own) {
		return
	}
	if len(k.latest) == keptSecrets {
		copy(k.latest, k.latest[1:])
		k.latest = k.latest[:keptSecrets-1]
	}
	k.latest = append(k.latest, shownOnce{own, s.Outline()})
}

func (k *secrets) delivered(j *passive, d *conformance.Delivery) {
	for _, before := range k.latest {
		if strings.Contains(string(d.Body), before.secret) {
			j.tally.Of("transport/secret-shown-once").Judge(&conformance.Breach{
				Expected: "a secret in the answer to its own subscribing only", Seen: "the secret in a delivery",
				Exchanges: []*conformance.Exchange{before.x}, Deliveries: []*conformance.Delivery{d},
			})
		}
	}
}

// secretive tells a secret from what somebody put in its place before the recording was handed on.
func secretive(text string) bool {
	letters := map[rune]bool{}
	for _, r := range text {
		letters[r] = true
	}
	return len(text) >= 16 && len(letters) >= 8 && !blackened(text)
}

// blackened tells what stands in the place of a secret in recordings that were made fit to be handed on.
func blackened(text string) bool {
	return strings.Contains(strings.ToLower(text), "redacted") || strings.ContainsAny(text, " *[]<>")
}
