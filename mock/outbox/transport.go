package outbox

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Transport sends deliveries. It takes any certificate from a receiver on this machine, whose authority is
// seldom one that anybody knows, and verifies all others.
type Transport struct {
	loopback, elsewhere *http.Transport
}

// NewTransport returns a transport that trusts the pool elsewhere than on this machine; nil is what the system
// trusts. Worlds may share it, and with it their connections.
func NewTransport(pool *x509.CertPool) *Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	elsewhere := &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: dialer.DialContext,
		// HTTP/1.1 alone, as most senders of webhooks: a slow answer then holds up one connection, not all.
		TLSClientConfig:        &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    5 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    256, // more than an outbox has workers, or connections would be made in vain
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	local := *dialer
	local.Control = onlyLoopback
	loopback := elsewhere.Clone()
	loopback.Proxy = nil
	loopback.DialContext = local.DialContext
	loopback.TLSClientConfig = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12} // loopback only, see onlyLoopback
	return &Transport{loopback: loopback, elsewhere: elsewhere}
}

// RoundTrip sends a request. It follows no redirects.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if isLoopback(req.URL.Hostname()) {
		return t.loopback.RoundTrip(req)
	}
	return t.elsewhere.RoundTrip(req)
}

// CloseIdleConnections closes what is kept open for later.
func (t *Transport) CloseIdleConnections() {
	t.loopback.CloseIdleConnections()
	t.elsewhere.CloseIdleConnections()
}

// onlyLoopback makes sure that a name such as localhost, for which nothing is verified, stays on this machine.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("dial %s: %w", address, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("dial %s: localhost is not on this machine", address)
	}
	return nil
}
