package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/report"
)

// verifyFlags are what `parley verify` was told.
type verifyFlags struct {
	target  conformance.Target
	options conformance.Options
	choice  choice
	reports *reports

	known knownFlags

	tokenFile, caCert string
	payloads, har     string
	headers           []string
	quiet, verbose    bool
}

func (f *verifyFlags) declare(cmd *cobra.Command, c contract) {
	if !c.driven {
		f.declareTarget(cmd)
	}
	f.declareDriver(cmd)
	if !c.driven {
		f.declareWriting(cmd)
	}
	f.declareRun(cmd)
	f.known.declare(cmd)
	f.choice.declare(cmd)
	declareReceiver(cmd, &f.options.Receiver)

	f.declareRecorded(cmd)
	f.reports = reportFlag(cmd, report.Formats())
	flags := cmd.Flags()
	flags.BoolVar(&f.quiet, "quiet", false, "print nothing but the verdict")
	flags.BoolVar(&f.verbose, "verbose", false, "print a line for each step")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
}

func (f *verifyFlags) declareTarget(cmd *cobra.Command) {
	f.declareAddress(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.target.ClientID, "client-id", "", "`id` of an OAuth client: adds the authorization-code flow, where the target consents by itself")
	flags.StringVar(&f.target.ClientSecret, "client-secret", "", "its `secret`")
	flags.StringVar(&f.target.RedirectURI, "redirect-uri", "", "a redirect `URI` that is registered for the client (default the documented one)")
	flags.StringVar(&f.target.TokenURL, "token-url", "", "`URL` of the token endpoint (default /oauth/token at the root of the target's origin)")
	cmd.MarkFlagsRequiredTogether("client-id", "client-secret")
}

// declareAddress is what any command needs that talks to a target.
func (f *verifyFlags) declareAddress(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.target.URL, "target", "", "base `URL` of the implementation, as the document has it: https://api.example.com/v1")
	flags.StringVar(&f.target.Token, "token", "", "access `token` of the account to judge with")
	flags.StringVar(&f.tokenFile, "token-file", "", "`file` with the token")
	flags.StringArrayVar(&f.headers, "header", nil, "send `'Name: value'` along with every request; can be repeated")
	alsoFrom(cmd, "token", "PARLEY_TOKEN")
	cmd.MarkFlagsMutuallyExclusive("token", "token-file")
}

func (f *verifyFlags) declareDriver(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.target.Driver, "driver", "", "`URL` of a driver, which does what the API cannot (openapi/driver.yaml)")
	flags.StringVar(&f.target.DriverToken, "driver-token", "", "`token` that the driver asks for")
	flags.StringVar(&f.caCert, "ca-cert", "", "PEM `file` of authorities to trust, beside the system's")
	alsoFrom(cmd, "driver-token", "PARLEY_DRIVER_TOKEN")
}

// declareRecorded comes after what it excludes.
func (f *verifyFlags) declareRecorded(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.payloads, "payloads", "", "judge recorded bodies of webhooks instead, in this `file or folder`, or - for standard input: one JSON value a file, or one a line")
	cmd.Flags().StringVar(&f.har, "har", "", "judge recorded traffic instead, in this HAR `file`, or - for standard input")
	cmd.MarkFlagsMutuallyExclusive("payloads", "har")
	for _, other := range []string{"token", "token-file", "driver", "driver-token", "client-id", "read-only", "pace", "conversation"} {
		if cmd.Flags().Lookup(other) != nil {
			cmd.MarkFlagsMutuallyExclusive("payloads", other)
			cmd.MarkFlagsMutuallyExclusive("har", other)
		}
	}
	if cmd.Flags().Lookup("target") != nil {
		cmd.MarkFlagsMutuallyExclusive("payloads", "target")
	}
}

func (f *verifyFlags) declareWriting(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.options.ReadOnly, "read-only", false, "write nothing")
	flags.StringArrayVar(&f.options.Conversation, "conversation", nil, "`id` of a conversation that may be replied to and closed; can be repeated")
	flags.BoolVar(&f.options.Pace, "pace", false, "never exceed a documented rate limit, and leave the limits unjudged")
}

func (f *verifyFlags) declareRun(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.options.Strict, "strict", false, "a SHOULD that is not met fails, too")
	flags.DurationVar(&f.options.Patience, "patience", time.Minute, "how long to wait for what the target does by itself, as webhook retries")
	flags.DurationVar(&f.options.Timeout, "timeout", 15*time.Second, "how long one request may take")
}

