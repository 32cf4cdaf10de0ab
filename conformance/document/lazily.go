package document

import (
	"regexp"
	"sync"
)

// lazily compiles a pattern when it is first used: every command would wait for all of them otherwise, and only one
// reads documents.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
