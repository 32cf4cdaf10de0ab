package defects

import (
	"net/url"
	"strings"
	"sync"

	"github.com/parley-contracts/parley/openapi/assistloop"
)

// way is a path of the contract or of the driver. It is compared from its end, so that any base URL will do.
type way struct {
	id, method string
	segments   []string // "" stands for the id
}

var ways = sync.OnceValue(func() []way {
	var all []way
	add := func(id, method, path string) {
		segments := strings.Split(strings.Trim(path, "/"), "/")
		for i, s := range segments {
			if strings.HasPrefix(s, "{") {
				segments[i] = ""
			}
		}
		all = append(all, way{id, method, segments})
	}
	for _, op := range assistloop.Operations() {
		add(op.ID, op.Method, op.Path)
	}
	for _, name := range []string{"provoke", "issue-token", "advance-clock"} {
		add("driver/"+name, "POST", "/driver/"+name)
	}
	return all
})

// route finds what a request is for, and the id in its path. A path is known by any method: another than the
// operation's is what clients get wrong.
func route(method, escaped string) (*way, string) {
	segments := strings.Split(strings.Trim(escaped, "/"), "/")
	var found *way
	var id string
	all := ways()
	for i := range all {
		w := &all[i]
		value, ok := w.match(segments)
		if ok && (found == nil || w.method == method) {
			found, id = w, value
		}
	}
	return found, id
}

func (w *way) match(segments []string) (id string, ok bool) {
	if len(segments) < len(w.segments) {
		return "", false
	}
	for i, s := range segments[len(segments)-len(w.segments):] {
		if w.segments[i] == "" {
			var err error
			if id, err = url.PathUnescape(s); err != nil {
				return "", false
			}
		} else if w.segments[i] != s {
			return "", false
		}
	}
	return id, true
}
