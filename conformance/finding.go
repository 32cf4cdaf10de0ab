package conformance

import "time"

// Outcome is what became of one requirement in one run.
type Outcome string

// The outcomes. Unsupported and Skipped never decide a verdict.
const (
	Pass        Outcome = "pass"
	Fail        Outcome = "fail"
	Warn        Outcome = "warn"        // a SHOULD that is not met
	Unsupported Outcome = "unsupported" // no driver capability, or no data, to judge it by
	Skipped     Outcome = "skipped"     // the user said so
	Errored     Outcome = "error"       // the suite could not judge: trouble, or blocked by another failure
)

// Outcomes lists every outcome in the order in which reports count them.
func Outcomes() []Outcome { return []Outcome{Pass, Fail, Warn, Unsupported, Skipped, Errored} }

// Finding is a requirement, its outcome, and the evidence. It holds no token, no secret and no text of the
// target's customers: what it quotes has been redacted.
type Finding struct {
	Requirement string  `json:"requirement"`
	Level       string  `json:"level"` // "MUST" or "SHOULD"
	Outcome     Outcome `json:"outcome"`
	Section     string  `json:"section"`           // the heading of the document
	Reading     string  `json:"reading,omitempty"` // where the document is unclear
	Text        string  `json:"text"`              // the requirement, in our words
	// Message is one line: what was expected and what came, or why it was not judged.
	Message  string `json:"message,omitempty"`
	Expected string `json:"expected,omitempty"`
	Seen     string `json:"seen,omitempty"`
	// Evidence shows the exchanges and deliveries that decided, oldest first; empty for most passes.
	Evidence []Exhibit `json:"evidence,omitempty"`
	// Curl repeats the deciding request, with $PARLEY_TOKEN in place of the token.
	Curl string `json:"curl,omitempty"`
	// Known is set when a known-failures file lists the requirement.
	Known *Known `json:"known,omitempty"`
}

// Exhibit is one redacted exchange, delivery or recorded payload.
type Exhibit struct {
	Kind     string            `json:"kind"`        // "exchange", "delivery" or "payload"
	At       time.Time         `json:"at,omitzero"` // nothing tells when a recorded payload was sent
	Purpose  string            `json:"purpose,omitempty"`
	Request  string            `json:"request"` // the request line, as "GET /v1/oauth/me", or a payload's file and line
	Headers  map[string]string `json:"request_headers,omitempty"`
	Body     string            `json:"request_body,omitempty"`
	Status   int               `json:"status,omitempty"`
	Answer   map[string]string `json:"response_headers,omitempty"`
	Response string            `json:"response_body,omitempty"`
	Trouble  string            `json:"trouble,omitempty"`
}

// Known is an entry of a known-failures file.
type Known struct {
	Reason  string `json:"reason"`
	Expires string `json:"expires"` // a date, 2006-01-02, the last day on which it holds
	// Stale says why the entry fails the run: it has expired, or its requirement passes.
	Stale string `json:"stale,omitempty"`
}

// Verdict sums a run up.
type Verdict string

// The verdicts, with their exit statuses.
const (
	Conforms       Verdict = "conforms"         // 0
	DoesNotConform Verdict = "does-not-conform" // 1
	NotJudged      Verdict = "not-judged"       // 2
)

// ExitStatus is what a command that reached the verdict exits with.
func (v Verdict) ExitStatus() int {
	switch v {
	case Conforms:
		return 0
	case DoesNotConform:
		return 1
	}
	return 2
}

// Report is the outcome of a run. Its JSON form is public: schema 1.
type Report struct {
	Schema   int             `json:"schema"`
	Contract string          `json:"contract"`
	Target   string          `json:"target,omitempty"`
	Started  time.Time       `json:"started"`
	Seconds  float64         `json:"seconds"`
	Strict   bool            `json:"strict,omitempty"` // a SHOULD that is not met decides, too
	Verdict  Verdict         `json:"verdict"`
	Reason   string          `json:"reason,omitempty"` // why the verdict is what it is, one line
	Counts   map[Outcome]int `json:"counts"`
	Requests Requests        `json:"requests"`
	Findings []Finding       `json:"findings"`
	// Notes tell what passed but is worth knowing: trouble that went away, which signature matched.
	Notes []string `json:"notes,omitempty"`
	// Leftovers lists what the run made and could not clean up.
	Leftovers []string `json:"leftovers,omitempty"`
}

// Breaks tells whether a finding decides against the target: it fails and is no known failure; or it is listed as
// one and passes, or its entry has expired; or it is a SHOULD that is not met, in a strict run.
func (r *Report) Breaks(f Finding) bool {
	switch f.Outcome {
	case Pass:
		return f.Known != nil
	case Fail:
		return f.Known == nil || r.Expired(f)
	case Warn:
		return f.Known == nil && r.Strict || f.Known != nil && r.Expired(f)
	}
	return false
}

// Requests counts what a run sent to the target.
type Requests struct {
	Main   int     `json:"main_account"`
	Total  int     `json:"total"`
	Waited float64 `json:"waited_seconds"` // for rate limits and retries, in real time
	// Driver counts what the driver was asked, Deliveries what arrived, and Payloads the recorded ones that were judged.
	Driver     int `json:"driver,omitempty"`
	Deliveries int `json:"deliveries,omitempty"`
	Payloads   int `json:"payloads,omitempty"`
	// Exchanges counts those of others that were judged.
	Exchanges int `json:"exchanges,omitempty"`
}
