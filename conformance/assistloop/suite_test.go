package assistloop

import (
	"sync"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// loaded is the contract, read once for hundreds of runs.
var loaded = sync.OnceValues(Contract)

var outer *testing.T // synctest needs a real one

func TestAssistLoop(t *testing.T) {
	outer = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/assistloop")
}
