package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/reading"
)

// mockFlags are what `parley mock` was told, beside the options of the mock itself.
type mockFlags struct {
	mock.Options
	listen          string
	now             string
	deliverCA       string
	ready           string
	defect          string
	faults          string
	tlsCert, tlsKey string
}

func newMock() *cobra.Command {
	var f mockFlags
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve a stand-in for AssistLoop and Conversations",
		Long: `Serve a stateful stand-in for AssistLoop: REST, OAuth 2.0 and signed webhooks, with the
documented rate limits; and beside it one for Infobip's Conversations: customers on
seventeen channels and six webhook events. Both live on a world that comes from a seed.
It prints where it listens, credentials that are ready to use, ids to try first and a
curl line, and runs until SIGINT or SIGTERM.

Many worlds fit in one process: POST /_parley/worlds makes one. Control API and driver
are below /_parley; away from loopback they ask for a token, which is printed.

Faults are the trouble that a real service has. A rule is SUBJECT=ACT or
SUBJECT=ACT:CONDITIONS, parted by commas, or an object in YAML or JSON:

  subject     an operation (reply, list, …; * is all), an event, or deliveries (all events)
  on requests 503, 429,retry_after=5, example=NAME, latency=200ms (or 100ms..300ms, or
              200ms~50ms), slow_body=2s, drop=before, drop=after (it took effect),
              body=truncated, body=empty, timeout=30s
  on events   delay=5s, reorder, drop, duplicate=2, together, repeat=30s (after success),
              signature=bad, timestamp=old
  conditions  0.1 (a probability, from the seed), nth=3, every=5, first=2, after=10,
              path=/v1/**, grant=main, attempt=2, subscription=ID, target=https://a.example/*
  as object   {match: {operation: reply, header: {X-A: b*}, body: {content: hi}}, act: {status: 503}}

--faults takes a file of such rules or a ready-made profile: ` + strings.Join(fault.Profiles(), ", ") + `.
At run time: GET, PUT, POST and DELETE /_parley/faults, with {"profile": "flaky"} or
{"faults": ["reply=503"]}. One request asks by itself, with Prefer: code=503, Prefer:
example=NAME or Parley-Fault: drop=after. What acted is in the answer's header
Parley-Fault-Applied and in the journal. An attempt to deliver that is dropped failed
like any other, and is tried again.`,
		Example: `  parley mock
  parley mock --listen 127.0.0.1:0 --ready ready.json
  parley mock --seed 7 --now 2025-01-02T15:00:00Z --conversations 1000 --rate-limit off
  parley mock --fault reply=503:0.1 --latency '*=50ms'
  parley mock --fault '*=429,retry_after=5:every=10' --fault new_conversation=duplicate:0.2
  parley mock --faults chaos
  parley mock --reading validation=400,ids=prefixed --reading window=sliding
  parley mock --defect 'find-messages/newest-first~oldest-first'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if slices.Contains(f.Readings, "help") {
				return listReadings(cmd.OutOrStdout())
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			if err := f.settle(cmd.Flags().Changed("conversations")); err != nil {
				return err
			}
			f.Logger = log
			return serveMock(cmd.Context(), cmd.OutOrStdout(), f)
		},
	}
	f.declare(cmd)
	return cmd
}

// listReadings says what --reading takes.
func listReadings(out io.Writer) error {
	_, err := fmt.Fprint(out, "What --reading takes, the default first; one with an asterisk leaves out a SHOULD:\n\n", reading.Help())
	return err
}

func (f *mockFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`address` to listen on; port 0 lets it choose one")
	flags.StringVar(&f.ready, "ready", "", "write what a client needs to begin as JSON to `file`, once it listens")

	flags.Uint64Var(&f.Seed, "seed", 1, "what the world comes from: the same seed and --now give the same world")
	flags.StringVar(&f.now, "now", "", "`time` at which the world's clock starts, RFC 3339 (default the real time)")
	flags.IntVar(&f.Conversations, "conversations", mock.DefaultConversations, "conversations of AssistLoop in all")
	flags.IntVar(&f.Messages, "messages", 0, "messages of AssistLoop in all (default ten for each conversation)")
	flags.BoolVar(&f.StartEmpty, "start-empty", false, "start without conversations, of either contract")

	flags.BoolVar(&f.AutoConsent, "auto-consent", false, "authorize OAuth clients without a consent page")
	flags.StringVar(&f.RateLimit, "rate-limit", "general=60/1m,close=10/1m", "`limits` for each grant, or off")
	flags.Var(checked{&f.Faults, checkRule}, "fault", "let something fail, as in `reply=503:0.1`; can be repeated")
	flags.StringVar(&f.faults, "faults", "", "`file` of fault rules, YAML or JSON, or the name of a profile: "+strings.Join(fault.Profiles(), ", "))
	takesObjects(cmd, "fault")
	flags.StringArrayVar(&f.Readings, "reading", nil, "read the documents otherwise where they leave a choice, as in `per-page=100,ids=prefixed`; can be repeated; help lists them")
	flags.Var(checked{&f.Latency, checkDelay}, "latency", "delay an operation, as in `list=200ms` or list=100ms..300ms; can be repeated")

	flags.StringVar(&f.defect, "defect", "", "break one rule of the contract on purpose: `id` of a defect, as parley requirements --defects lists them; "+
		"one request is answered with one by its header Parley-Defect")

	flags.BoolVar(&f.AllowLoopbackHTTP, "allow-http-webhooks", false, "take webhook targets at http://127.0.0.1 and the like, too")
	flags.StringVar(&f.deliverCA, "deliver-ca", "", "PEM `file` of authorities to trust for deliveries elsewhere than to loopback")
	flags.StringVar(&f.ControlToken, "control-token", "", "`token` that control API and driver ask for (default none on loopback, elsewhere a random one)")
	flags.IntVar(&f.MaxWorlds, "max-worlds", mock.DefaultMaxWorlds, "worlds at once")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "PEM `file` with a certificate, to serve https")
	flags.StringVar(&f.tlsKey, "tls-key", "", "PEM `file` with its key")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
}

// settle turns what flags say in text into options. The documented number of conversations stands for none given, so
// that --start-empty needs no second flag.
func (f *mockFlags) settle(conversationsGiven bool) error {
	if f.StartEmpty && !conversationsGiven {
		f.Conversations = 0
	} else if f.Conversations == 0 {
		return errors.New("--conversations: expected a number above zero; --start-empty starts without any")
	}
	if f.Seed == 0 {
		return errors.New("--seed: expected a whole number above zero")
	}
	if f.now != "" {
		now, err := time.Parse(time.RFC3339, f.now)
		if err != nil {
			return fmt.Errorf("--now: expected a time such as 2025-01-02T15:00:00Z, not %q", f.now)
		}
		f.Now = now
	}
	if err := f.loadFaults(); err != nil {
		return err
	}
	if f.defect != "" {
		d, err := defects.Find(f.defect)
		switch {
		case err != nil:
			return fmt.Errorf("--defect: %w", err)
		case d.Settings != nil && d.Settings.PlainHTTP:
			return fmt.Errorf("--defect: %s takes a server that listens for https and for plain HTTP: this one does either", d.ID)
		}
		f.Defect = &d
	}
	if f.deliverCA != "" {
		text, err := os.ReadFile(f.deliverCA)
		if err != nil {
			return fmt.Errorf("--deliver-ca: %w", err)
		}
		f.DeliverCA = x509.NewCertPool()
		if !f.DeliverCA.AppendCertsFromPEM(text) {
			return fmt.Errorf("--deliver-ca: expected certificates in PEM, found none in %s", f.deliverCA)
		}
	}
	return nil
}

func checkRule(text string) error {
	_, err := fault.ParseRule(text)
	return err
}

func checkDelay(text string) error {
	_, err := fault.ParseDelay(text)
	return err
}

// loadFaults puts the rules of --faults before those of --fault.
func (f *mockFlags) loadFaults() error {
	if f.faults == "" {
		return nil
	}
	set, err := fault.Load(f.faults)
	if err != nil {
		return fmt.Errorf("--faults: %w", err)
	}
	var rules, delays []string
	for _, rule := range set.Rules {
		rules = append(rules, rule.String())
	}
	for _, delay := range set.Delays {
		delays = append(delays, delay.String())
	}
	f.Faults, f.Latency = append(rules, f.Faults...), append(delays, f.Latency...)
	return nil
}
