package assistloop

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/parley-contracts/parley/conformance"
)

// each429 holds a rule against every 429 to a request with a token.
func each429(xs []*conformance.Exchange, rule func(*conformance.Exchange) error) error {
	var seen []*conformance.Exchange
	for _, x := range xs {
		if x.Status == http.StatusTooManyRequests && x.Account != nil {
			seen = append(seen, x)
		}
	}
	if len(seen) == 0 {
		return conformance.Lacking("no 429 was seen")
	}
	return each(seen, rule)
}

const tooMany = "Too Many Attempts."

func limitMessage(x *conformance.Exchange) error {
	var body item
	if err := json.Unmarshal(x.Body, &body); err != nil {
		return breach("a `message` of \""+tooMany+"\"", "a body that is no JSON object", x)
	}
	if body.text("message") != tooMany {
		return breach("a `message` of \""+tooMany+"\"", wording(body["message"]), x)
	}
	if x.Observed != nil && x.Observed.NoHeader {
		return nil
	}
	return saysJSON(x)
}

// wording is a refusal's message, which is the server's own sentence.
func wording(message any) string {
	text, ok := message.(string)
	if !ok {
		return word(message)
	}
	return fmt.Sprintf("%.80q", text)
}

func limitWait(x *conformance.Exchange) error {
	var body item
	if err := json.Unmarshal(x.Body, &body); err != nil {
		return conformance.Blocked("the body of a 429 is no JSON object")
	}
	seconds, ok := told(x)
	if ok && seconds == math.Trunc(seconds) && seconds >= 0 && seconds <= 60 {
		return nil
	}
	seen := word(body["retry_after"])
	if ok {
		seen = strconv.FormatFloat(seconds, 'f', -1, 64)
	}
	return breach("a `retry_after` that is an integer of 0 to 60", seen, x)
}

// limitHeader compares the header with the body, where both are there. The header may be a date (RFC 9110,
// section 10.2.3), which is read against the answer's own.
func limitHeader(x *conformance.Exchange) error {
	text := x.Header.Get("Retry-After")
	seconds, ok := told(x)
	if text == "" || !ok {
		return nil
	}
	after, err := strconv.ParseFloat(text, 64)
	if err != nil {
		until, err := http.ParseTime(text)
		if err != nil {
			return breach("a Retry-After of seconds or a date", "neither", x)
		}
		now, err := http.ParseTime(x.Header.Get("Date"))
		if err != nil {
			return nil
		}
		after = until.Sub(now).Seconds()
	}
	if diff := after - seconds; diff < -1 || diff > 1 {
		return breach(fmt.Sprintf("a Retry-After within a second of retry_after, which is %g", seconds), text, x)
	}
	return nil
}
