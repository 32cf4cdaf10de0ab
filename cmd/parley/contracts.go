package main

import (
	"fmt"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/conformance/conversations"
	"github.com/parley-contracts/parley/conformance/document"
)

// A contract is what the commands know of one before they need it: what it is called, and how to come by the rest.
type contract struct {
	name  string
	title string // for help
	load  func() (conformance.Contract, error)
	// document is the same, as the proof-reader has it.
	document func() (document.Contract, error)
	// driven: there are no operations to ask, and so no target but the driver.
	driven bool
	// source is of its events, of which event is one; signed: their deliveries are.
	source func() (*consumer.Source, error)
	event  string
	signed bool
}

// contracts lists those that this build holds. A further one is a line here.
func contracts() []contract {
	return []contract{
		{name: "assistloop", title: "AssistLoop's Make integration", load: assistloop.Contract, document: document.AssistLoop,
			source: consumer.AssistLoop, event: "new_conversation", signed: true},
		{name: "conversations", title: "Infobip's Conversations webhooks", load: conversations.Contract, document: document.Conversations,
			driven: true, source: consumer.Conversations, event: "INBOUND_MESSAGE"},
	}
}

// ofConsumers is the contract that endpoints are judged by which take its webhooks.
func (c contract) ofConsumers(o consumer.Options) (conformance.Contract, error) {
	source, err := c.source()
	if err != nil {
		return conformance.Contract{}, err
	}
	return source.Contract(o)
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
