// Package assistloop is AssistLoop's contract as Go: models, a strict server interface and a client by
// oapi-codegen, and the tables (operations, parameters, scopes, limits, error bodies) that the hot path
// reads instead of the OpenAPI document. Everything here but this file is generated; change the YAML.
package assistloop

//go:generate go tool oapi-codegen -config config.yaml ../assistloop.yaml
//go:generate go run ../tablegen -package assistloop -in ../assistloop.yaml -out tables.gen.go
