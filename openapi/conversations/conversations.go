// Package conversations is the contract of Infobip's Conversations webhooks as Go: models, a strict server interface
// and a client by oapi-codegen, the tables (operations, events, parameters, error bodies), and the forms of ids and
// times that are this contract's own. What is in a .gen.go file is generated; change the YAML.
//
// A delivery's `type` and the name that a subscription knows the event by are two vocabularies: Events has both.
package conversations

import (
	"sync"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

//go:generate go tool oapi-codegen -config config.yaml ../conversations.yaml
//go:generate go run ../tablegen -package conversations -in ../conversations.yaml -out tables.gen.go

// Load is the contract, ready to judge messages by, read when first asked for. The error means that the embedded contract
// is broken.
func Load() (*check.Contract, error) { return load() }

var load = sync.OnceValues(func() (*check.Contract, error) { return check.Load(openapi.Conversations(), Formats()...) })
