package consumer

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

// sources are those of all contracts.
func sources() []*Source {
	GinkgoHelper()
	var all []*Source
	for _, open := range []func() (*Source, error){AssistLoop, Conversations} {
		s, err := open()
		Expect(err).NotTo(HaveOccurred())
		all = append(all, s)
	}
	return all
}

var _ = Describe("What is sent", func() {
	It("is permitted by its contract, and even as it should be where the document recommends a form", func() {
		for _, s := range sources() {
			for seed := range uint64(5) {
				trials, err := s.Maker(seed).trials()
				Expect(err).NotTo(HaveOccurred())
				Expect(len(trials)).To(BeNumerically(">", 20))
				for _, t := range trials {
					for _, v := range t.variants {
						Expect(s.checker.With(check.Options{Should: true}).Event(v.event.Name, nil, v.event.JSON())).To(BeEmpty(), "%s %s", t.ID, v.what)
					}
				}
			}
		}
	})

	It("differs from the documented event, unless it is that, and from every other variant", func() {
		for _, s := range sources() {
			trials, err := s.Maker(1).trials()
			Expect(err).NotTo(HaveOccurred())
			ids, shapes := map[string]bool{}, map[string]string{}
			for _, t := range trials {
				for _, v := range t.variants {
					for _, id := range v.event.keys(s) {
						Expect(ids[id]).To(BeFalse(), "%s has an id of another: %s", t.ID, id)
						ids[id] = true
					}
					if strings.Contains(t.ID, "/null") || strings.Contains(t.ID, "/without") || strings.Contains(t.ID, "/unknown") {
						shape := v.event.Name + shapeOf(v.event.body)
						Expect(shapes[shape]).To(BeEmpty(), "%s looks like it", t.ID)
						shapes[shape] = t.ID
					}
				}
			}
		}
	})

	It("is the same for the same seed, but for its times, and another for another", func() {
		for _, s := range sources() {
			for _, name := range s.Names() {
				one, err := s.Maker(7).Whole(name)
				Expect(err).NotTo(HaveOccurred())
				again, _ := s.Maker(7).Whole(name)
				other, _ := s.Maker(8).Whole(name)
				Expect(one.keys(s)).To(Equal(again.keys(s)))
				Expect(one.keys(s)).NotTo(ContainElements(other.keys(s)))
			}
		}
	})

	It("covers every channel, and both forms of ids", func() {
		s, err := Conversations()
		Expect(err).NotTo(HaveOccurred())
		trials, err := s.Maker(1).trials()
		Expect(err).NotTo(HaveOccurred())
		for _, t := range trials {
			switch t.ID {
			case "inbound-message/values:payload.message.channel", "conversation-created/values:payload.channel":
				Expect(t.variants).To(HaveLen(17))
			case "inbound-message-updated/values:payload.message.channel", "inbound-message-deleted/values:payload.message.channel":
				Expect(t.variants).To(HaveLen(3))
			case "conversation-created/ids":
				Expect(string(t.variants[0].event.JSON())).NotTo(MatchRegexp(`"[0-9A-Z]{32}"`))
				Expect(string(t.variants[1].event.JSON())).To(MatchRegexp(`"queue":{"id":"[0-9A-Z]{32}"}`))
			}
		}
	})

	It("is the same JSON however it is spelt", func() {
		for _, s := range sources() {
			event, err := s.Maker(1).Whole(s.Names()[0])
			Expect(err).NotTo(HaveOccurred())
			s.Maker(1).setTexts(&event, s.says, unicodeText)
			for _, escaped := range []bool{false, true} {
				spelt := spelt(event.JSON(), escaped)
				Expect(spelt).To(MatchJSON(event.JSON()))
				Expect(check.JSON(spelt)).To(BeEmpty())
				Expect(spelt).NotTo(Equal(event.JSON()))
			}
		}
	})
})

// shapeOf is what a body looks like, with a letter for the type of each value.
func shapeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "0"
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		var b strings.Builder
		b.WriteByte('{')
		for _, name := range sorted(names) {
			b.WriteString(name + shapeOf(v[name]))
		}
		return b.String() + "}"
	}
	return "."
}

var _ = DescribeTable("What a consumer has kept may be told", func(text string, want seen) {
	got, err := parseSeen([]byte(text))
	if want == nil {
		Expect(err).To(MatchError(ContainSubstring("a list of ids or an object with a count for each")))
		return
	}
	Expect(err).NotTo(HaveOccurred())
	Expect(got).To(Equal(want))
},
	Entry("as a list", `["a", "b", "a"]`, seen{"a": 2, "b": 1}),
	Entry("as an empty one", ` []`, seen{}),
	Entry("as counts", `{"a": 2}`, seen{"a": 2}),
	Entry("as no counts", `{}`, seen{}),
	Entry("but not as nothing", ``, nil),
	Entry("but not as null", `null`, nil),
	Entry("but not as a number", `3`, nil),
	Entry("but not as a list of objects", `[{"id": "a"}]`, nil),
	Entry("but not as halves", `{"a": 1.5}`, nil),
)

func FuzzParseSeen(f *testing.F) {
	for _, text := range []string{`["a"]`, `{"a": 1}`, `null`, `{"a": -1}`, "", "[", `{"a": 99999999999999999999}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parseSeen(text)
		if (err == nil) == (got == nil) {
			t.Errorf("either ids or an error: %v, %v", got, err)
		}
		if err == nil && !json.Valid(text) {
			t.Errorf("read what is no JSON: %q", text)
		}
	})
}

var _ = DescribeTable("A path", func(event, path string, known bool) {
	for _, s := range sources() {
		if _, ours := s.EventNamed(event); ours {
			Expect(s.Knows(event, path)).To(Equal(known))
		}
	}
},
	Entry("of the document is known", "new_conversation", "data.chat_user.name", true),
	Entry("of an optional field, too", "new_conversation", "data.chat_user.country_code", true),
	Entry("of an object, too", "new_conversation", "data.conversation", true),
	Entry("of the other event is not", "new_conversation", "data.last_message", false),
	Entry("within an object that the document describes is not", "new_conversation", "data.conversation.title", false),
	Entry("within a text is not", "new_conversation", "event.name", false),
	Entry("within what the document leaves open is", "INBOUND_MESSAGE", "payload.message.content.text", true),
	Entry("deep within it is", "INBOUND_MESSAGE", "payload.message.content.context.id", true),
	Entry("of nothing is not", "INBOUND_MESSAGE", "", false),
)

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
