package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parley-contracts/parley/openapi/nearest"
)

// explainFlag words what the flag parser objects to. It is cobra's hook for flag errors.
func explainFlag(cmd *cobra.Command, err error) error {
	// In "parley mcok --listen :0" the parser stumbles over the flag, but the mistake is the command.
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return unknownCommand(cmd, cmd.Flags().Arg(0))
	}
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return fmt.Errorf("unknown flag -%s of %s; see %s --help", unknown.GetSpecifiedName(), cmd.CommandPath(), cmd.CommandPath())
	case errors.As(err, &unknown):
		return fmt.Errorf("unknown flag --%s of %s; %s", unknown.GetSpecifiedName(), cmd.CommandPath(),
			suggest(unknown.GetSpecifiedName(), flagNames(cmd), "--", "see "+cmd.CommandPath()+" --help"))
	case errors.As(err, &bare):
		return fmt.Errorf("--%s needs a value", bare.GetFlag().Name)
	}
	return explainValue(err)
}

// explainValue words a value that a flag refused, wherever it came from.
func explainValue(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	flag, value := invalid.GetFlag(), invalid.GetValue()
	want := map[string]string{
		"bool":     "true or false",
		"int":      "a whole number",
		"int64":    "a whole number",
		"uint64":   "a whole number, not negative",
		"float64":  "a number",
		"duration": "a duration like 250ms or 1m30s",
	}[flag.Value.Type()]
	if want == "" { // a type of our own, whose error says what it wants
		return fmt.Errorf("--%s: %w", flag.Name, errors.Unwrap(invalid))
	}
	return fmt.Errorf("--%s: %q is not %s", flag.Name, value, want)
}

func unknownCommand(group *cobra.Command, name string) error {
	names := subcommands(group)
	return fmt.Errorf("unknown command %q of %s; %s", name, group.CommandPath(),
		suggest(name, names, "", "there are "+list(names)))
}

// noArguments is for commands that take flags alone. (cobra.NoArgs would speak of an unknown command.)
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected %q after %s", args[0], cmd.CommandPath())
	}
	return nil
}

// suggest names the candidate nearest to word, or else says otherwise.
func suggest(word string, candidates []string, prefix, otherwise string) string {
	if near, ok := nearest.Name(word, candidates); ok {
		return fmt.Sprintf("did you mean %s%s?", prefix, near)
	}
	return otherwise
}

func subcommands(cmd *cobra.Command) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

func list(names []string) string { return strings.Join(names, ", ") }
