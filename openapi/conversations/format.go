package conversations

import (
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi/check"
)

// Formats are those that the contract names and no other does, and uuid in the sense that it has here.
func Formats() []check.Format {
	return []check.Format{
		{Name: "uuid", Expected: "a UUID", Valid: IsUUID},
		{Name: "uuid-v4", Expected: "a UUID of version 4", Valid: IsUUIDv4},
		{Name: "uuid-or-legacy", Expected: "a UUID or 32 upper-case letters and digits",
			Valid: func(s string) bool { return IsUUID(s) || IsLegacyID(s) }},
		{Name: "uuid-v4-or-legacy", Expected: "a UUID of version 4 or 32 upper-case letters and digits",
			Valid: func(s string) bool { return IsUUIDv4(s) || IsLegacyID(s) }},
		{Name: "instant-millis", Expected: "a timestamp with a T, three digits of fraction and a zone", Valid: IsInstant},
	}
}

// IsUUID tells whether s has the form of a UUID (RFC 9562, section 4), in either case and of whatever version or variant:
// which version it should be is a rule of its own.
func IsUUID(s string) bool {
	if len(s) != len("00000000-0000-0000-0000-000000000000") {
		return false
	}
	for i, c := range []byte(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// IsUUIDv4 tells whether s is a UUID of version 4, which has the RFC's variant (section 5.4).
func IsUUIDv4(s string) bool {
	return IsUUID(s) && s[14] == '4' && strings.IndexByte("89abAB", s[19]) >= 0
}

// IsLegacyID tells whether s is an id of the form before UUIDs: 32 upper-case letters and digits, of ASCII.
func IsLegacyID(s string) bool {
	if len(s) != 32 {
		return false
	}
	for _, c := range []byte(s) {
		if !isDigit(c) && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// IsInstant tells whether s is a time as yyyy-MM-dd'T'HH:mm:ss.SSSZ, of a day that exists: exactly three digits of
// fraction, and Z or an offset of hours and minutes, with or without a colon between them (IB-14).
func IsInstant(s string) bool {
	if len(s) <= fraction || s[10] != 'T' || s[19] != '.' || !isDigit(s[20]) || !isDigit(s[21]) || !isDigit(s[22]) {
		return false
	}
	switch zone := s[fraction:]; {
	case zone == "Z":
		return check.IsTimestamp(s)
	case len(zone) == len("+0000"):
		return check.IsTimestamp(s[:fraction+3] + ":" + s[fraction+3:])
	default:
		return len(zone) == len("+00:00") && check.IsTimestamp(s)
	}
}

// ParseInstant reads a time of that form.
func ParseInstant(s string) (t time.Time, ok bool) {
	if !IsInstant(s) {
		return time.Time{}, false
	}
	zone := s[fraction:]
	if len(zone) == len("+0000") {
		zone = zone[:3] + ":" + zone[3:]
	}
	leap := s[17:19] == "60" // time knows no leap seconds
	if leap {
		s = s[:17] + "59" + s[19:]
	}
	t, err := time.Parse("2006-01-02T15:04:05.000Z07:00", s[:fraction]+zone)
	if leap {
		t = t.Add(time.Second)
	}
	return t, err == nil
}

// fraction is where the zone begins.
const fraction = len("2006-01-02T15:04:05.000")

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
