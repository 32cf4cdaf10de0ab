package report

import (
	"encoding/json"
	"io"

	"github.com/parley-contracts/parley/conformance"
)

// writeJSON writes the report as its types have it; "schema" tells readers which version of them.
func writeJSON(w io.Writer, r conformance.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // for people: & in a URL stays &
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
