package document

import "strings"

// Kind says what a finding is.
type Kind string

// The kinds. Errors decide the exit status; the others never do.
const (
	Drift         Kind = "drift"         // an error: document and contract part ways
	Contradiction Kind = "contradiction" // an error: the document contradicts itself
	Known         Kind = "known"         // a contradiction that a reading settles, as it stands
	Gap           Kind = "gap"           // what an implementer needs and cannot find
	Note          Kind = "note"          // a renamed heading, a reading that the document no longer needs
)

// Error tells whether the kind makes the exit status 1.
func (k Kind) Error() bool { return k == Drift || k == Contradiction }

// Finding is one thing that the proof-reader has to say.
type Finding struct {
	Kind    Kind   `json:"kind"`
	Rule    string `json:"rule"` // stable: "default-drift", "example-type"; one entry in Rules
	Line    int    `json:"line"` // from 1; 0 when it is about the whole document
	Column  int    `json:"column,omitempty"`
	Width   int    `json:"width,omitempty"` // of what the caret marks, in characters
	Section string `json:"section,omitempty"`
	// Subject is what it is about, by the contract's names: "list-conversations per_page".
	Subject string `json:"subject,omitempty"`
	Message string `json:"message"` // one line, lower case
	// Document and Contract are the values of both sides; of a contradiction, both of the document's, and Other is the
	// line of the second.
	Document string `json:"document,omitempty"`
	Contract string `json:"contract,omitempty"`
	Other    int    `json:"other,omitempty"`
	// Reading is the entry that settles a known contradiction: "AL-60".
	Reading string `json:"reading,omitempty"`
}

// Report is what came of one document.
type Report struct {
	Schema   int       `json:"schema"` // 1
	Contract string    `json:"contract"`
	Document string    `json:"document"` // its name
	Findings []Finding `json:"findings"` // in the order of lines
	// Matched counts the claims of the document that the contract knows, whether it agrees or not. A document with none
	// is of something else: exit status 2.
	Matched int `json:"matched"`
}

// Errors counts the findings that make the exit status 1.
func (r Report) Errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Kind.Error() {
			n++
		}
	}
	return n
}

// ExitStatus is 0 without errors, 1 with some, 2 when nothing of the document is of the contract.
func (r Report) ExitStatus() int {
	switch {
	case r.Matched == 0:
		return 2
	case r.Errors() > 0:
		return 1
	}
	return 0
}

// Quote is the line that a finding is about, as published, "" for none.
func (d *Document) Quote(line int) string {
	if line < 1 || line > len(d.Lines) {
		return ""
	}
	return strings.TrimRight(d.Lines[line-1], "\r\n")
}
