package proof

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// A textEdit changes a published document as a person does: in words, rows and sections.
type textEdit struct {
	what string
	edit func(text string) string
}

// nth exchanges the nth occurrence of a text, from 1; 0 takes the only one.
func nth(old, new string, n int) func(string) string {
	return func(text string) string {
		edited, _ := edit{old: old, new: new, nth: n}.apply(text)
		return edited
	}
}

// between exchanges what stands from the nth occurrence of a text up to the end of another.
func between(from, to, new string, n int) func(string) string {
	return func(text string) string {
		GinkgoHelper()
		at := 0
		for k := 1; ; k++ {
			i := strings.Index(text[at:], from)
			Expect(i).To(BeNumerically(">=", 0), from)
			if at += i; k == n {
				break
			}
			at += len(from)
		}
		end := strings.Index(text[at+len(from):], to)
		Expect(end).To(BeNumerically(">=", 0), to)
		return text[:at] + new + text[at+len(from)+end+len(to):]
	}
}

func everywhere(old, new string) func(string) string {
	return func(text string) string { return strings.ReplaceAll(text, old, new) }
}

func pattern(old, new string) func(string) string {
	expression := regexp.MustCompile(old)
	return func(text string) string { return expression.ReplaceAllString(text, new) }
}

func together(edits ...func(string) string) func(string) string {
	return func(text string) string {
		for _, edit := range edits {
			text = edit(text)
		}
		return text
	}
}

// dropped leaves out what stands from one text up to another.
func dropped(from, to string) func(string) string {
	return func(text string) string { return strings.Replace(text, section(text, from, to), "", 1) }
}

// twice repeats what stands from one text up to another, with a change.
func twice(from, to string, change func(string) string) func(string) string {
	return func(text string) string {
		once := section(text, from, to)
		return strings.Replace(text, once, once+change(once), 1)
	}
}

func ahead(of, paragraph string) func(string) string { return nth(of, paragraph+"\n\n"+of, 1) }

func atStart(paragraph string) func(string) string {
	return func(text string) string { return paragraph + "\n\n" + text }
}

func atEnd(paragraph string) func(string) string {
	return func(text string) string { return text + "\n\n" + paragraph + "\n" }
}

// changedLines are the first and the last line that an edit changed, of the edited text; each that it changed where all lines
// are still there.
func changedLines(before, after string) []int {
	one, other := strings.Split(before, "\n"), strings.Split(after, "\n")
	var changed []int
	if len(one) == len(other) {
		for i := range one {
			if one[i] != other[i] {
				changed = append(changed, i+1)
			}
		}
		return changed
	}
	first, last := 0, len(other)-1
	for first < min(len(one), len(other)) && one[first] == other[first] {
		first++
	}
	for k := len(one) - 1; k >= 0 && last > first && one[k] == other[last]; k-- {
		last--
	}
	return []int{first + 1, last + 1}
}

// tried wants an edit found near one of the lines that it changed.
func tried(contract string, list []textEdit) {
	for _, e := range list {
		It("is found: "+e.what, func() {
			s := real(contract)
			text := e.edit(s.text)
			Expect(text).NotTo(Equal(s.text))
			report, err := proofread(s.name, s.contract, text)
			Expect(err).NotTo(HaveOccurred())
			var found []string
			near := false
			lines := changedLines(s.text, text)
			for _, f := range report.Findings {
				if !f.Kind.Error() {
					continue
				}
				found = append(found, fmt.Sprintf("line %d %s %s: %s", f.Line, f.Rule, f.Subject, f.Message))
				near = near || slices.ContainsFunc(lines, func(line int) bool {
					return closeTo(f.Line, line) || f.Other > 0 && closeTo(f.Other, line)
				}) || lines[0] <= f.Line && f.Line <= lines[len(lines)-1]
			}
			Expect(near).To(BeTrue(), fmt.Sprintf("lines %v; elsewhere: %s", lines, strings.Join(found, "\n")))
		})
	}
}

// unfound wants no error of an edit.
func unfound(contract string, list []textEdit) {
	for _, e := range list {
		It("is no error: "+e.what, func() {
			s := real(contract)
			text := e.edit(s.text)
			if text == s.text {
				Skip("the document has nothing of the kind")
			}
			report, err := proofread(s.name, s.contract, text)
			Expect(err).NotTo(HaveOccurred())
			Expect(wrong(report)).To(BeEmpty())
			Expect(report.ExitStatus()).To(Equal(0))
		})
	}
}

var _ = Describe("An edit of a person", func() {
	tried("assistloop", triedOnAssistLoop)
	tried("conversations", triedOnConversations)
	unfound("assistloop", rewordedAssistLoop)
	unfound("conversations", rewordedConversations)
	for _, contract := range []string{"assistloop", "conversations"} {
		Describe("of the document of "+contract, func() {
			unfound(contract, rewordedAny)
			unfound(contract, retitled)
			unfound(contract, reshaped)
		})
	}
})
