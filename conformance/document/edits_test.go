package document_test

import (
	"regexp"
	"strings"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// Edits that change how a text looks and nothing that it says.
var edits = map[string]func(string) string{
	"Windows line ends": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"spaces at the ends of lines": func(s string) string {
		return strings.ReplaceAll(s, "\n", "  \n")
	},
	"everything indented": func(s string) string { return "   " + strings.ReplaceAll(s, "\n", "\n   ") },
	"no indentation":      func(s string) string { return regexp.MustCompile(`(?m)^[ \t]+`).ReplaceAllString(s, "") },
	"tabs":                func(s string) string { return regexp.MustCompile(`(?m)^ {4}`).ReplaceAllString(s, "\t") },
	"twice the blank lines": func(s string) string {
		return regexp.MustCompile(`\n\n`).ReplaceAllString(s, "\n\n\n")
	},
	"no blank lines": func(s string) string { return regexp.MustCompile(`\n\n+`).ReplaceAllString(s, "\n") },
	"blank lines between all blocks": func(s string) string {
		var out []string
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			out = append(out, l)
			if i+1 < len(lines) && block(l) && block(lines[i+1]) {
				out = append(out, "")
			}
		}
		return strings.Join(out, "\n")
	},
	"long lines broken": func(s string) string {
		var out []string
		for _, l := range strings.Split(s, "\n") {
			out = append(out, wrapped(l)...)
		}
		return strings.Join(out, "\n")
	},
	"fences around code": func(s string) string { return fenced(s) },
	"labels above code": func(s string) string {
		return examples(s, func(code string) string { return "JSON\nCopy code\n" + code })
	},
	"JSON on one line": func(s string) string { return compacted(s) },
	"a few headings marked": func(s string) string {
		for _, h := range []string{"List Conversations", "Base URL", "Message received", "Errors"} {
			s = regexp.MustCompile(`(?m)^`+h+`$`).ReplaceAllString(s, "## "+h)
		}
		return s
	},
}

// block tells lines that are prose or headings.
func block(l string) bool {
	return regexp.MustCompile(`^(\p{Lu}|- )`).MatchString(l) && !strings.Contains(l, "|") && !strings.Contains(l, "→")
}

// wrapped breaks prose at 70 characters; rows and code keep their lines.
func wrapped(l string) []string {
	glued := regexp.MustCompile(`^\w+[a-z](Yes|No)[A-Z]|^\d{3}[A-Z]|^[a-z]+:[a-z]|\S(GET|POST) /|https?://|Boolean|^[A-Z]\w+ \w+[a-z]+_`)
	if len(l) <= 70 || glued.MatchString(l) || strings.ContainsAny(l, "|{") || !regexp.MustCompile(`^(\p{L}|- |  • )`).MatchString(l) {
		return []string{l}
	}
	var out []string
	line := ""
	for i, w := range strings.Split(l, " ") {
		switch {
		case i == 0:
			line = w
		case utf8.RuneCountInString(line+w)+1 > 70:
			out = append(out, line)
			line = w
		default:
			line += " " + w
		}
	}
	return append(out, line)
}

// examples gives each JSON value and command of a text to a function, and what that makes of it back to the text.
func examples(s string, change func(code string) string) string {
	var out, code []string
	depth := 0
	for _, l := range strings.Split(s, "\n") {
		begins := l == "{" || l == "[" || strings.HasPrefix(l, "curl ")
		if len(code) == 0 && !begins {
			out = append(out, l)
			continue
		}
		code = append(code, l)
		depth += strings.Count(l, "{") + strings.Count(l, "[") - strings.Count(l, "}") - strings.Count(l, "]")
		if depth == 0 && !strings.HasSuffix(l, "\\") {
			out = append(out, change(strings.Join(code, "\n")))
			code = nil
		}
	}
	return strings.Join(append(out, code...), "\n")
}

func fenced(s string) string {
	return examples(s, func(code string) string { return "```\n" + code + "\n```" })
}

func compacted(s string) string {
	return examples(s, func(code string) string {
		if strings.HasPrefix(code, "curl") {
			return code
		}
		var b strings.Builder
		for _, l := range strings.Split(code, "\n") {
			b.WriteString(strings.TrimSpace(l))
		}
		return b.String()
	})
}

var _ = Describe("An edit that changes nothing it says", func() {
	for name, edit := range edits {
		for _, file := range []string{"assistloop-make.txt", "infobip-conversations.txt"} {
			It("leaves "+file+" as it was: "+name, func() {
				before, err := document.Read(file, published(file))
				Expect(err).NotTo(HaveOccurred())
				after, err := document.Read(file, []byte(edit(string(published(file)))))
				Expect(err).NotTo(HaveOccurred())
				Expect(difference(joined(said(before)), joined(said(after)))).To(BeEmpty())
			})
		}
	}
})

// joined makes one of paragraphs that follow each other, for where one ends is not what a document says.
func joined(lines []string) []string {
	var out []string
	for _, l := range lines {
		if n := len(out) - 1; n >= 0 && strings.HasPrefix(l, "prose  » ") && strings.HasPrefix(out[n], "prose ") {
			out[n] += strings.TrimPrefix(l, "prose  »")
			continue
		}
		out = append(out, l)
	}
	return out
}

// difference gives the lines that only one side has, with - or +.
func difference(before, after []string) []string {
	count := map[string]int{}
	for _, l := range before {
		count[l]++
	}
	var out []string
	for _, l := range after {
		if count[l]--; count[l] < 0 {
			out = append(out, "+ "+l)
		}
	}
	for _, l := range before {
		if count[l]--; count[l] >= 0 {
			out = append(out, "- "+l)
		}
	}
	return out
}
