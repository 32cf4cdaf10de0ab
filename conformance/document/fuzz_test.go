package document_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-contracts/parley/conformance/document"
)

// The readers take whatever stands in a file. prefix makes sure that the one meant gets it.
func fuzz(f *testing.F, form document.Form, prefix, name string, seeds ...string) {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := document.Read("-", append([]byte(prefix), text...))
		if err != nil {
			return
		}
		if prefix != "" && d.Form != form {
			return // so many tags or headings that it is of another form
		}
		sound(t, d)
	})
}

// sound holds what whoever reads a model relies on.
func sound(t *testing.T, d *document.Document) {
	t.Helper()
	last := 0
	within := func(what string, line, from, to int) {
		if line < from || line > to {
			t.Fatalf("%s: line %d is not within %d to %d", what, line, from, to)
		}
	}
	for _, s := range d.Sections {
		within("section "+s.Heading, s.Line, 0, len(d.Lines))
		for _, b := range s.Blocks {
			within("block", b.Line, max(1, last), len(d.Lines))
			within("its end", b.End, b.Line, len(d.Lines))
			last = b.Line
			kinds := 0
			if b.Table != nil {
				kinds++
				for _, r := range b.Table.Rows {
					within("row", r.Line, b.Line, b.End)
					within("its end", r.End, r.Line, b.End)
					if len(r.Cells) != len(b.Table.Header) {
						t.Fatalf("a row has %d cells, its header %d", len(r.Cells), len(b.Table.Header))
					}
				}
			}
			if b.Code != nil {
				kinds++
				values(t, b.Code.JSON, b.Line, b.End)
				if b.Code.Curl != nil {
					values(t, b.Code.Curl.JSON, b.Line, b.End)
				}
			}
			if b.Endpoint != nil {
				kinds++
			}
			if kinds > 1 {
				t.Fatal("a block is two things at once")
			}
			for _, p := range document.Phrases(b.Text) {
				if p.Offset < 0 || p.Length <= 0 || p.Offset+p.Length > len(b.Text) {
					t.Fatalf("%s stands at %d+%d of %d", p.Kind, p.Offset, p.Length, len(b.Text))
				}
				line, _, _ := d.Place(b.Line, b.End, b.Text, p.Offset, p.Length)
				within("phrase", line, b.Line, b.End)
			}
		}
	}
	if err := d.Show(io.Discard); err != nil {
		t.Fatal(err)
	}
}

func values(t *testing.T, v *document.Value, from, to int) {
	t.Helper()
	if v == nil {
		return
	}
	if v.Line < from || v.Line > to {
		t.Fatalf("a value stands on line %d, its block on %d to %d", v.Line, from, to)
	}
	for _, m := range v.Members {
		values(t, m, from, to)
	}
	for _, i := range v.Items {
		values(t, i, from, to)
	}
}

func FuzzText(f *testing.F) {
	fuzz(f, document.Text, "", "assistloop.txt", "A\n\nParameterTypeRequiredDescription\nabstringYesThe\n", "a | b |\n---|---|\nc |",
		"{\n\"a\":\n[1,\n", "curl 'x' \\\n  -d '{\n\"a\": 1}'\n", "- a\n  b\n1. c", "Module NameEvent TypeDescription\nNew Ana_bWhen\n")
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, document.Markdown, "# A\n\n# B\n\n", "assistloop.md", "| a | b |\n|---|---|\n| c \\| d |\n", "> - a\n>   ```json\n>   {\n>   ```\n",
		"<table><tr><td>a", "    {\"a\": 1}\n", "a\n===\n[b](#c)\n", "Endpoint: GET /a\nb")
}

func FuzzHTML(f *testing.F) {
	fuzz(f, document.HTML, "<!DOCTYPE html>\n", "assistloop.html", "<table><tr><th>a<th>b<tr><td rowspan=3 colspan=2>c<pre>{\n}", "<pre>\n{<br>\"a\": 1}",
		"<dl><dt>a<dd>b<p>c", "<h2>a<p>b</h2><script>", "<li><a href='#x'>y</a><ul><li>z")
}
