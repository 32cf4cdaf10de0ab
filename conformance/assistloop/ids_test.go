package assistloop

import (
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("An id that nobody has", func() {
	DescribeTable("keeps the form of a real one", func(id, form string) {
		for range 50 {
			Expect(altered(id)).To(MatchRegexp(form))
			Expect(altered(id)).NotTo(Equal(id))
		}
	},
		Entry("a UUID keeps its version and variant", "550e8400-e29b-41d4-a716-446655440000", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$`),
		Entry("a prefix stays", "conv_abc123xyz", `^conv_[a-z]{3}[0-9]{3}[a-z]{3}$`),
		Entry("a prefixed UUID, too", "agt_550e8400-e29b-41d4-a716-446655440000", `^agt_[0-9a-f-]{36}$`),
		Entry("a counter becomes one that is far away", "42", `^[0-9]{7}$`),
		Entry("a long number stays below the bounds of its type", "9223372036854775807", `^91[0-9]{17}$`),
		Entry("also one of 32 bits", "2147483647", `^20[0-9]{8}$`),
		Entry("a ULID stays within 128 bits", "01J9ZQ3V8XK5TB6NEYHM0WRD2C", `^0[0-9A-HJKMNP-TV-Z]{25}$`),
		Entry("so does a TypeID", "conv_01h455vb4pex5vsknk084sn02q", `^conv_0[0-9a-hjkmnp-tv-z]{25}$`),
		Entry("what only looks like a prefix stays as long as it is", "V1StGXR8_Z5jdHi6B-m_T", `^[0-9A-Za-z]{8}_[0-9A-Za-z]{8}-[a-z]_[A-Z]$`),
		Entry("another script", "беседа-первая", `^беседа-первая[0-9]+$`),
		Entry("capitals stay capitals", "D12945086921DDDF4F36EBB3BE7AEFF1", `^[0-9A-Z]{32}$`),
	)

	DescribeTable("may have a foreign form", func(id string) {
		Expect(uuidForm.MatchString(foreign(id))).NotTo(Equal(uuidForm.MatchString(id)))
	}, Entry(nil, "550e8400-e29b-41d4-a716-446655440000"), Entry(nil, "conv_abc123xyz"))
})

func FuzzAltered(f *testing.F) {
	for _, seed := range []string{"", "_", "conv_", "日本", "550e8400-e29b-41d4-a716-446655440000", strings.Repeat("a", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if got := altered(id); got == id {
			t.Errorf("altered(%q) is the same", id)
		}
	})
}
