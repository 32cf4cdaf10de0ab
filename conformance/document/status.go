package document

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// statusNamed judges statuses in a sentence: with their phrase, or where it says that the number is one.
func (p *proof) statusNamed(s *part, text string, from, to int) {
	if len(p.statuses) == 0 || !hasDigit(text) {
		return
	}
	for _, m := range statusWord().FindAllStringSubmatch(text, -1) {
		if m[2] == "" {
			continue
		}
		code, _ := strconv.Atoi(m[1])
		if of := codeOf(m[2]); of != 0 && of != code {
			p.drift("status-drift", p.find(s.Section, from, to, m[1]), "status "+m[1],
				fmt.Sprintf("%s is %d, here is %s", m[2], of, m[1]), m[1], strconv.Itoa(of))
		}
	}
	for _, m := range wantStatus().FindAllStringSubmatch(text, -1) {
		if !slices.Contains(p.statuses, m[1]) {
			p.drift("status-unknown", p.find(s.Section, from, to, m[1]), "status "+m[1],
				"the contract has no status "+m[1]+"; it has "+anyOf(p.statuses), m[1], anyOf(p.statuses))
		}
	}
	for _, m := range ofStatus().FindAllStringSubmatch(text, -1) {
		status := m[1] + m[2]
		code, _ := strconv.Atoi(status)
		if slices.Contains(p.statuses, status) {
			p.matched++
			continue
		}
		if http.StatusText(code) != "" || p.nearStatus(code) {
			p.drift("status-unknown", p.find(s.Section, from, to, status), "status "+status,
				"the contract has no status "+status+"; it has "+anyOf(p.statuses), status, anyOf(p.statuses))
		}
	}
}

func (p *proof) nearStatus(code int) bool {
	for _, status := range p.statuses {
		if n, _ := strconv.Atoi(status); n-code <= 10 && code-n <= 10 {
			return true
		}
	}
	return false
}

// codeOf is the status of a phrase, however far the words after it go; 0 for none.
func codeOf(phrase string) int {
	for _, s := range statusTexts() {
		if rest, ok := strings.CutPrefix(phrase, s.text); ok && (rest == "" || rest[0] == ' ') {
			return s.code
		}
	}
	return 0
}

type statusText struct {
	code int
	text string
}

// statusTexts are the phrases of HTTP.
var statusTexts = sync.OnceValue(func() (all []statusText) {
	for code := 100; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			all = append(all, statusText{code, text})
		}
	}
	return all
})
