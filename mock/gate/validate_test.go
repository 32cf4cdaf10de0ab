package gate_test

import (
	"io"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/limit"
)

var _ = Describe("Validation", func() {
	var h *house
	BeforeEach(func() {
		h = open()
		h.world().Limits.Set(limit.Rules{})
	})

	DescribeTable("passes a query with", func(query string) {
		Expect(h.ask("GET", list+query, "").Code).To(Equal(http.StatusOK))
	},
		Entry("nothing", ""),
		Entry("an empty query", "?"),
		Entry("every filter", "?status=1&response_mode=human&created_from=2024-11-12T10:30:00Z&created_to=2024-11-13&per_page=100"),
		Entry("an offset and a fraction", "?created_from=2024-11-12T10:30:00.123456%2B05:30"),
		Entry("the least of a page", "?per_page=10"),
		Entry("escaped text", "?response%5Fmode=%61i"),
		Entry("what no document knows", "?page=2&sort=x&sort=y"),
	)

	DescribeTable("refuses a query with", func(query string, status int, message string) {
		w := h.ask("GET", list+query, "")
		Expect(w.Code).To(Equal(status))
		Expect(refusal(w)).To(ContainSubstring(message))
	},
		Entry("a status in words", "?status=open", 422, "status has to be a whole number"),
		Entry("a status beyond 0 and 1", "?status=2", 422, "status has to be one of: 0, 1"),
		Entry("an empty status", "?status=", 422, "status has to be a whole number"),
		Entry("a name without a value", "?status", 422, "status has to be a whole number"),
		Entry("an unknown mode", "?response_mode=robot", 422, "response_mode has to be one of: ai, human"),
		Entry("a page too small", "?per_page=9", 422, "per_page has to be from 10 to 100"),
		Entry("a page too big", "?per_page=101", 422, "per_page has to be from 10 to 100"),
		Entry("a page beyond all numbers", "?per_page=99999999999999999999", 422, "per_page has to be a whole number"),
		Entry("a page of a fraction", "?per_page=20.5", 422, "per_page has to be a whole number"),
		Entry("a date that is none", "?created_from=yesterday", 422, "created_from has to be an instant"),
		Entry("a day that no calendar has", "?created_to=2024-02-31", 422, "created_to has to be an instant"),
		Entry("a parameter twice", "?per_page=20&per_page=20", 400, "per_page may be given once"),
		Entry("a broken escape", "?status=%zz", 400, "not URL-encoded"),
	)

	DescribeTable("refuses a body that is", func(body, contentType string, status int, message string) {
		w := h.ask("POST", reply, body, "Content-Type", contentType)
		Expect(w.Code).To(Equal(status))
		Expect(refusal(w)).To(ContainSubstring(message))
	},
		Entry("missing", "", "application/json", 400, "body is missing"),
		Entry("no JSON", "{", "application/json", 400, "not JSON"),
		Entry("followed by more", hello+"x", "application/json", 400, "not JSON"),
		Entry("an array", "[]", "application/json", 400, "has to be a JSON object"),
		Entry("null", "null", "application/json", 400, "has to be a JSON object"),
		Entry("a string", `"content"`, "application/json", 400, "has to be a JSON object"),
		Entry("not UTF-8", "{\"content\":\"\xff\"}", "application/json", 400, "not UTF-8"),
		Entry("a form", "content=hello", "application/x-www-form-urlencoded", 400, "application/json"),
		Entry("of an unreadable type", hello, ";;", 400, "application/json"),
		Entry("longer than 1 MiB", `{"content":"`+strings.Repeat("x", 1<<20)+`"}`, "application/json", 413, "longer than 1 MiB"),
		Entry("without what is required", "{}", "application/json", 400, "content is missing"),
		Entry("with null for it", `{"content":null}`, "application/json", 422, "content must not be null"),
		Entry("with a number for it", `{"content":1}`, "application/json", 422, "content has to be a string"),
		Entry("with an object for it", `{"content":{}}`, "application/json", 422, "content has to be a string"),
		Entry("with nothing in it", `{"content":""}`, "application/json", 422, "content must not be empty"),
		Entry("with another name for it", `{"Content":"x"}`, "application/json", 400, "content is missing"),
	)

	DescribeTable("passes a body", func(body, contentType string) {
		h.handle = func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }
		w := h.ask("POST", reply, body, "Content-Type", contentType)
		Expect(w.Code).To(Equal(http.StatusOK))
		Expect(w.Body.String()).To(Equal(body))
	},
		Entry("as documented", hello, "application/json"),
		Entry("with a charset", hello, "application/json; charset=utf-8"),
		Entry("that does not say what it is", hello, ""),
		Entry("with more than the contract knows", `{"content":"hello","x":[1,2]}`, "application/json"),
		Entry("of any script, over many lines", "{\"content\":\"\\ud83d\\ude00\\n\u0645\u0631\u062d\u0628\u0627 \u2028\"}", "application/json"),
		Entry("that is long", `{"content":"`+strings.Repeat("\u20ac", 100_000)+`"}`, "application/json"),
	)

	subscription := func(changes ...string) string {
		fields := map[string]string{
			"organization_uuid": `"o"`, "agent_uuid": `"a"`, "target_url": `"https://hook.example/x"`,
			"event": `"new_conversation"`, "platform": `"make"`,
		}
		for i := 0; i < len(changes); i += 2 {
			fields[changes[i]] = changes[i+1]
		}
		var entries []string
		for name, value := range fields {
			if value != "" {
				entries = append(entries, `"`+name+`":`+value)
			}
		}
		return "{" + strings.Join(entries, ",") + "}"
	}

	DescribeTable("passes a subscription", func(changes ...string) {
		Expect(h.ask("POST", hook, subscription(changes...)).Code).To(Equal(http.StatusOK))
	},
		Entry("as documented"),
		Entry("with an external id of 255 characters of any script", "external_id", `"`+strings.Repeat("\u20ac", 255)+`"`),
		Entry("with null for an external id", "external_id", "null"),
	)

	DescribeTable("refuses a subscription with", func(status int, message string, changes ...string) {
		w := h.ask("POST", hook, subscription(changes...))
		Expect(w.Code).To(Equal(status))
		Expect(refusal(w)).To(ContainSubstring(message))
	},
		Entry("no organization", 400, "organization_uuid is missing", "organization_uuid", ""),
		Entry("no agent", 400, "agent_uuid is missing", "agent_uuid", ""),
		Entry("no target", 400, "target_url is missing", "target_url", ""),
		Entry("no event", 400, "event is missing", "event", ""),
		Entry("no platform", 400, "platform is missing", "platform", ""),
		Entry("null for a platform", 422, "platform must not be null", "platform", "null"),
		Entry("another platform", 422, "platform has to be one of: make", "platform", `"zapier"`),
		Entry("an unknown event", 422, "event has to be one of: new_conversation, human_handoff_required", "event", `"closed"`),
		Entry("a target that is no URL", 422, "target_url has to", "target_url", `"hook"`),
		Entry("a target of another scheme", 422, "target_url has to", "target_url", `"ftp://hook.example/x"`),
		Entry("a target without a host", 422, "target_url has to", "target_url", `"https:///x"`),
		Entry("an external id of 256 characters", 422, "external_id may have at most 255 characters", "external_id", `"`+strings.Repeat("\u20ac", 256)+`"`),
		Entry("a number for an external id", 422, "external_id has to be a string", "external_id", "7"),
	)
})
