// Package assistloop is AssistLoop's contract as Go: models, a strict server interface and a client by
// oapi-codegen, and the tables (operations, parameters, scopes, limits, error bodies) that the hot path
// reads instead of the OpenAPI document. What is in a .gen.go file is generated; change the YAML.
package assistloop

import (
	"sync"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

//go:generate go tool oapi-codegen -config config.yaml ../assistloop.yaml
//go:generate go run ../tablegen -package assistloop -in ../assistloop.yaml -out tables.gen.go

// Load is the contract, ready to judge messages by, read when first asked for. The error means that the embedded contract
// is broken.
func Load() (*check.Contract, error) { return load() }

var load = sync.OnceValues(func() (*check.Contract, error) { return check.Load(openapi.AssistLoop()) })
