package desk_test

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/desk"
)

var _ = Describe("A list of conversations", func() {
	// After changes of all kinds, so that the rows have been moved about in.
	lively := func() *scene {
		s := newScene(desk.Options{Seed: 3, Conversations: 300})
		for i, c := range s.list(s.owner, s.agent, desk.Query{}) {
			if i%3 == 0 {
				Expect(s.Close(s.owner, c.ID)).To(Succeed())
			}
			if i%5 == 0 {
				_, err := s.Reply(s.owner, c.ID, "Hello")
				Expect(err).NotTo(HaveOccurred())
			}
			if i%7 == 0 {
				provoke(s, desk.HumanHandoffRequired, s.agent)
			}
		}
		return s
	}

	It("is newest first, and those of one instant stay in the order in which they came", func() {
		s := lively()
		list := s.list(s.owner, s.agent, desk.Query{})
		for i := range list[1:] {
			Expect(list[i].Created).To(BeTemporally(">=", list[i+1].Created))
		}
		first := provoke(s, desk.NewConversation, s.agent)
		second := provoke(s, desk.NewConversation, s.agent)
		Expect(ids(s.list(s.owner, s.agent, desk.Query{Limit: 2}))).To(Equal([]string{second, first}))
	})

	It("holds what all its conditions together hold for, for every combination", func() {
		s := lively()
		all := s.list(s.owner, s.agent, desk.Query{})
		windows := []desk.Window{
			desk.Always,
			{From: desk.InstantOf(all[80].Created), To: desk.Always.To},
			{From: desk.Always.From, To: desk.InstantOf(all[20].Created)},
			{From: desk.InstantOf(all[90].Created), To: desk.InstantOf(all[10].Created)},
			{From: desk.InstantOf(all[10].Created), To: desk.InstantOf(all[90].Created)},
		}
		for _, status := range []desk.Status{desk.AnyStatus, desk.Closed, desk.Open} {
			for _, mode := range []desk.Mode{desk.AnyMode, desk.AI, desk.Human} {
				for _, w := range windows {
					for _, limit := range []int{1, 10, 1000} {
						q := desk.Query{Status: status, Mode: mode, Window: w, Limit: limit}
						Expect(s.list(s.owner, s.agent, q)).To(Equal(filtered(all, q)), "%+v", q)
					}
				}
			}
		}
	})

	It("is appended to what is there", func() {
		s := newScene(desk.Options{Empty: true})
		text, err := s.AppendConversations([]byte("x="), s.owner, s.agent, desk.Query{Window: desk.Always, Limit: 10})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).To(Equal("x=[]"))
	})
})

var _ = Describe("A conversation's messages", func() {
	It("are newest first, at most as many as asked for", func() {
		s := newScene(desk.Options{Conversations: 1, Messages: 100})
		all := s.find(s.newest)
		Expect(len(all)).To(BeNumerically(">", 90))
		for i := range all[1:] {
			Expect(all[i].Created).To(BeTemporally(">", all[i+1].Created))
		}
		Expect(read[message](s.AppendMessages(nil, s.owner, s.newest, desk.Always, 10))).To(Equal(all[:10]))
	})

	It("can be narrowed to a window", func() {
		s := newScene(desk.Options{Conversations: 1, Messages: 100})
		all := s.find(s.newest)
		w := desk.Window{From: desk.InstantOf(all[30].Created), To: desk.InstantOf(all[12].Created)}
		Expect(read[message](s.AppendMessages(nil, s.owner, s.newest, w, 100))).To(Equal(all[13:31]))
		w.From, w.To = w.To, w.From
		Expect(read[message](s.AppendMessages(nil, s.owner, s.newest, w, 100))).To(BeEmpty())
	})

	It("leave the platform's entries out", func() {
		s := newScene(desk.Options{})
		kept, shown := s.Stats().Messages, 0
		for _, c := range s.list(s.owner, s.agent, desk.Query{}) {
			for _, m := range s.find(c.ID) {
				Expect(m.Type).To(BeElementOf("guest", "agent"))
				shown++
			}
		}
		Expect(shown).To(BeNumerically("<", kept))
	})
})

