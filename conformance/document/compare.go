package document

import (
	"fmt"
	"slices"
	"strings"
)

// compareTrait holds what the document says of an item to what the contract says, and keeps it for comparison with what
// the document says elsewhere.
func (p *proof) compareTrait(s *subject, i *property, one said, at spot) {
	p.says(s.id, i.label(), one.trait, one.value, at)
	contract, same := p.agree(i, one)
	if same {
		return
	}
	message := fmt.Sprintf("the document has %s %s, the contract %s", one.trait, one.value, contract)
	if contract == "none" {
		message = fmt.Sprintf("the document has %s %s, the contract has none", one.trait, one.value)
	}
	if one.trait == traitEnum {
		message = "the document's enumeration " + differs(one.value, contract)
	}
	p.drift(string(one.trait)+"-drift", at, s.id+" "+i.label(), message, one.value, contract)
}

// agree tells whether the contract says the same, and what it says.
func (p *proof) agree(i *property, one said) (contract string, same bool) {
	contract = i.traits[one.trait]
	switch one.trait {
	case traitType:
		contract = p.typeOf(i)
		finer := one.value == "timestamp" && i.timed() || one.value == "enumeration" && i.traits[traitEnum] != ""
		return contract, contract == one.value || finer || len(i.types) == 0 || contract == "any type"
	case traitRequired:
		contract = yesNo(i.required)
	case traitFormat:
		return orNone(contract), sameFormat(contract, one.value)
	case traitBound:
		return orNone(contract), contract == "" || contract == one.value
	case traitMeaning:
		return orNone(contract), contract == "" || sameMeaning(contract, one.value)
	case traitNullable, traitNullWord:
		contract = yesNo(i.nullable)
		return contract, i.nullable
	case traitEnum:
		if i.nullable {
			words := without(strings.Split(one.value, ", "), []string{"null"})
			return orNone(contract), contract == set(words)
		}
	case traitAlways:
	}
	return orNone(contract), contract == one.value
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// sameFormat tells whether words of the document name a format of the contract.
func sameFormat(contract, document string) bool {
	switch document {
	case "uuid":
		return true // said of every id, and settled for every id: an opaque string
	case "ISO 8601":
		return slices.Contains([]string{"date-time", "date", "instant-or-date", "instant-millis"}, contract)
	case "yyyy-MM-dd'T'HH:mm:ss.SSSZ":
		return contract == "instant-millis"
	}
	return document == contract
}

// sameMeaning: each value has the contract's word for it, and none that the contract has for another value.
func sameMeaning(contract, document string) bool {
	ours, theirs := meaningsOf(contract), meaningsOf(document)
	if len(ours) != len(theirs) {
		return false
	}
	for value, word := range ours {
		said := strings.Split(theirs[value], "/")
		if !slices.Contains(said, word) {
			return false
		}
		for other, not := range ours {
			if other != value && slices.Contains(said, not) {
				return false
			}
		}
	}
	return true
}

func meaningsOf(list string) map[string]string {
	m := map[string]string{}
	for _, pair := range strings.Split(list, ", ") {
		value, meaning, _ := strings.Cut(pair, "=")
		m[value] = meaning
	}
	return m
}

// differs says how a list of words is other than the contract's.
func differs(document, contract string) string {
	if contract == "none" {
		return "is " + document + ", where the contract leaves all open"
	}
	ours, theirs := strings.Split(contract, ", "), strings.Split(document, ", ")
	var parts []string
	if extra := without(theirs, ours); len(extra) > 0 {
		parts = append(parts, "has "+strings.Join(extra, ", ")+", which the contract has not")
	}
	if missing := without(ours, theirs); len(missing) > 0 {
		parts = append(parts, "lacks "+strings.Join(missing, ", ")+" of the contract")
	}
	return strings.Join(parts, ", and ")
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(word string) bool { return slices.Contains(b, word) })
}

// compare finds what only the whole document shows: what is said in two ways, and what is said nowhere.
func (p *proof) compare() {
	p.conflicts()
	p.spellingsAcross()
	p.unstated()
	p.ownRows()
	p.uneventful()
	p.absent()
	p.unshown()
	p.examplesApart()
	p.uncalled()
	p.misnamed()
	p.unsaid()
	p.apartByPlace()
	p.untitled()
	p.unlimited()
	p.unfounded()
	p.gaps()
}

