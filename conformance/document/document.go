// Package document is the proof-reader: it reads a document as its publisher has it, and says where it and the
// contract part ways (drift), where it contradicts itself, and what it leaves out (gaps).
//
// The way of a document: bytes → Read (text, Markdown or HTML: sections of blocks, with the lines they stand on) →
// claims (what each block says of the API: "list-conversations, query parameter per_page, default, 20") → rules, which
// compare claims with each other and with those that the contract and its catalogue make → findings.
package document

// Form is how a document is written.
type Form string

// The forms that Read tells apart by content.
const (
	Text     Form = "text" // taken from a web page: no marks for headings, tables with or without separators
	Markdown Form = "markdown"
	HTML     Form = "html"
)

// Document is what was read, in reading order.
type Document struct {
	Name     string    `json:"name"` // a file's path, a URL, or "-"
	Form     Form      `json:"form"`
	Sections []Section `json:"sections"` // the first may have no heading
	Lines    []string  `json:"-"`        // as published, to quote from
}

// Section is a heading and what stands below it, up to the next heading of any level.
type Section struct {
	Heading string   `json:"heading"`
	Above   []string `json:"above,omitempty"` // the headings that it stands under, outermost first, as far as can be told
	Level   int      `json:"level"`           // 1 is outermost; 0 where the form shows none
	Line    int      `json:"line"`            // from 1; 0 without a heading
	Blocks  []Block  `json:"blocks"`
}

// Block is one thing that stands in a section. Exactly one of the pointers is set, or none for prose.
type Block struct {
	Line int    `json:"line"` // the first, from 1
	End  int    `json:"end"`  // the last
	Text string `json:"text"` // of prose: one paragraph or list item, its lines joined; of code: verbatim
	// Key is what a paragraph or item names before a colon or dash: "status" of "status: Boolean - …". Text has all of it.
	Key      string    `json:"key,omitempty"`
	Table    *Table    `json:"table,omitempty"`
	Code     *Code     `json:"code,omitempty"`
	Endpoint *Endpoint `json:"endpoint,omitempty"`
}

// Table is a header and its rows, however the form separates cells.
type Table struct {
	Header []string `json:"header"`
	Rows   []Row    `json:"rows"`
}

// Row is one row; it has a cell for each column of the header, which may be empty.
type Row struct {
	Line  int      `json:"line"` // of its first cell
	End   int      `json:"end"`  // the last: a page may give each cell a line, a text may break a cell over two
	Cells []string `json:"cells"`
}

// Code is a fenced, indented or bare block. Of what it is made depends on what is in it.
type Code struct {
	Language string   `json:"language,omitempty"` // as a fence names it
	JSON     *Value   `json:"json,omitempty"`     // of a block that is one JSON value
	Curl     *Curl    `json:"curl,omitempty"`     // of a block that is a curl command
	Broken   string   `json:"broken,omitempty"`   // why a block that begins as JSON or curl is neither
	Header   []string `json:"header,omitempty"`   // lines as "Authorization: Bearer YOUR_ACCESS_TOKEN"
}

// Endpoint is a line as `Endpoint: POST /webhooks/subscribe`.
type Endpoint struct {
	Method string `json:"method"`
	Path   string `json:"path"` // as written, with {parameters}
}

// Curl is a command as a shell would pass it on.
type Curl struct {
	Method string   `json:"method"` // -X, else GET, or POST with a body
	URL    string   `json:"url"`
	Header []string `json:"header,omitempty"`
	Body   string   `json:"body,omitempty"` // -d
	JSON   *Value   `json:"json,omitempty"` // the body, where it is JSON
}

// Value is a JSON value with its place. Members keep their order, and may repeat a name.
type Value struct {
	Line    int      `json:"line"`
	Kind    string   `json:"kind"`           // object, array, string, number, boolean, null
	Text    string   `json:"text,omitempty"` // of a scalar: a string's text, a number as written, true or false
	Name    string   `json:"name,omitempty"` // of a member
	Members []*Value `json:"members,omitempty"`
	Items   []*Value `json:"items,omitempty"`
}
