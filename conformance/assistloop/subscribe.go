package assistloop

import "github.com/parley-contracts/parley/conformance"

type subscribing struct{}

func (r *run) subscribePart() conformance.Plan { return conformance.Plan{} }
