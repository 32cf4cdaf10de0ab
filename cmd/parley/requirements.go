package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/openapi/requirements"
)

func newRequirements() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "requirements [CONTRACT]",
		Short: "Print the catalogue: every rule that parley verify judges, and where it comes from",
		Long: `Print each requirement of a contract, or of all: its id, its level, the rule in our
own words, the heading of the document that it comes from, the reading that is
taken where the document is unclear, and what judging it needs.`,
		Example: `  parley requirements assistloop
  parley requirements assistloop --json | jq -r '.[] | select(.level == "SHOULD").id'`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: contractNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := contractsNamed(args)
			if err != nil {
				return err
			}
			var all []requirements.Requirement
			for _, c := range chosen {
				catalogue, err := c.catalogue()
				if err != nil {
					return err
				}
				all = append(all, catalogue.All...)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), all)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), describe(all))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

func describe(all []requirements.Requirement) string {
	var b strings.Builder
	musts, unobservable := 0, 0
	for _, r := range all {
		fmt.Fprintf(&b, "%s  %s\n    %s\n    source: %s\n", r.ID, r.Level, r.Text, origin(r))
		if r.Needs != "" {
			fmt.Fprintf(&b, "    needs: %s\n", r.Needs)
		}
		if r.Unobservable != "" {
			fmt.Fprintf(&b, "    not judged: %s\n", r.Unobservable)
			unobservable++
		}
		if r.Level == requirements.Must {
			musts++
		}
	}
	fmt.Fprintf(&b, "\n%d requirements: %d MUST, %d SHOULD; %d that nobody can observe from outside\n",
		len(all), musts, len(all)-musts, unobservable)
	return b.String()
}

func origin(r requirements.Requirement) string {
	if r.Reading == "" {
		return r.Section
	}
	return r.Section + ", reading " + r.Reading
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
