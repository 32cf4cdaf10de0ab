package fault

import (
	"regexp"
	"strings"
)

// glob compiles a pattern: * is any part of one segment of a path, ** is anything.
func glob(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	for i, piece := range strings.Split(pattern, "**") {
		if i > 0 {
			b.WriteString(".*")
		}
		for j, plain := range strings.Split(piece, "*") {
			if j > 0 {
				b.WriteString("[^/]*")
			}
			b.WriteString(regexp.QuoteMeta(plain))
		}
	}
	b.WriteString("$")
	return regexp.MustCompile("(?s)" + b.String()) // of quoted text and two classes
}
