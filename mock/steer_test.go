package mock_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
)

// steer posts to the driver or the control API.
func steer(url, token string, body object) (int, object) {
	GinkgoHelper()
	text, err := json.Marshal(body)
	Expect(err).NotTo(HaveOccurred())
	r, err := http.NewRequest("POST", url, bytes.NewReader(text))
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	var value object
	if len(answer) > 0 {
		Expect(json.Unmarshal(answer, &value)).To(Succeed(), string(answer))
	}
	return response.StatusCode, value
}

var _ = Describe("Steering the mock, over HTTP", func() {
	It("provokes what the API then shows", func() {
		c := start(mock.Options{})
		status, answer := steer(c.Driver+"/provoke", "", object{
			"event": "new_conversation", "organization_uuid": c.Organization, "agent_uuid": c.Agent,
		})
		Expect(status).To(Equal(http.StatusOK), "%v", answer)
		Expect(c.list("")[0]).To(HaveKeyWithValue("uuid", answer["conversation_uuid"]))
	})

	It("issues a token with just the scopes that are asked for, and one that has expired", func() {
		c := start(mock.Options{})
		_, issued := steer(c.Driver+"/issue-token", "", object{"scopes": []string{"read:messages"}})
		c.token = issued["access_token"].(string)
		c.get("/oauth/me")
		status, _, _ := c.call("GET", "/automation/agents/x/conversations/list", nil)
		Expect(status).To(Equal(http.StatusForbidden))
		_, issued = steer(c.Driver+"/issue-token", "", object{"scopes": []string{}, "expired": true})
		c.token = issued["access_token"].(string)
		status, _, _ = c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusUnauthorized))
	})

	It("moves the clock, and with it the rate window", func() {
		c := start(mock.Options{RateLimit: "general=1/1m"})
		c.get("/oauth/me")
		status, _, _ := c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusTooManyRequests))
		status, answer := steer(c.Driver+"/advance-clock", "", object{"seconds": 60})
		Expect(status).To(Equal(http.StatusOK), "%v", answer)
		c.get("/oauth/me")
	})

	It("asks for its token when it has one", func() {
		c := start(mock.Options{ControlToken: "open sesame"})
		status, _ := steer(c.Driver+"/advance-clock", "", object{"seconds": 1})
		Expect(status).To(Equal(http.StatusUnauthorized))
		status, _ = steer(c.Driver+"/advance-clock", "open sesame", object{"seconds": 1})
		Expect(status).To(Equal(http.StatusOK))
		c.get("/oauth/me")
	})

	It("makes worlds that never meet, however many use them at once", func() {
		c := start(mock.Options{})
		var all sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "d"} {
			all.Go(func() {
				defer GinkgoRecover()
				status, world := steer(c.Origin+"/_parley/worlds", "", object{"name": name, "seed": 5, "conversations": 12, "rate_limit": "off"})
				Expect(status).To(Equal(http.StatusCreated), "%v", world)
				server := *c.Server
				mine := client{Server: &server, token: world["token"].(string)}
				mine.BaseURL = world["base_url"].(string)
				mine.Agent, mine.Conversation = world["agent_uuid"].(string), world["conversation_uuid"].(string)
				before := len(mine.find("?per_page=100"))
				for range 20 {
					status, _, _ := mine.call("POST", "/automation/conversations/"+mine.Conversation+"/reply", object{"content": "from " + name})
					Expect(status).To(Equal(http.StatusOK))
				}
				after := mine.find("?per_page=100")
				Expect(after).To(HaveLen(before + 20))
				for _, message := range after[:20] {
					Expect(message).To(HaveKeyWithValue("content", "from "+name))
				}
			})
		}
		all.Wait()
		Expect(c.World().Journal.Requests(-1)).To(BeEmpty(), "nothing of it was asked of the default world")
	})
})
