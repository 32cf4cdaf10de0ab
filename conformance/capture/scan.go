package capture

import "bytes"

// A scan follows a JSON value from line to line, no closer than it takes to see where it ends.
type scan struct {
	inside []byte // the brackets that are open
	last   byte   // the last byte that was no space
	text   bool   // within a string
}

func (s *scan) take(line []byte) {
	escaped := false
	for _, c := range line {
		if s.text {
			switch {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = true
			case c == '"':
				s.text, s.last = false, c
			}
			continue
		}
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '"':
			s.text = true
		case '{', '[':
			s.inside = append(s.inside, c)
		case '}', ']':
			s.inside = s.inside[:max(0, len(s.inside)-1)]
		}
		s.last = c
	}
}

// whole tells whether the value has ended, or never was one.
func (s *scan) whole() bool { return len(s.inside) == 0 && !s.text }

// refuses tells whether a line begins a value of its own, since none can stand where s is.
func (s *scan) refuses(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("{")) || len(s.inside) == 0 {
		return false
	}
	switch s.last {
	case ':', '[':
		return false
	case ',':
		return s.inside[len(s.inside)-1] != '['
	}
	return true
}
