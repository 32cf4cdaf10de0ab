package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/fixtures/receiver"
)

// forwarder passes deliveries on to another endpoint.
type forwarder struct {
	to        *url.URL
	transport *http.Transport
}

// newForwarder waits for the head of an answer as long as timeout says.
func newForwarder(to *url.URL, timeout time.Duration) *forwarder {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = timeout
	transport.DisableCompression = true // what is asked for is the sender's choice
	return &forwarder{to: to, transport: transport}
}

// pass forwards a delivery as it came and streams the answer back, whatever it is. It tells the status that the sender
// got, what went wrong, and whether the answer broke off in the middle.
func (f *forwarder) pass(w http.ResponseWriter, req *http.Request, d receiver.Delivery) (status int, trouble string, broke bool) {
	proxy := &httputil.ReverseProxy{
		Transport:     f.transport,
		FlushInterval: -1,                         // at once
		ErrorLog:      log.New(io.Discard, "", 0), // it is told below the delivery
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL, r.Out.Host = f.to, f.to.Host
			r.Out.Body, r.Out.ContentLength = io.NopCloser(bytes.NewReader(d.Body)), int64(len(d.Body))
			r.Out.TransferEncoding = nil
		},
		ModifyResponse: func(response *http.Response) error {
			status = response.StatusCode
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			status, trouble = http.StatusBadGateway, "not forwarded: "+err.Error()
			answerEmpty(w, status)
		},
	}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			trouble, broke = "the answer broke off", true
		default:
			panic(p)
		}
	}()
	proxy.ServeHTTP(w, req)
	return status, trouble, false
}
