package document

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// column is what the cells of a column look like, as its heading tells. It decides where a cell ends in a row that
// lost its separators.
type column int

const (
	anyColumn      column = iota // prose: a cell ends where a word ends and the next begins with a capital
	nameColumn                   // organization_uuid
	titleColumn                  // New Conversation
	typeColumn                   // string
	requiredColumn               // Yes
	endpointColumn               // POST /oauth/token, or a URL
	methodColumn                 // POST
	scopeColumn                  // read:messages
	codeColumn                   // 404
	eventColumn                  // new_conversation
)

// columnWords are the last words of the headings that tables of API documents have.
var columnWords = map[string]column{
	"parameter": nameColumn, "parameters": nameColumn, "field": nameColumn, "property": nameColumn, "attribute": nameColumn,
	"argument": nameColumn, "header": nameColumn, "key": nameColumn, "variable": nameColumn,
	"name": titleColumn, "module": titleColumn, "action": titleColumn, "trigger": titleColumn, "limit": titleColumn, "setting": titleColumn,
	"type": typeColumn, "format": typeColumn, "datatype": typeColumn,
	"required": requiredColumn, "required?": requiredColumn, "mandatory": requiredColumn, "optional": requiredColumn,
	"endpoint": endpointColumn, "url": endpointColumn, "path": endpointColumn, "route": endpointColumn,
	"method": methodColumn, "verb": methodColumn,
	"scope": scopeColumn, "permission": scopeColumn,
	"code": codeColumn, "event": eventColumn,
	"status": anyColumn, "description": anyColumn, "value": anyColumn, "values": anyColumn, "purpose": anyColumn, "meaning": anyColumn,
	"example": anyColumn, "notes": anyColumn, "note": anyColumn, "default": anyColumn, "in": anyColumn, "details": anyColumn,
	"reason": anyColumn, "usage": anyColumn, "constraints": anyColumn, "location": anyColumn, "response": anyColumn, "request": anyColumn,
	"error": anyColumn, "message": anyColumn, "scopes": anyColumn, "requests": anyColumn, "window": anyColumn, "unit": anyColumn,
}

// columnsOf tells what the columns of a header hold; known counts those whose heading is of the vocabulary.
func columnsOf(header []string) (columns []column, known int) {
	columns = make([]column, len(header))
	for i, h := range header {
		words := strings.Fields(strings.ToLower(h))
		if len(words) == 0 {
			continue
		}
		kind, ok := columnWord(words[len(words)-1])
		if ok {
			known++
		}
		switch {
		case len(words) == 2 && (words[0] == "event" || oneApart(words[0], "event")) && (kind == typeColumn || words[1] == "name"):
			kind = eventColumn
		case i == 0 && (kind == typeColumn || kind == endpointColumn && i+1 < len(header) && strings.EqualFold(header[i+1], "url")):
			kind = titleColumn // "Field Type", or "Endpoint" beside "URL": a title, whatever it says
		}
		columns[i] = kind
	}
	// A name is one word only where a type stands beside it: "Parameter | Value" has "Client ID".
	for i, c := range columns {
		if c == nameColumn && (i+1 == len(columns) || columns[i+1] != typeColumn && columns[i+1] != requiredColumn) {
			columns[i] = titleColumn
		}
	}
	return columns, known
}

// columnWord looks a heading's word up, also one that is misspelt in one letter: the rows below it are no less a table.
func columnWord(word string) (column, bool) {
	if kind, ok := columnWords[word]; ok {
		return kind, true
	}
	if len(word) < 3 {
		return anyColumn, false
	}
	nearest := ""
	for known := range columnWords {
		if len(known) > 3 && oneApart(word, known) && (nearest == "" || known < nearest) {
			nearest = known
		}
	}
	return columnWords[nearest], nearest != ""
}

// oneApart tells whether one letter more, less or other makes the same of two words.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	if len(a) == len(b) {
		return at < len(a) && a[at+1:] == b[at+1:]
	}
	return a[at:] == b[at+1:]
}

