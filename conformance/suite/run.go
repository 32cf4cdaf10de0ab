package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"

	"github.com/parley-contracts/parley/conformance"
)

// ran keeps Run from a second time, at which Ginkgo would end the process.
var ran atomic.Bool

// Run runs the suite in this process and prints nothing. The error is for bad input. Ginkgo allows for one suite a
// process: whoever wants to judge more often, or from within a Ginkgo suite, calls conformance.Run.
func Run(ctx context.Context, target conformance.Target, options conformance.Options) (conformance.Report, error) {
	if ran.Swap(true) {
		return conformance.Report{}, errors.New("a process runs the Ginkgo suite once; conformance.Run can be called again")
	}
	if _, err := os.Getwd(); err != nil { // Ginkgo would exit
		return conformance.Report{}, fmt.Errorf("the working directory: %w", err)
	}
	s := declare(ctx, target, options)
	defer silenced()()
	config, reporter := ginkgo.GinkgoConfiguration()
	ginkgo.RunSpecs(ignored{}, options.Contract.Name, config, reporter)
	return s.Report()
}

// silenced sets the reporter's output aside, which Ginkgo has no other way to leave out.
func silenced() (restore func()) {
	stdout := formatter.ColorableStdOut
	formatter.ColorableStdOut = io.Discard
	return func() { formatter.ColorableStdOut = stdout }
}

// ignored stands for a *testing.T: what failed is in the report.
type ignored struct{}

func (ignored) Fail() {}
