package document

import (
	"regexp"
	"slices"
	"strings"
)

var (
	urlWord      = lazily("https?://[^\\s\"'`<>)]+")
	methodPath   = lazily(`\b([A-Z]{3,7})\s+(/[^\s"'` + "`" + `|)]*)`)
	pathWord     = lazily(`(?:^|[\s("'` + "`" + `])(/[a-z][A-Za-z0-9_{}-]*(?:/[A-Za-z0-9_{}.-]+)*)`)
	scopeName    = lazily(`\b[a-z]+:[a-z]+(?:_[a-z]+)*\b`)
	nameWord     = lazily(`[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|\b[a-z]+[a-z0-9]*(?:[A-Z][a-z0-9]*)+\b|\b[A-Z][a-z]+(?:ID|Id)\b`)
	capitals     = lazily(`\b[A-Z][A-Z0-9]{7,}\b`)
	wayWord      = lazily(`\b[a-z_]+(?:\.[a-z_]+)+\b`)
	templateWay  = lazily(`\b[A-Za-z_]+(?:\.[A-Za-z_]+)+\b`)
	statusWord   = lazily(`\b(\d{3})\b(?:\s+((?:[A-Z][a-z]+)(?:\s+[A-Z][a-z]+)*))?(?:\s+(?:errors?|response|status|code)\b)?`)
	templateName = lazily(`\{\{[^{}]*\}?\}?`)
	ofStatus     = lazily(`(?i)\b([1-5]\d\d)\s+(?:errors?|responses?|status|codes?)\b|\b(?:status|code|error|http)\s+([1-5]\d\d)\b`)
	wantStatus   = lazily(`(?i)\b(?:for|an?|http)\s+(\d{3})\s+(?:errors?|responses?)\b`)
)

// scanned judges every name that stands in a sentence or a cell: URLs, endpoints, scopes, fields, statuses.
func (p *proof) scanned(s *part, about *subject, text string, from, to int) {
	if text == "" {
		return
	}
	rest := text
	cut := func(mark string, pattern *regexp.Regexp, judge func(m []string, at spot)) {
		if mark != "" && !strings.Contains(rest, mark) {
			return
		}
		all := pattern.FindAllStringSubmatch(rest, -1)
		if len(all) == 0 {
			return
		}
		for _, m := range all {
			word := m[0]
			if len(m) > 1 && m[len(m)-1] != "" {
				word = m[len(m)-1]
			}
			word = strings.TrimRight(word, ".,;:")
			judge(m, p.find(s.Section, from, to, strings.TrimSpace(word)))
		}
		rest = pattern.ReplaceAllString(rest, " ")
	}
	cut("{{", templateName(), func(m []string, at spot) { p.template(m[0], at, s, from, to) })
	cut("://", urlWord(), func(m []string, at spot) { p.address(strings.TrimRight(m[0], ".,;:"), at) })
	cut(" /", methodPath(), func(m []string, at spot) {
		if !slices.Contains(methods, m[1]) && nearest(m[1], methods) == "" {
			return
		}
		mention := mentionOf(m[1], strings.TrimRight(m[2], ".,;:"))
		mention.short = from == to && len(segments(mention.path)) < 3
		p.mentioned(mention, at, nil)
	})
	cut("/", pathWord(), func(m []string, at spot) { p.barePath(strings.TrimRight(m[1], ".,;:"), at) })
	cut(":", scopeName(), func(m []string, at spot) { p.scopeNamed(m[0], at) })
	cut(".", wayWord(), func(m []string, at spot) { p.way(m[0], at) })
	p.smallNames(s, rest, from, to)
	if !mayName(rest) {
		p.statusNamed(s, text, from, to)
		return
	}
	cut("", capitals(), func(m []string, at spot) {
		same := p.words.byFolded[folded(m[0])]
		if same != "" && !p.words.names[m[0]] && len(nameWords(same)) > 1 && !loud(text) {
			p.name(m[0], at)
		}
	})
	cut("", nameWord(), func(m []string, at spot) { p.name(m[0], at) })
	p.statusNamed(s, text, from, to)
}

// loud tells whether a text is all in capitals, as a style sheet or a writer sets some; a name by itself is not.
func loud(text string) bool {
	return text == strings.ToUpper(text) && len(words(text)) > 1
}

// smallNames finds names of several words that are written as one, in small letters: "personid".
func (p *proof) smallNames(s *part, text string, from, to int) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if same := p.words.byFolded[word]; same != "" && !p.words.names[word] && len(nameWords(same)) > 1 {
			at := p.find(s.Section, from, to, word)
			p.contradiction("name-spelling", at, spot{}, same, "the sentence spells "+same+" as "+word, word, same)
		}
	}
}