var _ = Describe("Samples", func() {
	It("of new conversations are the newest ones with their first message", func() {
		s := newScene(desk.Options{})
		list := s.list(s.owner, s.agent, desk.Query{Limit: 10})
		samples := read[webhook](s.AppendSamples(nil, s.owner, s.agent, desk.NewConversation, 10))
		Expect(samples).To(HaveLen(10))
		for i, sample := range samples {
			Expect(sample.Event).To(Equal(desk.NewConversation))
			Expect(sample.Data.Conversation.UUID).To(Equal(list[i].ID))
			Expect(sample.Data.Agent.UUID).To(Equal(s.agent))
			Expect(sample.Data.Organization.UUID).To(Equal(s.organization))
			Expect(sample.Data.LastMessage).To(BeNil())
			messages := s.find(list[i].ID)
			Expect(sample.Data.InitialMessage.UUID).To(Equal(messages[len(messages)-1].ID))
		}
	})

	It("of hand-overs are the newest conversations in human mode, with what the guest asked", func() {
		s := newScene(desk.Options{})
		list := s.list(s.owner, s.agent, desk.Query{Mode: desk.Human, Limit: 5})
		samples := read[webhook](s.AppendSamples(nil, s.owner, s.agent, desk.HumanHandoffRequired, 5))
		for i, sample := range samples {
			Expect(sample.Data.Conversation.UUID).To(Equal(list[i].ID))
			Expect(sample.Data.Conversation.Mode).To(Equal("human"))
			Expect(sample.Data.InitialMessage).To(BeNil())
			Expect(sample.Data.LastMessage.Type).To(Equal("guest"))
			Expect(sample.Data.LastMessage.Content).To(MatchRegexp("human|person"))
		}
	})

	It("of a conversation that a reply took over have the guest's last message", func() {
		s := newScene(desk.Options{})
		id := provoke(s, desk.NewConversation, s.agent)
		_, err := s.Reply(s.owner, id, "Hello")
		Expect(err).NotTo(HaveOccurred())
		sample := read[webhook](s.AppendSamples(nil, s.owner, s.agent, desk.HumanHandoffRequired, 1))[0]
		Expect(sample.Data.Conversation.UUID).To(Equal(id))
		Expect(sample.Data.LastMessage.UUID).To(Equal(s.find(id)[1].ID))
	})
})

// filtered is what a query asks for, the slow way.
func filtered(all []conversation, q desk.Query) []conversation {
	out := []conversation{}
	for _, c := range all {
		at := desk.InstantOf(c.Created)
		switch {
		case q.Status == desk.Open && !c.Status, q.Status == desk.Closed && c.Status,
			q.Mode == desk.AI && c.Mode != "ai", q.Mode == desk.Human && c.Mode != "human",
			at < q.Window.From, at >= q.Window.To, len(out) == q.Limit:
		default:
			out = append(out, c)
		}
	}
	return out
}

// FuzzContent holds the encoder against encoding/json: what is said is found again, whatever it is.
func FuzzContent(f *testing.F) {
	for _, seed := range []string{"", "Hello", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "Überraschung 🎉 日本語", "\u2028\ufffd", "\xff\xed\xa0\x80", "<script>"} {
		f.Add(seed)
	}
	d := desk.New(desk.Options{Clock: noon{}, Conversations: 1})
	_, _, talk := d.Example()
	f.Fuzz(func(t *testing.T, content string) {
		if _, err := d.Reply(d.Owner().ID, talk, content); err != nil {
			t.Fatal(err)
		}
		text, err := d.AppendMessages(nil, d.Owner().ID, talk, desk.Always, 1)
		if err != nil {
			t.Fatal(err)
		}
		var found []struct {
			Content string
			Created time.Time `json:"created_at"`
		}
		if err := json.Unmarshal(text, &found); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if utf8.ValidString(content) && found[0].Content != content {
			t.Errorf("expected %q, found %q", content, found[0].Content)
		}
	})
}
