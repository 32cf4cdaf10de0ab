package check

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func digit(c byte) bool { return '0' <= c && c <= '9' }

func (j *judge) literal(word string, k kind) string {
	if !strings.HasPrefix(j.src[j.at:], word) {
		return "a value is missing"
	}
	j.push(k, j.at, j.at+len(word))
	j.at += len(word)
	return ""
}

func (j *judge) digits() bool {
	from := j.at
	for digit(j.next()) {
		j.at++
	}
	return j.at > from
}

func (j *judge) number() string {
	start := j.at
	if j.next() == '-' {
		j.at++
	}
	if j.next() == '0' { // no digit may follow a leading zero
		j.at++
	} else if !j.digits() {
		return "a digit is missing"
	}
	if j.next() == '.' {
		j.at++
		if !j.digits() {
			return "a digit is missing"
		}
	}
	if c := j.next(); c == 'e' || c == 'E' {
		j.at++
		if c := j.next(); c == '+' || c == '-' {
			j.at++
		}
		if !j.digits() {
			return "a digit is missing"
		}
	}
	j.push(number, start, j.at)
	return ""
}

// quoted reads a text, or a member's name.
func (j *judge) quoted() string {
	start, escaped := j.at+1, false
	for j.at++; j.at < len(j.src); j.at++ {
		switch c := j.src[j.at]; {
		case c == '"':
			j.tape[j.push(text, start, j.at)].escaped = escaped
			j.at++
			return ""
		case c == '\\':
			escaped = true
			if !j.escape() {
				return "an escape is malformed"
			}
		case c < ' ':
			return "a control character stands in a text"
		}
	}
	return "a text has no end"
}

// utf8 reports a text whose bytes are no UTF-8 (RFC 8259, section 8.1).
func (j *judge) utf8(i int) {
	if !j.clean && !utf8.ValidString(j.src[j.tape[i].start:j.tape[i].end]) {
		j.report("UTF-8", "bytes that are no UTF-8")
	}
}

// escape moves to the last byte of the escape at hand.
func (j *judge) escape() bool {
	j.at++
	switch j.next() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		if _, ok := hex4(j.src[j.at+1:]); ok {
			j.at += 4
			return true
		}
	}
	return false
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[:4]) {
		v, ok := hex(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(v)
	}
	return r, true
}

func hex(c byte) (byte, bool) {
	switch {
	case digit(c):
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// text is the value of the text at node i. Only one with escapes costs memory.
func (j *judge) text(i int) string {
	n := j.tape[i]
	raw := j.src[n.start:n.end]
	if !n.escaped {
		return raw
	}
	return unescape(raw)
}

// unescape decodes what quoted has read. Half a surrogate pair becomes U+FFFD: RFC 8259, section 8.2 lets it be
// written, and no one can read it.
func unescape(raw string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(raw, '\\')
		if at < 0 {
			b.WriteString(raw)
			return b.String()
		}
		b.WriteString(raw[:at])
		c := raw[at+1]
		raw = raw[at+2:]
		if c != 'u' {
			b.WriteByte(unescaped[c])
			continue
		}
		r, _ := hex4(raw)
		raw = raw[4:]
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if strings.HasPrefix(raw, `\u`) {
				low, _ = hex4(raw[2:])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				raw = raw[6:]
			}
		}
		b.WriteRune(r)
	}
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// float is a number's value; one beyond float64 is infinite, which compares as it should.
func float(literal string) float64 {
	f, _ := strconv.ParseFloat(literal, 64)
	return f
}

// whole tells whether a JSON number is an integer by its value: 1.0 and 1e2 are, as in JSON Schema since draft 6 and in
// every language with one number type. It works on the digits, since 1e999999999 must cost nothing.
func whole(literal string) bool {
	literal = strings.TrimPrefix(literal, "-")
	mantissa, exponent := literal, 0
	if e := strings.IndexAny(literal, "eE"); e >= 0 {
		mantissa = literal[:e]
		var err error
		if exponent, err = strconv.Atoi(strings.TrimPrefix(literal[e+1:], "+")); err != nil {
			exponent = math.MaxInt32 // far beyond any mantissa
			if literal[e+1] == '-' {
				exponent = math.MinInt32
			}
		}
	}
	integer, fraction, _ := strings.Cut(mantissa, ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		return exponent >= len(fraction)
	}
	significant := strings.TrimRight(integer, "0")
	return significant == "" || exponent >= len(significant)-len(integer)
}

// inBits tells whether a whole number fits a signed integer of so many bits.
func inBits(literal string, bits int) bool {
	_, err := strconv.ParseInt(literal, 10, bits)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return err == nil
	}
	limit := math.Ldexp(1, bits-1) // spelt with a fraction or an exponent
	v := float(literal)
	return -limit <= v && v < limit
}
