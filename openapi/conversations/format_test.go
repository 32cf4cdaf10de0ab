package conversations_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/conversations"
)

func TestConversations(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "openapi/conversations")
}

var _ = DescribeTable("A time", func(text string, instant string) {
	t, ok := conversations.ParseInstant(text)
	Expect(conversations.IsInstant(text)).To(Equal(ok))
	if instant == "" {
		Expect(ok).To(BeFalse())
		return
	}
	Expect(ok).To(BeTrue())
	Expect(t.UTC().Format(time.RFC3339Nano)).To(Equal(instant))
},
	Entry("as in the examples", "2023-06-20T16:44:24.572+00:00", "2023-06-20T16:44:24.572Z"),
	Entry("as in the tables", "2023-06-20T16:44:24.572+0000", "2023-06-20T16:44:24.572Z"),
	Entry("with a Z", "2023-06-20T16:44:24.572Z", "2023-06-20T16:44:24.572Z"),
	Entry("ahead, without a colon", "2023-06-20T16:44:24.572+0530", "2023-06-20T11:14:24.572Z"),
	Entry("behind, with one", "2023-06-20T16:44:24.000-03:30", "2023-06-20T20:14:24Z"),
	Entry("in a leap second", "2016-12-31T23:59:60.500Z", "2017-01-01T00:00:00.5Z"),
	Entry("on a leap day", "2024-02-29T00:00:00.000Z", "2024-02-29T00:00:00Z"),
	Entry("on no day", "2023-02-29T00:00:00.000Z", ""),
	Entry("without a fraction", "2023-06-20T16:44:24Z", ""),
	Entry("with one digit of it", "2023-06-20T16:44:24.5Z", ""),
	Entry("with six", "2023-06-20T16:44:24.572000Z", ""),
	Entry("with a comma", "2023-06-20T16:44:24,572Z", ""),
	Entry("without a zone", "2023-06-20T16:44:24.572", ""),
	Entry("with a zone of hours", "2023-06-20T16:44:24.572+00", ""),
	Entry("with a zone that is none", "2023-06-20T16:44:24.572+2500", ""),
	Entry("with a misplaced colon", "2023-06-20T16:44:24.572+0:000", ""),
	Entry("with a z", "2023-06-20T16:44:24.572z", ""),
	Entry("with a t", "2023-06-20t16:44:24.572Z", ""),
	Entry("with a space", "2023-06-20 16:44:24.572Z", ""),
	Entry("as a date", "2023-06-20", ""),
	Entry("as nothing", "", ""),
)

var _ = DescribeTable("An id", func(text string, uuid, v4, legacy bool) {
	Expect(conversations.IsUUID(text)).To(Equal(uuid))
	Expect(conversations.IsUUIDv4(text)).To(Equal(v4))
	Expect(conversations.IsLegacyID(text)).To(Equal(legacy))
},
	Entry("of version 4", "ce83e955-1133-4adb-9847-47c83e6fc8bf", true, true, false),
	Entry("of version 4, in capitals", "CE83E955-1133-4ADB-B847-47C83E6FC8BF", true, true, false),
	Entry("of version 7", "018f4e2c-1133-7adb-9847-47c83e6fc8bf", true, false, false),
	Entry("of version 4 and no variant of the RFC's", "ce83e955-1133-4adb-c847-47c83e6fc8bf", true, false, false),
	Entry("of no version", "00000000-0000-0000-0000-000000000001", true, false, false),
	Entry("without hyphens", "ce83e95511334adb984747c83e6fc8bf", false, false, false),
	Entry("with one hyphen elsewhere", "ce83e9551-133-4adb-9847-47c83e6fc8bf", false, false, false),
	Entry("with a letter beyond f", "ge83e955-1133-4adb-9847-47c83e6fc8bf", false, false, false),
	Entry("in braces", "{ce83e955-1133-4adb-9847-47c83e6fc8bf}", false, false, false),
	Entry("of the legacy form", "FBCFE58EA5C33A80B569F631DBB27C41", false, false, true),
	Entry("of the legacy form, with letters beyond F", "ZYXWE58EA5C33A80B569F631DBB27C41", false, false, true),
	Entry("of the legacy form, in lower case", "fbcfe58ea5c33a80b569f631dbb27c41", false, false, false),
	Entry("of 31 characters", "FBCFE58EA5C33A80B569F631DBB27C4", false, false, false),
	Entry("of 32 bytes that are no ASCII", "ÀBCFE58EA5C33A80B569F631DBB27C4", false, false, false),
	Entry("that is the word NULL", "NULL", false, false, false),
	Entry("that is empty", "", false, false, false),
)

func FuzzInstant(f *testing.F) {
	for _, text := range []string{"2023-06-20T16:44:24.572+00:00", "2023-06-20T16:44:24.572+0000", "2016-12-31T23:59:60.500Z", "2023-06-20T16:44:24.572Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := conversations.ParseInstant(text); ok != conversations.IsInstant(text) {
			t.Fatalf("%q is taken for a time by one and not by the other", text)
		}
	})
}
