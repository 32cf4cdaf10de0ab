package check_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

var _ = Describe("The form that a value should have", func() {
	const schema = `
type: object
properties:
  at: {type: string, format: date-time, x-should-format: date}
  id: {type: string, nullable: true, x-should-format: uuid}
  one: {anyOf: [{type: integer}, {type: string, x-should-format: uuid}]}
`
	judge := func(body string) []check.Violation {
		return contract(schema).With(check.Options{Should: true}).Schema("Thing", []byte(body))
	}

	It("is not judged unless asked for", func() {
		Expect(contract(schema).Schema("Thing", []byte(`{"id":"x","one":"y"}`))).To(BeEmpty())
	})

	It("is told from the one that it must have", func() {
		found := judge(`{"id":"x"}`)
		Expect(found).To(Equal([]check.Violation{{Place: "/id", Field: "id", Expected: "a UUID", Seen: "string of 1 character", Should: true}}))
		Expect(judge(`{"id":"550e8400-e29b-41d4-a716-446655440000"}`)).To(BeEmpty())
		Expect(judge(`{"id":null}`)).To(BeEmpty())
	})

	It("is not complained of where the value is not what it must be", func() {
		Expect(lines(judge(`{"id":5,"at":"now"}`))).To(Equal([]string{
			"/id: expected a string or null, came number", "/at: expected an RFC 3339 timestamp, came string of 3 characters"}))
	})

	It("decides nothing about the branch that a value fits", func() {
		Expect(judge(`{"one":5}`)).To(BeEmpty())
		Expect(judge(`{"one":"y"}`)).To(HaveExactElements(HaveField("Should", true)))
		Expect(judge(`{"one":true}`)).To(HaveExactElements(HaveField("Should", false)))
	})

	It("stands in a field, and has to be a format that is known", func() {
		field := contract(schema).Fields("get-thing")[2]
		Expect(field.Path).To(Equal("id"))
		Expect(field.Should).To(Equal("uuid"))
		Expect(field.ShouldExpected).To(Equal("a UUID"))
		_, err := check.Load([]byte(document("{type: string, x-should-format: odd}")))
		Expect(err).To(MatchError(ContainSubstring(`no format "odd" for this type`)))
	})
})

var _ = DescribeTable("An RFC 3339 timestamp", func(text string, valid bool) {
	Expect(check.IsTimestamp(text)).To(Equal(valid))
},
	Entry("as documented", "2024-11-12T10:30:00Z", true),
	Entry("with the documented fraction", "2024-11-12T10:30:15.000000Z", true),
	Entry("with one digit of fraction", "2024-11-12T10:30:15.1Z", true),
	Entry("with thirty digits of fraction", "2024-11-12T10:30:15.123456789012345678901234567890Z", true),
	Entry("with an offset ahead", "2024-11-12T10:30:00+05:30", true),
	Entry("with an offset behind", "2024-11-12T10:30:00-11:59", true),
	Entry("with the offset unknown", "2024-11-12T10:30:00-00:00", true),
	Entry("in lower case", "2024-11-12t10:30:00z", true),
	Entry("on a leap day", "2024-02-29T00:00:00Z", true),
	Entry("on a leap day of a fourth century", "2000-02-29T00:00:00Z", true),
	Entry("on no leap day", "2023-02-29T00:00:00Z", false),
	Entry("on no leap day of a century", "1900-02-29T00:00:00Z", false),
	Entry("on 31 February", "2024-02-31T00:00:00Z", false),
	Entry("on 31 April", "2024-04-31T00:00:00Z", false),
	Entry("in month 13", "2024-13-01T00:00:00Z", false),
	Entry("on day 0", "2024-01-00T00:00:00Z", false),
	Entry("at 24:00", "2024-01-01T24:00:00Z", false),
	Entry("at minute 60", "2024-01-01T10:60:00Z", false),
	Entry("at second 61", "2024-12-31T23:59:61Z", false),
	Entry("in a leap second", "1998-12-31T23:59:60Z", true),
	Entry("in a leap second, seen from the Pacific", "1998-12-31T15:59:60.123-08:00", true),
	Entry("in a leap second of June", "2015-06-30T23:59:60Z", true),
	Entry("in a 60th second at another hour", "1998-12-31T22:59:60Z", false),
	Entry("in a 60th second at another minute", "1998-12-31T23:58:60Z", false),
	Entry("in a 60th second of an ordinary day", "1998-12-30T23:59:60Z", false),
	Entry("without a zone", "2024-11-12T10:30:00", false),
	Entry("with a zone without a colon", "2024-11-12T10:30:00+0000", false),
	Entry("with a zone of hours", "2024-11-12T10:30:00+00", false),
	Entry("with an offset of 24 hours", "2024-11-12T10:30:00+24:00", false),
	Entry("with an offset of 60 minutes", "2024-11-12T10:30:00+00:60", false),
	Entry("with a space", "2024-11-12 10:30:00Z", false),
	Entry("without seconds", "2024-11-12T10:30Z", false),
	Entry("with an empty fraction", "2024-11-12T10:30:00.Z", false),
	Entry("with a comma", "2024-11-12T10:30:00,5Z", false),
	Entry("in the basic form", "20241112T103000Z", false),
	Entry("with space behind", "2024-11-12T10:30:00Z ", false),
	Entry("with letters for digits", "2O24-11-12T10:30:00Z", false),
	Entry("as a date", "2024-11-12", false),
	Entry("as a number", "1731407400", false),
	Entry("empty", "", false),
)