var (
	typeWord = regexp.MustCompile(`^(?:(?:[Aa]rray|[Ll]ist) ?(?:of [a-z]+|<[a-z]+>)|ISO ?8601|UUID|URL|URI|` +
		`(?:[Ss]tring|[Ii]nteger|[Ii]nt(?:32|64)?|[Nn]umber|[Ff]loat|[Dd]ouble|[Dd]ecimal|[Bb]oolean|[Bb]ool|[Oo]bject|[Aa]rray|` +
		`[Ee]numeration|[Ee]num|[Tt]imestamp|[Dd]ate-?[Tt]ime|[Dd]ate|uuid|uri|url|email|[Ff]ile|[Bb]inary|null|[Mm]ap|any))(?:\[\])?(?: ?\| ?null)?`)
	requiredWord = regexp.MustCompile(`^(?:Yes|No|Required|Optional|True|False|yes|no|required|optional|true|false|✓|✔|✗|✘|-)`)
	methodWord   = regexp.MustCompile(`^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)`)
	anyMethod    = regexp.MustCompile(`^[A-Z]{2,8}`)
	scopeWord    = regexp.MustCompile(`^[a-z][a-z0-9_.-]*(?::[a-z0-9_.*-]+)+`)
	codeWord     = regexp.MustCompile(`^[1-5](?:\d\d|xx|XX)`)
	eventWord    = regexp.MustCompile(`^(?:[a-z0-9]+(?:[_.:-][a-z0-9]+)+|[A-Z0-9]+(?:_[A-Z0-9]+)+)`)
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
			return looseType
		}
		return typeWord
	case requiredColumn:
		if loose {
			return looseRequired
		}
		return requiredWord
	case methodColumn:
		if loose {
			return anyMethod
		}
		return methodWord
	case endpointColumn:
		if loose {
			return looseEndpoint
		}
		return endpointStart
	case scopeColumn:
		return scopeWord
	case codeColumn:
		if loose {
			return looseCode
		}
		return codeWord
	default:
		return eventWord
	}
}

