package document

import "strings"

// textOutline tells, for a text that shows no levels, under which heading another stands. A heading is below the last
// main one when it occurs again in the document ("Response"), begins as an example, or is named as a field of a table
// before it ("Assignee"). So is one that stands between an endpoint and further such headings ("Rate Limit", before
// "Response"). All others are main, and so is one that has an endpoint line, however often it occurs.
type textOutline struct {
	above map[int][]string
}

func (o textOutline) under(i int) []string { return o.above[i] }

func (r *textReader) outline() textOutline {
	count := map[string]int{}
	for _, s := range r.spans {
		if s.kind == headingSpan {
			count[r.title(s)]++
		}
	}
	o := textOutline{above: map[int][]string{}}
	var stack []outline // of # headings
	main, endpoint := "", false
	fields := map[string]bool{}
	for i, s := range r.spans {
		switch s.kind {
		case tableSpan:
			for _, row := range s.table.Rows {
				fields[strings.ToLower(row.Cells[0])] = true
			}
		case markedSpan:
			m := marked().FindStringSubmatch(r.lines[s.at])
			for len(stack) > 0 && stack[len(stack)-1].level >= len(m[1]) {
				stack = stack[:len(stack)-1]
			}
			o.above[i] = texts(stack)
			main = r.title(s)
			stack = append(stack, outline{len(m[1]), main})
			endpoint = r.hasEndpoint(i)
			clear(fields)
		case headingSpan:
			title := r.title(s)
			lower := strings.ToLower(title)
			sub := count[title] > 1 || fields[lower] || strings.HasPrefix(lower, "example") || endpoint && r.amidst(i, count)
			if main != "" && sub && !r.hasEndpoint(i) {
				o.above[i] = append(texts(stack), main)
				if n := len(stack); n > 0 && stack[n-1].text == main {
					o.above[i] = texts(stack)
				}
				continue
			}
			o.above[i] = texts(stack)
			main, endpoint = title, r.hasEndpoint(i)
			clear(fields)
		}
	}
	return o
}

// amidst tells whether the next heading is one that recurs and has no endpoint of its own.
func (r *textReader) amidst(i int, count map[string]int) bool {
	for j := i + 1; j < len(r.spans); j++ {
		switch s := r.spans[j]; s.kind {
		case headingSpan:
			return count[r.title(s)] > 1 && !r.hasEndpoint(j)
		case markedSpan:
			return false
		}
	}
	return false
}

func texts(stack []outline) []string {
	if len(stack) == 0 {
		return nil
	}
	all := make([]string, len(stack))
	for i, o := range stack {
		all[i] = o.text
	}
	return all
}

// hasEndpoint tells whether an endpoint line stands between a heading and the next.
func (r *textReader) hasEndpoint(i int) bool {
	for _, s := range r.spans[i+1:] {
		switch s.kind {
		case headingSpan, markedSpan:
			return false
		case loneSpan:
			if endpointOf(strings.TrimSpace(r.lines[s.at])) != nil {
				return true
			}
		}
	}
	return false
}
