package proof

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/race"
)

// rarely leaves most specs of a kind to a run without the race detector.
func rarely() {
	if race.Spares(CurrentSpecReport().FullText(), 4) {
		Skip(race.Why)
	}
}

func TestProof(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/document/proof")
}
