package document

// Covered is one statement of the document, with the requirements that hold it.
type Covered struct {
	Line         int      `json:"line"`
	Kind         string   `json:"kind"` // "row", "example", "endpoint", "limit", "fact"
	Text         string   `json:"text"`
	Requirements []string `json:"requirements,omitempty"`
	Reason       string   `json:"reason,omitempty"` // why none holds it
}

// Coverage matches the statements of a document to the requirements of its contract.
func Coverage(d *Document, c Contract) []Covered { return nil }
