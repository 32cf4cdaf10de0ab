package assistloop

import "github.com/parley-contracts/parley/conformance"

type reply struct{}

func (r *run) replyPart() conformance.Plan { return conformance.Plan{} }
