package document

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitter cuts rows that lost their separators. words counts the words of the document that stand alone somewhere:
// they tell "new_conversation" from "onversationnew_conversation", and that AssistLoop is one word.
type splitter struct {
	columns []column
	words   map[string]int
	loose   func(i int) bool // which columns take what nobody knows
	tight   bool             // the document has no blank lines: what looks like a heading may be one
	likely  bool             // take no seam within a word that the document has elsewhere
	steps   int              // left, so that a row made to be ambiguous ends
}

// maxRow is the longest row that is cut, in bytes; maxSteps bounds the attempts for one.
const (
	maxRow   = 4096
	maxSteps = 4000
)

// cut gives the cells of a row, nil when it does not look like one. loose takes a type, mark or method that nobody
// knows, so that a misspelt one is found where it stands: rather one such cell than several.
func (s *splitter) cut(row string, loose bool) []string {
	if len(row) > maxRow {
		return nil
	}
	s.steps = maxSteps
	if !loose {
		s.loose = func(int) bool { return false }
		return s.from(row, 0)
	}
	for only := range s.columns {
		s.loose = func(i int) bool { return i == only }
		if cells := s.from(row, 0); cells != nil {
			return cells
		}
	}
	s.loose = func(int) bool { return true }
	return s.from(row, 0)
}

func (s *splitter) from(rest string, i int) []string {
	if i == len(s.columns)-1 {
		if !s.begins(rest, i) {
			return nil
		}
		return []string{strings.TrimSpace(rest)}
	}
	for _, end := range s.ends(rest, i) {
		if s.steps--; s.steps < 0 {
			return nil
		}
		if cells := s.from(strings.TrimLeft(rest[end:], " "), i+1); cells != nil {
			return append([]string{strings.TrimSpace(rest[:end])}, cells...)
		}
	}
	return nil
}

// begins tells whether a cell of the column may begin a text.
func (s *splitter) begins(rest string, i int) bool {
	switch s.columns[i] {
	case nameColumn:
		return rest != ""
	case anyColumn, titleColumn:
		// What follows a type or mark begins with a capital, a digit or a sign: "substring|string|The …".
		first, _ := utf8.DecodeRuneInString(rest)
		return s.loose(i) || i == 0 || !unicode.IsLower(first) || s.columns[i-1] != typeColumn && s.columns[i-1] != requiredColumn
	}
	return s.pattern(i, s.loose(i)).MatchString(rest)
}

func (s *splitter) pattern(i int, loose bool) *regexp.Regexp {
	switch s.columns[i] {
	case typeColumn:
		if loose {
			return looseType()
		}
		return typeWord()
	case requiredColumn:
		if loose {
			return looseRequired()
		}
		return requiredWord()
	case methodColumn:
		if loose {
			return anyMethod()
		}
		return methodWord()
	case endpointColumn:
		if loose {
			return looseEndpoint()
		}
		return endpointStart()
	case scopeColumn:
		return scopeWord()
	case codeColumn:
		if loose {
			return looseCode()
		}
		return codeWord()
	default:
		return eventWord()
	}
}

var (
	looseType     = lazily(`^[A-Za-z]+`)
	looseRequired = lazily(`^[A-Z][a-z]*`)
	looseCode     = lazily(`^\d+`)
	endpointStart = lazily(`^(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ?/|https?://|/)`)
	looseEndpoint = lazily(`^(?:[A-Z]{2,8} ?\S*/|[a-z]+:/|/)`)
)

// ends are the places where the cell that begins a text may end, the likeliest first.
func (s *splitter) ends(rest string, i int) []int {
	switch s.columns[i] {
	case nameColumn:
		return s.nameEnds(rest, i)
	case anyColumn, titleColumn:
		return s.proseEnds(rest, i)
	case endpointColumn:
		if s.begins(rest, i) {
			return []int{pathEnd(rest)}
		}
		return nil
	}
	m := s.pattern(i, s.loose(i)).FindStringIndex(rest)
	if m == nil {
		return nil
	}
	if !s.loose(i) || s.columns[i] == codeColumn {
		return []int{m[1]}
	}
	// Of a word that nobody knows, every beginning may be the cell.
	if known := s.pattern(i, false).FindStringIndex(rest); known != nil {
		return []int{known[1]}
	}
	var ends []int
	for end := min(m[1], 40); end > 0; end-- {
		ends = append(ends, end)
	}
	return ends
}

// nameEnds: a name is a beginning of the first word; where it ends, the next cell must begin.
func (s *splitter) nameEnds(rest string, i int) []int {
	word, _, _ := strings.Cut(rest, " ")
	var known, other []int
	for end := 1; end <= len(word) && end <= 80; end++ {
		if end < len(rest) && !s.begins(rest[end:], i+1) {
			continue
		}
		if s.words[word[:end]] > 0 {
			known = append(known, end)
		} else {
			other = append(other, end)
		}
	}
	if !s.loose(i + 1) {
		other = append(known, other...)
		sort.Ints(other)
		return other
	}
	// The longest name that the document has elsewhere, when what follows is misspelt.
	sort.Sort(sort.Reverse(sort.IntSlice(known)))
	if i+2 == len(s.columns) || s.columns[i+2] != requiredColumn {
		// Nothing but the name tells a row from a line of prose.
		return slices.DeleteFunc(known, func(end int) bool { return !wireName().MatchString(word[:end]) })
	}
	return append(known, other...)
}

// proseEnds are where a title or a text may end. Before a cell of a fixed form: where that form begins.
func (s *splitter) proseEnds(rest string, i int) []int {
	switch next := s.columns[i+1]; next {
	case anyColumn, titleColumn, nameColumn:
		return s.seams(rest)
	case eventColumn:
		return s.eventStarts(rest)
	default:
		var ends []int
		pattern := s.pattern(i+1, s.loose(i+1))
		for end := 1; end < len(rest) && end < 200; end++ {
			if rest[end-1] == ' ' || !utf8.RuneStart(rest[end]) || !pattern.MatchString(rest[end:]) {
				continue
			}
			// "The /oauth/token endpoint" is no title "The /oauth" before a path.
			if word := rest[strings.LastIndexByte(rest[:end], ' ')+1 : end]; !strings.Contains(word, "/") {
				ends = append(ends, end)
			}
		}
		return ends
	}
}
