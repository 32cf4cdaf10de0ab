package desk_test

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/desk"
)

var _ = Describe("A reply", func() {
	It("is a person's message in the account's name, the newest, and puts the conversation into human mode", func() {
		s := newScene(desk.Options{})
		ai := s.list(s.owner, s.agent, desk.Query{Mode: desk.AI, Status: desk.Open})[0].ID
		before := s.find(ai)
		id, err := s.Reply(s.owner, ai, "Let me look\tinto that.\n\"Überraschung\" 🎉\u0000")
		Expect(err).NotTo(HaveOccurred())

		after := s.find(ai)
		Expect(after[1:]).To(Equal(before))
		Expect(after[0].ID).To(Equal(id))
		Expect(after[0].Content).To(Equal("Let me look\tinto that.\n\"Überraschung\" 🎉\u0000"))
		Expect(after[0].Type).To(Equal("agent"))
		Expect(after[0].Responder).To(HaveValue(Equal("human_assistant")))
		Expect(after[0].Sender).To(Equal(s.Owner().Name))
		Expect(after[0].Created).To(Equal(start))
		c := s.one(ai)
		Expect(c.Mode).To(Equal("human"))
		Expect(c.Status).To(BeTrue())
		Expect(c.Seen).To(BeFalse())
		Expect(c.Updated).To(Equal(start))
	})

	It("comes after the one before even when the clock stands still", func() {
		s := newScene(desk.Options{})
		for range 5 {
			_, err := s.Reply(s.owner, s.newest, "again")
			Expect(err).NotTo(HaveOccurred())
		}
		messages := s.find(s.newest)
		for i := range 5 {
			Expect(messages[i].Created).To(BeTemporally(">", messages[i+1].Created))
		}
	})

	It("to a closed conversation is taken, and leaves it closed", func() {
		s := newScene(desk.Options{})
		closed := s.list(s.owner, s.agent, desk.Query{Status: desk.Closed})[0].ID
		_, err := s.Reply(s.owner, closed, "One more thing")
		Expect(err).NotTo(HaveOccurred())
		Expect(s.one(closed).Status).To(BeFalse())
		Expect(s.find(closed)[0].Content).To(Equal("One more thing"))
	})

	It("requires no hand-over", func() {
		s := newScene(desk.Options{})
		events := listen(s)
		_, err := s.Reply(s.owner, s.newest, "Hello")
		Expect(err).NotTo(HaveOccurred())
		Expect(*events).To(HaveExactElements(BeAssignableToTypeOf(desk.MessageAdded{})))
	})

	It("changes no other conversation", func() {
		s := newScene(desk.Options{})
		before := s.list(s.owner, s.agent, desk.Query{})
		_, err := s.Reply(s.owner, before[3].ID, "Hello")
		Expect(err).NotTo(HaveOccurred())
		after := s.list(s.owner, s.agent, desk.Query{})
		after[3] = before[3]
		Expect(after).To(Equal(before))
	})
})

var _ = Describe("Closing", func() {
	It("moves a conversation from the open ones to the closed ones", func() {
		s := newScene(desk.Options{})
		open := s.list(s.owner, s.agent, desk.Query{Status: desk.Open})
		messages := s.find(open[0].ID)
		Expect(s.Close(s.owner, open[0].ID)).To(Succeed())
		Expect(s.list(s.owner, s.agent, desk.Query{Status: desk.Open})).To(Equal(open[1:]))
		Expect(ids(s.list(s.owner, s.agent, desk.Query{Status: desk.Closed}))).To(ContainElement(open[0].ID))
		Expect(s.find(open[0].ID)).To(Equal(messages), "the platform's note is not among the messages")
		Expect(s.one(open[0].ID).Updated).To(Equal(start))
	})

	It("a second time is no error and no change", func() {
		s := newScene(desk.Options{})
		Expect(s.Close(s.owner, s.newest)).To(Succeed())
		events, before := listen(s), s.one(s.newest)
		s.clock.now = start.Add(time.Hour)
		Expect(s.Close(s.owner, s.newest)).To(Succeed())
		Expect(*events).To(BeEmpty())
		Expect(s.one(s.newest)).To(Equal(before))
	})
})

