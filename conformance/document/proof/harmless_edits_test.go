package proof

import (
	"regexp"
	"slices"
	"strings"
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
