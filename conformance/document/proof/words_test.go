package proof

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	token   = regexp.MustCompile(`[0-9A-Za-z_:.+-]*[0-9][0-9A-Za-z_:+-]*(?:\.[0-9][0-9A-Za-z_:+-]*)*`)
	digits  = regexp.MustCompile(`[0-9]+`)
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	dated   = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:[+-][0-9:]+|Z)`)
	date    = regexp.MustCompile(`^"?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+([+-][0-9:]+|Z)"?$`)
	version = regexp.MustCompile(`(?i)^(uuid)?v[0-9]+$`)
	opaque  = regexp.MustCompile(`^[0-9A-Za-z_]*([A-Za-z][0-9]|[0-9][A-Za-z])[0-9A-Za-z_]*$`) // letters and digits mixed
)

// numbers changes each run of digits, to the next number and to another. An id or a timestamp counts as
// one number.
func numbers(l line) []mutation {
	var all []mutation
	text := l.text
	for _, at := range dated.FindAllStringIndex(text, -1) { // the day stands for the whole, also behind "ISO 8601"
		m := l.change("number", at[0]+8, at[0]+10, next(text[at[0]+8:at[0]+10], 1))
		m.value = text[at[0]:at[1]]
		all = append(all, m)
		text = text[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + text[at[1]:]
	}
	for _, at := range token.FindAllStringIndex(text, -1) {
		word := strings.TrimRight(l.text[at[0]:at[1]], ".:")
		if (uuid.MatchString(word) || opaque.MatchString(word)) && !version.MatchString(word) && !strings.HasSuffix(word, "xx") {
			run := digits.FindAllStringIndex(word, -1)
			last := run[len(run)-1]
			m := l.change("number", at[0]+last[0], at[0]+last[1], next(word[last[0]:last[1]], 1))
			m.value = word
			all = append(all, m)
			continue
		}
		for _, run := range digits.FindAllStringIndex(word, -1) {
			number := word[run[0]:run[1]]
			for _, add := range []int{1, atoi(number) + 3} {
				m := l.change("number", at[0]+run[0], at[0]+run[1], next(number, add))
				m.value = word
				all = append(all, m)
			}
		}
	}
	return all
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// next adds to a number and keeps its width.
func next(number string, add int) string {
	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil { // longer than any number: of an id or a telephone
		return "1" + number[1:] + "7"
	}
	s := strconv.FormatUint(n+uint64(add), 10)
	for len(s) < len(number) {
		s = "0" + s
	}
	return s
}

var name = regexp.MustCompile(`\b(?:[a-z]+(?:_[a-z]+)+|[a-z]+[A-Z][A-Za-z]*|[a-z]+:[a-z]+(?:_[a-z]+)*|[A-Z]+(?:_[A-Z]+)+)\b`)

// names changes each wire name: snake_case, camelCase, a:b, UPPER_CASE. Those of an example's members are left to
// examples, since their values tell what they are.
func names(l line) []mutation {
	var all []mutation
	text := unglue(l)
	for i, at := range name.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		if l.place == example && strings.HasPrefix(l.text[at[1]:], `":`) {
			continue
		}
		if format.MatchString(l.text) && strings.Contains(word, "mm:ss") {
			continue
		}
		for _, to := range []string{renamed(word, i), typo(word)} {
			all = append(all, l.change("name", at[0], at[1], to))
		}
	}
	return all
}

// unglue parts a row's cells with spaces in place of what is no name, so that nothing moves.
func unglue(l line) string {
	if l.place != row || !gluedHeader.MatchString(l.header) {
		return l.text
	}
	out := []byte(l.text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = ' '
		}
	}
	if m := gluedRow.FindStringSubmatchIndex(l.text); m != nil {
		blank(m[4], m[7]) // type and mark
		return string(out)
	}
	for _, at := range gluedCell.FindAllStringIndex(l.text, -1) {
		blank(at[0]+1, at[1])
	}
	return string(out)
}

