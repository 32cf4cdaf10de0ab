package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/parley-contracts/parley/mock"
)

// How long the mock's server waits for others.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	shutdownTimeout   = 5 * time.Second
)

// serveMock runs a mock until ctx ends, which is how it is meant to end.
func serveMock(ctx context.Context, out io.Writer, f mockFlags) error {
	if err := removeStale(f.ready); err != nil {
		return err
	}
	certificates, err := certificatesIn(f.tlsCert, f.tlsKey)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	defer listener.Close()
	if f.ControlToken == "" && !onLoopback(listener) {
		f.ControlToken = rand.Text()
	}
	m, err := mock.New(f.Options)
	if err != nil {
		return err
	}
	var underWay atomic.Int64
	server := &http.Server{
		Handler:           counting(m.Handler(), &underWay),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		TLSConfig:         &tls.Config{Certificates: certificates},
		ErrorLog:          slog.NewLogLogger(f.Logger.Handler(), slog.LevelWarn),
	}
	ended := started(server, listener)
	ready := m.Ready(originOf(listener, len(certificates) > 0))
	if err := announce(out, ready, f); err != nil {
		return errors.Join(err, server.Close(), m.Close())
	}
	select {
	case err := <-ended:
		return errors.Join(err, m.Close())
	case <-ctx.Done():
		shutDown(server, m, &underWay, f.Logger)
		return nil
	}
}

// shutDown lets what is under way finish, within limits, and reports what did not.
func shutDown(server *http.Server, m *mock.Mock, underWay *atomic.Int64, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Warn("requests were broken off", "requests", underWay.Load(), "error", err)
		server.Close()
	}
	if err := m.Shutdown(ctx); err != nil {
		log.Warn("deliveries were broken off", "error", err)
	}
	log.Info("stopped")
}

// started serves, by https where the server has a certificate, and tells when that ends.
func started(server *http.Server, listener net.Listener) <-chan error {
	ended := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil && len(server.TLSConfig.Certificates) > 0 {
			ended <- server.ServeTLS(listener, "", "")
		} else {
			ended <- server.Serve(listener)
		}
	}()
	return ended
}

func counting(next http.Handler, underWay *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		underWay.Add(1)
		defer underWay.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// certificates are those to serve https with: one, or none for http.
func certificatesIn(cert, key string) ([]tls.Certificate, error) {
	if cert == "" {
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert and --tls-key: %w", err)
	}
	return []tls.Certificate{certificate}, nil
}

func onLoopback(listener net.Listener) bool {
	address, ok := listener.Addr().(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// originOf is where a client on this machine finds what listens.
func originOf(listener net.Listener, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// announce tells a person how to begin, and a script.
func announce(out io.Writer, ready mock.Ready, f mockFlags) error {
	fmt.Fprint(out, "A stand-in for AssistLoop and Conversations is listening.\n\n")
	row := func(name, value string) { fmt.Fprintf(out, "  %-14s %s\n", name, value) }
	if f.Defect != nil {
		fmt.Fprintf(out, "It breaks %s on purpose: %s\n\n", f.Defect.Requirement, f.Defect.Sentence)
	}
	row("base URL", ready.BaseURL)
	row("token", ready.Token)
	row("organization", ready.Organization)
	row("agent", ready.Agent)
	if ready.Conversation != "" {
		row("conversation", ready.Conversation)
	}
	row("OAuth client", ready.ClientID)
	row("its secret", ready.ClientSecret)
	fmt.Fprintln(out)
	row("Conversations", ready.Conversations.BaseURL)
	row("authorization", ready.Conversations.Authorization)
	if ready.Conversations.Conversation != "" {
		row("conversation", ready.Conversations.Conversation)
	}
	fmt.Fprintln(out)
	row("driver", ready.Driver)
	if f.ControlToken != "" {
		row("driver token", f.ControlToken)
	}
	fmt.Fprintf(out, "\nTry:\n\n  curl -H 'Authorization: Bearer %s' %s/automation/agents/%s/conversations/list\n"+
		"  curl -H 'Authorization: %s' %s/ccaas/1/conversations\n\n",
		ready.Token, ready.BaseURL, ready.Agent, ready.Conversations.Authorization, ready.Conversations.BaseURL)
	if f.ready == "" {
		return nil
	}
	return writeReady(f.ready, readyFile{ready, f.ControlToken})
}

// readyFile is what scripts read. The token is there when control API and driver ask for one.
type readyFile struct {
	mock.Ready
	DriverToken string `json:"driver_token,omitempty"`
}

// removeStale takes away what an earlier run has left, so that a script which waits for the file waits for this one.
func removeStale(file string) error {
	if file == "" {
		return nil
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("--ready: %w", err)
	}
	return nil
}

// writeReady writes the file beside its place and moves it there, so that nobody reads half of it.
func writeReady(file string, ready any) error {
	text, err := json.MarshalIndent(ready, "", "  ")
	if err != nil {
		return fmt.Errorf("--ready: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(file), ".ready-*")
	if err != nil {
		return fmt.Errorf("--ready: %w", err)
	}
	_, err = draft.Write(append(text, '\n'))
	if err = errors.Join(err, draft.Close()); err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		os.Remove(draft.Name())
		return fmt.Errorf("--ready: %w", err)
	}
	return nil
}
