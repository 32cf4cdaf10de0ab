package document

import "bytes"

// What a Markdown source may hold for the parser. Above it goldmark's time grows with the square of the input: for
// quotes in quotes, and for links that never close. No document that people read comes near.
const (
	maxNesting  = 32      // quotes and lists that begin on one line
	maxMarked   = 8 << 10 // bytes of a line with inline marks; an image as a data URL is longer, and text
	maxLinks    = 256     // opening brackets in a paragraph
	markedBytes = "[]()<>`*_!|&\\~"
)

// tamed replaces by spaces what makes a Markdown parser slow, and moves no byte. The source stays as it is.
func tamed(source []byte) []byte {
	out := source
	blank := func(i int) {
		if &out[0] == &source[0] {
			out = bytes.Clone(source)
		}
		out[i] = ' '
	}
	links := 0
	for begin := 0; begin < len(source); {
		end := len(source)
		if n := bytes.IndexByte(source[begin:], '\n'); n >= 0 {
			end = begin + n + 1
		}
		line := source[begin:end]
		for _, i := range deepMarkers(line) {
			blank(begin + i)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			links = 0
		}
		long := len(line) > maxMarked || bytes.Count(line, []byte("|")) > maxColumns
		for i, c := range line {
			if c == '[' {
				links++
			}
			if (long || c == '[' && links > maxLinks) && bytes.IndexByte([]byte(markedBytes), c) >= 0 {
				blank(begin + i)
			}
		}
		begin = end
	}
	for _, i := range hollowTables(source) {
		blank(i)
	}
	return out
}

// hollowTables are the dashes of the rules below headers of many columns whose rows have few: the parser would fill
// each row up.
func hollowTables(source []byte) []int {
	var dashes []int
	for at := 0; at < len(source); {
		line, _, _ := bytes.Cut(source[at:], []byte("\n"))
		columns := bytes.Count(line, []byte("|"))
		if begin := at; columns > 4 && bytes.Trim(line, "|:- \t\r") == nil {
			rows, cells := 0, 0
			for at += len(line) + 1; at < len(source); at += len(line) + 1 {
				if line, _, _ = bytes.Cut(source[at:], []byte("\n")); len(bytes.TrimSpace(line)) == 0 {
					break
				}
				rows++
				cells += 1 + bytes.Count(line, []byte("|"))
			}
			if rows*columns > 4*cells+10_000 {
				for i := begin; i < len(source) && source[i] != '\n'; i++ {
					if source[i] == '-' {
						dashes = append(dashes, i)
					}
				}
			}
			continue
		}
		at += len(line) + 1
	}
	return dashes
}

// deepMarkers are the places of the markers with which a line begins that nest deeper than maxNesting.
func deepMarkers(line []byte) []int {
	var deep []int
	count := 0
	for i, c := range line {
		switch {
		case bytes.IndexByte([]byte(" \t0123456789"), c) >= 0:
			continue
		case bytes.IndexByte([]byte(">-+*.)"), c) < 0:
			return deep
		}
		if count++; count > maxNesting {
			deep = append(deep, i)
		}
	}
	return deep
}
