package assistloop

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var outer *testing.T // synctest needs a real one

func TestAssistLoop(t *testing.T) {
	outer = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/assistloop")
}
