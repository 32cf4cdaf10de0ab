package assistloop_test

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/world"
	api "github.com/parley-contracts/parley/openapi/assistloop"
)

var _ = Describe("Get Current User", func() {
	It("names the token's account", func() {
		s := newSpec(world.Options{})
		me := read[api.User](s.call(s.owner, "get-me", "GET", "/oauth/me", ""))
		Expect(me.UUID).To(Equal(s.owner))
		Expect(me.Name).To(Equal(s.Desk.Owner().Name))
		Expect(me.Email.Get()).To(Equal(s.Desk.Owner().Email))
	})

	It("knows no account without a grant", func() {
		s := newSpec(world.Options{})
		Expect(s.call("", "get-me", "GET", "/oauth/me", "")).To(refused(http.StatusNotFound))
	})
})

var _ = Describe("The dropdowns", func() {
	It("list the caller's organizations and their agents, and no others", func() {
		s := newSpec(world.Options{})
		mine := read[[]api.Organization](s.call(s.owner, "list-organizations", "GET", "/my/organizations", ""))
		Expect(mine).To(HaveLen(2))
		other := s.Desk.AddAccount()
		theirs := read[[]api.Organization](s.call(other.ID, "list-organizations", "GET", "/my/organizations", ""))
		Expect(theirs).To(HaveExactElements(HaveField("OrganizationUUID", other.Organizations[0])))

		agents := read[[]api.Agent](s.call(s.owner, "list-agents", "GET", "/organizations/"+mine[0].ID+"/agents", ""))
		Expect(agents[0].AgentUUID).To(Equal(s.agent))
		Expect(s.call(s.owner, "list-agents", "GET", "/organizations/"+theirs[0].ID+"/agents", "")).To(refused(http.StatusNotFound))
	})
})

var _ = Describe("List Conversations", func() {
	It("answers 20, newest first, unless per_page says otherwise", func() {
		s := newSpec(world.Options{})
		Expect(read[[]api.Conversation](s.list(""))).To(HaveLen(20))
		Expect(read[[]api.Conversation](s.list("per_page=10"))).To(HaveLen(10))
		all := read[[]api.Conversation](s.list("per_page=100"))
		Expect(len(all)).To(BeNumerically(">", 25))
		for i := range all[1:] {
			Expect(*all[i].CreatedAt).To(BeTemporally(">", *all[i+1].CreatedAt))
		}
	})

	It("narrows by status, mode and time together", func() {
		s := newSpec(world.Options{})
		all := read[[]api.Conversation](s.list("per_page=100"))
		from, to := *all[25].CreatedAt, *all[2].CreatedAt
		query := url.Values{
			"status": {"0"}, "response_mode": {"ai"}, "per_page": {"100"},
			"created_from": {from.Format(time.RFC3339)}, "created_to": {to.In(time.FixedZone("", 5400)).Format(time.RFC3339Nano)},
		}
		found := read[[]api.Conversation](s.list(query.Encode()))
		Expect(found).NotTo(BeEmpty())
		var expected []api.Conversation
		for _, c := range all {
			if !c.Status && c.ResponseMode == api.ResponseModeAi && !c.CreatedAt.Before(from) && c.CreatedAt.Before(to) {
				expected = append(expected, c)
			}
		}
		Expect(found).To(Equal(expected))
	})

	It("takes a date for its first instant in UTC", func() {
		s := newSpec(world.Options{})
		all := read[[]api.Conversation](s.list("per_page=100"))
		date := all[10].CreatedAt.Format(time.DateOnly)
		since := read[[]api.Conversation](s.list("per_page=100&created_from=" + date))
		before := read[[]api.Conversation](s.list("per_page=100&created_to=" + date))
		Expect(append(since, before...)).To(Equal(all))
		Expect(since[len(since)-1].CreatedAt.Format(time.DateOnly)).To(Equal(date))
	})

	It("is empty when the window ends before it begins", func() {
		s := newSpec(world.Options{})
		Expect(read[[]api.Conversation](s.list("created_from=2030-01-01&created_to=2020-01-01"))).To(BeEmpty())
	})

	DescribeTable("refuses what is no date",
		func(text string) {
			s := newSpec(world.Options{})
			Expect(s.list("created_from=" + url.QueryEscape(text))).To(refused(http.StatusUnprocessableEntity))
			Expect(s.find(s.talk, "created_to="+url.QueryEscape(text))).To(refused(http.StatusUnprocessableEntity))
		},
		Entry(nil, ""), Entry(nil, "yesterday"), Entry(nil, "2025-02-30"), Entry(nil, "2025-01-01T10:00:00"),
		Entry(nil, "2025-01-01T10:00:00 02:00"), Entry(nil, "1741953600"),
	)
})

