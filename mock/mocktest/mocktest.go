// Package mocktest starts a mock for a Go test and takes it down again.
//
//	m := mocktest.Start(t, mock.Options{Seed: 7})
//	client := shop.NewClient(m.BaseURL, m.Token) // what is being tested
//	…
//	m.World().Clock.Advance(ctx, time.Minute) // the rate-limit window, in no time
//
// Options.Profile and Options.Faults bring trouble; mock/fault has the syntax. Package integration is a whole integration
// that is tested so, and survives it.
package mocktest

import (
	"net/http"
	"net/http/httptest"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/world"
)

// T is what Start needs of a test: *testing.T, *testing.B and Ginkgo's GinkgoT() have it.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Server is a mock that listens on loopback.
type Server struct {
	mock.Ready        // where, with which token, and what to try first
	Origin     string // as in http://127.0.0.1:49152

	mock *mock.Mock
}

// Start serves a mock until the test ends. Webhook targets at http://127.0.0.1 and the like are taken too.
func Start(t T, o mock.Options) *Server {
	t.Helper()
	o.AllowLoopbackHTTP = true
	m, err := mock.New(o)
	if err != nil {
		t.Fatalf("start the mock: %v", err)
	}
	server := httptest.NewServer(m.Handler())
	t.Cleanup(func() {
		server.Close()
		if err := m.Close(); err != nil {
			t.Errorf("stop the mock: %v", err)
		}
	})
	return &Server{Ready: m.Ready(server.URL), Origin: server.URL, mock: m}
}

// Handler answers without a connection.
func (s *Server) Handler() http.Handler { return s.mock.Handler() }

// World is the default world: its clock to move, its desk to provoke events on, its journal to read.
func (s *Server) World() *world.World { return s.mock.Worlds().Default() }

// Worlds are all worlds of the mock.
func (s *Server) Worlds() *world.Registry { return s.mock.Worlds() }
