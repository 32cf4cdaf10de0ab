package main

import (
	"fmt"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/conversations"
	"github.com/parley-contracts/parley/mock/defects"
	assistloopapi "github.com/parley-contracts/parley/openapi/assistloop"
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
	// unshown are requirements that the mock without a defect shows nothing of, and why. It meets every other one.
	unshown map[string]string
}

func contracts() []contract {
	return []contract{
		{
			name: "assistloop", title: "AssistLoop's Make integration", load: assistloop.Contract,
			checker: assistloopapi.Load, catalogue: defects.AssistLoop, patience: 1500 * time.Millisecond,
			unshown: map[string]string{"transport/plain-http": "it is judged on targets elsewhere"},
		},
		{
			name: "conversations", title: "Infobip's Conversations webhooks", load: conversations.Contract,
			checker: conversationsapi.Load, catalogue: defects.Conversations, patience: 600 * time.Millisecond,
			unshown: oneSpelling(map[string]string{"event-conversation-created/last-message": "a conversation begins as its message comes, and is no younger"}),
		},
	}
}

// oneSpelling adds what takes the other spelling of messageId, or both.
func oneSpelling(unshown map[string]string) map[string]string {
	for _, event := range []string{"event-inbound-message", "event-inbound-message-updated", "event-inbound-message-deleted"} {
		unshown[event+"/uuid-v4:payload.message.messageid"] = "the mock has messageId"
		unshown[event+"/one-message-id"] = "the mock has messageId"
	}
	return unshown
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
