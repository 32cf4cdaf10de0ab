package document

// A trait is what can be said of a parameter or a field, or of another thing that the contract knows.
type trait string

const (
	traitType      trait = "type"
	traitRequired  trait = "required"
	traitDefault   trait = "default"
	traitMin       trait = "min"
	traitMax       trait = "max"
	traitMaxLength trait = "max-length"
	traitEnum      trait = "enumeration"
	traitFormat    trait = "format"
	traitScheme    trait = "scheme"
)

// A claim is one thing that the document says, about one item of one subject.
type claim struct {
	subject string // "list-conversations"
	item    string // "query per_page", "field chat_user.name", "limit", "scope read:messages"
	trait   trait
	value   string // so that values can be compared
	at      spot
}

// A spot is a place in the document.
type spot struct {
	line, column, width int
	section             string
}

// find is the spot of a piece of a block: the first that the published lines have between two of them.
func (p *proof) find(section *Section, from, to int, piece string) spot {
	s := spot{line: from, section: section.Heading}
	if piece == "" {
		return s
	}
	for line := max(from, 1); line <= to && line <= len(p.doc.Lines); line++ {
		if column := indexOf(p.doc.Lines[line-1], piece); column >= 0 {
			return spot{line: line, column: column + 1, width: len([]rune(piece)), section: section.Heading}
		}
	}
	return s
}
