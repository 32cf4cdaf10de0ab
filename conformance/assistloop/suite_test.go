package assistloop

import (
	"sync"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/race"
)

// loaded is the contract, read once for hundreds of runs.
var loaded = sync.OnceValues(Contract)

var outer *testing.T // synctest needs a real one

func TestAssistLoop(t *testing.T) {
	outer = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/assistloop")
}

// sampled leaves most specs of a table to a run without the race detector.
func sampled(n uint32) {
	if race.Spares(CurrentSpecReport().FullText(), n) {
		Skip(race.Why)
	}
}
