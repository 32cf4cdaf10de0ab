package check

import (
	"encoding/base64"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A Format is what a schema's `format` (or `x-format`, for names that OpenAPI does not know) demands of a string.
type Format struct {
	Name     string                 // as the contract writes it: "date-time"
	Expected string                 // in words, with an article: "an RFC 3339 timestamp"
	Valid    func(text string) bool // safe for concurrent use
}

// formats are those every contract may use. A contract that names another one does not load: an unknown format would
// be a hole.
var formats = map[string]Format{
	"date-time":       {Expected: "an RFC 3339 timestamp", Valid: IsTimestamp},
	"date":            {Expected: "a date (RFC 3339)", Valid: IsDate},
	"instant-or-date": {Expected: "an RFC 3339 timestamp or a date", Valid: func(s string) bool { return IsTimestamp(s) || IsDate(s) }},
	"uuid":            {Expected: "a UUID", Valid: IsUUID},
	"uri":             {Expected: "an absolute URI", Valid: IsURI},
	"email":           {Expected: "an e-mail address", Valid: isEmail},
	"ipv4":            {Expected: "an IPv4 address", Valid: func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }},
	"ipv6":            {Expected: "an IPv6 address", Valid: func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() }},
	"byte":            {Expected: "base64", Valid: isBase64},
}

// notes are formats that demand nothing of a value. int32 and int64 are not among them: they bound an integer.
var notes = map[string]bool{"password": true, "binary": true, "float": true, "double": true}

// IsTimestamp tells whether s is a date-time of RFC 3339, section 5.6, on a day that exists. Any fraction and any
// offset will do, and T and Z may be lower case, as the RFC has it. A 60th second is taken only where one can be
// (section 5.7): at the end of a month, UTC.
func IsTimestamp(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || !IsDate(s[:10]) || s[10]|0x20 != 't' {
		return false
	}
	hour, ok1 := two(s[11:])
	minute, ok2 := two(s[14:])
	second, ok3 := two(s[17:])
	if !ok1 || !ok2 || !ok3 || s[13] != ':' || s[16] != ':' || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	rest := s[19:]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		if n == 1 {
			return false
		}
		rest = rest[n:]
	}
	offset, ok := zone(rest)
	if !ok || second < 60 {
		return ok
	}
	year, _ := four(s)
	month, _ := two(s[5:])
	day, _ := two(s[8:])
	behind := time.Date(year, time.Month(month), day, hour, minute-offset, second, 0, time.UTC)
	return behind.Day() == 1 && behind.Hour() == 0 && behind.Minute() == 0
}

// zone reads what ends a timestamp, as minutes ahead of UTC.
func zone(s string) (minutes int, ok bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok1 := two(s[1:])
	minute, ok2 := two(s[4:])
	if minutes = hour*60 + minute; s[0] == '-' {
		minutes = -minutes
	}
	return minutes, ok1 && ok2 && hour <= 23 && minute <= 59
}

// IsDate tells whether s is a full-date of RFC 3339 that the calendar has: 2023-02-29 is none.
func IsDate(s string) bool {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok1 := four(s)
	month, ok2 := two(s[5:])
	day, ok3 := two(s[8:])
	return ok1 && ok2 && ok3 && 1 <= month && month <= 12 && 1 <= day && day <= days(year, month)
}

func days(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// two reads the two digits that s starts with; s is long enough.
func two(s string) (int, bool) {
	return int(s[0]-'0')*10 + int(s[1]-'0'), digit(s[0]) && digit(s[1])
}

func four(s string) (int, bool) {
	high, ok1 := two(s)
	low, ok2 := two(s[2:])
	return high*100 + low, ok1 && ok2
}

// IsUUID tells whether s is a UUID of RFC 9562 in its text form: a known version (1 to 8) and the RFC's variant, or
// the nil or max UUID.
func IsUUID(s string) bool {
	if len(s) != len("00000000-0000-0000-0000-000000000000") {
		return false
	}
	zeros, ones := true, true
	for i, c := range []byte(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		v, ok := hex(c)
		if !ok {
			return false
		}
		zeros, ones = zeros && v == 0, ones && v == 15
	}
	version, variant := s[14], s[19]|0x20
	known := '1' <= version && version <= '8' && (variant == '8' || variant == '9' || variant == 'a' || variant == 'b')
	return known || zeros || ones
}

// IsURI tells whether s is a URI with a scheme (RFC 3986, section 3), written in the characters that URIs have.
func IsURI(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}' {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && (u.Opaque != "" || u.Host != "" || u.Path != "")
}

// isEmail takes a bare address (RFC 5322), not one with a display name.
func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n") // which the decoder skips
}
