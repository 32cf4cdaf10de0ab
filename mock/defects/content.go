package defects

import (
	"html"
	"strings"
)

type alteration struct {
	requirement, done, sentence string
	change                      func(string) string
}

// alterations are what stores make of texts when they are careless.
func alterations() []alteration {
	replacing := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	dropping := func(match func(rune) bool) func(string) string {
		return func(s string) string {
			return strings.Map(func(r rune) rune {
				if match(r) {
					return -1
				}
				return r
			}, s)
		}
	}
	cut := func(n int) func(string) string {
		return func(s string) string { return string(head([]rune(s), n)) }
	}
	return []alteration{
		{"verbatim", "lines-joined", "loses its line breaks", replacing("\n", " ")},
		{"verbatim", "crlf", "gets line breaks of two characters", replacing("\n", "\r\n")},
		{"verbatim", "blank-lines", "loses its empty lines", replacing("\n\n", "\n")},
		{"verbatim", "first-line", "ends with its first line", func(s string) string { first, _, _ := strings.Cut(s, "\n"); return first }},
		{"verbatim", "tabs", "has blanks for tabs", replacing("\t", "    ")},
		{"verbatim", "collapsed", "loses white space between words", func(s string) string { return strings.Join(strings.Fields(s), " ") }},
		{"verbatim", "escaped", "is escaped as HTML", html.EscapeString},
		{"verbatim", "unescaped", "is unescaped as HTML", html.UnescapeString},
		{"verbatim", "no-tags", "loses its markup", replacing("<b>", "")},
		{"verbatim", "template", "is taken for a template", replacing("{{data.chat_user.name}}", "Jane Smith")},
		{"verbatim", "percent", "is taken for a format", replacing("%s", "%!s(MISSING)")},
		{"verbatim", "quotes", "gets typographic quotes", replacing(`"`, "”")},
		{"verbatim", "backslash", "loses its backslashes", replacing(`\`, "")},
		{"verbatim", "ascii", "loses what is not ASCII", func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > 127 {
					return '?'
				}
				return r
			}, s)
		}},
		{"verbatim", "bmp", "loses what is beyond 16 bits", dropping(func(r rune) bool { return r > 0xffff })},
		{"verbatim", "joiners", "loses zero-width joiners", dropping(func(r rune) bool { return r == 0x200d })},
		{"verbatim", "decomposed", "has accents taken apart", replacing("ó", "o\u0301")},
		{"verbatim", "lowered", "is in lower case", strings.ToLower},
		{"verbatim", "signed", "gets a signature", func(s string) string { return s + "\n-- \nSent by AssistLoop" }},
		{"verbatim", "prefixed", "gets a greeting", func(s string) string { return "Support: " + s }},
		{"verbatim", "first-100", "ends after 100 characters", cut(100)},
		{"long", "first-255", "ends after 255 characters", cut(255)},
		{"long", "first-1000", "ends after 1,000 characters", cut(1000)},
		{"long", "first-4096", "ends after 4,096 characters", cut(4096)},
	}
}
