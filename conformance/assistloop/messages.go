package assistloop

import "github.com/parley-contracts/parley/conformance"

type messages struct{}

func (r *run) messagesPart() conformance.Plan { return conformance.Plan{} }
