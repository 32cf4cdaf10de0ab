package assistloop

import "github.com/parley-contracts/parley/conformance"

type auth struct{}

func (r *run) authPart() conformance.Plan { return conformance.Plan{} }
