package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// writeMarkdown writes a page for a pull request or a wiki: verdict and counts, what to act on in full, the rest in
// tables that fold.
func writeMarkdown(w io.Writer, r conformance.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n", escapeMarkdown(r.Contract), escapeMarkdown(verdictOf(r)))
	if r.Target != "" {
		fmt.Fprintf(&b, "Target %s, ", code(r.Target))
	}
	fmt.Fprintf(&b, "judged %s. %s.\n\n", r.Started.UTC().Format(time.RFC3339), effort(r))
	markdownCounts(&b, r)

	blocks := func(title string, chosen func(conformance.Finding) bool) {
		for _, f := range r.Findings {
			if chosen(f) {
				if title != "" {
					fmt.Fprintf(&b, "## %s\n\n", title)
					title = ""
				}
				markdownFinding(&b, f)
			}
		}
	}
	blocks("Not met", func(f conformance.Finding) bool { return r.Breaks(f) })
	blocks("Advice", func(f conformance.Finding) bool {
		return f.Outcome == conformance.Warn && f.Known == nil && !r.Breaks(f)
	})
	markdownTable(&b, "Could not be judged", r, func(f conformance.Finding) bool { return f.Outcome == conformance.Errored })
	markdownTable(&b, "Known failures", r, func(f conformance.Finding) bool { return label(r, f) == "known failure" })
	markdownTable(&b, "Unsupported", r, func(f conformance.Finding) bool { return f.Outcome == conformance.Unsupported })
	markdownTable(&b, "Skipped", r, func(f conformance.Finding) bool { return f.Outcome == conformance.Skipped })
	markdownTable(&b, "Passed", r, func(f conformance.Finding) bool { return f.Outcome == conformance.Pass && f.Known == nil })
	markdownList(&b, "Notes", r.Notes)
	markdownList(&b, "Left behind", r.Leftovers)
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func markdownCounts(b *strings.Builder, r conformance.Report) {
	head, rule, row := "|", "|", "|"
	for _, outcome := range conformance.Outcomes() {
		head += fmt.Sprintf(" %s |", outcome)
		rule += " ---: |"
		row += fmt.Sprintf(" %d |", r.Counts[outcome])
	}
	fmt.Fprintf(b, "%s\n%s\n%s\n\n", head, rule, row)
}

func markdownFinding(b *strings.Builder, f conformance.Finding) {
	fmt.Fprintf(b, "### %s\n\n", code(f.Requirement))
	fmt.Fprintf(b, "**%s**, %s: %s\n\n", f.Level, escapeMarkdown(source(f)), escapeMarkdown(f.Text))
	if f.Expected != "" || f.Seen != "" {
		fmt.Fprintf(b, "- expected: %s\n- seen: %s\n\n", code(f.Expected), code(f.Seen))
	} else if f.Message != "" {
		fmt.Fprintf(b, "%s\n\n", escapeMarkdown(f.Message))
	}
	if text := excuse(f); text != "" {
		fmt.Fprintf(b, "%s\n\n", escapeMarkdown(text))
	}
	if f.Curl != "" {
		fmt.Fprintf(b, "%s\n\n", fenced("sh", f.Curl))
	}
	if n := len(f.Evidence); n > 0 { // the one that decided: a page for people need not have them all
		fmt.Fprintf(b, "<details>\n<summary>what decided</summary>\n\n%s\n\n</details>\n\n", fenced("http", transcript(f.Evidence[n-1], 1500)))
	}
}

// transcript is an exhibit as it went over the wire.
func transcript(e conformance.Exhibit, most int) string {
	part := func(first string, headers map[string]string, body string) string {
		lines := []string{first}
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			lines = append(lines, name+": "+headers[name])
		}
		if body != "" {
			lines = append(lines, "", cut(body, most))
		}
		return strings.Join(lines, "\n")
	}
	text := part(e.Request, e.Headers, e.Body)
	switch {
	case e.Status != 0:
		text += "\n\n" + part(fmt.Sprint(e.Status), e.Answer, e.Response)
	case e.Trouble != "":
		text += "\n\n" + e.Trouble
	}
	return text
}

func markdownTable(b *strings.Builder, title string, r conformance.Report, chosen func(conformance.Finding) bool) {
	var rows []conformance.Finding
	for _, f := range r.Findings {
		if chosen(f) {
			rows = append(rows, f)
		}
	}
	markdownRows(b, title, rows)
}

// markdownRows writes a table that folds; nothing where there are no rows.
func markdownRows(b *strings.Builder, title string, rows []conformance.Finding) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "<details>\n<summary>%s: %d</summary>\n\n| requirement | level | |\n| --- | --- | --- |\n", title, len(rows))
	for _, f := range rows {
		fmt.Fprintf(b, "| %s | %s | %s |\n", cell(code(f.Requirement)), f.Level, cell(escapeMarkdown(message(f))))
	}
	b.WriteString("\n</details>\n\n")
}

func markdownList(b *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "## %s\n\n", title)
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", escapeMarkdown(item))
	}
	b.WriteString("\n")
}

// escapeMarkdown makes text mean itself, on one line. Quoted text of a target is hostile until shown otherwise.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(visible(s)), " ") {
		if strings.ContainsRune("\\`*_[]<>&|#~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code quotes s in as many backticks as it takes.
func code(s string) string {
	s = strings.Join(strings.Fields(visible(s)), " ")
	if s == "" {
		return "nothing"
	}
	fence := backticks(s, 1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func fenced(language, s string) string {
	fence := backticks(s, 3)
	return fence + language + "\n" + visible(s) + "\n" + fence
}

// backticks returns the shortest run of backticks, of least or more, that s does not hold.
func backticks(s string, least int) string {
	fence := strings.Repeat("`", least)
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence
}

// cell keeps a table whole: a pipe parts cells even in code, unless it is escaped.
func cell(s string) string {
	if strings.HasPrefix(s, "`") {
		return strings.ReplaceAll(s, "|", `\|`)
	}
	return s
}