// renamed gives a name its other spelling: snake for camel, camel for snake, another word for the rest.
func renamed(word string, i int) string {
	switch {
	case strings.Contains(word, ":"):
		return "share" + word[strings.Index(word, ":"):]
	case strings.ToUpper(word) == word:
		return "OTHER_" + word
	case strings.Contains(word, "_") && i%2 == 0:
		parts := strings.Split(word, "_")
		for i := 1; i < len(parts); i++ {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
		return strings.Join(parts, "")
	case strings.Contains(word, "_"):
		return "other_" + word
	}
	return strings.ToLower(word)
}

// typo leaves out a letter in the middle.
func typo(word string) string { return word[:len(word)/2] + word[len(word)/2+1:] }

var format = regexp.MustCompile(`yyyy-MM-dd[A-Za-z':.-]+`)

var (
	path    = regexp.MustCompile(`(?:/[A-Za-z0-9_.{}#-]+)+`)
	host    = regexp.MustCompile(`https://([A-Za-z0-9.-]+)`)
	segment = regexp.MustCompile(`/([A-Za-z0-9_.{}#-]+)`)
	method  = regexp.MustCompile(`\b(?:GET|POST|PUT|PATCH|DELETE)\b`)
)

// formats changes the letters of a timestamp's format.
func formats(l line) []mutation {
	var all []mutation
	for _, at := range format.FindAllStringIndex(l.text, -1) {
		for _, part := range []string{"MM", "'T'", "HH", ".SSS", "SZ"} {
			from := at[0] + strings.Index(l.text[at[0]:at[1]], part)
			all = append(all, l.change("format", from, from+len(part), part[:1]), l.change("format", from, from+len(part), ""))
		}
	}
	return all
}

// paths changes each segment of each path, leaves one out, adds one; and changes hosts and schemes.
func paths(l line) []mutation {
	var all []mutation
	for _, at := range host.FindAllStringSubmatchIndex(l.text, -1) {
		all = append(all, l.change("host", at[2], at[3], "other."+l.text[at[2]:at[3]]))
		all = append(all, l.change("scheme", at[0], at[2], "http://"))
	}
	masked := host.ReplaceAllStringFunc(unglue(l), func(s string) string { return strings.Repeat(" ", len(s)) })
	for _, at := range path.FindAllStringIndex(masked, -1) {
		if at[0] > 0 && !strings.ContainsAny(masked[at[0]-1:at[0]], " (\"'`L") && masked[at[0]-1] > ' ' && !methodBefore(masked[:at[0]]) {
			continue // no path: "date/text", "and/or"
		}
		for _, part := range segment.FindAllStringSubmatchIndex(masked[at[0]:at[1]], -1) {
			from, to := at[0]+part[2], at[0]+part[3]
			word := masked[from:to]
			if strings.HasPrefix(word, "{{") {
				continue // a template
			}
			if strings.HasPrefix(word, "{") {
				all = append(all, l.change("path", from, to, "{other}"))
			} else {
				all = append(all, l.change("path", from, to, word+"s"), l.change("path", from, to, "x-"+word))
			}
			all = append(all, l.change("path", from-1, to, ""))
		}
		end := at[1]
		all = append(all, l.change("path", end, end, "/more"))
	}
	return all
}

var (
	template = regexp.MustCompile(`\{\{[^{}]*\}\}`)
	way      = regexp.MustCompile(`\b[a-z_]+(?:\.[a-z_]+)+\b`)
	step     = regexp.MustCompile(`[a-z_]+`)
)

// templates changes each step of each way in a template.
func templates(l line) []mutation {
	var all []mutation
	for _, at := range template.FindAllStringIndex(l.text, -1) {
		for _, part := range way.FindAllStringIndex(l.text[at[0]:at[1]], -1) {
			for _, word := range step.FindAllStringIndex(l.text[at[0]+part[0]:at[0]+part[1]], -1) {
				from, to := at[0]+part[0]+word[0], at[0]+part[0]+word[1]
				all = append(all, l.change("template", from, to, typo(l.text[from:to])), l.change("template", from, to, "other"))
			}
		}
	}
	return all
}

func methodBefore(text string) bool {
	return regexp.MustCompile(`(?:GET|POST|PUT|PATCH|DELETE) ?$`).MatchString(text)
}

func methods(l line) []mutation {
	var all []mutation
	for _, at := range method.FindAllStringIndex(l.text, -1) {
		for _, other := range []string{"PUT", "GET", "POST"} {
			all = append(all, l.change("method", at[0], at[1], other))
		}
	}
	return all
}