// mayName: a name of several words has a mark between them, or a capital within; one that lost its marks is in capitals.
func mayName(text string) bool {
	run := 0
	for i := 1; i < len(text); i++ {
		capital := 'A' <= text[i] && text[i] <= 'Z'
		if text[i] == '_' || capital && 'a' <= text[i-1] && text[i-1] <= 'z' {
			return true
		}
		if run++; !capital {
			run = 0
		}
		if run > 6 {
			return true
		}
	}
	return false
}

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// name judges a wire name in a sentence.
func (p *proof) name(name string, at spot) {
	if p.words.names[name] {
		p.matched++
		p.mentions = append(p.mentions, namedAt{name, at})
		return
	}
	if same := p.words.byFolded[folded(name)]; same != "" {
		p.contradiction("name-spelling", at, spot{}, same, "the sentence spells "+same+" as "+name, name, same)
		return
	}
	near := nearest(name, p.words.list)
	for _, known := range p.words.events {
		if near == "" && strings.Contains(name, known) {
			near = known
		}
	}
	switch {
	case near != "" && len(name) > 4:
		p.drift("name-unknown", at, near, "the contract has no "+name+"; nearest is "+near, name, near)
	case p.inManner(name):
		p.contradiction("name-unshown", at, spot{}, name, "the sentence uses "+name+", which no table, no example and no contract has", name, "not shown")
	}
}

// inManner: the name is made as fields of the contract are, so that a sentence which uses it means one: "changed_at".
func (p *proof) inManner(name string) bool {
	i := strings.LastIndexByte(name, '_')
	if i <= 0 {
		return false
	}
	alike := 0
	for _, known := range p.words.list {
		if strings.HasSuffix(known, name[i:]) {
			alike++
		}
	}
	return alike > 1
}

// way judges a way into an answer or event: "data.chat_user.name".
func (p *proof) way(way string, at spot) {
	first, _, _ := strings.Cut(way, ".")
	switch {
	case p.words.ways[way]:
		p.matched++
	case p.words.roots[first]:
		p.drift("name-unknown", at, way, "nothing of the contract has "+way, way, orNone(nearest(way, sortedKeys(p.words.ways))))
	case nearest(way, sortedKeys(p.words.ways)) != "":
		near := nearest(way, sortedKeys(p.words.ways))
		p.drift("name-unknown", at, near, "nothing of the contract has "+way+"; nearest is "+near, way, near)
	}
}

// template judges a template of a scenario: its braces, and the ways in it.
func (p *proof) template(text string, at spot, s *part, from, to int) {
	if strings.Count(text, "{") != strings.Count(text, "}") {
		p.contradiction("template-malformed", at, spot{}, text, "the template "+text+" does not close", text, "")
	}
	for _, way := range templateWay().FindAllString(text, -1) {
		at := p.find(s.Section, from, to, way)
		_, tail, _ := strings.Cut(way, ".")
		for _, whole := range sortedKeys(p.words.ways) {
			if !p.words.ways[way] && (strings.HasSuffix(whole, "."+way) || strings.HasSuffix(whole, "."+tail) && strings.Contains(tail, ".")) {
				p.drift("name-unknown", at, whole, "nothing of the contract begins with "+way+"; it has "+whole, way, whole)
				return
			}
		}
		p.way(way, at)
	}
}

// scopeNamed judges a scope in a sentence.
func (p *proof) scopeNamed(name string, at spot) {
	var names []string
	for _, scope := range p.scopes {
		names = append(names, scope.name)
	}
	if slices.Contains(names, name) {
		p.matched++
		p.own = true
		return
	}
	if near := nearest(name, names); near != "" {
		p.drift("scope-unknown", at, name, "the contract has no scope "+name+"; nearest is "+near, name, near)
	}
}

// A namedAt is a name and where it stands.
type namedAt struct {
	name string
	at   spot
}

// unsaid finds the fields that a sentence uses, and no table or example has.
func (p *proof) unsaid() {
	shown := map[string]bool{}
	for _, fields := range p.shown {
		for path := range fields.at {
			_, last := split(path)
			shown[last] = true
		}
	}
	for _, c := range p.claims {
		_, name, _ := strings.Cut(c.item, " ")
		_, last := split(name)
		shown[last], shown[name] = true, true
		if c.trait == traitEnum {
			for _, word := range strings.Split(c.value, ", ") {
				shown[word] = true
			}
		}
	}
	for _, v := range p.values {
		shown[v.text] = true
		_, name, _ := strings.Cut(v.item, " ")
		shown[name] = true
	}
	for _, m := range p.mentions {
		if !shown[m.name] && p.isField(m.name) {
			p.contradiction("name-unshown", m.at, spot{}, m.name, "the sentence uses "+m.name+", which no table and no example has", m.name, "not shown")
		}
	}
}

// isField: the contract has a field or parameter of this name, and not only a word.
func (p *proof) isField(name string) bool {
	for _, s := range p.subjects {
		for _, i := range slices.Concat(s.items, s.fields) {
			if _, last := split(i.name); last == name {
				return true
			}
		}
	}
	return false
}
