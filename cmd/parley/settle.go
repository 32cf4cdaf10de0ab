package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// alsoFrom names an environment variable that a flag reads besides its own. It is for the few that several
// commands share: PARLEY_TOKEN, PARLEY_DRIVER_TOKEN.
func alsoFrom(cmd *cobra.Command, flag, variable string) {
	f := cmd.Flags().Lookup(flag)
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[sharedVariable] = []string{variable}
	f.Usage += " (also " + variable + ")"
}

const sharedVariable = "parley_shared_variable"

// settle gives each flag that the command line left alone its value from the environment, or else from the
// config file.
func settle(cmd *cobra.Command, env func(string) string) error {
	if err := fill(cmd, environment(cmd, env)); err != nil {
		return err
	}
	file, err := cmd.Flags().GetString("config")
	if err != nil || file == "" {
		return err
	}
	config, err := readConfig(file, cmd.Root())
	if err != nil {
		return fmt.Errorf("config %w", err)
	}
	return fill(cmd, config.source(cmd))
}

// A source knows values for flags, and the place they stand in, for error messages. No values: it has none.
type source func(*pflag.Flag) (values []string, place string)

// fill sets the flags that are still unset from one source. A flag that excludes one which a stronger source has
// set is passed over: --token-file on the command line displaces PARLEY_TOKEN, it does not clash with it.
func fill(cmd *cobra.Command, from source) error {
	stronger := map[string]bool{}
	cmd.Flags().Visit(func(f *pflag.Flag) { stronger[f.Name] = true })
	var err error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if err != nil || stronger[f.Name] || f.Name == "help" || displaced(f, stronger) {
			return
		}
		values, place := from(f)
		for _, value := range values {
			if failed := cmd.Flags().Set(f.Name, value); failed != nil {
				err = fmt.Errorf("%s: %w", place, explainValue(failed))
				return
			}
		}
	})
	return err
}

func displaced(f *pflag.Flag, stronger map[string]bool) bool {
	for _, group := range f.Annotations["cobra_annotation_mutually_exclusive"] { // as MarkFlagsMutuallyExclusive writes it
		if slices.ContainsFunc(strings.Fields(group), func(name string) bool { return stronger[name] }) {
			return true
		}
	}
	return false
}

// environment reads PARLEY_<COMMAND>_<FLAG>, then the variable the flag shares with other commands. A flag that
// can be repeated takes one value from each line.
func environment(cmd *cobra.Command, env func(string) string) source {
	return func(f *pflag.Flag) ([]string, string) {
		for _, variable := range variables(cmd, f) {
			value := env(variable)
			if value == "" { // what a pipeline hands over for a secret it does not have
				continue
			}
			if repeatable(f) {
				return strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' }), variable
			}
			return []string{value}, variable
		}
		return nil, ""
	}
}

func variables(cmd *cobra.Command, f *pflag.Flag) []string {
	path := cmd.CommandPath()
	if cmd.InheritedFlags().Lookup(f.Name) != nil {
		path = cmd.Root().Name()
	}
	own := strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(path + " " + f.Name))
	return append([]string{own}, f.Annotations[sharedVariable]...)
}

func repeatable(f *pflag.Flag) bool {
	_, ok := f.Value.(pflag.SliceValue)
	return ok
}
