package desk_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/desk"
)

var _ = Describe("A world", func() {
	DescribeTable("is the same, byte for byte, for the same seed and time",
		func(seed uint64) {
			Expect(dump(newScene(desk.Options{Seed: seed}))).To(Equal(dump(newScene(desk.Options{Seed: seed}))))
			Expect(dump(newScene(desk.Options{Seed: seed}))).NotTo(Equal(dump(newScene(desk.Options{Seed: seed + 1}))))
		},
		Entry("0", uint64(0)), Entry("1", uint64(1)), Entry("the largest", ^uint64(0)),
	)

	It("stays the same as long as the same things happen to it", func() {
		happen := func() string {
			s := newScene(desk.Options{Seed: 5})
			s.AddAccount()
			_, err := s.Provoke(desk.HumanHandoffRequired, s.organization, s.agent)
			Expect(err).NotTo(HaveOccurred())
			_, err = s.Reply(s.owner, s.newest, "Hello")
			Expect(err).NotTo(HaveOccurred())
			return dump(s)
		}
		Expect(happen()).To(Equal(happen()))
	})

	It("gives the owner two organizations with two or three agents each", func() {
		s := newScene(desk.Options{})
		organizations := read[named](s.AppendOrganizations(nil, s.owner), nil)
		Expect(organizations).To(HaveLen(2))
		for _, o := range organizations {
			Expect(o.ID).To(Equal(o.Organization))
			Expect(len(s.agents(s.owner, o.ID))).To(BeElementOf(2, 3))
		}
	})

	It("gives every id the form of a random UUID, and none twice", func() {
		s, seen := newScene(desk.Options{Seed: 2}), map[string]bool{}
		note := func(id string) {
			Expect(id).To(MatchRegexp(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`))
			Expect(seen).NotTo(HaveKey(id))
			seen[id] = true
		}
		note(s.owner)
		for _, o := range read[named](s.AppendOrganizations(nil, s.owner), nil) {
			note(o.ID)
			for _, a := range s.agents(s.owner, o.ID) {
				note(a.ID)
				for _, c := range s.list(s.owner, a.ID, desk.Query{}) {
					Expect(c.ID).To(Equal(c.UUID))
					note(c.ID)
					for _, m := range s.find(c.ID) {
						note(m.UUID)
						Expect(m.ID).To(MatchRegexp(`^msg_[0-9a-f]{16}$`))
						Expect(seen).NotTo(HaveKey(m.ID))
						seen[m.ID] = true
					}
				}
			}
		}
	})

	DescribeTable("has what an integration has to cope with, in the conversations of its first agent",
		func(seed uint64) {
			s := newScene(desk.Options{Seed: seed})
			list := s.list(s.owner, s.agent, desk.Query{})
			Expect(len(list)).To(BeNumerically(">", 25))

			kinds, days, anonymous, longest, files, rated := map[string]int{}, map[string]bool{}, 0, 0, 0, 0
			for _, c := range list {
				kinds[fmt.Sprint(c.Mode, c.Status)]++
				days[c.Created.Format(time.DateOnly)] = true
				if c.Guest.Name == nil {
					Expect(c.Guest.Email).To(BeNil())
					anonymous++
				}
				messages := s.find(c.ID)
				longest = max(longest, len(messages))
				for _, m := range messages {
					files += len(m.Attachments)
					if m.Feedback != nil {
						rated++
					}
				}
			}
			Expect(kinds).To(HaveLen(4), "both modes in both states")
			Expect(kinds).To(HaveEach(BeNumerically(">=", 3)))
			Expect(len(days)).To(BeNumerically(">", 10))
			Expect(anonymous).To(BeNumerically(">", 1))
			Expect(longest).To(BeNumerically(">", 20))
			Expect([]int{files, rated}).To(HaveEach(BeNumerically(">", 0)))
		},
		Entry("with seed 0", uint64(0)), Entry("with seed 1", uint64(1)), Entry("with seed 4711", uint64(4711)),
	)

	It("ends its past before now: no conversation changes later than it began, and none in the future", func() {
		s := newScene(desk.Options{Conversations: 3000})
		for _, c := range s.list(s.owner, s.agent, desk.Query{Limit: 3000}) {
			Expect(c.Created).To(BeTemporally("<=", c.Updated))
			Expect(c.Updated).To(BeTemporally("<", start))
			messages := s.find(c.ID)
			Expect(messages[len(messages)-1].Created).To(Equal(c.Created))
		}
	})

	It("has a person answer in human mode, and only then", func() {
		s := newScene(desk.Options{})
		for _, c := range s.list(s.owner, s.agent, desk.Query{}) {
			person := false
			for _, m := range s.find(c.ID) {
				Expect(m.Type == "guest").To(Equal(m.Responder == nil))
				person = person || m.Responder != nil && *m.Responder == "human_assistant"
			}
			Expect(person).To(Equal(c.Mode == "human"), c.ID)
		}
	})

	DescribeTable("has as many conversations and messages as it is asked for",
		func(conversations, messages int) {
			s := newScene(desk.Options{Conversations: conversations, Messages: messages})
			stats := s.Stats()
			Expect(stats.Conversations).To(Equal(conversations))
			Expect(stats.Messages).To(Equal(max(messages, conversations)))
		},
		Entry("one of each", 1, 1), Entry("more conversations than messages", 20, 3),
		Entry("one long conversation", 1, 5000), Entry("many", 700, 9000),
	)

	It("starts empty when it is asked to, with somebody to talk to", func() {
		s := newScene(desk.Options{Empty: true})
		Expect(s.newest).To(BeEmpty())
		Expect(s.list(s.owner, s.agent, desk.Query{})).To(BeEmpty())
		for _, o := range s.AddAccount().Organizations {
			Expect(o).NotTo(BeEmpty())
		}
		Expect(s.Stats().Conversations).To(BeZero())
		_, err := s.Provoke(desk.NewConversation, s.organization, s.agent)
		Expect(err).NotTo(HaveOccurred())
		Expect(s.list(s.owner, s.agent, desk.Query{})).To(HaveLen(1))
	})
})

var _ = Describe("An account that is added", func() {
	It("has an organization, an agent and conversations of its own", func() {
		s := newScene(desk.Options{})
		a := s.AddAccount()
		got, ok := s.Account(a.ID)
		Expect(ok).To(BeTrue())
		Expect(got).To(Equal(a))
		Expect(a.Organizations).To(HaveLen(1))
		agents := s.agents(a.ID, a.Organizations[0])
		Expect(agents).To(HaveLen(1))
		Expect(s.list(a.ID, agents[0].ID, desk.Query{})).NotTo(BeEmpty())
	})

	It("sees nothing of the owner's, nor the owner anything of its", func() {
		s := newScene(desk.Options{})
		a := s.AddAccount()
		agent := s.agents(a.ID, a.Organizations[0])[0].ID
		talk := s.list(a.ID, agent, desk.Query{})[0].ID
		expectClosedTo(s, s.owner, a.Organizations[0], agent, talk)
		expectClosedTo(s, a.ID, s.organization, s.agent, s.newest)
		expectClosedTo(s, "nobody", s.organization, s.agent, s.newest)
	})
})

// expectClosedTo expects that an account finds none of somebody else's things, and cannot change them.
func expectClosedTo(s *scene, account, organization, agent, talk string) {
	GinkgoHelper()
	before := dump(s)
	_, err := s.AppendAgents(nil, account, organization)
	Expect(err).To(MatchError(desk.ErrNotFound))
	_, err = s.AppendConversations(nil, account, agent, desk.Query{Window: desk.Always, Limit: 10})
	Expect(err).To(MatchError(desk.ErrNotFound))
	_, err = s.AppendSamples(nil, account, agent, desk.NewConversation, 5)
	Expect(err).To(MatchError(desk.ErrNotFound))
	_, err = s.AppendMessages(nil, account, talk, desk.Always, 10)
	Expect(err).To(MatchError(desk.ErrNotFound))
	_, err = s.Reply(account, talk, "Hello")
	Expect(err).To(MatchError(desk.ErrNotFound))
	Expect(s.Close(account, talk)).To(MatchError(desk.ErrNotFound))
	_, err = s.Subscribe(desk.Subscription{Account: account, Organization: organization, Agent: agent, Event: desk.NewConversation})
	Expect(err).To(MatchError(desk.ErrNotFound))
	Expect(dump(s)).To(Equal(before))
}

// dump is all that the owner sees.
func dump(s *scene) string {
	GinkgoHelper()
	out := s.AppendOrganizations(nil, s.owner)
	for _, o := range s.Owner().Organizations {
		agents, err := s.AppendAgents(nil, s.owner, o)
		Expect(err).NotTo(HaveOccurred())
		out = append(out, agents...)
		for _, a := range s.agents(s.owner, o) {
			out, err = s.AppendConversations(out, s.owner, a.ID, desk.Query{Window: desk.Always, Limit: 100})
			Expect(err).NotTo(HaveOccurred())
			out, err = s.AppendSamples(out, s.owner, a.ID, desk.HumanHandoffRequired, 10)
			Expect(err).NotTo(HaveOccurred())
			for _, c := range s.list(s.owner, a.ID, desk.Query{}) {
				out, err = s.AppendMessages(out, s.owner, c.ID, desk.Always, 100)
				Expect(err).NotTo(HaveOccurred())
			}
		}
	}
	return string(out)
}
