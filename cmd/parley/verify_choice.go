package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/conformance/suite"
)

// choice is which requirements a run judges: those that all of its flags let through.
type choice struct {
	sections, requirements, skip []string
	filter                       string
}

func (c *choice) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&c.requirements, "requirement", nil, "judge only the requirement of this `id`, of ids that begin like it (list-agents) or match it ('*/unknown-id'); can be repeated")
	flags.StringArrayVar(&c.sections, "section", nil, "judge only what comes from the section under this `heading` of the document; can be repeated")
	flags.StringArrayVar(&c.skip, "skip", nil, "leave out the requirement of this `id`, or those that begin like it or match it; can be repeated")
	flags.StringVar(&c.filter, "label-filter", "", "judge only what this `filter` in Ginkgo's language matches; labels are contract, section, level and operation, as in 'MUST && !subscribe'")
}

// settle finds out what is wanted, in the form of Options.Selected; nil wants all. A name that fits nothing is an
// error: a pipeline must not be green because of a typo.
func (c *choice) settle(contract conformance.Contract) (func(requirement, section, level string) bool, error) {
	if len(c.sections)+len(c.requirements)+len(c.skip) == 0 && c.filter == "" {
		return nil, nil
	}
	only, err := chosen("--requirement", c.requirements, contract)
	if err != nil {
		return nil, err
	}
	without, err := chosen("--skip", c.skip, contract)
	if err != nil {
		return nil, err
	}
	sections, err := chosenSections(c.sections, contract)
	if err != nil {
		return nil, err
	}
	labelled, err := suite.Filter(contract, c.filter)
	if err != nil {
		return nil, fmt.Errorf("--label-filter: %w", err)
	}
	return func(id, section, level string) bool {
		return (len(only) == 0 || only[id]) && !without[id] && (len(sections) == 0 || sections[section]) && labelled(id, section, level)
	}, nil
}

// chosen is the set of the ids that patterns name.
func chosen(flag string, patterns []string, contract conformance.Contract) (map[string]bool, error) {
	ids := contract.Catalogue.IDs()
	set := map[string]bool{}
	for _, pattern := range patterns {
		found := matching(pattern, ids)
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no requirement %q; %s", flag, pattern,
				suggest(pattern, append(subjects(ids), ids...), "", "`"+listing(contract)+"` lists them"))
		}
		for _, id := range found {
			set[id] = true
		}
	}
	return set, nil
}

// listing is the command that prints a contract's catalogue.
func listing(contract conformance.Contract) string {
	if name, ofConsumers := strings.CutSuffix(contract.Name, consumer.Suffix); ofConsumers {
		return "parley requirements " + name + " --consumer"
	}
	return "parley requirements " + contract.Name
}

// matching finds the id that is the pattern; or else those that match it, where it has a *; or else those that begin
// with it and go on with a new word.
func matching(pattern string, ids []string) []string {
	var found []string
	for _, id := range ids {
		switch rest, begins := strings.CutPrefix(id, pattern); {
		case id == pattern:
			return []string{id}
		case strings.Contains(pattern, "*") && glob(pattern, id):
			found = append(found, id)
		case begins && pattern != "" && (strings.HasSuffix(pattern, "/") || strings.ContainsAny(rest[:1], "/:.-_")):
			found = append(found, id)
		}
	}
	return found
}

// glob lets * stand for any text, slashes included. (path.Match would read brackets, and stop at slashes.)
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, begins := strings.CutPrefix(text, parts[0])
	if !begins {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[last])
}

// subjects are what ids begin with: operations, events, and what else has requirements.
func subjects(ids []string) []string {
	var all []string
	for _, id := range ids {
		subject, _, _ := strings.Cut(id, "/")
		if len(all) == 0 || all[len(all)-1] != subject {
			all = append(all, subject)
		}
	}
	return all
}

// chosenSections is the set of the sections that headings name, in whatever case.
func chosenSections(headings []string, contract conformance.Contract) (map[string]bool, error) {
	var all []string
	known := map[string]bool{}
	for _, r := range contract.Catalogue.All {
		if !known[r.Section] {
			known[r.Section] = true
			all = append(all, r.Section)
		}
	}
	set := map[string]bool{}
	for _, heading := range headings {
		before := len(set)
		for _, section := range all {
			if strings.EqualFold(section, strings.TrimSpace(heading)) {
				set[section] = true
			}
		}
		if len(set) == before && !set[heading] {
			return nil, fmt.Errorf("--section: no section %q; %s", heading, suggest(heading, all, "", "sections: "+list(all)))
		}
	}
	return set, nil
}