func declareReceiver(cmd *cobra.Command, r *conformance.Receiver) {
	flags := cmd.Flags()
	flags.StringVar(&r.Listen, "receiver-listen", "127.0.0.1:0", "`address` that the receiver of webhooks listens on")
	flags.StringVar(&r.URL, "receiver-url", "", "public `URL` that leads to the receiver, as a tunnel's")
	flags.StringVar(&r.CA, "receiver-ca", "", "PEM `file` with the authority of its certificate, made if there is none (default one in memory)")
	flags.StringVar(&r.Cert, "receiver-cert", "", "PEM `file` with a certificate of your own, instead")
	flags.StringVar(&r.Key, "receiver-key", "", "PEM `file` with its key")
	cmd.MarkFlagsRequiredTogether("receiver-cert", "receiver-key")
	cmd.MarkFlagsMutuallyExclusive("receiver-ca", "receiver-cert")
}

// settle turns what flags say in text and name in files into target and options. Everything that can be wrong with it
// shows here, before the first request.
func (f *verifyFlags) settle() error {
	for _, step := range []func() error{f.readToken, f.readHeaders, f.readCACert, f.readKnown, f.checkDurations, f.checkReceiver} {
		if err := step(); err != nil {
			return err
		}
	}
	selected, err := f.choice.settle(f.options.Contract)
	f.options.Selected = selected
	return err
}

func (f *verifyFlags) readToken() error {
	if f.tokenFile == "" {
		return nil
	}
	text, err := os.ReadFile(f.tokenFile)
	if err != nil {
		return fmt.Errorf("--token-file: %w", err)
	}
	f.target.Token = strings.TrimSpace(string(text))
	if f.target.Token == "" {
		return fmt.Errorf("--token-file: expected a token in %s, which is empty", f.tokenFile)
	}
	return nil
}

func (f *verifyFlags) readHeaders() (err error) {
	f.target.Header, err = readHeaders(f.headers, "--target")
	return err
}

// readHeaders reads the values of --header, for requests to the URL of a flag.
func readHeaders(values []string, to string) (http.Header, error) {
	headers := http.Header{}
	for _, header := range values {
		name, value, found := strings.Cut(header, ":")
		name = strings.TrimSpace(name)
		switch {
		case !found || name == "" || strings.ContainsAny(name, " \t"):
			return nil, errors.New("--header: expected 'Name: value'") // and no word of what came: it may be a secret
		case strings.EqualFold(name, "Host"):
			return nil, errors.New("--header: the Host is that of " + to)
		}
		headers.Add(name, strings.TrimSpace(value))
	}
	return headers, nil
}

func (f *verifyFlags) readCACert() (err error) {
	if f.caCert == "" {
		return nil
	}
	if f.target.CACert, err = os.ReadFile(f.caCert); err != nil {
		return fmt.Errorf("--ca-cert: %w", err)
	}
	return nil
}

func (f *verifyFlags) readKnown() (err error) {
	f.options.Known, err = f.known.settle(f.options.Contract.Catalogue)
	return err
}

func (f *verifyFlags) checkDurations() error {
	switch {
	case f.options.Patience <= 0:
		return fmt.Errorf("--patience: expected a duration above zero, not %v", f.options.Patience)
	case f.options.Timeout <= 0:
		return fmt.Errorf("--timeout: expected a duration above zero, not %v", f.options.Timeout)
	}
	return nil
}

func (f *verifyFlags) checkReceiver() error {
	if f.options.Receiver == (conformance.Receiver{Listen: "127.0.0.1:0"}) {
		return nil
	}
	if err := f.options.Receiver.Check(); err != nil {
		return fmt.Errorf("--receiver-…: %w", err)
	}
	return nil
}

// pace is how often progress may print a line where it cannot update one: for every step, now and then for whoever
// reads along, or, in a pipeline, only for long waits.
func (f *verifyFlags) pace() pace { return paceOf(f.quiet, f.verbose) }

func paceOf(quiet, verbose bool) pace {
	switch {
	case quiet:
		return silent
	case verbose:
		return everyStep
	case os.Getenv("CI") != "":
		return longWaits
	}
	return nowAndThen
}
