package assistloop_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/world"
)

// BenchmarkHandlers measures operations through the generated server, without the gate, in a small world and a large one.
func BenchmarkHandlers(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		if n > 1000 && testing.Short() {
			continue
		}
		s := newService(world.Options{Desk: desk.Options{Conversations: n}})
		for range 20 {
			_, _ = s.Desk.Reply(s.owner, s.talk, "So that a page of messages is full.")
		}
		agent, talk := "/automation/agents/"+s.agent+"/conversations/", "/automation/conversations/"+s.talk
		for _, o := range []struct{ name, method, path, body string }{
			{"list", "GET", agent + "list", ""},
			{"filter", "GET", agent + "list?status=1&response_mode=human&created_from=2025-01-01&created_to=2025-03-10T12:00:00Z", ""},
			{"sample", "GET", agent + "recent-sample", ""},
			{"find", "GET", talk + "/messages/find", ""},
			{"reply", "POST", talk + "/reply", `{"content":"Thank you for contacting us."}`},
		} {
			b.Run(fmt.Sprintf("%s/conversations=%d", o.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequest(o.method, o.path, strings.NewReader(o.body))
					r.Header.Set("X-Account", s.owner)
					w := sink{header: http.Header{}}
					s.ServeHTTP(&w, r)
					if w.status != http.StatusOK {
						b.Fatalf("expected 200, came %d", w.status)
					}
				}
			})
		}
		_ = s.Close(b.Context())
	}
}

// sink takes a response and forgets its body.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return io.Discard.Write(p) }
