package document

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
		wire := scopeWord().FindString(word[at:]) == word[at:] || eventWord().FindString(word[at:]) == word[at:]
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
		m := eventWord().FindString(rest[at:])
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
	if m := anyMethod().FindString(rest); m != "" {
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
