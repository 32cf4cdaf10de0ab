package assistloop

import "github.com/parley-contracts/parley/conformance"

func (r *run) derivedChecks() []conformance.Check { return nil }