var _ = Describe("Provoking", func() {
	It("a new conversation has a guest start one", func() {
		s := newScene(desk.Options{})
		events := listen(s)
		id, err := s.Provoke(desk.NewConversation, s.organization, s.agent)
		Expect(err).NotTo(HaveOccurred())
		c := s.list(s.owner, s.agent, desk.Query{})[0]
		Expect(c.ID).To(Equal(id))
		Expect(c.Status).To(BeTrue())
		Expect(c.Mode).To(Equal("ai"))
		Expect(c.Created).To(Equal(start))
		Expect(s.find(id)).To(HaveExactElements(HaveField("Type", "guest")))
		Expect(*events).To(HaveExactElements(BeAssignableToTypeOf(desk.ConversationStarted{})))
	})

	It("a hand-over has a guest ask for a person, and nobody has answered yet", func() {
		s := newScene(desk.Options{})
		events := listen(s)
		id, err := s.Provoke(desk.HumanHandoffRequired, s.organization, s.agent)
		Expect(err).NotTo(HaveOccurred())
		Expect(s.one(id).Mode).To(Equal("human"))
		Expect(s.find(id)[0].Type).To(Equal("guest"))
		Expect((*events)[0]).To(BeAssignableToTypeOf(desk.ConversationStarted{}))
		Expect((*events)[len(*events)-1]).To(BeAssignableToTypeOf(desk.HandoffRequired{}))
	})

	It("refuses what does not exist or does not go together", func() {
		s := newScene(desk.Options{})
		other := s.Owner().Organizations[1]
		_, err := s.Provoke("conversation_deleted", s.organization, s.agent)
		Expect(err).To(MatchError(desk.ErrInvalid))
		_, err = s.Provoke(desk.NewConversation, "", s.agent)
		Expect(err).To(MatchError(desk.ErrNotFound))
		_, err = s.Provoke(desk.NewConversation, s.organization, "")
		Expect(err).To(MatchError(desk.ErrNotFound))
		_, err = s.Provoke(desk.NewConversation, other, s.agent)
		Expect(err).To(MatchError(desk.ErrInvalid))
	})
})

