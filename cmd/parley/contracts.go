package main

import (
	"fmt"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// A contract is what the commands know of one: its name, and how to come by its catalogue, which is read when it is
// needed and not before.
type contract struct {
	name      string
	catalogue func() (*requirements.Catalogue, error)
}

// contracts lists those that this build holds. A further one is a line here.
func contracts() []contract {
	return []contract{
		{"assistloop", catalogueOf(openapi.AssistLoop, requirements.AssistLoop)},
	}
}

func contractNames() []string {
	var names []string
	for _, c := range contracts() {
		names = append(names, c.name)
	}
	return names
}

// contractsNamed finds the contracts that the arguments of a command name; none names all of them.
func contractsNamed(names []string) ([]contract, error) {
	if len(names) == 0 {
		return contracts(), nil
	}
	var found []contract
	for _, name := range names {
		n := len(found)
		for _, c := range contracts() {
			if c.name == name {
				found = append(found, c)
			}
		}
		if len(found) == n {
			return nil, fmt.Errorf("unknown contract %q; %s", name,
				suggest(name, contractNames(), "", "contracts: "+list(contractNames())))
		}
	}
	return found, nil
}

func catalogueOf(document func() []byte, catalogue func(*check.Contract) (*requirements.Catalogue, error)) func() (*requirements.Catalogue, error) {
	return func() (*requirements.Catalogue, error) {
		contract, err := check.Load(document())
		if err != nil {
			return nil, err
		}
		return catalogue(contract)
	}
}
