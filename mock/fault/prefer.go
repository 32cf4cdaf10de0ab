package fault

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/openapi"
)

// Preference is what a client asks to be answered with, by its Prefer headers (RFC 7240 for the header, Prism for the
// preferences code and example). The zero value asks for nothing.
type Preference struct {
	code, example string
}

// ParsePrefer reads the header's lines. Other preferences are passed over; one that comes twice counts the first time
// (RFC 7240, section 2).
func ParsePrefer(lines []string) (p Preference) {
	for _, line := range lines {
		for preference := range strings.SplitSeq(line, ",") {
			preference, _, _ = strings.Cut(preference, ";")
			name, value, _ := strings.Cut(preference, "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "code":
				p.code = first(p.code, value)
			case "example":
				p.example = first(p.example, value)
			}
		}
	}
	return p
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// String is the preference as Preference-Applied names it.
func (p Preference) String() string {
	var parts []string
	if p.code != "" {
		parts = append(parts, "code="+p.code)
	}
	if p.example != "" {
		parts = append(parts, "example="+p.example)
	}
	return strings.Join(parts, ", ")
}

// Of says what the preference means for an operation: an error when the contract has no such answer for it. Of what is
// no error, the code alone lets the request pass: the stand-in has better to give than an example.
func (p Preference) Of(op *openapi.Operation) (Trouble, error) {
	act := Act{Example: p.example}
	if p.code != "" {
		status, err := strconv.Atoi(p.code)
		if err != nil {
			return Trouble{}, fmt.Errorf("expected a status, as in code=503, not %.40q", p.code)
		}
		act.Status = status
	}
	if act.Status != 0 && act.Status < 400 && act.Example == "" && len(examplesOf(op, act.Status)) > 0 {
		return Trouble{}, nil
	}
	return TroubleOf(op, act)
}
