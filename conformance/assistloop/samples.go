package assistloop

import "github.com/parley-contracts/parley/conformance"

type samples struct{}

func (r *run) samplesPart() conformance.Plan { return conformance.Plan{} }