var _ = DescribeTable("A UUID", func(text string, valid bool) {
	Expect(check.IsUUID(text)).To(Equal(valid))
},
	Entry("of version 4", "550e8400-e29b-41d4-a716-446655440000", true),
	Entry("of version 7, in capitals", "019187D3-3B3C-7A3A-BF2C-5B1C4D9F0E11", true),
	Entry("nil", "00000000-0000-0000-0000-000000000000", true),
	Entry("max", "FFFFFFFF-ffff-ffff-ffff-ffffffffffff", true),
	Entry("of version 9", "550e8400-e29b-91d4-a716-446655440000", false),
	Entry("of another variant", "550e8400-e29b-41d4-c716-446655440000", false),
	Entry("without dashes", "550e8400e29b41d4a716446655440000", false),
	Entry("with braces", "{550e8400-e29b-41d4-a716-446655440000}", false),
	Entry("with a control character for a digit", "\x1550e840-e29b-41d4-a716-446655440000", false),
	Entry("with another letter", "g50e8400-e29b-41d4-a716-446655440000", false),
)

var _ = DescribeTable("A URI", func(text string, valid bool) {
	Expect(check.IsURI(text)).To(Equal(valid))
},
	Entry("of https", "https://hook.integromat.com/abcd1234efgh5678?a=b#c", true),
	Entry("with an IPv6 host", "https://[::1]:8080/", true),
	Entry("of mail", "mailto:a@b.example", true),
	Entry("without a scheme", "hook.integromat.com/x", false),
	Entry("relative", "/x", false),
	Entry("with a space", "https://a.example/a b", false),
	Entry("with a letter outside ASCII", "https://a.example/ä", false),
	Entry("with a broken escape", "https://a.example/%zz", false),
	Entry("with a template", "https://a.example/{id}", false),
	Entry("with nothing behind the scheme", "https:", false),
	Entry("empty", "", false),
)

