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

// otherData exchanges what examples happen to show, and leaves alone what they state.
func otherData(text string) string {
	return eachLine(func(l line) string {
		if l.place != example && l.place != command {
			return l.text
		}
		t := otherUUID.ReplaceAllString(l.text, "4abc-${1}-0123456789ab")
		t = otherID.ReplaceAllString(t, "${1}_q7w8e9")
		t = legacyID.ReplaceAllString(t, `"0123456789ABCDEF0123456789ABCDEF"`)
		t = year.ReplaceAllString(t, `"2031-07-19$3"`)
		t = address.ReplaceAllString(t, "ada@example.org")
		return sentence.ReplaceAllString(t, `$1"Ada Lovelace, 36"`)
	})(text)
}

// reversedRows turns the rows of each table round.
func reversedRows(text string) string {
	lines := linesOf(text)
	var out []string
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && lines[j].place == row && !strings.HasPrefix(lines[j].text, "---") {
			j++
		}
		for k := j - 1; k >= i; k-- {
			out = append(out, lines[k].text)
		}
		if j == i {
			out = append(out, lines[i].text)
			j++
		}
		i = j
	}
	return strings.Join(out, "\n")
}

// reversedMembers turns the members of each object in an example round. Those of arrays keep their order, which may
// mean something.
func reversedMembers(text string) string {
	var b strings.Builder
	at := 0
	for _, l := range linesOf(text) {
		if l.start < at || l.place != example || l.nested != 0 {
			continue
		}
		from := l.start + strings.IndexAny(l.text, "{[")
		j := &jsonScanner{text: text, at: from}
		j.value()
		b.WriteString(text[at:from])
		b.WriteString(reversedValue(text[from:j.at]))
		at = j.at
	}
	return b.String() + text[at:]
}

func reversedValue(value string) string {
	switch value[0] {
	case '[':
		var items []string
		for j := (&jsonScanner{text: value, at: 1}); ; {
			j.space()
			if value[j.at] == ',' {
				j.at++
				j.space()
			}
			if value[j.at] == ']' {
				if len(items) == 0 {
					return "[]"
				}
				return "[\n" + strings.Join(items, ",\n") + "\n]"
			}
			from := j.at
			j.value()
			items = append(items, reversedValue(value[from:j.at]))
		}
	case '{':
		j := &jsonScanner{text: value}
		j.value()
		var members []string
		for _, m := range outer(j.members) {
			members = append(members, value[m.nameFrom-1:m.nameTo+1]+": "+reversedValue(value[m.from:m.to]))
		}
		slices.Reverse(members)
		return "{\n" + strings.Join(members, ",\n") + "\n}"
	}
	return value
}

// compact puts each example on one line.
func compact(text string) string {
	var b strings.Builder
	for i, l := range linesOf(text) {
		switch {
		case i == 0:
		case l.place == example && l.nested > 0:
			b.WriteString(" ")
		default:
			b.WriteString("\n")
		}
		if l.place == example {
			l.text = strings.TrimSpace(l.text)
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// fenced puts fences around each example and each command.
func fenced(text string) string {
	lines := linesOf(text)
	code := func(i int) bool {
		return i >= 0 && i < len(lines) && (lines[i].place == example || lines[i].place == command)
	}
	var out []string
	for i, l := range lines {
		if code(i) && !code(i-1) {
			out = append(out, "```"+map[place]string{example: "json", command: "bash"}[l.place])
		}
		out = append(out, l.text)
		if code(i) && !code(i+1) {
			out = append(out, "```")
		}
	}
	return strings.Join(out, "\n")
}

var sectionStart = regexp.MustCompile(`(?m)^[A-Z][^\n.]*\n(\n[^\n]*\n\nEndpoint: |General event structure\n|Root element\n)`)

// reversedSections turns the sections of endpoints, or of events, round. Whatever stands between two travels with the
// first of them.
func reversedSections(text string) string {
	end := strings.LastIndex(text, "\nauthenticationData\n") + 1
	if end == 0 {
		end = strings.Index(text, "\nCommon Make Scenario Examples\n") + 1
	}
	starts := sectionStart.FindAllStringIndex(text[:end], -1)
	if len(starts) < 3 {
		return text
	}
	out := text[:starts[0][0]]
	for i := len(starts) - 1; i >= 0; i-- {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1][0]
		}
		out += text[starts[i][0]:to]
	}
	return out + text[end:]
}

// outer leaves out the members of members.
func outer(members []member) []member {
	members = slices.Clone(members)
	slices.SortFunc(members, func(a, b member) int { return a.from - b.from })
	var out []member
	for _, m := range members {
		if len(out) == 0 || m.from >= out[len(out)-1].to {
			out = append(out, m)
		}
	}
	return out
}

// broken breaks long lines of prose, as an editor does that fills paragraphs.
func broken(text string) string {
	return eachLine(func(l line) string {
		if l.place != prose || len(l.text) < 100 || bulletOf.MatchString(l.text) {
			return l.text
		}
		var lines []string
		for rest := l.text; ; {
			cut := -1
			if len(rest) > 80 {
				cut = strings.LastIndexByte(rest[:80], ' ')
			}
			if cut < 0 {
				return strings.Join(append(lines, rest), "\n")
			}
			lines = append(lines, rest[:cut])
			rest = rest[cut+1:]
		}
	})(text)
}

// inserted puts a paragraph before each heading that stands alone, which is to say anywhere between sections.
func inserted(text, paragraph string) string {
	lines := linesOf(text)
	blank := strings.Contains(text, "\n\n") // between paragraphs
	var out []string
	for i, l := range lines {
		starts := l.place == prose && l.text != "" && i > 0
		if blank {
			starts = starts && lines[i-1].text == "" && i+1 < len(lines) && lines[i+1].text == ""
		} else {
			starts = starts && len(l.text) < 60 && !strings.HasSuffix(l.text, ".") && !bulletOf.MatchString(l.text) &&
				(lines[i-1].place == row || lines[i-1].place == example)
		}
		if starts {
			out = append(out, paragraph)
			if blank {
				out = append(out, "")
			}
		}
		out = append(out, l.text)
	}
	return strings.Join(out, "\n")
}

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
