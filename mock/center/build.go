package center

import (
	"strings"

	"github.com/parley-contracts/parley/fixtures/fake"
)

// How many of each there are.
const (
	people = 4
	bots   = 2
)

// build fills a new centre: its own, and conversations from before.
func (c *Center) build(o Options) {
	shop := c.fake.Organization()
	opened := CenterOpened{Senders: make(map[Channel]string, len(Channels))}
	for _, channel := range Channels {
		opened.Senders[channel] = c.sender(channel, shop)
	}
	for range people {
		opened.Agents = append(opened.Agents, Agent{ID: c.either(), Name: c.fake.Staff(shop).Name, Active: true})
	}
	for i := range bots {
		opened.Agents = append(opened.Agents, Agent{ID: c.either(), Name: c.fake.Agent(i), Bot: true, Active: true})
	}
	opened.Agents[people-1].Active = false
	opened.Queues = c.openQueues(opened.Agents)
	opened.Forms = []Form{
		{ID: c.either(), Name: "Disposition", Fields: []Field{{"Reason for contact", true}, {"Outcome", true}, {"Remarks", false}}},
		{ID: c.either(), Name: "Return", Fields: []Field{{"Order", true}, {"Condition", false}}},
	}
	c.commit(c.now(), opened)
	if !o.Empty {
		n := o.Conversations
		if n <= 0 {
			n = DefaultConversations
		}
		c.fill(shop, n)
	}
	c.turns.form = 0 // whatever the world's size, the first that begins has a form
}

// openQueues makes the queues: what is written goes to people, live chats at once to a bot that welcomes, mails and calls
// to people again; posts and reviews wait until somebody takes them.
func (c *Center) openQueues(agents []Agent) []Queue {
	ids := make([]string, len(agents))
	for i, a := range agents {
		ids[i] = a.ID
	}
	return []Queue{
		{ID: c.either(), Name: "Messages", Agents: ids[:people], Channels: []Channel{
			SMS, Viber, FacebookMessenger, WhatsApp, RCS, AppleBusinessChat, Line, Telegram, ViberBot, InstagramMessaging, KakaoSangdam,
		}},
		{ID: c.either(), Name: "Live chat", AtOnce: true, Agents: ids[people : people+1], Channels: []Channel{LiveChat}},
		{ID: c.either(), Name: "Mail and calls", Agents: ids[1:people], Channels: []Channel{Email, Calls}},
		{ID: c.either(), Name: "Social media", Agents: []string{}, Channels: []Channel{FacebookPost, InstagramPost, GooglePlay}},
	}
}

// fill brings conversations from before, oldest first. Their kinds come in turn and not by chance, so that few are enough
// to have some of each: every channel in every status, with and without an assignee, topic, summary, form and queue, ids of
// both forms, and empty ones.
func (c *Center) fill(shop string, n int) {
	now := c.now() / second * second
	gap := max(min(365*24*hour/Instant(n), 3*hour), second)
	var lines []fake.Line
	for i := range n {
		channel, round := Channels[i%len(Channels)], i/len(Channels)
		customer := c.newcomer(channel)
		created := now - Instant(n-i)*gap - Instant(c.fake.IntN(int(gap/2)))
		of := Conversation{
			ID: c.uuid(), Channel: channel, Direction: Inward, Status: Statuses[(i%len(Channels)+round+1)%len(Statuses)],
			Customer: customer.ID, Form: c.formInTurn(), Created: created, Updated: created,
			Details: Details{Priority: Priorities[i%len(Priorities)], Queue: c.queueFor(channel)},
		}
		if i%3 == 1 && !channel.Social() { // an edited message names its conversation by a UUID
			of.ID = c.legacy()
		}
		if i%4 > 0 {
			of.Assignee = c.agents.all[i%len(c.agents.all)].ID
		}
		if i%5 == 3 {
			of.Queue = ""
		}
		cast := c.fake.Cast(fake.Person{First: customer.First, Name: customer.Name()}, "", fake.Person{First: "Alex", Name: "Alex"}, shop)
		if i%2 == 1 {
			topic := cast.Product
			of.Topic = &topic
		}
		if of.Status == Solved || of.Status == Closed && i%2 == 0 {
			summary := "About order " + cast.Order + "; settled."
			of.Summary = &summary
		}
		if i%11 == 5 {
			of.Direction = Outward // made by the API, and empty
		} else {
			lines = c.fake.Transcript(lines[:0], cast, 2+c.fake.IntN(7), true)
			c.record(&of, customer, lines, now-second)
		}
		if of.Status == Closed {
			of.Closed = of.Updated
		}
		c.commit(now, ConversationRecorded{of})
	}
}

// record writes lines into a conversation, none later than the latest.
func (c *Center) record(of *Conversation, customer Customer, lines []fake.Line, latest Instant) {
	at := of.Created
	for i, line := range lines {
		if line.Speaker == fake.Platform {
			continue // a note of the other contract's
		}
		at = min(at+Instant(line.After.Milliseconds())+Instant(c.fake.IntN(1000)), latest)
		if i == 0 {
			at = of.Created
		}
		n := NewMessage{Direction: Outward, Content: Text(line.Text)}
		if line.Speaker == fake.Guest {
			n.Direction = Inward
		}
		if line.File != fake.NoFile && of.Channel != SMS && of.Channel != Calls {
			n.Content.Kind, n.Content.URL = "IMAGE", "https://files.conversations.example/"+c.uuid()+"/photo.jpg"
		}
		of.Messages = append(of.Messages, c.message(at, of.Channel, customer, n))
		of.Updated = at
	}
}

// words is what a customer writes first.
func (c *Center) words() string {
	cast := c.fake.Cast(fake.Person{}, "", fake.Person{}, "our shop")
	return strings.TrimSpace(c.fake.Transcript(nil, cast, 1, false)[0].Text)
}