var _ = Describe("A format", func() {
	const thing = `
type: object
properties:
  date: {type: string, format: date}
  mail: {type: string, format: email}
  v4: {type: string, format: ipv4}
  v6: {type: string, format: ipv6}
  raw: {type: string, format: byte}
  small: {type: integer, format: int32}
  large: {type: integer, format: int64}
  free: {type: string, format: password}
  from: {type: string, x-format: instant-or-date}
  bounded: {type: string, format: uri, maxLength: 20}
`
	DescribeTable("holds", func(body string) {
		Expect(contract(thing).Schema("Thing", []byte(body))).To(BeEmpty())
	},
		Entry("for good texts", `{"date":"2024-02-29","mail":"a.b+c@d.example","v4":"127.0.0.1","v6":"::1","raw":"aGk=","free":"","bounded":"https://a.example"}`),
		Entry("for the limits of integers", `{"small":-2147483648,"large":9223372036854775807}`),
		Entry("for an integer with an exponent", `{"small":2.147483647e9,"large":-9.3e3}`),
		Entry("for a name of ours, as an instant", `{"from":"2024-02-29T00:00:00Z"}`),
		Entry("for a name of ours, as a date", `{"from":"2024-02-29"}`),
	)
	DescribeTable("refuses", func(body, said string) {
		Expect(lines(contract(thing).Schema("Thing", []byte(body)))).To(Equal([]string{said}))
	},
		Entry("a date that is none", `{"date":"2024-02-30"}`, "/date: expected a date (RFC 3339), came string of 10 characters"),
		Entry("a name beside an address", `{"mail":"Jo <a@b.example>"}`, "/mail: expected an e-mail address, came string of 16 characters"),
		Entry("IPv6 for IPv4", `{"v4":"::1"}`, "/v4: expected an IPv4 address, came string of 3 characters"),
		Entry("IPv4 for IPv6", `{"v6":"1.2.3.4"}`, "/v6: expected an IPv6 address, came string of 7 characters"),
		Entry("base64 without its padding", `{"raw":"aGk"}`, "/raw: expected base64, came string of 3 characters"),
		Entry("base64 over two lines", `{"raw":"aG\nk="}`, "/raw: expected base64, came string of 5 characters"),
		Entry("33 bits", `{"small":2147483648}`, "/small: expected an integer of 32 bits, came number too large"),
		Entry("65 bits, below", `{"large":-9223372036854775809}`, "/large: expected an integer of 64 bits, came number too small"),
		Entry("65 bits with an exponent", `{"large":9.3e18}`, "/large: expected an integer of 64 bits, came number too large"),
		Entry("neither instant nor date", `{"from":"yesterday"}`, "/from: expected an RFC 3339 timestamp or a date, came string of 9 characters"),
		Entry("a URI too long", `{"bounded":"https://abcdefghijkl.example"}`, "/bounded: expected an absolute URI of at most 20 characters, came string of 28 characters"),
	)

	It("can be a contract's own, or stand in for ours, and stays in that contract", func() {
		infobip := check.Format{Name: "milliseconds", Expected: "a timestamp with milliseconds", Valid: func(s string) bool {
			_, err := time.Parse("2006-01-02T15:04:05.000Z0700", s)
			return err == nil
		}}
		own, err := check.Load([]byte(document(`{type: string, x-format: milliseconds}`)), infobip)
		Expect(err).NotTo(HaveOccurred())
		Expect(own.Schema("Thing", []byte(`"2024-02-29T00:00:00.000+0000"`))).To(BeEmpty())
		Expect(lines(own.Schema("Thing", []byte(`"2024-02-30T00:00:00.000+0000"`)))).To(HaveLen(1))
		_, err = check.Load([]byte(document(`{type: string, x-format: milliseconds}`)))
		Expect(err).To(MatchError(ContainSubstring(`#/components/schemas/Thing: no format "milliseconds"`)))
	})
})

// FuzzTimestamp holds IsTimestamp to two authorities: what it takes matches the grammar, and what the grammar and time.Parse
// take, it takes. Alone, either is too lax: one knows no calendar, the other takes an offset of 60 minutes.
func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{"2024-11-12T10:30:00Z", "2024-02-30T10:30:00.5+01:00", "1998-12-31T23:59:60Z", "2024-11-12t10:30:00z"} {
		f.Add(seed)
	}
	pattern := regexp.MustCompile(`(?i)^\d{4}-\d\d-\d\dT\d\d:[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
	f.Fuzz(func(t *testing.T, text string) {
		valid := check.IsTimestamp(text)
		if valid && !pattern.MatchString(text) {
			t.Fatalf("%q is taken and does not match", text)
		}
		if _, err := time.Parse(time.RFC3339, text); err == nil && !valid && pattern.MatchString(text) {
			t.Fatalf("%q is refused", text)
		}
	})
}

// FuzzUUID holds IsUUID to kin-openapi's pattern.
func FuzzUUID(f *testing.F) {
	f.Add("550e8400-e29b-41d4-a716-446655440000")
	f.Add("FFFFFFFF-ffff-ffff-ffff-ffffffffffff")
	pattern := regexp.MustCompile(openapi3.FormatOfStringForUUIDOfRFC9562)
	f.Fuzz(func(t *testing.T, text string) {
		if check.IsUUID(text) != pattern.MatchString(text) {
			t.Fatalf("%q: the pattern says %v", text, pattern.MatchString(text))
		}
	})
}
