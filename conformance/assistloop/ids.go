package assistloop

import (
	"math/rand/v2"
	"regexp"
	"strings"
)

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// prefixes are what stands before an id proper: "conv_".
var prefixes = regexp.MustCompile(`^([a-z]+_)*`)

// sortableForm is a ULID, or the suffix of a TypeID: 128 bits in 26 digits of Crockford's base 32.
var sortableForm = regexp.MustCompile(`^[0-7]([0-9A-HJKMNP-TV-Z]{25}|[0-9a-hjkmnp-tv-z]{25})$`)

// altered is an id of the form of a real one that nobody has: a prefix as "conv_" stays, a UUID keeps its
// version, a number grows no larger than its type can hold, and every other letter or digit becomes another of its
// kind (AL-75).
func altered(id string) string {
	prefix := prefixes.FindString(id)
	text := prefix + alteredRest(id[len(prefix):])
	if text == id { // of a script that has neither letters nor digits of ASCII
		text += "8374659"
	}
	return text
}

func alteredRest(id string) string {
	isUUID, isNumber, isSortable := uuidForm.MatchString(id), strings.Trim(id, "0123456789") == "", sortableForm.MatchString(id)
	out := []byte(id)
	for i := range out {
		switch {
		case isUUID && (i == 14 || i == 19):
		case i == 0 && isSortable: // larger, it would be none
		case isNumber && i < 2 && len(id) >= 10: // larger, it might not fit in 32 or 64 bits
			if i == 1 && out[i] > '0' {
				out[i]--
			}
		default:
			out[i] = other(out[i], isUUID || isHex(id))
		}
	}
	if len(out) < 6 { // a short counter: most of its neighbours exist
		return string(out) + "8374659"[len(out):]
	}
	return string(out)
}

func isHex(s string) bool { return s != "" && strings.Trim(s, "0123456789abcdef") == "" }

func other(c byte, hex bool) byte {
	alphabet := ""
	switch {
	case hex && (c >= 'a' && c <= 'f'):
		alphabet = "abcdef"
	case hex && (c >= 'A' && c <= 'F'):
		alphabet = "ABCDEF"
	case c >= '0' && c <= '9':
		alphabet = "123456789"
	case c >= 'a' && c <= 'z':
		alphabet = "bcdfghjkmnpqrstvwxz"
	case c >= 'A' && c <= 'Z':
		alphabet = "BCDFGHJKMNPQRSTVWXZ"
	default:
		return c
	}
	for {
		if n := alphabet[rand.IntN(len(alphabet))]; n != c {
			return n
		}
	}
}

// foreign is an id of another form than a real one.
func foreign(id string) string {
	if uuidForm.MatchString(id) {
		return "parley-no-such-id"
	}
	return "3f2b8c1e-9d47-4a56-b0c8-5e1f7a2d6b93"
}
