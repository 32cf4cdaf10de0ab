package gate_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
)

// The gate judges by rules of its own, made from the contract's tables. The strict checker reads the contract itself. They
// have to agree on every value of every parameter and property, but for 1.0 and 1e1: the checker takes them for the integers
// that JSON Schema says they are, which no server does in a query.
var _ = Describe("The gate and the strict checker", func() {
	json1 := http.Header{"Content-Type": {"application/json"}}

	for _, op := range assistloop.Operations() {
		if !op.Secured {
			continue // OAuth has rules of its own
		}
		path, ids := op.Path, map[string]string{}
		for _, p := range op.Params {
			if p.In == "path" {
				path, ids[p.Name] = strings.Replace(path, "{"+p.Name+"}", "x", 1), "x"
			}
		}
		agree := func(h *house, query url.Values, body string) {
			GinkgoHelper()
			w := h.ask(op.Method, "/v1"+path+"?"+query.Encode(), body)
			violations := contract().Request(op.ID, check.Request{Method: op.Method, Path: ids, Query: query, Header: json1}, []byte(body))
			Expect(w.Code == http.StatusOK).To(Equal(len(violations) == 0),
				"%s ?%s %s: the gate answers %d, the checker finds %v", op.ID, query.Encode(), body, w.Code, violations)
		}

		for _, p := range op.Params {
			if p.In != "query" {
				continue
			}
			It("agree on the parameter "+p.Name+" of "+op.ID, func() {
				h := open()
				h.world().Limits.Set(limit.Rules{})
				for _, value := range []string{
					"", "0", "1", "2", "5", "9", "10", "11", "100", "101", "-1", "+10", "010", "x", " 10", "ai", "AI", "human", "new_conversation",
					"human_handoff_required", "2024-11-12", "2024-02-30", "2024-11-12T10:30:00Z", "2024-11-12T10:30:00.5+01:00",
					"2024-11-12T10:30:00", "2024-11-12 10:30:00Z", "2024-11-12T25:00:00Z", "2024-11-12T10:30:00+0100", "2024-11-12T10:30:00,5Z", "20241112",
				} {
					agree(h, url.Values{p.Name: {value}}, example(op))
				}
				agree(h, url.Values{}, example(op))
			})
		}

		for _, p := range op.Body {
			It("agree on the property "+p.Name+" of "+op.ID, func() {
				h := open()
				h.world().Limits.Set(limit.Rules{})
				for _, value := range []any{
					nil, true, 1, 1.5, []any{}, object{}, "", " ", "x", "make", "Make", "new_conversation", "human_handoff_required", "https://hook.example/x",
					"https://hook.example:8443", "http://127.0.0.1/x", "HTTPS://hook.example/x", "https://", "https:///x", "ftp://hook.example", "hook.example/x", "https://a b/",
					"https://[::1]/x", "https://h/%zz", "https://h/\u20ac",
					strings.Repeat("\u20ac", 255), strings.Repeat("\u20ac", 256), strings.Repeat("\U0001F600", 255),
				} {
					body := object{}
					Expect(json.Unmarshal([]byte(example(op)), &body)).To(Succeed())
					body[p.Name] = value
					text, err := json.Marshal(body)
					Expect(err).NotTo(HaveOccurred())
					agree(h, nil, string(text))
					delete(body, p.Name)
					text, err = json.Marshal(body)
					Expect(err).NotTo(HaveOccurred())
					agree(h, nil, string(text))
				}
			})
		}

		if len(op.Body) > 0 {
			It("agree on the form of the body of "+op.ID, func() {
				h := open()
				h.world().Limits.Set(limit.Rules{})
				for _, body := range []string{example(op), " " + example(op) + "\n", example(op) + "x", example(op) + example(op), "{", "[]", "null", "1", `""`,
					"{\"x\":\"\xff\"}", "\ufeff" + example(op)} {
					agree(h, nil, body)
				}
			})
		}
	}
})

var contract = sync.OnceValue(func() *check.Contract {
	c, err := assistloop.Load()
	Expect(err).NotTo(HaveOccurred())
	return c
})

type object = map[string]any

// example is a good body of an operation; empty for one that takes none.
func example(op openapi.Operation) string {
	switch op.ID {
	case "subscribe":
		return `{"organization_uuid":"o","agent_uuid":"a","target_url":"https://hook.example/x","event":"new_conversation","platform":"make","external_id":null}`
	case "close-conversation":
		return `{"platform":"make"}`
	case "reply-to-conversation":
		return hello
	}
	return ""
}
