package assistloop

import "github.com/parley-contracts/parley/conformance"

type accounts struct{}

func (r *run) accountsPart() conformance.Plan { return conformance.Plan{} }
