package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func newRequirements() *cobra.Command {
	var asJSON, asDefects, ofConsumers bool
	cmd := &cobra.Command{
		Use:   "requirements [CONTRACT]",
		Short: "Print the catalogue: every rule that parley verify judges, and where it comes from",
		Long: `Print each requirement of a contract, or of all: its id, its level, the rule in our
own words, the heading of the document that it comes from, the reading that is
taken where the document is unclear, the probes whose evidence its check judges, and
the defects that prove the check: deliberate breaches of the rule, each of which turns it
red (parley mock --defect shows one to a client).

With --consumer, those of parley exercise are printed instead: what an endpoint that takes
the webhooks has to meet.

With --defects, the defects alone are listed, one a line: id, requirement, sentence.`,
		Example: `  parley requirements assistloop
  parley requirements --defects | grep find-messages
  parley requirements assistloop --consumer
  parley requirements assistloop --json | jq -r '.[] | select(.level == "SHOULD").id'`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: contractNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := contractsNamed(args)
			if err != nil {
				return err
			}
			if asDefects {
				return listDefects(cmd.OutOrStdout(), chosen, asJSON)
			}
			var all []judged
			for _, c := range chosen {
				one, err := catalogued(c, ofConsumers)
				if err != nil {
					return err
				}
				all = append(all, one...)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), all)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), describe(all))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	cmd.Flags().BoolVar(&asDefects, "defects", false, "list the defects, one a line, instead")
	cmd.Flags().BoolVar(&ofConsumers, "consumer", false, "print what parley exercise judges, instead")
	cmd.MarkFlagsMutuallyExclusive("defects", "consumer")
	return cmd
}

// catalogued are the requirements of a contract, or those of its consumers.
func catalogued(c contract, ofConsumers bool) ([]judged, error) {
	if ofConsumers {
		loaded, err := c.ofConsumers(consumer.Options{})
		if err != nil {
			return nil, err
		}
		return judgedBy(loaded, nil), nil
	}
	loaded, err := c.load()
	if err != nil {
		return nil, err
	}
	breaches, err := defectsOf(c)
	if err != nil {
		return nil, err
	}
	return judgedBy(loaded, breaches), nil
}

// judged is a requirement with how it is judged.
type judged struct {
	requirements.Requirement
	Contract string   `json:"contract"`
	Checked  bool     `json:"checked"`
	Probes   []string `json:"probes,omitempty"` // none: its check judges all traffic of a run
	Defects  []string `json:"defects,omitempty"`
}

func judgedBy(c conformance.Contract, breaches []defects.Defect) []judged {
	plan := c.Open(&conformance.Session{}) // to list the checks, not to run them
	all := make([]judged, 0, len(c.Catalogue.All))
	for _, r := range c.Catalogue.All {
		j := judged{Requirement: r, Contract: c.Name}
		for _, check := range plan.Checks {
			if check.Requirement == r.ID {
				j.Checked = true
				j.Probes = append(j.Probes, check.From...)
			}
		}
		for _, d := range breaches {
			if d.Requirement == r.ID {
				j.Defects = append(j.Defects, d.ID)
			}
		}
		slices.Sort(j.Probes)
		j.Probes = slices.Compact(j.Probes)
		all = append(all, j)
	}
	return all
}

func describe(all []judged) string {
	var b strings.Builder
	musts, unobservable := 0, 0
	for _, r := range all {
		fmt.Fprintf(&b, "%s  %s\n    %s\n    source: %s\n    check: %s\n", r.ID, r.Level, r.Text, origin(r.Requirement), check(r))
		if r.Needs != "" {
			fmt.Fprintf(&b, "    needs: %s\n", r.Needs)
		}
		if len(r.Defects) > 0 {
			fmt.Fprintf(&b, "    defects: %s\n", doings(r.Defects))
		}
		if r.Level == requirements.Must {
			musts++
		}
		if r.Unobservable != "" {
			unobservable++
		}
	}
	fmt.Fprintf(&b, "\n%d requirements: %d MUST, %d SHOULD; %d that nobody can observe from outside\n",
		len(all), musts, len(all)-musts, unobservable)
	return b.String()
}

// doings are what defects of one requirement do: their ids without the requirement's.
func doings(ids []string) string {
	done := make([]string, len(ids))
	for i, id := range ids {
		_, done[i], _ = strings.Cut(id, "~")
	}
	return list(done)
}

func origin(r requirements.Requirement) string {
	if r.Reading == "" {
		return r.Section
	}
	return r.Section + ", reading " + r.Reading
}

func check(r judged) string {
	switch {
	case r.Unobservable != "":
		return "none: " + r.Unobservable
	case !r.Checked:
		return "none"
	case len(r.Probes) == 0:
		return "over all traffic"
	}
	return "over " + list(r.Probes)
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
