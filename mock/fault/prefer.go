package fault

import (
	"strconv"
	"strings"
)

// Preferred reads the status that a client asks to be answered with, from its Prefer headers
// (`Prefer: code=503`; RFC 7240 for the header, Prism for the preference). False when it asks for none.
func Preferred(prefer []string) (status int, asked bool) {
	for _, line := range prefer {
		for preference := range strings.SplitSeq(line, ",") {
			preference, _, _ = strings.Cut(preference, ";")
			name, value, _ := strings.Cut(preference, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "code") {
				continue
			}
			status, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			return status, err == nil // a preference that comes twice counts the first time (RFC 7240, section 2)
		}
	}
	return 0, false
}
