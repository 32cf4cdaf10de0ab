package center_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/center"
)

func TestCenter(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mock/center")
}

// clock shows what it is set to.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func newCenter(o center.Options) *center.Center {
	if o.Clock == nil {
		o.Clock = &clock{start}
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	return center.New(o)
}

// everything is all that readers can see, and what provoked events say.
func everything(c *center.Center) string {
	GinkgoHelper()
	var told []string
	subscribe(c, "https://hook.example/1", center.Events...)
	c.Listen(func(e center.Event) {
		for _, hook := range c.Due(e) {
			told = append(told, hook.ID, string(hook.Body))
		}
	})
	for _, event := range center.Events {
		_, err := c.Provoke(event, "")
		Expect(err).NotTo(HaveOccurred())
	}
	all := center.Page{Limit: 999}
	conversations, _ := c.Conversations(center.Query{}, all)
	agents, _ := c.Agents(all)
	queues, _ := c.Queues(all)
	seen := []any{conversations, agents, queues, told}
	for _, one := range conversations {
		messages, _, err := c.Messages(one.ID, all)
		Expect(err).NotTo(HaveOccurred())
		customer, err := c.Customer(one.Customer)
		Expect(err).NotTo(HaveOccurred())
		seen = append(seen, messages, customer)
	}
	text, err := json.Marshal(seen)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

var _ = Describe("A contact centre", func() {
	It("is the same from the same seed and time, byte for byte, and another from another seed", func() {
		Expect(everything(newCenter(center.Options{Seed: 7}))).To(Equal(everything(newCenter(center.Options{Seed: 7}))))
		Expect(everything(newCenter(center.Options{Seed: 7}))).NotTo(Equal(everything(newCenter(center.Options{Seed: 8}))))
	})

	It("has customers on every channel by what that channel knows them by", func() {
		forms := map[center.Channel]string{
			center.SMS: phone, center.Viber: phone, center.WhatsApp: phone, center.RCS: phone, center.Calls: phone,
			center.FacebookMessenger: `^\d{16}$`, center.InstagramMessaging: `^\d{16}$`, center.FacebookPost: `^\d{15}$`,
			center.InstagramPost: `^[a-z0-9.-]+\d{3}$`, center.Email: `^[^@ ]+@[a-z0-9.-]+\.(example|com|org|net)$`,
			center.LiveChat: `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
			center.Line:     `^U[0-9a-f]{32}$`, center.Telegram: `^\d{10}$`, center.ViberBot: `^\w{22}==$`,
			center.AppleBusinessChat: `^urn:mbid:AQAAY\w{42}$`, center.KakaoSangdam: `^\w{12}$`, center.GooglePlay: `^gp:\w{24}$`,
		}
		Expect(forms).To(HaveLen(len(center.Channels)))
		c := newCenter(center.Options{Conversations: 17 * 20})
		conversations, total := c.Conversations(center.Query{}, center.Page{Limit: 999})
		Expect(conversations).To(HaveLen(total))
		values := map[string]bool{}
		for _, one := range conversations {
			customer, err := c.Customer(one.Customer)
			Expect(err).NotTo(HaveOccurred())
			Expect(customer.On(one.Channel)).To(MatchRegexp(forms[one.Channel]), string(one.Channel))
			values[fmt.Sprint(one.Channel, customer.On(one.Channel))] = true
		}
		Expect(values).To(HaveLen(total))
	})

	It("lets no message, status or time of its past lie in the future, or before the conversation", func() {
		c := newCenter(center.Options{Conversations: 500})
		conversations, _ := c.Conversations(center.Query{}, center.Page{Limit: 999})
		for _, one := range conversations {
			messages, _, err := c.Messages(one.ID, center.Page{Limit: 999})
			Expect(err).NotTo(HaveOccurred())
			Expect(one.Updated).To(BeNumerically(">=", one.Created))
			Expect(one.Updated.Time()).To(BeTemporally("<", start))
			Expect(one.Closed != 0).To(Equal(one.Status == center.Closed))
			slices.Reverse(messages)
			at := one.Created
			for _, m := range messages {
				Expect(m.Created).To(BeNumerically(">=", at))
				at = m.Created
			}
			Expect(one.Updated).To(BeNumerically(">=", at))
		}
	})

	It("is empty when it starts empty, but for its own people", func() {
		s := newCenter(center.Options{Empty: true}).Stats()
		Expect(s).To(And(HaveField("Conversations", 0), HaveField("Customers", 0), HaveField("Agents", 6), HaveField("Queues", 4)))
	})

	It("puts a message to the customer's conversation that is not closed, or else begins one", func() {
		c := newCenter(center.Options{Empty: true})
		first, _, err := c.Receive(center.Inbound{Channel: center.Telegram, From: "4242424242", Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		again, _, err := c.Receive(center.Inbound{Channel: center.Telegram, From: "4242424242", Content: center.Text("Hello?")})
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(Equal(first))
		closed := center.Closed
		_, err = c.Change(first, center.Changes{Status: &closed})
		Expect(err).NotTo(HaveOccurred())
		later, _, err := c.Receive(center.Inbound{Channel: center.Telegram, From: "4242424242", Content: center.Text("One more thing")})
		Expect(err).NotTo(HaveOccurred())
		Expect(later).NotTo(Equal(first))
		one, _ := c.Conversation(first)
		two, _ := c.Conversation(later)
		Expect(two.Customer).To(Equal(one.Customer))
	})

	It("never tells of an earlier time than before in one conversation, though its clock stands still", func() {
		shown := &clock{start}
		c := newCenter(center.Options{Clock: shown})
		id, _, err := c.Receive(center.Inbound{Channel: center.RCS, Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		shown.now = start.Add(time.Minute)
		_, err = c.Send(id, "", center.NewMessage{Content: center.Text("Hello")})
		Expect(err).NotTo(HaveOccurred())
		before, _ := c.Conversation(id)
		_, err = c.Assign(id, "")
		Expect(err).NotTo(HaveOccurred())
		after, _ := c.Conversation(id)
		Expect(after.Updated).To(BeNumerically(">=", before.Updated))
		Expect(after.Updated.String()).To(Equal("2025-03-14T12:01:00.000+00:00"))
	})

	It("can be used from anywhere at once", func() {
		c := newCenter(center.Options{})
		subscribe(c, "https://hook.example/1", center.Events...)
		told := 0
		c.Listen(func(e center.Event) { told += len(c.Due(e)) })
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for j := range 40 {
					_, err := c.Provoke(center.Events[(i+j)%len(center.Events)], "")
					if err != nil {
						panic(err)
					}
					found, _ := c.Conversations(center.Query{Channel: center.WhatsApp}, center.Page{Limit: 5})
					_, _, _ = c.Messages(found[0].ID, center.Page{Limit: 5})
					c.Stats()
				}
			})
		}
		all.Wait()
		Expect(told).To(BeNumerically(">=", 8*40))
	})
})

const phone = `^1\d{3}55501\d\d$`

var _ = Describe("The four ways that a live chat knows its customer", func() {
	It("have a value of their kind, and nothing where nobody is known", func() {
		c := newCenter(center.Options{Empty: true})
		kinds := map[center.AuthenticationType]*regexp.Regexp{
			center.ByEmail: regexp.MustCompile(`@`), center.ByPhone: regexp.MustCompile(phone),
			center.ByExternalID: regexp.MustCompile(`^customer-\d+$`), center.NotAuthenticated: regexp.MustCompile(`^$`),
		}
		for range 8 {
			id, _, err := c.Receive(center.Inbound{Channel: center.LiveChat, Content: center.Text("Hi")})
			Expect(err).NotTo(HaveOccurred())
			one, _ := c.Conversation(id)
			customer, _ := c.Customer(one.Customer)
			known := customer.Authentication
			Expect(kinds[known.Type].MatchString(known.Value)).To(BeTrue(), "%v", known)
			if known.Type == center.NotAuthenticated {
				Expect(known).To(Equal(center.Authentication{Type: known.Type}))
			} else {
				Expect(known.Person).To(And(BeNumerically(">=", 1), BeNumerically("<=", 2147483647)))
			}
		}
	})
})
