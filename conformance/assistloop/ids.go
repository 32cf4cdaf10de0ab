package assistloop

import (
	"math/rand/v2"
	"regexp"
	"strings"
)

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// altered is an id of the form of a real one that nobody has: a prefix as "conv_" stays, a UUID keeps its
// version, and every other letter or digit becomes another of its kind (AL-75).
func altered(id string) string {
	from := strings.LastIndex(id, "_") + 1
	isUUID := uuidForm.MatchString(id[from:])
	out := []byte(id)
	for i := from; i < len(out); i++ {
		if isUUID && (i-from == 14 || i-from == 19) {
			continue
		}
		out[i] = other(out[i], isUUID || isHex(id[from:]))
	}
	text := string(out)
	if rest := text[from:]; len(rest) < 6 { // a short counter: most of its neighbours exist
		text = text[:from] + rest + "8374659"[len(rest):]
	}
	return text
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
