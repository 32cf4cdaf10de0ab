// Package mock is the stand-in: a whole AssistLoop and a whole Conversations in memory, behind an http.Handler.
//
//	m, err := mock.New(mock.Options{Seed: 7})
//	…
//	defer m.Close()
//	server := httptest.NewServer(m.Handler())
//	defer server.Close()
//	ready := m.Ready(server.URL) // base URL, token, ids
//
// This package joins the parts and is the only one that knows all of them: worlds (mock/world) behind the gate
// (mock/gate), the contracts' operations (mock/assistloop over mock/desk, mock/conversations over mock/center), the
// authorization server (mock/oauth), and control API and driver (mock/control).
package mock

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/mock/control"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/mock/gate"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
)

// Ready is what a client needs to begin.
type Ready = world.Ready

// Mock is a running stand-in. It is safe for concurrent use.
type Mock struct {
	worlds  *world.Registry
	handler http.Handler
	own     *outbox.Transport // nil when the caller brought one
}

// New makes a mock with its default world. It serves nothing by itself: hand its Handler to a server, and Close it
// in the end.
func New(o Options) (*Mock, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	m := &Mock{}
	transport := o.DeliveryTransport
	if transport == nil {
		m.own = outbox.NewTransport(o.DeliverCA)
		transport = m.own
	}
	var stage *defects.Stage
	if o.Defect != nil {
		stage = o.Defect.Open()
		transport = stage.Deliver(transport)
		o.obey(o.Defect.Settings)
	}
	template, err := o.world(transport)
	if err != nil {
		return nil, err
	}
	contracts := []gate.Contract{assistLoop(o.Logger), conversationsContract(o.Logger)}
	for _, contract := range contracts {
		template.Operations = append(template.Operations, contract.Operations...)
	}
	template.Events, template.Connect = events(), connect
	if m.worlds, err = world.NewRegistry(template, cmp.Or(o.MaxWorlds, DefaultMaxWorlds)); err != nil {
		return nil, err
	}
	g := gate.New(m.worlds, o.Logger)
	for _, contract := range contracts {
		if err := g.Mount(contract); err != nil {
			return nil, err
		}
	}
	g.Handle(control.Prefix, control.New(control.Options{Worlds: m.worlds, Token: o.ControlToken}))
	m.handler = defective(g, m.worlds.Default(), stage)
	return m, nil
}

// Handler serves everything: AssistLoop below /v1 and /api/v1, the token endpoint at /oauth/token, Conversations below
// /ccaas and /subscriptions, control API and driver below /_parley. A request that names a defect in its header
// Parley-Defect is answered with it.
func (m *Mock) Handler() http.Handler { return m.handler }

// Ready says how to begin with the default world when it is served at an origin, as in http://127.0.0.1:8080.
func (m *Mock) Ready(origin string) Ready { return m.worlds.Default().Ready(origin) }

// Worlds gives a test in the same process what others reach by control API and driver: the clock of
// Worlds().Default(), its desk, its journal.
func (m *Mock) Worlds() *world.Registry { return m.worlds }

// Shutdown ends all worlds: deliveries under way are waited for until ctx ends, and the error says what was left
// undone. Requests that still come are answered, and nothing is delivered for them.
func (m *Mock) Shutdown(ctx context.Context) error {
	err := m.worlds.Close(ctx)
	if m.own != nil {
		m.own.CloseIdleConnections()
	}
	return err
}

// closing is how long Close waits for deliveries under way.
const closing = 5 * time.Second

// Close is Shutdown with some patience.
func (m *Mock) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	return m.Shutdown(ctx)
}
