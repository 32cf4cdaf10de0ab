package main

import (
	"fmt"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/conversations"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	conversationsapi "github.com/parley-contracts/parley/openapi/conversations"
)

// contract is one side of the matrix: the suite's plan for a contract, and the defects of it.
type contract struct {
	name, title string
	load        func() (conformance.Contract, error)
	checker     func() (*check.Contract, error)
	catalogue   func(*check.Contract) ([]defects.Defect, error)
	// patience is how long a run waits for what the target does by itself: in one process that is short. A second look
	// has more.
	patience time.Duration
}

func contracts() []contract {
	return []contract{
		{
			name: "assistloop", title: "AssistLoop's Make integration", load: assistloop.Contract,
			checker:   func() (*check.Contract, error) { return check.Load(openapi.AssistLoop()) },
			catalogue: defects.AssistLoop, patience: 1500 * time.Millisecond,
		},
		{
			name: "conversations", title: "Infobip's Conversations webhooks", load: conversations.Contract,
			checker: conversationsapi.Load, catalogue: defects.Conversations, patience: 600 * time.Millisecond,
		},
	}
}

// defects are the contract's, each of a requirement that there is.
func (c contract) defects(loaded conformance.Contract) ([]defects.Defect, error) {
	checker, err := c.checker()
	if err != nil {
		return nil, err
	}
	all, err := c.catalogue(checker)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if _, known := loaded.Catalogue.Lookup(d.Requirement); !known {
			return nil, fmt.Errorf("defect %s: there is no requirement %s", d.ID, d.Requirement)
		}
	}
	return all, nil
}
