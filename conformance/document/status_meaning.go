package document

import (
	"regexp"
	"strconv"
	"strings"
)

// statusMeanings are words that tell of one status and of no other, as RFC 9110 has them; a description in other words is none of
// our business.
var statusMeanings = []struct {
	status int
	words  func() *regexp.Regexp
}{
	{400, lazily(`\b(?:malformed|unacceptable|missing a|required (?:parameter|field)|omitted)\b`)},
	{401, lazily(`\b(?:valid (?:\w+ )?(?:token|key|credentials)|not authenticated|unauthenticated|no (?:\w+ )?token|token is missing|expired|credentials)\b`)},
	{403, lazily(`\b(?:permissions?|scopes?|not allowed|forbidden|may not)\b`)},
	{404, lazily(`\b(?:(?:does|do)(?:n't| not) exist|not found|(?:could|can)(?:n't|not| not) be found|no such)\b`)},
	{422, lazily(`\b(?:validation|semantic)`)},
	{429, lazily(`\b(?:too many|too quickly|too fast|rate limit|slow down)\b`)},
	{500, lazily(`\b(?:went wrong|our (?:servers?|end|side)|server error|internal error|'s end)\b`)},
}

// statusMeant judges what a row says that a status means: it is not what another status means.
func (p *proof) statusMeant(s *part, row Row, c tableParts, number int) {
	description := row.cell(c.description)
	if description == "" {
		description = row.cell(len(row.Cells) - 1)
	}
	text := strings.ReplaceAll(strings.ToLower(description), "’", "'")
	other, words, known := 0, "", false
	for _, m := range statusMeanings {
		found := m.words().FindString(text)
		known = known || m.status == number
		switch {
		case found == "":
		case m.status == number:
			return
		case other == 0:
			other, words = m.status, found
		}
	}
	if other == 0 || !known {
		return
	}
	p.drift("status-drift", p.find(s.Section, row.Line, row.Line, row.cell(c.status)), "status "+strconv.Itoa(number),
		"the description of "+strconv.Itoa(number)+" has “"+words+"”, which tells of "+strconv.Itoa(other), words, strconv.Itoa(other))
}
