package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// newListen holds one command a contract.
func newListen() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Take webhooks, print and judge them as they arrive",
		Long: `Open an HTTPS endpoint, print what arrives, one line each, and judge it against a
published document; forward it, fail the first few, verify signatures.

Exit status: 0 conforms, 1 does not conform, 2 could not judge: nothing arrived.`,
		Example: `  parley listen assistloop --secret whsec_...
  parley listen conversations --forward http://127.0.0.1:3000/hooks`,
	}
	for _, c := range contracts() {
		cmd.AddCommand(newListenContract(c))
	}
	return cmd
}

// listenFlags are what `parley listen` was told.
type listenFlags struct {
	receiver conformance.Receiver
	options  conformance.Options
	outcome  outcomeFlags

	path, secret, forward string
	timeout               time.Duration
	failFirst, count      int
	bodies                bool
}

func newListenContract(c contract) *cobra.Command {
	var f listenFlags
	cmd := &cobra.Command{
		Use:   c.name,
		Short: "Take and judge the webhooks of " + c.title,
		Long: `Take the webhooks of ` + c.title + `, print each as it arrives, and below it what the
document says otherwise. Texts of people are not printed, unless --show-bodies asks for it.

It ends with SIGINT or SIGTERM, or after --count deliveries, with a summary and the reports.
What deliveries alone do not show is unsupported, and never decides.`,
		Example: c.listened(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return listen(cmd, c, &f) },
	}
	flags := cmd.Flags()
	declareReceiver(cmd, &f.receiver)
	flags.StringVar(&f.path, "path", "", "last `segment` of the URL, for one that stays the same (default one that nobody can guess)")
	if c.signed {
		flags.StringVar(&f.secret, "secret", "", "`secret` that deliveries are signed with, to verify them")
		alsoFrom(cmd, "secret", "PARLEY_SECRET")
	}
	flags.StringVar(&f.forward, "forward", "", "`URL` to pass deliveries on to; its answer is theirs")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long the answer of --forward may take")
	flags.IntVar(&f.failFirst, "fail-first", 0, "answer 500 to the first `n` deliveries")
	flags.IntVar(&f.count, "count", 0, "end after `n` deliveries")
	flags.BoolVar(&f.bodies, "show-bodies", false, "print bodies, with all that people wrote")
	f.outcome.declare(cmd)
	return cmd
}

func (c contract) listened() string {
	secret := ""
	if c.signed {
		secret = " --secret whsec_..."
	}
	return `  parley listen ` + c.name + secret + `
  parley listen ` + c.name + ` --receiver-listen 127.0.0.1:4443 --path hook --receiver-ca ca.pem
  parley listen ` + c.name + ` --receiver-url https://my-tunnel.example.com --receiver-listen 127.0.0.1:4443
  parley listen ` + c.name + ` --forward http://127.0.0.1:3000/hooks --fail-first 2
  parley listen ` + c.name + ` --count 10 --report junit=junit.xml`
}

// drainTime is how long answers that are being given may take when it ends.
const drainTime = 3 * time.Second

// listen takes deliveries until it is told to end, and tells what came of it.
func listen(cmd *cobra.Command, c contract, f *listenFlags) error {
	forward, err := f.settle(cmd, c)
	if err != nil {
		return err
	}
	r, err := receiver.Open(receiver.Options{
		Listen: f.receiver.Listen, URL: f.receiver.URL, AuthorityFile: f.receiver.CA,
		CertFile: f.receiver.Cert, KeyFile: f.receiver.Key, MaxBody: 8 << 20, Keep: 1,
	})
	if err != nil {
		return fmt.Errorf("--receiver-…: %w", err)
	}
	defer r.Close()
	hook := r.Hook()
	if f.path != "" {
		hook = r.HookAt(f.path)
	}
	judge, err := conformance.Listen(r.URL(), f.options)
	if err != nil {
		return err
	}
	judge.Hide(f.secret)
	ear := &ear{
		flags: f, judge: judge, print: newPrinter(cmd.OutOrStdout(), f.outcome.quiet, f.bodies),
		enough: make(chan struct{}),
	}
	if forward != nil {
		ear.forward = newForwarder(forward, f.timeout)
	}
	hook.Answer(ear.answer)
	ear.print.opened(hook.URL, r, f)
	ear.wait(cmd.Context(), hook, r)
	ctx, stop := context.WithTimeout(context.WithoutCancel(cmd.Context()), drainTime)
	defer stop()
	if err := r.Drain(ctx); err != nil {
		return err
	}
	ear.aside(r)
	return f.outcome.tell(cmd, judge.Report())
}

// settle reads the flags and finds out what is wrong with them.
func (f *listenFlags) settle(cmd *cobra.Command, c contract) (forward *url.URL, err error) {
	if err := f.outcome.reports.check(); err != nil {
		return nil, err
	}
	switch {
	case f.failFirst < 0:
		return nil, fmt.Errorf("--fail-first: expected a number of deliveries, not %d", f.failFirst)
	case f.count < 0 || f.count == 0 && cmd.Flags().Changed("count"):
		return nil, fmt.Errorf("--count: expected a number of deliveries above zero, not %d", f.count)
	case f.path != "" && url.PathEscape(f.path) != f.path:
		return nil, fmt.Errorf("--path: expected one segment of a URL, as hook, came %q", f.path)
	}
	if err := positive(cmd, "timeout"); err != nil {
		return nil, err
	}
	if f.forward != "" {
		if err := httpURL("--forward", f.forward); err != nil {
			return nil, err
		}
		forward, _ = url.Parse(f.forward)
	}
	if f.options.Contract, err = c.load(); err != nil {
		return nil, err
	}
	return forward, f.outcome.settle(&f.options, nil)
}
