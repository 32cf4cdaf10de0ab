package suite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Labels are what label filters choose a requirement by: its contract, its section, its level, and its operation or
// subject, as in assistloop, "List Conversations", MUST, list-conversations.
func Labels(contract conformance.Contract, r requirements.Requirement) []string {
	return append([]string{labelOf(contract.Name), labelOf(r.Section)}, labelsOf(r)...)
}

// labelsOf are those of the spec alone; the others stand at its containers.
func labelsOf(r requirements.Requirement) []string {
	subject, _, _ := strings.Cut(r.ID, "/")
	return []string{r.Level, labelOf(subject)}
}

// labelOf leaves out what Ginkgo's filter language means otherwise.
func labelOf(text string) string {
	text = strings.Map(func(c rune) rune {
		if strings.ContainsRune("&|!,()/:", c) {
			return ' '
		}
		return c
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// Filter reads a label filter in Ginkgo's language, as "MUST && !subscribe", into the form of Options.Selected, so that
// a run knows beforehand which probes it needs.
func Filter(contract conformance.Contract, filter string) (func(requirement, section, level string) bool, error) {
	matches, err := types.ParseLabelFilter(strings.TrimSpace(filter))
	if err != nil {
		return nil, fmt.Errorf("%q: %s", filter, reason(err))
	}
	return func(id, _, _ string) bool {
		r, found := contract.Catalogue.Lookup(id)
		return found && matches(Labels(contract, r))
	}, nil
}

// reason takes the sentence out of an error that Ginkgo lays out over several lines, for a terminal.
func reason(err error) string {
	var laidOut types.GinkgoError
	if errors.As(err, &laidOut) {
		lines := strings.Split(strings.TrimSpace(laidOut.Message), "\n")
		return strings.TrimSpace(lines[len(lines)-1])
	}
	return err.Error()
}
