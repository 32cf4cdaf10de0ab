// Package driver is the driver protocol as Go: models, a strict server interface and a client by
// oapi-codegen. Everything here but this file is generated; change the YAML.
package driver

//go:generate go tool oapi-codegen -config config.yaml ../driver.yaml
