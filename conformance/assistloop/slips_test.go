package assistloop

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// rewritten is a target that stores another text than it was sent.
func rewritten(change func(string) string) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var sent map[string]any
			body, _ := io.ReadAll(r.Body)
			if text, ok := "", false; strings.HasSuffix(r.URL.Path, "/reply") && json.Unmarshal(body, &sent) == nil {
				if text, ok = sent["content"].(string); ok {
					sent["content"] = change(text)
					body, _ = json.Marshal(sent)
				}
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
		})
	}
}

var _ = Describe("what servers make of a text", func() {
	replaced := func(pattern, by string) func(string) string {
		expression := regexp.MustCompile(pattern)
		return func(text string) string { return expression.ReplaceAllString(text, by) }
	}
	cut := func(most int) func(string) string {
		return func(text string) string { return text[:min(most, len(text))] }
	}
	DescribeTable("is noticed", func(change func(string) string, requirement string) {
		reply := func(id string) bool { return strings.HasPrefix(id, "reply-to-conversation/") }
		report := against(stranger.Plain(), rewritten(change), reply)
		Expect(outcome(report, conformance.Fail)).To(ConsistOf("reply-to-conversation/"+requirement), said(report))
	},
		Entry("blanks collapsed", replaced(` +`, " "), "verbatim"),
		Entry("empty lines dropped", replaced(`\n\n+`, "\n"), "verbatim"),
		Entry("line breaks of another system", replaced(`\n`, "\r\n"), "verbatim"),
		Entry("tabs as blanks", replaced(`\t`, " "), "verbatim"),
		Entry("tags stripped", replaced(`<[^>]*>`, ""), "verbatim"),
		Entry("entities decoded", replaced(`&amp;`, "&"), "verbatim"),
		Entry("Markdown rendered", replaced(`\*(\w+)\*`, "<em>$1</em>"), "verbatim"),
		Entry("addresses made links", replaced(`https?://\S+`, "<a>$0</a>"), "verbatim"),
		Entry("e-mail addresses masked", replaced(`\S+@\S+`, "[email protected]"), "verbatim"),
		Entry("pluses as blanks", replaced(`\+`, " "), "verbatim"),
		Entry("percent signs decoded", replaced(`%C3%A9`, "é"), "verbatim"),
		Entry("quotes made typographic", replaced(`"`, "”"), "verbatim"),
		Entry("backslashes dropped", replaced(`\\`, ""), "verbatim"),
		Entry("templates filled in", replaced(`\{\{.*?\}\}`, ""), "verbatim"),
		Entry("smileys replaced", replaced(`:\)`, "🙂"), "verbatim"),
		Entry("letters composed", replaced("e\u0301", "é"), "verbatim"),
		Entry("joiners dropped", replaced("\u200d", ""), "verbatim"),
		Entry("characters beyond the first plane lost", replaced(`[\x{10000}-\x{10FFFF}]`, "?"), "verbatim"),
		Entry("a thousand bytes kept", cut(1000), "long"),
		Entry("five thousand kept", cut(5000), "long"),
	)
})

// broken answers 500 where one parameter has one value.
func broken(path, name, value string) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, path) && r.URL.Query().Get(name) == value {
				http.Error(w, `{"error":"Internal error","message":"Division by zero."}`, http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

var _ = DescribeTable("a server that one number breaks is noticed", func(path, name, value, requirement string) {
	report := against(stranger.Plain(), broken(path, name, value), func(id string) bool { return id == requirement })
	Expect(outcome(report, conformance.Fail)).To(ConsistOf(requirement), said(report))
},
	Entry(nil, "/conversations/list", "per_page", "0", "list-conversations/per-page-below"),
	Entry(nil, "/conversations/list", "per_page", "-1", "list-conversations/per-page-below"),
	Entry(nil, "/messages/find", "per_page", "0", "find-messages/per-page-below"),
	Entry(nil, "/messages/find", "per_page", "-1", "find-messages/per-page-below"),
	Entry(nil, "/messages/find", "per_page", "101", "find-messages/per-page-above"),
	Entry(nil, "/recent-sample", "limit", "0", "recent-sample/limit-bad"),
	Entry(nil, "/recent-sample", "limit", "-1", "recent-sample/limit-bad"),
	Entry(nil, "/recent-sample", "limit", "11", "recent-sample/limit-above"),
)
