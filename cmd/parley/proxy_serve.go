package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/proxy"
)

// connectPatience bounds how long the target may take to be reached; how long it takes to answer is its own business.
const connectPatience = 15 * time.Second

// connectionsKept is how many idle connections to the target are kept for the next requests.
const connectionsKept = 256

// serve passes traffic through until the command's context ends.
func (f *proxyFlags) serve(cmd *cobra.Command, traffic *conformance.Traffic) error {
	if err := removeStale(f.ready); err != nil {
		return err
	}
	certificates, err := certificatesIn(f.tlsCert, f.tlsKey)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
	handler, err := f.handler(cmd.ErrOrStderr(), traffic, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	defer listener.Close()
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		TLSConfig: &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12}, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := started(server, listener)
	if err := f.announce(cmd.OutOrStdout(), listener); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-ended:
		return err
	case <-cmd.Context().Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Warn("exchanges were broken off", "error", err)
		server.Close()
	}
	return nil
}

func (f *proxyFlags) handler(errors io.Writer, traffic *conformance.Traffic, log *slog.Logger) (http.Handler, error) {
	target, err := url.Parse(f.target.URL)
	if err != nil {
		return nil, fmt.Errorf("--target: %w", err)
	}
	transport, err := f.target.Transport(connectPatience)
	if err != nil {
		return nil, fmt.Errorf("--ca-cert: %w", err)
	}
	transport.DisableCompression = true // what the client did not ask for it does not get
	transport.MaxIdleConnsPerHost, transport.MaxIdleConns = connectionsKept, connectionsKept
	told := &breaches{out: errors, known: map[string]bool{}, all: f.outcome.verbose}
	options := proxy.Options{Target: target, Header: f.target.Header, Fail: f.fail, Transport: transport, Log: log}
	if !f.outcome.quiet {
		options.Told = told.tell
	}
	return proxy.New(traffic, options), nil
}

// breaches prints what broke something: the first exchange that breaks a requirement, or each.
type breaches struct {
	mu    sync.Mutex
	out   io.Writer
	known map[string]bool
	all   bool
}

func (b *breaches) tell(x *conformance.Exchange, broken conformance.Breaches) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []string
	for _, id := range append(broken.Violations, broken.Warnings...) {
		if b.all || !b.known[id] {
			ids = append(ids, id)
		}
		b.known[id] = true
	}
	if len(ids) == 0 {
		return
	}
	path := x.URL
	if u, err := url.Parse(x.URL); err == nil {
		path = u.EscapedPath()
	}
	fmt.Fprintf(b.out, "%s %s %s %d: %s\n", time.Now().Format(time.TimeOnly), x.Method, path, x.Status, strings.Join(ids, ", "))
}

// announce tells a person where the proxy is, and a script.
func (f *proxyFlags) announce(out io.Writer, listener net.Listener) error {
	target, err := url.Parse(f.target.URL)
	if err != nil {
		return fmt.Errorf("--target: %w", err)
	}
	base := originOf(listener, f.tlsCert != "") + strings.TrimRight(target.EscapedPath(), "/")
	if !f.outcome.quiet {
		fmt.Fprintf(out, "Judging what passes to %s.\n\n  base URL       %s\n\n", target.Redacted(), base)
		if !onLoopback(listener) {
			fmt.Fprintf(out, "It can be reached from other machines, and passes on what they send.\n\n")
		}
	}
	if f.ready == "" {
		return nil
	}
	return writeReady(f.ready, map[string]string{"base_url": base, "target": target.Redacted()})
}