// conflicts finds items of which the document says two things: of one operation or event, and of a field that several
// events have.
func (p *proof) conflicts() {
	type key struct {
		subject, item string
		trait         trait
	}
	first := map[key]claim{}
	var order []key
	for _, c := range p.claims {
		k := key{c.subject, c.item, c.trait}
		was, seen := first[k]
		switch {
		case !seen:
			first[k] = c
			order = append(order, k)
		case was.value != c.value && !p.compatible(c.trait, was.value, c.value):
			p.contradiction(string(c.trait)+"-conflict", was.at, c.at, c.subject+" "+c.item,
				fmt.Sprintf("%s %s here, %s in line %d", c.trait, was.value, c.value, c.at.line), was.value, c.value)
		}
	}
	across := map[key]claim{}
	for _, k := range order {
		if s := p.subject(k.subject); s == nil || s.event == nil || k.trait != traitFormat && k.trait != traitType {
			continue
		}
		c, shared := first[k], k
		shared.subject = ""
		was, seen := across[shared]
		if !seen {
			across[shared] = c
		} else if was.value != c.value {
			p.contradiction(string(c.trait)+"-conflict", was.at, c.at, "events "+c.item,
				fmt.Sprintf("%s %s here, %s of another event in line %d", c.trait, was.value, c.value, c.at.line), was.value, c.value)
		}
	}
}

// spellingsAcross finds a field that the tables of two events spell in two ways.
func (p *proof) spellingsAcross() {
	first := map[string]claim{}
	for _, c := range p.claims {
		if c.trait != traitType || !strings.HasPrefix(c.subject, "event-") || !strings.HasPrefix(c.item, "field ") {
			continue
		}
		was, seen := first[folded(c.item)]
		if !seen {
			first[folded(c.item)] = c
		} else if was.item != c.item {
			_, one := split(was.item)
			_, another := split(c.item)
			p.contradiction("field-spelling", c.at, was.at, "events "+was.item,
				fmt.Sprintf("the table has %s, that of another event in line %d %s", another, was.at.line, one), another, one)
		}
	}
}

// compatible: two ways to say what does not exclude each other.
func (p *proof) compatible(t trait, a, b string) bool {
	switch t {
	case traitMeaning:
		return sameMeaning(a, b) || sameMeaning(b, a)
	case traitEnum:
		null := []string{"null"}
		return set(without(strings.Split(a, ", "), null)) == set(without(strings.Split(b, ", "), null))
	}
	return false
}

// unstated finds what the contract says of an item that a table has, and the document nowhere.
func (p *proof) unstated() {
	stated := map[string]bool{}
	tabled := map[string]spot{}
	for _, c := range p.claims {
		stated[c.subject+" "+c.item+" "+string(c.trait)] = true
		if c.trait == traitType {
			tabled[c.subject+" "+c.item] = c.at
		}
	}
	for _, s := range p.subjects {
		for _, i := range slices.Concat(s.items, s.fields) {
			at, there := tabled[s.id+" "+i.label()]
			if !there {
				continue
			}
			for _, t := range []trait{traitDefault, traitMin, traitMax, traitMaxLength, traitEnum, traitFormat, traitMeaning, traitAlways, traitBound} {
				contract := i.traits[t]
				if contract == "" || stated[s.id+" "+i.label()+" "+string(t)] || p.needless(s, i, t) || loosely(t, contract, p.rows[s.id+" "+i.label()]) {
					continue
				}
				p.drift(string(t)+"-missing", at, s.id+" "+i.label(),
					fmt.Sprintf("the document names no %s, the contract has %s", t, contract), "none", contract)
			}
		}
	}
}

// needless: what goes without saying, or what the contract says by a reading alone.
func (p *proof) needless(s *subject, i *property, t trait) bool {
	return t == traitMin && (i.traits[t] == "0" || i.traits[t] == "1") ||
		t == traitEnum && i.traits[traitMeaning] != "" ||
		p.isBeyond(s.id, i.label(), t)
}
