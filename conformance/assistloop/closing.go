package assistloop

import "github.com/parley-contracts/parley/conformance"

type closing struct{}

func (r *run) closePart() conformance.Plan { return conformance.Plan{} }
