// Package assistloop holds the probes and checks for AssistLoop's Make integration, one file for each part of
// its document: what the probes leave as evidence stands beside the checks that judge it. A probe judges
// nothing, a check sends nothing. What holds for every operation is in derived.go.
package assistloop

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	contract "github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Contract is AssistLoop's, ready to be run. The error means that the embedded contract is broken.
func Contract() (conformance.Contract, error) {
	checker, err := contract.Load()
	if err != nil {
		return conformance.Contract{}, fmt.Errorf("assistloop's contract: %w", err)
	}
	catalogue, err := requirements.AssistLoop(checker)
	if err != nil {
		return conformance.Contract{}, err
	}
	return conformance.Contract{
		Name:       "assistloop",
		Catalogue:  catalogue,
		Operations: contract.Operations(),
		Limits:     contract.Limits(),
		Preflight:  [2]string{"get-me", "list-organizations"},
		Shown:      shown,
		Payloads:   func() conformance.PayloadJudge { return newRecorded(checker, catalogue) },
		Traffic:    func() conformance.TrafficJudge { return newPassive(checker, catalogue) },
		Open: func(s *conformance.Session) conformance.Plan {
			return open(s, checker, catalogue)
		},
	}, nil
}

// shown: identifiers, enumerations and times may stand in a report; names, addresses and contents may not.
func shown(field string) bool {
	switch field {
	case "id", "uuid", "event", "type", "status", "response_mode", "responder_type", "user_feedback", "via",
		"platform", "message_id", "token_type", "scope", "timestamp", "target_url", "message":
		// "message" of an answer is the server's own sentence ("Webhook subscribed successfully").
		return true
	}
	return strings.HasSuffix(field, "_uuid") || strings.HasSuffix(field, "_id") || strings.HasSuffix(field, "_at")
}

// run is one run's probes, evidence and checks. Every field of evidence is written by one probe, named as the
// field, and read by checks once that probe is done.
type run struct {
	*conformance.Session
	checker   *check.Contract
	catalogue *requirements.Catalogue

	world      world
	auth       auth
	lists      lists
	samples    samples
	messages   messages
	reply      reply
	closing    closing
	subscribe  subscribing
	deliveries deliveries
	retries    retries
	scopes     scopes
	accounts   accounts
	limits     limiting
	transport  transport
	oauth      oauth
	narrowed   narrowed
}

func open(s *conformance.Session, checker *check.Contract, catalogue *requirements.Catalogue) conformance.Plan {
	r := &run{Session: s, checker: checker.With(check.Options{Show: shown}), catalogue: catalogue}
	var plan conformance.Plan
	for _, part := range []func() conformance.Plan{
		r.transportPart, r.worldPart, r.listsPart, r.samplesPart, r.messagesPart, r.replyPart, r.closePart, r.subscribePart,
		r.authPart, r.deliveriesPart, r.scopesPart, r.accountsPart, r.oauthPart, r.limitsPart, r.retriesPart,
	} {
		p := part()
		plan.Probes = append(plan.Probes, p.Probes...)
		plan.Checks = append(plan.Checks, p.Checks...)
	}
	plan.Checks = append(plan.Checks, r.derivedChecks()...)
	return plan
}

// on makes a check over probes' evidence.
func on(requirement string, judge func() error, probes ...string) conformance.Check {
	return conformance.Check{Requirement: requirement, From: probes, Judge: judge}
}
