package fault

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/nearest"
)

// named finds the operations that a rule names.
func (c *Contract) named(name string) (found []*openapi.Operation, err error) {
	for i := range c.Operations {
		op := &c.Operations[i]
		if name == Every || name == op.Short || name == op.ID {
			found = append(found, op)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	names := c.names()
	if close, ok := nearest.Name(name, names); ok {
		return nil, fmt.Errorf("unknown operation %.40q: did you mean %s?", name, close)
	}
	return nil, fmt.Errorf("unknown operation %.40q: the operations are %s, and * for all; the events are %s",
		name, strings.Join(names[:len(c.Operations)], ", "), strings.Join(names[len(c.Operations):], ", "))
}

// eventsNamed finds the names of the events that a rule names.
func (c *Contract) eventsNamed(name string) (found []string, err error) {
	for _, event := range c.Events {
		if name == Every || name == event.Name {
			found = append(found, event.Name)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	if close, ok := nearest.Name(name, c.names()); ok {
		return nil, fmt.Errorf("unknown event %.40q: did you mean %s?", name, close)
	}
	return nil, fmt.Errorf("unknown event %.40q: the events are %s", name, strings.Join(c.names()[len(c.Operations):], ", "))
}

// names are the subjects of rules: those of operations, then those of events.
func (c *Contract) names() (names []string) {
	for _, op := range c.Operations {
		names = append(names, op.Short)
	}
	for _, event := range c.Events {
		names = append(names, event.Name)
	}
	return append(names, allEvents)
}

// errorOf is the contract's example body of an error of an operation. An example for the range 5XX stands for every
// status in it.
func errorOf(op *openapi.Operation, status int) (int, string, error) {
	body, known := "", false
	var statuses []string
	for _, e := range op.Errors {
		if e.Status == status {
			return status, e.Body, nil
		}
		if e.Range && e.Status/100 == status/100 {
			body, known = e.Body, true
		}
		statuses = append(statuses, strconv.Itoa(e.Status))
	}
	if !known {
		return 0, "", fmt.Errorf("the contract has no %d for it: it has %s", status, strings.Join(statuses, ", "))
	}
	return status, body, nil
}

// exampleOf finds an example by its name: of a status, or of the lowest that is no error when the status is 0.
func exampleOf(op *openapi.Operation, status int, name string) (int, string, error) {
	var names []string
	for _, e := range examplesOf(op, status) {
		if e.Name == name {
			return e.Status, e.Body, nil
		}
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	if len(names) == 0 {
		return 0, "", fmt.Errorf("the contract has no examples of %s to answer with", op.Short)
	}
	return 0, "", unknown("example", name, names)
}

// examplesOf are those of a status, or of what is no error when it is 0.
func examplesOf(op *openapi.Operation, status int) (found []openapi.Example) {
	for _, e := range op.Errors {
		if e.Status == status || e.Range && e.Status/100 == status/100 {
			found = append(found, openapi.Example{Status: status, Name: e.Name, Body: e.Body})
		}
	}
	for _, e := range op.Examples {
		if e.Status == status || status == 0 && e.Status < 400 {
			found = append(found, e)
		}
	}
	return found
}
