package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/requirements"
)

// Covered is one statement of the document, with the requirements that hold it.
type Covered struct {
	Line         int      `json:"line"`
	Kind         string   `json:"kind"` // "row", "example", "command", "endpoint", or of a sentence the kind of its phrase
	Text         string   `json:"text"` // what it states, never a whole sentence
	Requirements []string `json:"requirements,omitempty"`
	Reason       string   `json:"reason,omitempty"` // why none holds it
}

// Coverage matches the statements of a document to the requirements of its contract: rows, examples, commands, endpoint
// lines, and of sentences the quantities, modals and enumerations.
func Coverage(d *Document, c Contract) []Covered {
	v := &coverage{proof: proofread(d, &c)}
	for i := range v.parts {
		for k := range v.parts[i].Blocks {
			v.block(&v.parts[i], &v.parts[i].Blocks[k])
		}
	}
	return v.all
}

type coverage struct {
	*proof
	all []Covered
}

func (v *coverage) add(s *part, line int, kind, text string, ids []string) {
	slices.Sort(ids)
	one := Covered{Line: line, Kind: kind, Text: text, Requirements: slices.Compact(ids)}
	if len(one.Requirements) == 0 {
		for _, e := range v.excuses {
			if (e.Section == "" || like(e.Section, s.Heading)) && (e.Kind == "" || e.Kind == kind) && (e.Text == "" || like(e.Text, text)) {
				one.Reason = e.Reason
				break
			}
		}
	}
	v.all = append(v.all, one)
}

func (v *coverage) block(s *part, block *Block) {
	switch {
	case block.Endpoint != nil:
		r, _ := v.route(mentionOf(block.Endpoint.Method, block.Endpoint.Path))
		v.add(s, block.Line, "endpoint", block.Endpoint.Method+" "+block.Endpoint.Path, v.ofOperation(r.subject))
	case block.Table != nil:
		v.table(s, block.Table)
	case block.Code != nil && block.Code.Curl != nil:
		r, _ := v.route(mentionOf(block.Code.Curl.Method, block.Code.Curl.URL))
		v.add(s, block.Line, "command", block.Code.Curl.Method+" "+block.Code.Curl.URL, v.ofOperation(r.subject))
	case block.Code != nil && block.Code.JSON != nil:
		m, _ := v.modelOf(s, block.Code.JSON)
		v.add(s, block.Line, "example", m.id, v.ofModel(m))
	case block.Code == nil:
		v.sentences(s, block)
	}
}

// which lists the requirements that a test picks.
func (v *coverage) which(pick func(r *requirements.Requirement) bool) []string {
	var ids []string
	for i := range v.Catalogue.All {
		if r := &v.Catalogue.All[i]; pick(r) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// ofOperation holds that an operation is served as it is called.
func (v *coverage) ofOperation(s *subject) []string {
	if s == nil {
		return nil
	}
	if s.operation.Reference {
		return nil
	}
	prefix := strings.TrimSuffix(s.id, "-post")
	ids := v.which(func(r *requirements.Requirement) bool { return r.ID == s.id+"/served" })
	if len(ids) == 0 {
		ids = v.which(func(r *requirements.Requirement) bool { return strings.HasPrefix(r.ID, prefix+"/") })
	}
	return ids
}

func (v *coverage) ofModel(m model) []string {
	switch {
	case m.failure != nil:
		status := fmt.Sprint(m.failure.status)
		return v.which(func(r *requirements.Requirement) bool {
			return r.Rule == requirements.ErrorMessage || strings.HasPrefix(r.ID, "rate-limit/") && strings.Contains(r.Text, status)
		})
	case m.subject == nil:
		return nil
	}
	name := m.subject.id
	if m.subject.event != nil {
		name = m.subject.event.Name
	}
	return v.which(func(r *requirements.Requirement) bool { return r.Operation == name && r.Field != "" })
}

// ofItem holds a parameter or a field: the requirements of its operation or event that are about it.
func (v *coverage) ofItem(s *subject, i *property) []string {
	switch {
	case i.in == "path":
		return v.which(func(r *requirements.Requirement) bool {
			return r.Operation == s.id && (r.Rule == requirements.UnknownID || r.Rule == requirements.ForeignID)
		})
	case i.in == "":
		name := s.id
		if s.event != nil {
			name = s.event.Name
		}
		return v.which(func(r *requirements.Requirement) bool { return r.Operation == name && r.Field == i.name })
	}
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(i.name) + `\b`)
	return v.which(func(r *requirements.Requirement) bool {
		prefix, _, _ := strings.Cut(r.ID, "/")
		return prefix == s.id && (r.Field == i.name || word.MatchString(r.Text))
	})
}

func (v *coverage) table(s *part, t *Table) {
	c := partsOf(t.Header)
	var items target
	if c.name >= 0 && c.kind >= 0 && s.subject != nil {
		items = v.targetOf(s, t, c)
	}
	for _, row := range t.Rows {
		text := row.cell(0)
		ids := slices.Clone(v.heldAt[row.Line])
		switch {
		case items.items != nil:
			text = row.cell(c.name)
			if i := items.find(text); i != nil {
				ids = append(ids, v.ofItem(s.subject, i)...)
			}
		case c.scope >= 0:
			ids = append(ids, v.which(func(r *requirements.Requirement) bool { return r.Scope == row.cell(c.scope) })...)
		case c.status >= 0:
			ids = append(ids, v.ofStatus(row.cell(c.status))...)
		default:
			ids = append(ids, v.ofCells(s, row, c)...)
		}
		v.add(s, row.Line, "row", text, ids)
	}
}

// ofStatus holds a status: requirements whose text names it. Success is said as a class.
func (v *coverage) ofStatus(code string) []string {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(code) + `\b`)
	return v.which(func(r *requirements.Requirement) bool {
		return word.MatchString(r.Text) || strings.HasPrefix(code, "2") && r.Rule == requirements.Served
	})
}

