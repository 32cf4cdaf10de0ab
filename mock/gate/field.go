package gate

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/openapi"
)

// field is a parameter or a property of a body, with its rules made ready.
type field struct {
	openapi.Param
	pattern *regexp.Regexp
	fields  []field // the properties of an object
	items   []field // one, which stands for each item of an array
}

func newField(p openapi.Param) (field, error) {
	f := field{Param: p}
	if p.Pattern != "" {
		pattern, err := regexp.Compile(p.Pattern)
		if err != nil {
			return field{}, err
		}
		f.pattern = pattern
	}
	for _, parts := range []struct {
		params []openapi.Param
		into   *[]field
	}{{p.Fields, &f.fields}, {p.Items, &f.items}} {
		for _, part := range parts.params {
			ready, err := newField(part)
			if err != nil {
				return field{}, fmt.Errorf("%s: %w", part.Name, err)
			}
			*parts.into = append(*parts.into, ready)
		}
	}
	return f, nil
}

// judge says what is wrong with a value as it stands in a query, as the end of a sentence that begins with the
// field's name; empty when it is allowed.
func (f *field) judge(value string) (complaint string) {
	switch f.Type {
	case "integer":
		n, err := strconv.Atoi(value)
		if err != nil || value != strconv.Itoa(n) { // Atoi takes +1 and 01, too
			return "has to be a whole number"
		}
		return f.judgeNumber(n, value)
	case "boolean":
		if value != "true" && value != "false" {
			return "has to be true or false"
		}
		return ""
	}
	return f.judgeText(value)
}

func (f *field) judgeNumber(n int, text string) string {
	switch {
	case f.Enum != nil && !slices.Contains(f.Enum, text):
		return f.oneOf()
	case f.HasBounds && (n < f.Min || n > f.Max):
		return fmt.Sprintf("has to be from %d to %d", f.Min, f.Max)
	}
	return ""
}

func (f *field) judgeText(text string) string {
	switch {
	case f.Enum != nil && !slices.Contains(f.Enum, text):
		return f.oneOf()
	case f.MinLength > 0 && utf8.RuneCountInString(text) < f.MinLength:
		return "must not be empty"
	case f.MaxLength > 0 && len(text) > f.MaxLength && utf8.RuneCountInString(text) > f.MaxLength:
		return fmt.Sprintf("may have at most %d characters", f.MaxLength)
	case f.pattern != nil && !f.pattern.MatchString(text):
		return "has to match " + f.Pattern
	}
	return f.judgeFormat(text)
}

func (f *field) judgeFormat(text string) string {
	switch f.Format {
	case "uri":
		if !isURL(text) {
			return "has to be an absolute URL"
		}
	case "instant-or-date":
		if !isInstant(text) {
			return "has to be an instant or a date in ISO 8601, as in 2024-11-12T10:30:00Z, with + sent as %2B"
		}
	}
	return ""
}

func (f *field) oneOf() string { return "has to be one of: " + strings.Join(f.Enum, ", ") }

// isURL takes an absolute URL with a host, in the characters that URLs have (RFC 3986, section 2): url.Parse alone
// takes any script.
func isURL(text string) bool {
	foreign := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }
	u, err := url.Parse(text)
	return err == nil && u.IsAbs() && u.Host != "" && !strings.ContainsFunc(text, foreign)
}

// isInstant takes a date, which means midnight UTC, and a time of any fraction with an offset (AL-64).
func isInstant(text string) bool {
	if strings.Contains(text, ",") { // time.Parse takes it before a fraction, RFC 3339 does not
		return false
	}
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}
