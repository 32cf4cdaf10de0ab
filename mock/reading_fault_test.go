package mock_test

import (
	"io"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
)

// Readings word an answer and faults alter it: who does both to one answer has to see both.
var _ = Describe("A fault, where readings word the answers", func() {
	reworded := mock.Options{Readings: []string{"content-type=charset", "validation=400", "success=created"}}
	reply := func(c *client, fault string) (*http.Response, string, error) {
		GinkgoHelper()
		r, err := http.NewRequest("POST", c.BaseURL+"/automation/conversations/"+c.Conversation+"/reply", strings.NewReader(`{"content":"hello"}`))
		Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Authorization", "Bearer "+c.Token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Parley-Fault", fault)
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			return nil, "", err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return response, string(body), err
	}
	replies := func(c *client) (n int) {
		for _, m := range c.get("/automation/conversations/" + c.Conversation + "/messages/find").([]any) {
			if m.(object)["content"] == "hello" {
				n++
			}
		}
		return n
	}

	It("cuts short what they have worded", func() {
		response, body, err := reply(start(reworded), "body=truncated")
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(response.StatusCode).To(Equal(http.StatusCreated))
		Expect(response.Header.Get("Content-Type")).To(Equal("application/json; charset=utf-8"))
		Expect(body).To(HavePrefix(`{"`))
	})
	It("empties it", func() {
		response, body, err := reply(start(reworded), "body=empty")
		Expect(err).NotTo(HaveOccurred())
		Expect(response.StatusCode).To(Equal(http.StatusCreated))
		Expect(body).To(BeEmpty())
		Expect(response.ContentLength).To(BeZero())
	})
	It("slows it down", func() {
		response, body, err := reply(start(reworded), "slow_body=20ms")
		Expect(err).NotTo(HaveOccurred())
		Expect(response.ContentLength).To(BeEquivalentTo(len(body)))
		Expect(body).To(ContainSubstring(`"status":"sent"`))
	})
	It("drops the connection after the request took effect", func() {
		c := start(mock.Options{Readings: []string{"success=created"}})
		_, _, err := reply(c, "drop=after")
		Expect(err).To(HaveOccurred())
		Expect(replies(c)).To(Equal(1))
	})
	It("answers with an error as they word it", func() {
		response, body, err := reply(start(reworded), "status=422")
		Expect(err).NotTo(HaveOccurred())
		Expect(response.StatusCode).To(Equal(http.StatusBadRequest))
		Expect(response.Header.Get("Content-Type")).To(Equal("application/json; charset=utf-8"))
		Expect(body).To(ContainSubstring(`"message"`))
	})
})