// ofCells holds a row of another table: what its cells name.
func (v *coverage) ofCells(s *part, row Row, c tableParts) []string {
	var ids []string
	if i := v.summed(row.cell(0)); i != nil {
		ids = append(ids, v.ofItem(v.subject(i.subject), i.property)...)
	}
	for k := range row.Cells {
		cell := row.cell(k)
		m, ok := endpointIn(cell)
		if !ok && strings.Contains(cell, "://") {
			m, ok = mentionOf("", cell), true
		}
		if ok {
			r, found := v.route(m)
			if !found {
				r, found = v.abbreviated(m)
			}
			if !found {
				r.subject = v.titled(row.cell(0))
				if near := v.closest(m); r.subject == nil && near != nil {
					r.subject = near
				}
			}
			if r.subject != nil && r.subject.operation != nil {
				ids = append(ids, v.ofOperation(r.subject)...)
			}
		}
		for _, f := range v.Contract.facts {
			if f.Kind == "address" && strings.HasPrefix(cell, f.Value) {
				ids = append(ids, f.requirement)
			}
		}
		for _, scope := range scopeName().FindAllString(cell, -1) {
			ids = append(ids, v.which(func(r *requirements.Requirement) bool { return r.Scope == scope })...)
		}
		if k == c.event {
			ids = append(ids, v.which(func(r *requirements.Requirement) bool { return r.Operation == cell && r.Field == "" })...)
		}
	}
	return ids
}

// ofList holds a list of an enumeration's words: the fields that have it.
func (v *coverage) ofList(values []string) []string {
	for _, e := range v.enums {
		if hits, wrong := e.hits(values); hits > 1 && len(wrong) == 0 {
			return v.which(func(r *requirements.Requirement) bool {
				_, last := split(r.Field)
				return last == e.name
			})
		}
	}
	return nil
}

// stating are the kinds of phrase that state something of an API.
var stating = []PhraseKind{
	PhraseOneOf, PhraseSuchAs, PhraseMin, PhraseMax, PhraseRange, PhraseDefault, PhraseMaxLength, PhraseLength, PhraseMustBe,
	PhraseFormat, PhraseLimit, PhraseRetries, PhraseBackoff, PhraseMeaning, PhraseAlways, PhraseNullable, PhraseOrder, PhraseOnce,
	PhraseExcluded, PhraseBecomes, PhraseStatus, PhraseQuantity, PhraseModal,
}

// sentences covers what the sentences of a paragraph state.
func (v *coverage) sentences(s *part, block *Block) {
	ids := slices.Clone(v.heldAt[block.Line])
	if m := fieldItem().FindStringSubmatch(strings.TrimSpace(block.Text)); m != nil && s.subject != nil && s.about {
		if f := s.subject.field(m[1]); f != nil {
			ids = append(ids, v.ofItem(s.subject, f)...)
		}
	}
	for _, phrase := range Phrases(block.Text) {
		if !slices.Contains(stating, phrase.Kind) {
			continue
		}
		held := slices.Clone(ids)
		if phrase.Kind == PhraseLimit {
			held = append(held, v.which(func(r *requirements.Requirement) bool {
				return r.Limit != nil && fmt.Sprint(r.Limit.Requests) == phrase.Values[0]
			})...)
		}
		if phrase.Kind == PhraseSuchAs {
			held = append(held, v.ofList(phrase.Values)...)
		}
		if phrase.Kind == PhraseStatus {
			held = append(held, v.ofStatus(phrase.Values[0])...)
		}
		v.add(s, block.Line, string(phrase.Kind), strings.Join(phrase.Values, " "), held)
	}
}