var _ = Describe("Get Recent Conversation Samples", func() {
	It("answers five new conversations unless it is asked otherwise", func() {
		s := newSpec(world.Options{})
		Expect(read[[]api.NewConversationEvent](s.sample(""))).To(And(HaveLen(5), HaveEach(
			HaveField("Event", api.NewConversationEventEventNewConversation))))
		handoffs := read[[]api.HumanHandoffEvent](s.sample("type=human_handoff_required&limit=10"))
		Expect(handoffs).To(HaveEach(And(
			HaveField("Event", api.HumanHandoffEventEventHumanHandoffRequired),
			HaveField("Data.Conversation.ResponseMode", api.ResponseModeHuman))))
		Expect(s.sample("type=human_handoff_required").body).NotTo(ContainSubstring("initial_message"))
	})

	It("has nothing to show for an agent nobody has talked to", func() {
		s := newSpec(world.Options{Desk: desk.Options{Empty: true}})
		Expect(read[[]any](s.sample(""))).To(BeEmpty())
	})
})

var _ = Describe("Reply to Conversation", func() {
	DescribeTable("keeps what is said, character for character",
		func(content string) {
			s := newSpec(world.Options{})
			sent := read[api.Replied](s.reply(s.talk, content))
			newest := read[[]api.Message](s.find(s.talk, ""))[0]
			Expect(newest.Content).To(Equal(content))
			Expect(newest.ID).To(Equal(sent.MessageID))
			Expect(newest.ResponderType.Get()).To(BeEquivalentTo("human_assistant"))
			Expect(newest.SenderName).To(Equal(s.Desk.Owner().Name))
		},
		Entry("a sentence", "We've created ticket #12345"),
		Entry("several lines, with space around", "  one\r\n\ttwo\n\n three \n"),
		Entry("any script", "Grüße, 日本語, עברית, 👩‍👩‍👧, \u2028 and \u0000"),
		Entry("what other formats would escape", `"<b>\u0041\n</b>" & 'so' on`),
		Entry("a long text", strings.Repeat("long ", 20_000)),
	)

	It("turns the conversation to human mode", func() {
		s := newSpec(world.Options{})
		ai := read[[]api.Conversation](s.list("response_mode=ai"))[0]
		Expect(read[api.Replied](s.reply(ai.ID, "Hello")).Status).To(Equal(api.RepliedStatusSent))
		Expect(read[[]api.Conversation](s.list("response_mode=human"))).To(ContainElement(HaveField("ID", ai.ID)))
		Expect(read[[]api.Conversation](s.list("response_mode=ai"))).NotTo(ContainElement(HaveField("ID", ai.ID)))
	})
})

var _ = Describe("Close Conversation", func() {
	It("closes it, and again without complaint", func() {
		s := newSpec(world.Options{})
		open := read[[]api.Conversation](s.list("status=1"))[0]
		for range 2 {
			Expect(read[api.Closed](s.close(open.ID))).To(Equal(api.Closed{
				Status: api.ClosedStatusConversationClosed, Platform: "make",
			}))
		}
		Expect(read[[]api.Conversation](s.list("status=0&per_page=100"))).To(ContainElement(HaveField("ID", open.ID)))
		Expect(read[[]api.Conversation](s.list("status=1&per_page=100"))).NotTo(ContainElement(HaveField("ID", open.ID)))
	})
})

var _ = Describe("What does not exist, or is somebody else's,", func() {
	It("is not found, in the words of the document", func() {
		s := newSpec(world.Options{})
		Expect(string(s.reply("00000000-0000-4000-8000-000000000000", "Hello").body)).To(MatchJSON(`{
			"error": "Conversation not found",
			"message": "The requested conversation could not be found or you don't have access to it."
		}`))
	})

	DescribeTable("is not found, whatever the id looks like",
		func(id string) {
			s := newSpec(world.Options{})
			path := url.PathEscape(id)
			for _, a := range []answer{
				s.call(s.owner, "list-agents", "GET", "/organizations/"+path+"/agents", ""),
				s.call(s.owner, "list-conversations", "GET", "/automation/agents/"+path+"/conversations/list", ""),
				s.call(s.owner, "recent-sample", "GET", "/automation/agents/"+path+"/conversations/recent-sample", ""),
				s.find(path, ""), s.reply(path, "Hello"), s.close(path), s.unsubscribe(id),
			} {
				Expect(a).To(refused(http.StatusNotFound))
			}
			Expect(s.subscribe("agent_uuid", id)).To(refused(http.StatusNotFound))
			Expect(s.subscribe("organization_uuid", id)).To(refused(http.StatusNotFound))
		},
		Entry("a UUID", "00000000-0000-4000-8000-000000000000"), Entry("a word", "conv_abc123xyz"),
		Entry("a path", "a/b"), Entry("other bytes", "\xff\x00"), Entry("a long one", strings.Repeat("x", 5000)),
	)

	It("is not found by another account", func() {
		s := newSpec(world.Options{})
		mine := s.owner
		s.owner = s.Desk.AddAccount().ID
		for _, a := range []answer{s.list(""), s.sample(""), s.find(s.talk, ""), s.reply(s.talk, "Hello"), s.close(s.talk), s.subscribe()} {
			Expect(a).To(refused(http.StatusNotFound))
		}
		s.owner = mine
		id := read[api.Subscribed](s.subscribe()).Data.ID
		s.owner = s.Desk.AddAccount().ID
		Expect(s.unsubscribe(id)).To(refused(http.StatusNotFound))
	})
})
