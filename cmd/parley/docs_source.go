package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance/document"
)

const (
	// mostDocument is more than a document may have, so that Read can say how much it has.
	mostDocument = 64 << 20
	fetchTimeout = 30 * time.Second
)

// read reads the document from a file, a URL or, for -, standard input.
func (f *docsFlags) read(cmd *cobra.Command, name string) (*document.Document, error) {
	text, err := f.source(cmd, name)
	if err != nil {
		return nil, err
	}
	return document.Read(name, text)
}

func (f *docsFlags) source(cmd *cobra.Command, name string) ([]byte, error) {
	switch {
	case name == "-":
		return limited(name, cmd.InOrStdin())
	case strings.Contains(name, "://"):
		return f.fetch(cmd.Context(), name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("document: expected a file, %s is a folder", name)
	}
	return limited(name, file)
}

func limited(name string, r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostDocument))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}

// fetch gets a document from the web, within limits of time and size.
func (f *docsFlags) fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("document: expected an http or https URL, came %s", address)
	}
	client, err := f.client()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	request.Header.Set("Accept", "text/markdown, text/html, text/plain;q=0.9, */*;q=0.5")
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("document: %s answered %s", address, response.Status)
	}
	return limited(address, response.Body)
}

func (f *docsFlags) client() (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if authorities := f.live.target.CACert; len(authorities) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(authorities) {
			return nil, errors.New("--ca-cert: expected certificates in PEM, found none")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: transport}, nil
}
