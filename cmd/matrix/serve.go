package main

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/defects"
)

// serve starts a fresh server with a defect.
type serve func(defects.Defect) (target conformance.Target, stop func(), err error)

// theMock is the stand-in, with enough of a world for every page size to be told.
func theMock(d defects.Defect) (conformance.Target, func(), error) {
	m, err := mock.New(mock.Options{
		AutoConsent: true, Conversations: 100, Messages: 2500, Defect: &d, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return conformance.Target{}, nil, err
	}
	end := func() { _ = m.Close() }
	if d.Requirement == "transport/plain-http" {
		target, stop := elsewhere(m.Handler(), d.Settings != nil && d.Settings.PlainHTTP)
		ready := m.Ready("https://" + elsewhereHost)
		target.URL, target.Token, target.Driver = ready.BaseURL, ready.Token, ready.Driver
		return target, func() { stop(); end() }, nil
	}
	server := httptest.NewServer(m.Handler())
	ready := m.Ready(server.URL)
	return conformance.Target{
		URL: ready.BaseURL, Token: ready.Token, Driver: ready.Driver, ClientID: ready.ClientID, ClientSecret: ready.ClientSecret,
	}, func() { server.Close(); end() }, nil
}

// elsewhereHost is a name that the certificate of httptest is for.
const elsewhereHost = "example.com"

// elsewhere serves by https under a name that is not this machine's, so that plain HTTP can be told from it.
func elsewhere(handler http.Handler, plainHTTP bool) (conformance.Target, func()) {
	secure := httptest.NewTLSServer(handler)
	if !plainHTTP {
		handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"message":"This is served by https alone."}`, http.StatusForbidden)
		})
	}
	plain := httptest.NewServer(handler)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		to := secure
		if strings.HasSuffix(address, ":80") {
			to = plain
		}
		return (&net.Dialer{}).DialContext(ctx, network, to.Listener.Addr().String())
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	return conformance.Target{CACert: certificate, Dial: dial}, func() { plain.Close(); secure.Close() }
}

// strangerBy serves the second target. Its deliveries cannot be wrapped, nor can it be told how to retry or to limit.
func strangerBy(options stranger.Options) serve {
	return func(d defects.Defect) (conformance.Target, func(), error) {
		if d.Settings != nil || d.Delivers() {
			return conformance.Target{}, nil, errors.New("this defect cannot play over the second target")
		}
		s := stranger.New(options)
		ready := s.Ready()
		stage := d.Open()
		stage.Know(defects.Keys{Token: ready.Token, ClientID: ready.ClientID, ClientSecret: ready.ClientSecret})
		server := httptest.NewServer(stage.Wrap(s))
		return conformance.Target{
			URL: server.URL + ready.Base, Token: ready.Token, Driver: server.URL + ready.Driver,
			ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
		}, func() { server.Close(); s.Close() }, nil
	}
}
