package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// endpoint is what takes webhooks, and how it is reached.
type endpoint struct {
	target  conformance.Target
	secret  string
	scheme  webhook.Scheme
	signed  string // --signature
	timeout time.Duration
	caCert  string
	headers []string
}

func (e *endpoint) declare(cmd *cobra.Command, signed bool) {
	flags := cmd.Flags()
	flags.StringVar(&e.target.URL, "to", "", "`URL` of the endpoint that takes the webhooks")
	if signed {
		flags.StringVar(&e.secret, "secret", "", "`secret` that deliveries are signed with; of Standard Webhooks, whsec_ and base64")
		flags.StringVar(&e.signed, "signature", "", "`header` that bears the signature, where it is not that of Standard Webhooks: 'X-Acme-Signature: sha256={hex}' signs the body with the whole secret; {base64} is the other encoding")
		alsoFrom(cmd, "secret", "PARLEY_SECRET")
	}
	flags.StringArrayVar(&e.headers, "header", nil, "send `'Name: value'` along with every request; can be repeated")
	flags.StringVar(&e.caCert, "ca-cert", "", "PEM `file` of authorities to trust, beside the system's")
	flags.BoolVar(&e.target.Insecure, "insecure", false, "take any certificate, of an endpoint on this machine")
	flags.DurationVar(&e.timeout, "timeout", 10*time.Second, "how long one answer may take")
}

// settle reads what the flags name, and finds out what is wrong with it before anything is sent.
func (e *endpoint) settle() (err error) {
	if err := httpURL("--to", e.target.URL); err != nil {
		return err
	}
	if e.target.Insecure && !e.target.Loopback() {
		return errors.New("--insecure: only for an endpoint on this machine; elsewhere trust its authority with --ca-cert")
	}
	if e.target.Header, err = readHeaders(e.headers, "--to"); err != nil {
		return err
	}
	if e.caCert != "" {
		if e.target.CACert, err = os.ReadFile(e.caCert); err != nil {
			return fmt.Errorf("--ca-cert: %w", err)
		}
	}
	if e.timeout <= 0 {
		return fmt.Errorf("--timeout: expected a duration above zero, not %v", e.timeout)
	}
	return e.settleSignature()
}

func (e *endpoint) settleSignature() (err error) {
	if e.signed != "" {
		if e.scheme, err = webhook.ParseScheme(e.signed); err != nil {
			return fmt.Errorf("--signature: %w", err)
		}
		if e.secret == "" {
			return errors.New("--signature: expected --secret, too, to sign with")
		}
	}
	if e.secret != "" {
		if err := e.scheme.Sign(http.Header{}, e.secret, "evt", time.Now(), nil); err != nil {
			return fmt.Errorf("--secret: %w", err)
		}
	}
	return nil
}

// shown is the target as a report may name it: the URL of a webhook is a secret, but not that of one on this machine.
func (e *endpoint) shown() conformance.Target {
	u, err := url.Parse(e.target.URL)
	if err != nil || e.target.Loopback() {
		return conformance.Target{URL: e.target.URL}
	}
	return conformance.Target{URL: u.Scheme + "://" + u.Host + "/…"}
}

func httpURL(flag, text string) error {
	if text == "" {
		return fmt.Errorf("%s: expected the URL that takes webhooks, as http://127.0.0.1:3000/hooks", flag)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%s: expected an http or https URL, as http://127.0.0.1:3000/hooks", flag)
	}
	return nil
}

// positive refuses durations that are none.
func positive(cmd *cobra.Command, flags ...string) error {
	for _, name := range flags {
		if d, err := cmd.Flags().GetDuration(name); err == nil && d <= 0 {
			return fmt.Errorf("--%s: expected a duration above zero, not %v", name, d)
		}
	}
	return nil
}
