package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/openapi/nearest"
)

// triggerFlags are what `parley trigger` was told.
type triggerFlags struct {
	endpoint endpoint
	set      []string
	seed     uint64
	count    int
	force    bool
	dryRun   bool
}

func newTrigger() *cobra.Command {
	var f triggerFlags
	cmd := &cobra.Command{
		Use:   "trigger EVENT",
		Short: "Send one event to an endpoint that takes webhooks",
		Long: `Send an event of either contract, as its document shows it, with ids of its own and the
time of now. With --secret it is signed as Standard Webhooks has it.

--set gives a field another value, in JSON; what is no JSON is text. What the document
forbids is sent all the same, with a word about it.

Exit status: 0 answered with a 2xx, 1 with anything else, 2 no answer or bad flags.`,
		Example: `  parley trigger new_conversation --to http://127.0.0.1:3000/hooks --secret whsec_...
  parley trigger new_conversation --to http://127.0.0.1:3000/hooks --set data.chat_user.name=null
  parley trigger INBOUND_MESSAGE --to http://127.0.0.1:3000/hooks --set payload.message.content.text='Good morning' --count 5
  parley trigger human_handoff_required --dry-run`,
		Args: oneEvent,
		RunE: func(cmd *cobra.Command, args []string) error { return trigger(cmd, args[0], &f) },
	}
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return eventNames(), cobra.ShellCompDirectiveNoFileComp
	}
	f.endpoint.declare(cmd, true)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "give a field this value, as `PATH=JSON`; can be repeated")
	flags.BoolVar(&f.force, "force", false, "let --set add fields that the document does not know")
	flags.IntVar(&f.count, "count", 1, "send `n` of them, one after another, each with ids of its own")
	flags.Uint64Var(&f.seed, "seed", 0, "`number` that ids are made from; the same one makes them again (default another each time)")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	return cmd
}

func oneEvent(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s needs one event: %s", cmd.CommandPath(), list(eventNames()))
	}
	return nil
}

// eventNames are those of all contracts.
func eventNames() []string {
	var names []string
	for _, c := range contracts() {
		if source, err := c.source(); err == nil {
			names = append(names, source.Names()...)
		}
	}
	return names
}

// eventOf finds the contract that has an event.
func eventOf(name string) (*consumer.Source, string, error) {
	for _, c := range contracts() {
		source, err := c.source()
		if err != nil {
			return nil, "", err
		}
		if event, known := source.EventNamed(name); known {
			return source, event.Name, nil
		}
	}
	return nil, "", fmt.Errorf("unknown event %q; %s", name, suggestEvent(name))
}

// suggestEvent takes upper case for the same letters: the contracts write their names in different ones.
func suggestEvent(name string) string {
	byLower, lower := map[string]string{}, []string(nil)
	for _, n := range eventNames() {
		byLower[strings.ToLower(n)] = n
		lower = append(lower, strings.ToLower(n))
	}
	if near, ok := nearest.Name(strings.ToLower(name), lower); ok {
		return fmt.Sprintf("did you mean %s?", byLower[near])
	}
	return "events: " + list(eventNames())
}

func trigger(cmd *cobra.Command, name string, f *triggerFlags) error {
	source, event, err := eventOf(name)
	if err != nil {
		return err
	}
	if err := f.settle(cmd, source); err != nil {
		return err
	}
	fields, err := f.fields(source, event)
	if err != nil {
		return err
	}
	maker := source.Maker(f.seed)
	status := conforms
	for n := range f.count {
		one, err := maker.Example(event)
		if err != nil {
			return err
		}
		for _, field := range fields {
			if err := one.Set(field.path, field.value); err != nil {
				return fmt.Errorf("--set: %w", err)
			}
		}
		if n == 0 {
			f.warn(cmd, source, one)
		}
		next, err := f.send(cmd, source, one)
		if err != nil {
			return err
		}
		status = max(status, next)
	}
	if status != conforms {
		return status
	}
	return nil
}

func (f *triggerFlags) settle(cmd *cobra.Command, source *consumer.Source) error {
	if f.dryRun && f.endpoint.target.URL == "" {
		f.endpoint.target.URL = "http://127.0.0.1/"
	}
	if err := f.endpoint.settle(); err != nil {
		return err
	}
	if f.count < 1 {
		return fmt.Errorf("--count: expected a number above zero, not %d", f.count)
	}
	if f.endpoint.secret != "" && !source.Signed { // which may be in the environment for the other contract's events
		fmt.Fprintf(cmd.ErrOrStderr(), "parley: not signed: the document of %s names no signature\n", source.Name)
	}
	if !cmd.Flags().Changed("seed") {
		f.seed = randomSeed()
	}
	return nil
}

func (f *triggerFlags) fields(source *consumer.Source, event string) ([]field, error) {
	fields, err := readFields(f.set)
	if err != nil {
		return nil, err
	}
	for _, field := range fields {
		if !f.force && !source.Knows(event, field.path) {
			return nil, fmt.Errorf("%w (--force adds it)", unknownField(field.path, event, source.Paths(event)))
		}
	}
	return fields, nil
}

// warn says what the document forbids of an event that is sent all the same.
func (f *triggerFlags) warn(cmd *cobra.Command, source *consumer.Source, e consumer.Event) {
	for _, v := range source.Violations(e.Name, e.JSON()) {
		fmt.Fprintf(cmd.ErrOrStderr(), "parley: the document forbids this: %s\n", v)
	}
}

// send sends one event and tells what was answered, or prints what it would send.
func (f *triggerFlags) send(cmd *cobra.Command, source *consumer.Source, e consumer.Event) (exitStatus, error) {
	out := cmd.OutOrStdout()
	request, err := source.Request(cmd.Context(), f.endpoint.target, e, f.endpoint.scheme, f.endpoint.secret)
	if err != nil {
		return notJudged, err
	}
	if f.dryRun {
		fmt.Fprintf(out, "POST %s\n", request.URL.RequestURI())
		for _, name := range sortedNames(request.Header) {
			fmt.Fprintf(out, "%s: %s\n", name, shownHeader(name, request.Header.Get(name), f.endpoint.target.Header))
		}
		fmt.Fprintf(out, "\n%s\n", e.JSON())
		return conforms, nil
	}
	client, err := f.endpoint.target.Client(f.endpoint.timeout)
	if err != nil {
		return notJudged, err
	}
	defer client.CloseIdleConnections()
	began := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return notJudged, fmt.Errorf("no answer of the endpoint: %w", withoutURL(err))
	}
	defer response.Body.Close()
	fmt.Fprintf(out, "%s %s: %s after %v\n", e.Name, e.Named(source), response.Status, time.Since(began).Round(time.Millisecond))
	switch {
	case response.StatusCode >= 200 && response.StatusCode < 300:
		return conforms, nil
	case response.StatusCode >= 300 && response.StatusCode < 400:
		fmt.Fprintln(cmd.ErrOrStderr(), "parley: a redirect is not followed, as senders of webhooks do not")
	}
	return doesNotConform, nil
}

// shownHeader keeps to itself what --header brought.
func shownHeader(name, value string, given http.Header) string {
	if given.Get(name) != "" {
		return "***"
	}
	return value
}

func sortedNames(header http.Header) []string {
	var names []string
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// withoutURL keeps the reason of a failed request: the URL of a webhook may be a secret.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
