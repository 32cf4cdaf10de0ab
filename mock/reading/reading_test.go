package reading_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/reading"
)

func TestReading(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "reading")
}

var _ = Describe("The list of readings", func() {
	It("has a default for each, other values, and every choice once", func() {
		names, choices := map[string]bool{}, map[reading.Choice]string{}
		for _, r := range reading.All() {
			Expect(names).NotTo(HaveKey(r.Name))
			names[r.Name] = true
			Expect(r.About).NotTo(BeEmpty(), r.Name)
			Expect(r.Rule).To(MatchRegexp(`^((AL|IB)-\d\d+)?$`), r.Name)
			Expect(len(r.Values)).To(BeNumerically(">", 1), r.Name)
			Expect(r.Values[0].Choice).To(Equal(reading.Default), r.Name)
			for _, v := range r.Values[1:] {
				Expect(choices[v.Choice]).To(BeEmpty(), r.Name)
				Expect(v.Choice).NotTo(Equal(reading.Default), r.Name)
				choices[v.Choice] = r.Name
			}
		}
		Expect(choices).To(HaveLen(len(reading.Set{}) - 1))
	})

	It("is acted on: each choice is asked for somewhere in the mock", func() {
		list, err := os.ReadFile("list.go")
		Expect(err).NotTo(HaveOccurred())
		used := mockSource()
		for _, match := range regexp.MustCompile(`\{"[^"]+", ([A-Z]\w+), `).FindAllStringSubmatch(string(list), -1) {
			if match[1] != "Default" {
				Expect(used).To(MatchRegexp(`\b`+match[1]+`\b`), "nothing acts on it")
			}
		}
	})
})

// mockSource is all of the mock's code but the list.
func mockSource() string {
	GinkgoHelper()
	var all strings.Builder
	for _, dir := range []string{".", "../assistloop", "../center", "../desk", "../gate", "../grant", "../limit", "../oauth", "../outbox"} {
		files, err := os.ReadDir(dir)
		Expect(err).NotTo(HaveOccurred())
		for _, f := range files {
			if name := f.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && name != "list.go" {
				text, err := os.ReadFile(dir + "/" + name)
				Expect(err).NotTo(HaveOccurred())
				all.Write(text)
			}
		}
	}
	return all.String()
}

var _ = Describe("Readings as text", func() {
	It("may stand in one text or in several, and read back what they are", func() {
		set, err := reading.Parse([]string{"per-page=100, ids=prefixed", "window=sliding", "closes=apart"})
		Expect(err).NotTo(HaveOccurred())
		Expect(set.Has(reading.PerPage100)).To(BeTrue())
		Expect(set.Has(reading.IDsPrefixed)).To(BeTrue())
		Expect(set.Has(reading.ClosesCounted)).To(BeFalse())
		Expect(set.String()).To(Equal("ids=prefixed,per-page=100,window=sliding"))
		Expect(reading.Parse([]string{set.String()})).To(Equal(set))
	})

	It("may name the default, which changes nothing", func() {
		set, err := reading.Parse([]string{"per-page=20"})
		Expect(err).NotTo(HaveOccurred())
		Expect(set).To(Equal(reading.Set{}))
		Expect(set.Wire()).To(BeNil())
	})

	DescribeTable("are refused on one line", func(message string, texts ...string) {
		_, err := reading.Parse(texts)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("without a value", `"per-page": expected NAME=VALUE`, "per-page"),
		Entry("when empty", "expected NAME=VALUE", ""),
		Entry("when mistyped", `unknown reading "per-pag": did you mean per-page?`, "per-pag=100"),
		Entry("when like no other", "the readings are authorize, ", "frobnicate=1"),
		Entry("with a mistyped value", `unknown value "prefix": did you mean prefixed?`, "ids=prefix"),
		Entry("with a value like no other", "the values are uuid, prefixed, number", "ids=42424242"),
		Entry("when given twice", "ids is given twice", "ids=number", "ids=prefixed"),
	)

	It("are listed with the default first, their places and what leaves a SHOULD out", func() {
		Expect(reading.Help()).To(ContainSubstring("  signature=standard-webhooks|hex|base64|body|stamped|none*\n      how deliveries are signed (AL-90)\n"))
	})
})

var _ = Describe("The wording of answers", func() {
	word := func(texts, op string, status int, body string) (int, http.Header, string) {
		GinkgoHelper()
		set, err := reading.Parse([]string{texts})
		Expect(err).NotTo(HaveOccurred())
		header := http.Header{"Content-Type": {"application/json"}}
		header.Set("Retry-After", "12")
		status, out := set.Wire().Answer(op, status, header, []byte(body))
		return status, header, string(out)
	}

	It("tells a status from what would have been said, so that two readings do not act on each other", func() {
		status, _, _ := word("missing=422,validation=400", "subscribe", 400, "{}")
		Expect(status).To(Equal(422))
		status, _, _ = word("missing=422,validation=400", "subscribe", 422, "{}")
		Expect(status).To(Equal(400))
		status, _, _ = word("missing=422", "token", 400, "{}")
		Expect(status).To(Equal(400), "OAuth has statuses of its own")
	})

	It("keeps numbers and text as they are", func() {
		_, _, body := word("extra-fields=everywhere", "get-me", 200, `{"a":1.50,"b":"<é>&\u2028"}`)
		Expect(body).To(ContainSubstring(`"a":1.50`))
		Expect(body).To(ContainSubstring(`<é>&`))
	})

	It("leaves alone what is no JSON", func() {
		_, _, body := word("extra-fields=everywhere", "authorize", 200, "<html>")
		Expect(body).To(Equal("<html>"))
	})

	It("writes times in another zone and means the same", func() {
		_, _, body := word("timestamps=offset", "list-conversations", 200, `[{"created_at":"2025-01-02T20:00:00.000001Z"}]`)
		Expect(body).To(Equal(`[{"created_at":"2025-01-03T01:30:00.000001+05:30"}]`))
	})

	It("says the same in body and header of a 429", func() {
		_, header, body := word("retry-after=60", "get-me", 429, `{"message":"Too Many Attempts.","retry_after":12}`)
		Expect(body).To(ContainSubstring(`"retry_after":60`))
		Expect(header.Get("Retry-After")).To(Equal("60"))
	})

	It("rewords deliveries as it does samples", func() {
		set, err := reading.Parse([]string{"event-id=conversation"})
		Expect(err).NotTo(HaveOccurred())
		event := `{"data":{"conversation":{"uuid":"c"}},"id":"e"}`
		Expect(string(set.Wire().Hook("new_conversation", []byte(event)))).To(MatchJSON(`{"id":"c","data":{"conversation":{"uuid":"c"}}}`))
	})
})

func FuzzParse(f *testing.F) {
	f.Add("per-page=100,ids=prefixed")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := reading.Parse([]string{text})
		if err != nil || set == (reading.Set{}) {
			return
		}
		if again, err := reading.Parse([]string{set.String()}); err != nil || again != set {
			t.Fatalf("%q reads as %s, which reads as %s, %v", text, set, again, err)
		}
	})
}

func FuzzWire(f *testing.F) {
	set, _ := reading.Parse([]string{"extra-fields=everywhere,timestamps=nanos,second-id=other,error-code=slug,open-fields=other,event-id=conversation"})
	wire := set.Wire()
	f.Add(200, `[{"id":"1","uuid":"1","created_at":"x"}]`)
	f.Add(400, `{"error":7}`)
	f.Fuzz(func(_ *testing.T, status int, body string) {
		wire.Answer("list-conversations", status, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		wire.Hook("new_conversation", []byte(body))
	})
}
