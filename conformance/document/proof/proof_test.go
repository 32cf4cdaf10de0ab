package proof

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
	"github.com/parley-contracts/parley/fixtures/race"
)

// go test ./conformance/document/proof -args -show shows every mutation that is missed; -every 1 tries each in a short
// run, too, and -every 20 is enough for a first look.
var (
	showAll = flag.Bool("show", false, "show each mutation that is missed, and the tally")
	every   = flag.Int("every", 0, "try one mutation of so many; 0 tries each, in a short run one of 7, and with the race detector one of 41")
)

const near = 3 // lines from the change to what is found

// Of our own documents a share, in hundredths, may be missed: their sentences are in other words than those by which the
// catalogue knows its facts.
var _ = DescribeTable("Each mechanical change of a document is found near its place, or says nothing", func(take func(contract string) subject, contract string, share int) {
	s := take(contract)
	clean, err := proofread(s.name, s.contract, s.text)
	Expect(err).NotTo(HaveOccurred())
	s.known = known(clean)
	all := sampled(mutations(s.text))
	Expect(all).NotTo(BeEmpty())
	started := time.Now()
	results := tryAll(s, errorsOf(clean), all)
	t := tally(results)
	AddReportEntry("mutations of "+s.name, fmt.Sprintf("%s\n%s", time.Since(started).Round(time.Millisecond), t))
	if *showAll {
		fmt.Println(t)
		fmt.Println(strings.Join(missed(results), "\n"))
	}
	if left := missed(results); len(left)*100 > share*len(results) {
		Expect(left).To(BeEmpty())
	}
},
	Entry("of AssistLoop", real, "assistloop", 0),
	Entry("of Conversations", real, "conversations", 0),
	Entry("of our own in the manner of AssistLoop", own, "assistloop", 3),
	Entry("of our own in the manner of Conversations", own, "conversations", 3),
)

// sampled takes fewer where each takes long: any step that shares no factor with how they are made meets all classes.
func sampled(all []mutation) []mutation {
	step := *every
	if step < 1 {
		switch step = 1; {
		case race.On:
			step = 41
		case testing.Short():
			step = 7
		}
	}
	var some []mutation
	for i := 0; i < len(all); i += step {
		some = append(some, all[i])
	}
	return some
}

// A result is what came of one mutation.
type result struct {
	mutation
	exempt string
	found  bool
	far    []string // new errors elsewhere
}

func tryAll(s subject, clean map[string]int, all []mutation) []result {
	results := make([]result, len(all))
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := range next {
				results[i] = try(s, clean, all[i])
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	wait.Wait()
	return results
}

func try(s subject, clean map[string]int, m mutation) result {
	r := result{mutation: m}
	if r.exempt = exemptionFor(m); r.exempt != "" {
		return r
	}
	return r.judged(s, clean)
}

// judged fills in what is found of a mutation.
func (r result) judged(s subject, clean map[string]int) result {
	m := r.mutation
	report, err := proofread(s.name, s.contract, m.apply(s.text))
	if err != nil {
		r.far = []string{err.Error()}
		return r
	}
	if (m.class == "fact" || m.class == "unit" || m.class == "number" || m.class == "path") && report.Errors() == 0 && known(report) < s.known {
		r.exempt = "it ends a contradiction that a reading settles"
		return r
	}
	seen := map[string]int{}
	for _, f := range report.Findings {
		if !f.Kind.Error() {
			continue
		}
		seen[key(f)]++
		if seen[key(f)] <= clean[key(f)] {
			continue
		}
		if closeTo(f.Line, m.line.number) || f.Other > 0 && closeTo(f.Other, m.line.number) {
			r.found = true
			return r
		}
		r.far = append(r.far, fmt.Sprintf("line %d %s %s: %s", f.Line, f.Rule, f.Subject, f.Message))
	}
	return r
}

// known counts the contradictions that readings settle.
func known(r document.Report) int {
	n := 0
	for _, f := range r.Findings {
		if f.Kind == document.Known {
			n++
		}
	}
	return n
}

func closeTo(a, b int) bool { return a-b <= near && b-a <= near }

func missed(results []result) []string {
	var list []string
	for _, r := range results {
		if r.exempt == "" && !r.found {
			text := r.String()
			if len(r.far) > 0 {
				text += "\n      but elsewhere: " + strings.Join(r.far, "\n      ")
			}
			list = append(list, text)
		}
	}
	if most := 40; len(list) > most && !*showAll {
		list = append(list[:most], fmt.Sprintf("and %d more: -args -all shows them", len(list)-most))
	}
	return list
}

// tally counts results by class, and exemptions by reason.
func tally(results []result) string {
	type row struct{ tried, found, exempt, missed int }
	rows := map[string]*row{"all": {}}
	reasons := map[string]int{}
	for _, r := range results {
		if rows[r.class] == nil {
			rows[r.class] = &row{}
		}
		for _, row := range []*row{rows[r.class], rows["all"]} {
			row.tried++
			switch {
			case r.exempt != "":
				row.exempt++
			case r.found:
				row.found++
			default:
				row.missed++
			}
		}
		if r.exempt != "" {
			reasons[r.exempt]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s %6s %6s %6s %6s\n", "class", "tried", "found", "exempt", "missed")
	for _, class := range slices.Sorted(maps.Keys(rows)) {
		row := rows[class]
		fmt.Fprintf(&b, "%-12s %6d %6d %6d %6d\n", class, row.tried, row.found, row.exempt, row.missed)
	}
	for _, reason := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return cmp.Compare(reasons[b], reasons[a]) }) {
		fmt.Fprintf(&b, "%6d exempt: %s\n", reasons[reason], reason)
	}
	return b.String()
}
