package defects_test

import (
	"fmt"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func TestDefects(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "defects")
}

var _ = It("x", func() {
	checker, err := check.Load(openapi.AssistLoop())
	Expect(err).NotTo(HaveOccurred())
	all, err := defects.AssistLoop(checker)
	Expect(err).NotTo(HaveOccurred())
	catalogue, err := requirements.AssistLoop(checker)
	Expect(err).NotTo(HaveOccurred())
	have := map[string]int{}
	kinds := map[defects.Kind]int{}
	for _, d := range all {
		have[d.Requirement]++
		kinds[d.Kind]++
	}
	for _, r := range catalogue.All {
		if have[r.ID] == 0 {
			fmt.Println(r.ID, r.Level, r.Unobservable)
		}
	}
	fmt.Println(kinds)
})
