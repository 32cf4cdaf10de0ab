package proof

import (
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// same wants a text to be judged like the published one: the same errors, which are none, and the same contradictions
// that readings settle.
func same(s subject, name, text string) {
	GinkgoHelper()
	rarely()
	if text == s.text {
		Skip("the document has nothing of the kind")
	}
	report, err := proofread(name, s.contract, text)
	Expect(err).NotTo(HaveOccurred())
	Expect(wrong(report)).To(BeEmpty())
	Expect(report.ExitStatus()).To(Equal(0))
	clean, err := proofread(s.name, s.contract, s.text)
	Expect(err).NotTo(HaveOccurred())
	Expect(knownOf(report)).To(Equal(knownOf(clean)))
}

// wrong lists the errors, for people.
func wrong(r document.Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Kind.Error() {
			list = append(list, strings.Join([]string{f.Rule, f.Subject, f.Message, "(" + f.Section + ")"}, " "))
		}
	}
	return list
}

func knownOf(r document.Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Kind == document.Known {
			list = append(list, f.Reading+" "+f.Rule)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// edits that do not matter, of a text.
var harmless = []struct {
	what string
	edit func(string) string
}{
	{"trailing spaces", func(t string) string { return strings.ReplaceAll(t, "\n", "  \n") }},
	{"line ends of Windows", func(t string) string { return strings.ReplaceAll(t, "\n", "\r\n") }},
	{"a mark of byte order", func(t string) string { return "\ufeff" + t }},
	{"other indentation of examples", eachLine(func(l line) string {
		if l.place != example && l.place != command {
			return l.text
		}
		trimmed := strings.TrimLeft(l.text, " ")
		return strings.Repeat("\t", len(l.text)-len(trimmed)) + trimmed
	})},
	{"examples without indentation", eachLine(func(l line) string {
		if l.place != example {
			return l.text
		}
		return strings.TrimLeft(l.text, " ")
	})},
	{"other bullets", func(t string) string { return regexp.MustCompile(`(?m)^(\s*)[•-] `).ReplaceAllString(t, "$1* ") }},
	{"no contents", func(t string) string {
		before, _, _ := strings.Cut(t, "\nOn this page\n")
		return before + "\n\n"
	}},
	{"quotes of typography", eachLine(func(l line) string {
		if l.place != prose {
			return l.text
		}
		return regexp.MustCompile(`"([^"]*)"`).ReplaceAllString(strings.ReplaceAll(l.text, "'", "’"), "“$1”")
	})},
	{"reworded prose", reworded},
	{"other names, ids, dates and addresses in examples", otherData},
	{"reversed rows of tables", reversedRows},
	{"reversed members of examples", reversedMembers},
	{"long lines of prose broken", broken},
	{"examples on one line each", compact},
	{"fences around examples and commands", fenced},
	{"sections in the other order", reversedSections},
	{"prose full of numbers", func(t string) string { return inserted(t, chatter) }},
	{"headings that add nothing", func(t string) string { return inserted(t, "Further Reading") }},
}

const chatter = "Since 2019 our 45 engineers have answered 1,200,000 questions from 37 countries, 98.6% of them within 15 minutes; " +
	"3 of our 4 offices are open 24 hours a day, 365 days a year, and version 7 of the handbook has 512 pages."

// eachLine makes an edit of one that is made line by line.
func eachLine(edit func(line) string) func(string) string {
	return func(text string) string {
		var out []string
		for _, l := range linesOf(text) {
			out = append(out, edit(l))
		}
		return strings.Join(out, "\n")
	}
}

// synonyms are words that state nothing.
var synonyms = strings.NewReplacer(
	"Retrieves", "Fetches", "Retrieve", "Fetch", "retrieve", "fetch", "specific", "particular", "Provides", "Offers", "information", "details",
	"Use this", "Take this", "Perfect for", "Ideal for", "Great for", "Good for", "happens automatically", "takes place without you",
	"set up", "configure", "enables", "lets", "enable", "switch on", "manually", "by hand", "quickly", "fast", "technical", "finer",
	"building", "making", "Simply", "Just", "efficiently", "well", "obtained", "had", "designed as", "made as", "Unique", "Distinct",
	"Contains", "Holds", "includes", "has", "can also be", "may also be", "essential", "important", "powerful", "strong", "seamlessly", "smoothly",
)

// reworded replaces words of prose and of descriptions that state nothing.
func reworded(text string) string {
	return eachLine(func(l line) string {
		switch {
		case l.place == prose && strings.Contains(l.text, ". "), l.place == prose && strings.HasSuffix(l.text, "."):
			return synonyms.Replace(l.text)
		case l.place == row && strings.Contains(l.text, " | "):
			cells := strings.Split(l.text, " | ")
			for i := 2; i < len(cells); i++ {
				cells[i] = synonyms.Replace(cells[i])
			}
			return strings.Join(cells, " | ")
		case l.place == row:
			return strings.NewReplacer("The UUID of", "UUID of", "conversations created", "what was created", "Number of", "How many", "to send", "that is sent").Replace(l.text)
		}
		return l.text
	})(text)
}

var (
	otherUUID = regexp.MustCompile(`\b[0-9a-f]{4}-([0-9a-f]{4})-([0-9a-f]{12})\b`)
	otherID   = regexp.MustCompile(`\b(usr|org|agt|agent|conv|whk|msg|sess|chu|user)_[a-z]*[0-9]+[a-z]*\b`)
	legacyID  = regexp.MustCompile(`"[0-9A-F]{32}"`)
	year      = regexp.MustCompile(`"(20\d\d)-(\d\d)-\d\d(T[0-9:.]+(?:Z|[+-]\d\d:\d\d))"`)
	address   = regexp.MustCompile(`\[email.protected\]`)
	sentence  = regexp.MustCompile(`("(?:name|content|sender_name|text)": )"[^"]*"`)
)

var _ = Describe("Edits that do not matter", func() {
	for _, contract := range []string{"assistloop", "conversations"} {
		Describe("of the document of "+contract, func() {
			for _, edit := range harmless {
				It("change nothing: "+edit.what, func() {
					s := real(contract)
					same(s, s.name, edit.edit(s.text))
				})
			}
			read := func() (subject, *document.Document) {
				GinkgoHelper()
				s := real(contract)
				d, err := document.Read(s.name, []byte(s.text))
				Expect(err).NotTo(HaveOccurred())
				return s, d
			}
			It("change nothing: the same page as Markdown", func() {
				s, d := read()
				same(s, "page.md", asMarkdown(d))
			})
			It("change nothing: the same page as HTML, with highlighting and scripts", func() {
				s, d := read()
				same(s, "page.html", asHTML(d))
			})
			It("change nothing: the document as it is", func() {
				s := real(contract)
				report, err := proofread(s.name, s.contract, s.text)
				Expect(err).NotTo(HaveOccurred())
				Expect(wrong(report)).To(BeEmpty())
				Expect(report.ExitStatus()).To(Equal(0))
			})
		})
	}
})