var _ = Describe("A subscription", func() {
	subscribe := func(s *scene, event, agent string) desk.Subscription {
		GinkgoHelper()
		sub, err := s.Subscribe(desk.Subscription{
			Account: s.owner, Organization: s.organization, Agent: agent, Event: event, TargetURL: "https://hook.example/1",
		})
		Expect(err).NotTo(HaveOccurred())
		return sub
	}

	It("hears of its event of its agent, and of nothing else, until it ends", func() {
		s := newScene(desk.Options{})
		other := s.agents(s.owner, s.organization)[1].ID
		sub := subscribe(s, desk.NewConversation, s.agent)
		subscribe(s, desk.NewConversation, other)
		var due []desk.Webhook
		s.Listen(func(e desk.Event) {
			if w, to := s.Due(e); len(to) > 0 && to[0].ID == sub.ID {
				due = append(due, w)
			}
		})
		first := provoke(s, desk.NewConversation, s.agent)
		provoke(s, desk.NewConversation, other)
		_, err := s.Reply(s.owner, s.newest, "Hello")
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Unsubscribe(s.owner, sub.ID)).To(Succeed())
		provoke(s, desk.NewConversation, s.agent)
		Expect(due).To(HaveExactElements(HaveField("Conversation", first)))
	})

	It("has a secret of its own, even when it asks for the same again", func() {
		s := newScene(desk.Options{})
		a, b := subscribe(s, desk.NewConversation, s.agent), subscribe(s, desk.NewConversation, s.agent)
		Expect(a.ID).NotTo(Equal(b.ID))
		Expect(a.Secret).NotTo(Equal(b.Secret))
		Expect(a.Secret).To(HavePrefix("whsec_"))
		Expect(s.Unsubscribe(s.owner, a.ID)).To(Succeed())
		Expect(s.Unsubscribe(s.owner, a.ID)).To(MatchError(desk.ErrNotFound))
		Expect(s.Stats().Subscriptions).To(Equal(1))
	})

	It("can only be ended by the account that made it", func() {
		s := newScene(desk.Options{})
		sub := subscribe(s, desk.NewConversation, s.agent)
		Expect(s.Unsubscribe(s.AddAccount().ID, sub.ID)).To(MatchError(desk.ErrNotFound))
	})

	It("refuses an agent of another organization and an unknown event", func() {
		s := newScene(desk.Options{})
		_, err := s.Subscribe(desk.Subscription{
			Account: s.owner, Organization: s.Owner().Organizations[1], Agent: s.agent, Event: desk.NewConversation,
		})
		Expect(err).To(MatchError(desk.ErrInvalid))
		_, err = s.Subscribe(desk.Subscription{Account: s.owner, Organization: s.organization, Agent: s.agent, Event: "all"})
		Expect(err).To(MatchError(desk.ErrInvalid))
	})

	DescribeTable("gets the body that a sample shows later",
		func(event string) {
			s := newScene(desk.Options{})
			subscribe(s, event, s.agent)
			var due desk.Webhook
			s.Listen(func(e desk.Event) {
				if w, to := s.Due(e); len(to) > 0 {
					due = w
				}
			})
			id := provoke(s, event, s.agent)
			var delivered webhook
			Expect(json.Unmarshal(due.Body, &delivered)).To(Succeed())
			Expect(delivered.Event).To(Equal(event))
			Expect(delivered.ID).To(Equal(due.ID))
			Expect(delivered.Data.Conversation.UUID).To(Equal(id))
			sample := read[webhook](s.AppendSamples(nil, s.owner, s.agent, event, 1))[0]
			delivered.Timestamp = sample.Timestamp // the hand-over comes just after the guest's message
			Expect(delivered).To(Equal(sample))
		},
		Entry(nil, desk.NewConversation),
		Entry(nil, desk.HumanHandoffRequired),
	)
})

var _ = Describe("Events", func() {
	It("are numbered and told in order, after the change can be seen, whoever makes them", func() {
		s := newScene(desk.Options{})
		var mu sync.Mutex
		var numbers []uint64
		s.Listen(func(e desk.Event) {
			mu.Lock()
			defer mu.Unlock()
			numbers = append(numbers, e.Number)
			if c, ok := e.Change.(desk.MessageAdded); ok {
				text, err := s.AppendMessages(nil, s.owner, c.Conversation, desk.Always, 1)
				Expect(err).NotTo(HaveOccurred())
				Expect(string(text)).To(ContainSubstring(c.Message.Content))
			}
		})
		var everybody sync.WaitGroup
		for i := range 8 {
			everybody.Go(func() {
				defer GinkgoRecover()
				for range 20 {
					_, err := s.Reply(s.owner, s.newest, strings.Repeat("x", i+1))
					Expect(err).NotTo(HaveOccurred())
					provoke(s, desk.NewConversation, s.agent)
					s.list(s.owner, s.agent, desk.Query{Limit: 10})
					s.find(s.newest)
				}
			})
		}
		everybody.Wait()
		Expect(numbers).To(HaveLen(8 * 20 * 2))
		for i, n := range numbers {
			Expect(n).To(Equal(numbers[0] + uint64(i)))
		}
	})
})

func provoke(s *scene, event, agent string) string {
	GinkgoHelper()
	id, err := s.Provoke(event, s.organization, agent)
	Expect(err).NotTo(HaveOccurred())
	return id
}

func listen(s *scene) *[]desk.Change {
	var changes []desk.Change
	s.Listen(func(e desk.Event) { changes = append(changes, e.Change) })
	return &changes
}

func ids(list []conversation) (out []string) {
	for _, c := range list {
		out = append(out, c.ID)
	}
	return out
}
