package assistloop

import "github.com/parley-contracts/parley/conformance"

type retries struct{}

func (r *run) retriesPart() conformance.Plan { return conformance.Plan{} }
