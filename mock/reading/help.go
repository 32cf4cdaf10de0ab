package reading

import (
	"fmt"
	"strings"
)

// Help lists all readings for a person: name and values with the default first, then what it is about and where the
// readings have it. A value with an asterisk leaves a SHOULD out.
func Help() string {
	var b strings.Builder
	for _, r := range All() {
		var values []string
		for _, v := range r.Values {
			if name := v.Name; len(v.Lapses) > 0 {
				values = append(values, name+"*")
			} else {
				values = append(values, name)
			}
		}
		rule := r.Rule
		if rule != "" {
			rule = " (" + rule + ")"
		}
		fmt.Fprintf(&b, "  %s=%s\n      %s%s\n", r.Name, strings.Join(values, "|"), r.About, rule)
	}
	return b.String()
}
