package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
)

// proxyFlags are what `parley proxy` was told.
type proxyFlags struct {
	target          conformance.Target
	options         conformance.Options
	choice          choice
	outcome         outcomeFlags
	headers         []string
	caCert          string
	listen, ready   string
	tlsCert, tlsKey string
	fail            bool
}

// newProxy holds one command a contract.
func newProxy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Pass traffic through to a target, and judge it as it goes",
		Long: `Pass the traffic of others through to a target, and judge every exchange as it goes: for
integration tests that you have already, and for samples of production.

Exit status: 0 conforms, 1 does not conform, 2 could not judge.`,
		Example: `  parley proxy assistloop --target https://staging.example.com/v1
  parley proxy conversations --target http://127.0.0.1:3000/hooks`,
	}
	for _, c := range contracts() {
		cmd.AddCommand(newProxyContract(c))
	}
	return cmd
}

func newProxyContract(c contract) *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use:   c.name,
		Short: "Judge the traffic of " + c.title,
		Long: `Pass the traffic of ` + c.title + ` through, and judge every exchange
as it goes. ` + c.passing() + `

An answer that breaks a MUST says which in the header Parley-Violations, one that breaks a
SHOULD in Parley-Warnings, and with --fail the former becomes a 502. What the contract does
not know streams through, and so do bodies of more than 4 MB. Nothing is sent that nobody
asked for, so that much stays unsupported: the report says what the traffic could not show.

It runs until SIGINT or SIGTERM, and then reports and exits as verify does.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return proxyTraffic(cmd, c, &f) },
	}
	cmd.Example = c.proxied()
	f.declare(cmd)
	return cmd
}

// passing says what stands behind the proxy.
func (c contract) passing() string {
	if c.driven {
		return `The target is an endpoint that its webhooks are sent to: have them sent to
the proxy instead.`
	}
	return `The target is its base URL: give clients the proxy's instead.`
}

func (c contract) proxied() string {
	if c.driven {
		return `  parley proxy ` + c.name + ` --target http://127.0.0.1:3000/hooks --report html=report.html
  parley proxy ` + c.name + ` --target http://127.0.0.1:3000/hooks --listen :8443 --tls-cert cert.pem --tls-key key.pem`
	}
	return `  parley proxy ` + c.name + ` --target https://staging.example.com/v1 --report junit=junit.xml
  parley proxy ` + c.name + ` --target http://127.0.0.1:8080/v1 --listen 127.0.0.1:0 --ready ready.json --fail
  parley proxy ` + c.name + ` --target https://api.example.com/v1 --requirement find-messages --quiet`
}

func (f *proxyFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.target.URL, "target", "", "base `URL` of what is behind the proxy")
	_ = cmd.MarkFlagRequired("target")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8090", "`address` to listen on; port 0 lets it choose one")
	flags.StringVar(&f.ready, "ready", "", "write the proxy's base URL as JSON to `file`, once it listens")
	flags.BoolVar(&f.fail, "fail", false, "answer 502 in place of an answer that breaks a MUST, or a SHOULD with --strict")
	flags.StringArrayVar(&f.headers, "header", nil, "set `'Name: value'` on every request; can be repeated")
	flags.StringVar(&f.caCert, "ca-cert", "", "PEM `file` of authorities to trust, beside the system's")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "PEM `file` with a certificate, to serve https")
	flags.StringVar(&f.tlsKey, "tls-key", "", "PEM `file` with its key")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	f.choice.declare(cmd)
	f.outcome.declare(cmd)
	f.outcome.declareVerbose(cmd, "print a line for each exchange that breaks something, not for the first alone")
}

// proxyTraffic judges until ctx ends, which is how it is meant to end, and reports.
func proxyTraffic(cmd *cobra.Command, c contract, f *proxyFlags) error {
	if err := f.outcome.reports.check(); err != nil {
		return err
	}
	loaded, err := c.load()
	if err != nil {
		return err
	}
	f.options.Contract = loaded
	traffic, err := f.open()
	if err == nil {
		err = f.serve(cmd, traffic)
	}
	if err != nil {
		return errors.Join(err, f.outcome.reports.write(writeReport(conformance.Unjudged(f.target, f.options, err))))
	}
	result := traffic.Report()
	if c.driven { // the URL of a webhook is a secret
		result.Target = (&endpoint{target: f.target}).shown().URL
	}
	return f.outcome.tell(cmd, result)
}

// open settles what can be wrong, before anything listens.
func (f *proxyFlags) open() (_ *conformance.Traffic, err error) {
	if f.target.Header, err = readHeaders(f.headers, "--target"); err != nil {
		return nil, err
	}
	if f.caCert != "" {
		if f.target.CACert, err = os.ReadFile(f.caCert); err != nil {
			return nil, fmt.Errorf("--ca-cert: %w", err)
		}
	}
	if err := f.outcome.settle(&f.options, &f.choice); err != nil {
		return nil, err
	}
	if f.target.URL == "" {
		return nil, errors.New("--target: expected a base URL as https://api.example.com/v1")
	}
	traffic, err := conformance.NewTraffic(f.target, f.options)
	if err != nil {
		return nil, fmt.Errorf("--target: %w", err)
	}
	return traffic, nil
}
