package assistloop

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestAssistLoop(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/assistloop")
}