var (
	looseType     = regexp.MustCompile(`^[A-Za-z]+`)
	looseRequired = regexp.MustCompile(`^[A-Z][a-z]*`)
	looseCode     = regexp.MustCompile(`^\d+`)
	endpointStart = regexp.MustCompile(`^(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ?/|https?://|/)`)
	looseEndpoint = regexp.MustCompile(`^(?:[A-Z]{2,8} ?\S*/|[a-z]+:/|/)`)
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
		return slices.DeleteFunc(known, func(end int) bool { return !wireName.MatchString(word[:end]) })
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

// seams are where two cells of prose were run together: a small letter and a capital ("closedUse"), the end of an
// acronym ("OKEverything"), an address or a bracket without a space before it, or two words of the document
// ("Scoperead:messages"). A word that the document has elsewhere (AssistLoop, OAuth) is likely whole: those come last.
func (s *splitter) seams(rest string) []int {
	var likely, unlikely []int
	for begin := 0; begin < len(rest) && begin < 1000; {
		if rest[begin] == ' ' {
			begin++
			continue
		}
		end := begin + len(rest[begin:])
		if space := strings.IndexByte(rest[begin:], ' '); space >= 0 {
			end = begin + space
		}
		word := rest[begin:end]
		whole := s.words[bareWord(word)] > 1
		found := false
		for at := 1; at < len(word); at++ {
			if seamAt(word, at) {
				found = true
				if whole {
					unlikely = append(unlikely, begin+at)
				} else {
					likely = append(likely, begin+at)
				}
			}
		}
		if !found && !whole {
			if at := s.twoWords(word); at > 0 {
				likely = append(likely, begin+at)
			}
		}
		begin = end
	}
	if s.likely {
		return likely
	}
	return append(likely, unlikely...)
}

func seamAt(word string, at int) bool {
	previous, _ := utf8.DecodeLastRuneInString(word[:at])
	current, size := utf8.DecodeRuneInString(word[at:])
	next, _ := utf8.DecodeRuneInString(word[at+size:])
	switch {
	case strings.HasPrefix(word[at:], "https://") || strings.HasPrefix(word[at:], "http://"):
		return true
	case current == '(':
		return unicode.IsUpper(next) && unicode.IsLetter(previous)
	case !unicode.IsUpper(current) || strings.HasPrefix(word[at+size:], "http"):
		return false
	case unicode.IsLower(previous):
		return true
	}
	return (unicode.IsUpper(previous) || unicode.IsDigit(previous) || strings.ContainsRune(`)}]".`, previous)) && unicode.IsLower(next)
}

// twoWords is where a word falls into two that the document has, or into one of them and a wire name; 0 for nowhere.
func (s *splitter) twoWords(word string) int {
	word = bareWord(word)
	for at := len(word) - 2; at >= 2 && len(word) < 100; at-- {
		left, right := s.words[word[:at]] > 0, s.words[word[at:]] > 0
		wire := scopeWord.FindString(word[at:]) == word[at:] || eventWord.FindString(word[at:]) == word[at:]
		if left && right || wire && (left && unicode.IsUpper(rune(word[0])) || right) {
			return at
		}
	}
	return 0
}

// eventStarts are where a title ends and the name of an event begins: "New Conversationnew_conversation". Likeliest is
// a name that the document has elsewhere, then one that begins as the title does, then the end of a word it has.
func (s *splitter) eventStarts(rest string) []int {
	type start struct{ at, score int }
	var starts []start
	title, _, _ := strings.Cut(strings.ToLower(rest), " ")
	for at := 1; at < len(rest) && at < 200; at++ {
		m := eventWord.FindString(rest[at:])
		if m == "" || rest[at-1] == '_' {
			continue
		}
		score := 0
		if s.words[m] > 0 {
			score += 4
		}
		if strings.HasPrefix(m, title) {
			score += 2
		}
		glued := rest[strings.LastIndexByte(rest[:at], ' ')+1 : at]
		if s.words[glued] > 0 || s.words[strings.ToLower(glued)] > 0 {
			score++
		}
		starts = append(starts, start{at, score})
	}
	sort.SliceStable(starts, func(i, j int) bool { return starts[i].score > starts[j].score })
	ends := make([]int, len(starts))
	for i, st := range starts {
		ends[i] = st.at
	}
	return ends
}

// pathEnd is where a path or address ends: at white space, or at a capital after the last slash and outside of
// braces ("/oauth/tokenExchange code").
func pathEnd(rest string) int {
	from := 0
	if m := anyMethod.FindString(rest); m != "" {
		from = len(m)
		for from < len(rest) && rest[from] == ' ' {
			from++
		}
	}
	end := len(rest)
	if space := strings.IndexByte(rest[from:], ' '); space >= 0 {
		end = from + space
	}
	depth := 0
	for at := max(from, strings.LastIndexByte(rest[:end], '/')) + 1; at < end; at++ {
		switch rest[at] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth <= 0 && seamAt(rest[:end], at) {
			return at
		}
	}
	return end
}

// bareWord takes off the punctuation around a word.
func bareWord(word string) string { return strings.Trim(word, "\"'`“”‘’(),.:;!?*") }

// maxWords bounds what is remembered of a document's words.
const maxWords = 100_000

// wordsOf counts the words that stand alone in a document.
func wordsOf(lines []string) map[string]int {
	words := map[string]int{}
	for _, line := range lines {
		for word := range strings.FieldsSeq(line) {
			word = bareWord(word)
			if n, ok := words[word]; len(word) > 1 && len(word) < 64 && (ok || len(words) < maxWords) {
				words[word] = n + 1
			}
		}
	}
	return words
}
