package known

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func catalogue(t testing.TB) *requirements.Catalogue {
	t.Helper()
	contract, err := assistloop.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := requirements.AssistLoop(contract)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func written(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "known.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEntriesAreReadWithTheirReasonAndExpiry(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	list, err := Read(written(t, "- {requirement: get-me/served, reason: next week, expires: 2026-12-01}\n"), catalogue(t))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list.Known()).To(Equal(map[string]conformance.Known{"get-me/served": {Reason: "next week", Expires: "2026-12-01"}}))
	for _, nothing := range []string{"", "# none\n", "[]", "--- []\n"} {
		list, err := Read(written(t, nothing), catalogue(t))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(list.Known()).To(BeEmpty())
	}
}

func TestABadFileIsRefusedInOneLineThatSaysWhere(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	all := catalogue(t)
	good := "- {requirement: get-me/served, reason: x, expires: 2026-12-01}\n"
	for content, want := range map[string]string{
		good + "- {requirement: get-me/unheard-of, reason: x, expires: 2026-12-01}": ":2: no requirement \"get-me/unheard-of\": `parley requirements assistloop` lists them",
		"\n- {requirement: get-me/served, expires: 2026-12-01}":                     `:2: the entry of "get-me/served" has no reason`,
		"- {requirement: get-me/served, reason: ' ', expires: 2026-12-01}":          `:1: the entry of "get-me/served" has no reason`,
		"- {reason: x, expires: 2026-12-01}":                                        ":1: the entry has no requirement",
		"- {requirement: get-me/served, reason: x, expires: soon}":                  `:1: expires: expected a date like 2027-03-31, came "soon"`,
		"- {requirement: get-me/served, reason: x, expires: 2026-02-30}":            `:1: expires: expected a date like 2027-03-31, came "2026-02-30"`,
		"- requirement: get-me/served\n  reason: x\n  expire: 2026-12-01":           `:3: unknown key "expire": expected requirement, reason and expires`,
		good + good: ":2: get-me/served is listed already, in line 1",
		"- {requirement: get-me/served, reason: x, reason: y, expires: 2026-12-01}": ":1: reason stands already in line 1",
		"- get-me/served":                `:1: expected an entry {requirement, reason, expires}, came "get-me/served"`,
		"- {requirement: [], reason: x}": ":1: requirement: expected a text",
		"requirement: x":                 ":1: expected a list of {requirement, reason, expires}",
		good + "---\n[]":                 ": expected one YAML document",
		"- {":                            "line 1",
		strings.Repeat("#", maxSize+1):   "expected at most",
	} {
		file := written(t, content)
		_, err := Read(file, all)
		g.Expect(err).To(MatchError(And(HavePrefix(file+":"), ContainSubstring(want))), content[:min(len(content), 200)])
		g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
	}
}

// ran is a run that found what outcomes say, by requirement.
func ran(outcomes map[string]conformance.Outcome) conformance.Report {
	r := conformance.Report{Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	for _, id := range []string{"get-me/served", "list-organizations/served", "list-agents/served", "list-agents/of-organization", "list-agents/error-code", "find-messages/served"} {
		level := "MUST"
		if id == "list-agents/error-code" {
			level = "SHOULD"
		}
		r.Findings = append(r.Findings, conformance.Finding{Requirement: id, Level: level, Outcome: outcomes[id], Message: "expected this, seen that", Seen: "that,\nof " + id})
	}
	return r
}

func TestAnUpdateFitsTheListToTheRunAndKeepsWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	file := written(t, `# What we know of.

# Our own ticket.
- requirement: get-me/served # still so
  reason: "ticket 17"
  expires: 2027-01-01
# This one will go.
- {requirement: list-organizations/served, reason: ticket 18, expires: 2027-01-01}
- {requirement: list-agents/served, reason: not judged today, expires: 2020-01-01}
- requirement: list-agents/of-organization
  reason: late
  expires: 2026-11-22

# The end.
`)
	list, err := Read(file, catalogue(t))
	g.Expect(err).NotTo(HaveOccurred())
	report := ran(map[string]conformance.Outcome{
		"get-me/served": conformance.Fail, "list-organizations/served": conformance.Pass, "list-agents/served": conformance.Skipped,
		"list-agents/of-organization": conformance.Fail, "list-agents/error-code": conformance.Warn, "find-messages/served": conformance.Fail,
	})
	changes := list.Update(report, "2026-12-23")
	g.Expect(changes).To(Equal(Changes{
		Added: []string{"find-messages/served"}, Removed: []string{"list-organizations/served"}, Expired: []string{"list-agents/of-organization"}, Kept: 2,
	}))
	g.Expect(list.Write()).To(Succeed())
	content, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(content)).To(Equal(`# What we know of.

# Our own ticket.
- requirement: get-me/served # still so
  reason: "ticket 17"
  expires: 2027-01-01
- {requirement: list-agents/served, reason: not judged today, expires: 2020-01-01}
- requirement: list-agents/of-organization
  reason: late
  expires: 2026-11-22
- requirement: find-messages/served
  reason: 'seen on 2026-11-23: that, of find-messages/served'
  expires: 2026-12-23

# The end.
`))
	again, err := Read(file, catalogue(t))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again.Known()).To(Equal(list.Known()))
}

