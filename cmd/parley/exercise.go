package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/consumer"
)

// newExercise holds one command a contract.
func newExercise() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "exercise",
		Short: "Judge an endpoint that takes webhooks",
		Long: `Send an endpoint of yours every event that a published document permits, in every
shape and order, and judge what it answers.

Exit status: 0 conforms, 1 does not conform, 2 could not judge.`,
		Example: `  parley exercise assistloop --to http://127.0.0.1:3000/hooks --secret whsec_...
  parley exercise conversations --to http://127.0.0.1:3000/hooks`,
	}
	for _, c := range contracts() {
		cmd.AddCommand(newExerciseContract(c))
	}
	return cmd
}

// exerciseFlags are what `parley exercise` was told.
type exerciseFlags struct {
	endpoint endpoint
	consumer consumer.Options
	options  conformance.Options
	outcome  outcomeFlags
	choice   choice
	set      []string
}

func newExerciseContract(c contract) *cobra.Command {
	var f exerciseFlags
	cmd := &cobra.Command{
		Use:   c.name,
		Short: "Judge an endpoint that takes the webhooks of " + c.title,
		Long: `Judge an endpoint that takes the webhooks of ` + c.title + `.

It is sent each event as documented, with every field null or left out that may be, with
every value, in all forms of ids and times, with unknown fields, in any script, long; twice,
in another order, at the same time, after broken connections. What is not answered with a
2xx is sent again, up to three times. All of it has to be accepted in the end.
` + c.signatures() + `
No answer shows whether an event was lost or done twice. Where your endpoint can tell what
it has kept, say where with --seen: a GET there answers JSON, a list of ids with each as
often as something was done for it, or an object with a count for each: ["a", "b"] or
{"a": 1, "b": 1}. An id is the event's, the conversation's or the message's, as you like.
Without it, loss and repetition are unsupported, and never decide.

What is sent is invented, and every id is new. --set gives fields a value that your
endpoint knows.`,
		Example: c.exercised(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return exercise(cmd, c, &f) },
	}
	f.endpoint.declare(cmd, c.signed)
	f.declare(cmd)
	f.choice.declare(cmd)
	f.outcome.declare(cmd)
	f.outcome.declareVerbose(cmd, "print a line for each step")
	return cmd
}

func (c contract) signatures() string {
	if !c.signed {
		return ""
	}
	return `
With --secret, deliveries are signed as Standard Webhooks has it (webhook-id,
webhook-timestamp, webhook-signature), and what is not signed, badly signed or signed long
ago has to be refused. The document names no way to sign: for another, see --signature.
`
}

func (c contract) exercised() string {
	secret := ""
	if c.signed {
		secret = " --secret whsec_..."
	}
	return `  parley exercise ` + c.name + ` --to http://127.0.0.1:3000/hooks` + secret + `
  parley exercise ` + c.name + ` --to http://127.0.0.1:3000/hooks --seen http://127.0.0.1:3000/kept --report html=report.html
  parley exercise ` + c.name + ` --to http://127.0.0.1:3000/hooks --event ` + c.event + ` --backoff 100ms
  parley exercise ` + c.name + ` --to http://127.0.0.1:3000/hooks --requirement deliveries`
}

func (f *exerciseFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.consumer.Seen, "seen", "", "`URL` that tells what the endpoint has kept: JSON, a list of ids or a count for each")
	flags.StringArrayVar(&f.consumer.Events, "event", nil, "send only this `event`; can be repeated (default all)")
	flags.StringArrayVar(&f.set, "set", nil, "give a field this value in every event that has it, as `PATH=JSON`; can be repeated")
	flags.DurationVar(&f.consumer.Backoff, "backoff", time.Second, "gap before the first retry; each further one is twice as long")
	flags.DurationVar(&f.consumer.Slow, "slow", 3*time.Second, "how long an answer may take before it is warned of")
	flags.DurationVar(&f.options.Patience, "patience", 10*time.Second, "how long to wait until what was accepted is kept (--seen)")
	flags.Uint64Var(&f.consumer.Seed, "seed", 0, "`number` that the events are made from; the same one makes them again (default another for each run)")
}

// exercise runs the exam and tells what came of it. Whatever ends the run, its reports are written.
func exercise(cmd *cobra.Command, c contract, f *exerciseFlags) error {
	if err := f.outcome.reports.check(); err != nil {
		return err
	}
	result, err := f.run(cmd, c)
	if err != nil {
		if f.options.Contract.Catalogue == nil {
			return err
		}
		return errors.Join(err, f.outcome.reports.write(writeReport(conformance.Unjudged(f.endpoint.shown(), f.options, err))))
	}
	result.Target = f.endpoint.shown().URL
	return f.outcome.tell(cmd, result)
}

// run reads the flags and runs the exam. The error is for bad input.
func (f *exerciseFlags) run(cmd *cobra.Command, c contract) (conformance.Report, error) {
	source, err := c.source()
	if err != nil {
		return conformance.Report{}, err
	}
	if f.options.Contract, err = source.Contract(consumer.Options{}); err != nil { // for the report, should flags be wrong
		return conformance.Report{}, err
	}
	if err := f.settle(cmd, source); err != nil {
		return conformance.Report{}, err
	}
	p := newProgress(cmd.ErrOrStderr(), f.outcome.pace())
	defer p.end()
	f.options.Progress = p.show
	result, err := conformance.Run(cmd.Context(), f.endpoint.target, f.options)
	if err == nil {
		result.Notes = append(result.Notes, fmt.Sprintf("the events were made from --seed %d", f.consumer.Seed))
	}
	return result, err
}

func (f *exerciseFlags) settle(cmd *cobra.Command, source *consumer.Source) error {
	if err := f.endpoint.settle(); err != nil {
		return err
	}
	if err := positive(cmd, "backoff", "slow", "patience"); err != nil {
		return err
	}
	if !cmd.Flags().Changed("seed") {
		f.consumer.Seed = randomSeed()
	}
	for _, name := range f.consumer.Events {
		if _, known := source.EventNamed(name); !known {
			return fmt.Errorf("--event: no event %q of %s; %s", name, source.Name, suggest(name, source.Names(), "", "events: "+list(source.Names())))
		}
	}
	var err error
	if f.consumer.Set, err = everyEvent(f.set, source); err != nil {
		return err
	}
	if f.consumer.Seen != "" {
		if err := httpURL("--seen", f.consumer.Seen); err != nil {
			return err
		}
	}
	f.consumer.Secret, f.consumer.Scheme = f.endpoint.secret, f.endpoint.scheme
	contract, err := source.Contract(f.consumer)
	if err != nil {
		return fmt.Errorf("--set: %w", err) // all else has been looked at
	}
	f.options.Contract = contract
	f.options.Timeout = f.endpoint.timeout
	return f.outcome.settle(&f.options, &f.choice)
}