func TestAnUpdateMakesAFileThatIsNotThereAndTakesItBackToNothing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "new", "known.yaml")
	all := catalogue(t)
	_, err := Read(file, all)
	g.Expect(err).To(MatchError(os.ErrNotExist))
	list, err := ReadOrNew(file, all)
	g.Expect(err).NotTo(HaveOccurred())
	list.Update(ran(map[string]conformance.Outcome{"get-me/served": conformance.Fail, "list-agents/error-code": conformance.Warn}), "2026-12-23")
	g.Expect(list.Write()).To(Succeed())
	list, err = Read(file, all)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list.Known()).To(HaveLen(1))
	changes := list.Update(ran(map[string]conformance.Outcome{"get-me/served": conformance.Pass}), "2026-12-23")
	g.Expect(changes.Removed).To(ConsistOf("get-me/served"))
	g.Expect(list.Write()).To(Succeed())
	list, err = Read(file, all)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list.Known()).To(BeEmpty())
}

func TestAStrictRunListsWhatShouldBeMet(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	list, err := ReadOrNew(filepath.Join(t.TempDir(), "known.yaml"), catalogue(t))
	g.Expect(err).NotTo(HaveOccurred())
	report := ran(map[string]conformance.Outcome{"list-agents/error-code": conformance.Warn})
	report.Strict = true
	g.Expect(list.Update(report, "2026-12-23").Added).To(ConsistOf("list-agents/error-code"))
}

// Whatever stands in the file, it is read or refused in one line, and what was read can be written and read again.
func FuzzRead(f *testing.F) {
	all := catalogue(f)
	f.Add("- {requirement: get-me/served, reason: x, expires: 2026-12-01}\n")
	f.Add("# a\n\n- requirement: get-me/served # b\n  reason: |\n    x\n  expires: 2026-12-01\n# c\n")
	f.Add("[]")
	f.Add("&a [*a]")
	f.Fuzz(func(t *testing.T, content string) {
		list, err := parse("known.yaml", []byte(content), all)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("%q", err)
			}
			return
		}
		list.file = filepath.Join(t.TempDir(), "known.yaml")
		list.Update(ran(map[string]conformance.Outcome{"get-me/served": conformance.Fail}), "2026-12-23")
		if err := list.Write(); err != nil {
			t.Fatal(err)
		}
		again, err := Read(list.file, all)
		if err != nil {
			t.Fatal(err)
		}
		for id, k := range list.Known() {
			if again.Known()[id] != k {
				t.Fatalf("%s: wrote %v, read %v", id, k, again.Known()[id])
			}
		}
	})
}
