package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
)

// chats is a small document that keeps to the contract in what it tells of; all other endpoints are missing from it.
const chats = `# Chats

Base URL: https://api.assistloop.ai/v1

## Get Workspaces

Endpoint: GET /my/organizations

` + "```" + `
curl https://api.assistloop.ai/v1/my/organizations \
  -H "Authorization: Bearer TOKEN"
` + "```" + `

### Response

` + "```json" + `
[{"organization_uuid": "o", "id": "o", "name": "Acme"}]
` + "```" + `

## Reply to Conversation

Endpoint: POST /automation/conversations/{conversationUuid}/reply

### Request Parameters

| Parameter | Type | Required | Description |
|---|---|---|---|
| content | string | Yes | What to say. |

` + "```" + `
curl -X POST https://api.assistloop.ai/v1/automation/conversations/7d1/reply \
  -H "Authorization: Bearer TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"content": "Hello"}'
` + "```" + `

### Response

` + "```json" + `
{"status": "sent", "message_id": "m"}
` + "```" + `
`

var _ = Describe("parley docs", func() {
	file := func(text string) string {
		name := filepath.Join(GinkgoT().TempDir(), "chats.md")
		Expect(os.WriteFile(name, []byte(text), 0o600)).To(Succeed())
		return name
	}
	run := func(stdin string, args ...string) (status int, stdout, stderr string) {
		var out, errs bytes.Buffer
		status = Run(context.Background(), append([]string{"docs"}, args...), strings.NewReader(stdin), &out, &errs)
		return status, out.String(), errs.String()
	}

	Describe("the exit status", func() {
		It("is 1 for a document that lacks what the contract has, or has it otherwise", func() {
			status, stdout, _ := run("", "assistloop", file(strings.Replace(chats, "| content | string |", "| content | integer |", 1)))
			Expect(status).To(Equal(1))
			Expect(stdout).To(And(
				ContainSubstring("DRIFT type-drift reply-to-conversation body content"), ContainSubstring("| content | integer | Yes |"),
				ContainSubstring("^^^^^^^"), ContainSubstring("endpoint-missing"), ContainSubstring("the document does not agree with the contract"),
			))
		})
		It("is 2 for one of another product", func() {
			status, stdout, _ := run("# Pets\n\nAll about cats.\n", "assistloop", "-")
			Expect(status).To(Equal(2))
			Expect(stdout).To(ContainSubstring("nothing in the document is of this contract"))
		})
		DescribeTable("is 2, with one line, for what cannot be read", func(want string, args ...string) {
			status, _, stderr := run("", args...)
			Expect(status).To(Equal(2))
			Expect(stderr).To(And(ContainSubstring(want), HaveSuffix("\n")))
			Expect(strings.Count(stderr, "\n")).To(Equal(1))
		},
			Entry("no such file", "no such file", "assistloop", "/nowhere/at-all.md"),
			Entry("a folder", "is a folder", "assistloop", os.TempDir()),
			Entry("no such contract", "unknown contract", "asistloop", "-"),
			Entry("nothing", "came 1 arguments", "assistloop"),
			Entry("an empty one", "empty", "assistloop", "-"),
			Entry("another scheme", "expected an http or https URL", "assistloop", "ftp://example.com/x.md"),
			Entry("nobody there", "refused", "assistloop", "http://127.0.0.1:1/x.md"),
			Entry("an unknown model", "--show", "assistloop", "-", "--show", "modle"),
			Entry("a driver for nothing", "--target", "assistloop", "-", "--driver", "http://127.0.0.1:1"),
		)
	})

	It("reads from the web, within limits", func() {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/chats.md":
				_, _ = w.Write([]byte(chats))
			case "/huge.md":
				for range 70 << 4 {
					if _, err := w.Write(bytes.Repeat([]byte(strings.Repeat("word ", 100)+"\n"), 128)); err != nil {
						return
					}
				}
			default:
				http.NotFound(w, r)
			}
		}))
		DeferCleanup(server.Close)
		status, stdout, _ := run("", "assistloop", server.URL+"/chats.md")
		Expect(status).To(Equal(1))
		Expect(stdout).To(ContainSubstring(server.URL + "/chats.md"))
		status, _, stderr := run("", "assistloop", server.URL+"/other.md")
		Expect(status).To(Equal(2))
		Expect(stderr).To(ContainSubstring("404 Not Found"))
		status, _, stderr = run("", "assistloop", server.URL+"/huge.md")
		Expect(status).To(Equal(2))
		Expect(stderr).To(ContainSubstring("MiB"))
	})

	It("writes its reports in every case", func() {
		folder := GinkgoT().TempDir()
		var args []string
		for _, format := range []string{"sarif", "json", "markdown", "junit"} {
			args = append(args, "--report", format+"="+filepath.Join(folder, format))
		}
		for _, name := range []string{file(chats), "/nowhere/at-all.md"} {
			_, _, _ = run("", append([]string{"assistloop", name}, args...)...)
			for _, format := range []string{"sarif", "json", "markdown", "junit"} {
				text, err := os.ReadFile(filepath.Join(folder, format))
				Expect(err).NotTo(HaveOccurred())
				Expect(string(text)).To(ContainSubstring(filepath.Base(name)))
				Expect(os.Remove(filepath.Join(folder, format))).To(Succeed())
			}
		}
	})

	It("shows what was read", func() {
		status, stdout, _ := run(chats, "assistloop", "-", "--show", "model")
		Expect(status).To(Equal(0))
		Expect(stdout).To(And(ContainSubstring("endpoint  POST /automation/conversations/{conversationUuid}/reply"), ContainSubstring("table")))
	})

	It("lists what no requirement holds, and decides nothing by it", func() {
		status, stdout, _ := run(chats+"\nA reply must never be longer than 900 characters.\n", "assistloop", "-", "--coverage")
		Expect(status).To(Equal(1))
		Expect(stdout).To(And(ContainSubstring("coverage: "), MatchRegexp(`line \d+: \S+ 900 characters?: no requirement holds it`)))
	})

	Describe("with --target", func() {
		live := func(text string, more ...string) string {
			GinkgoHelper()
			p, _ := mockWith(mock.Options{})
			args := append([]string{"assistloop", "-", "--target", p.URL, "--token", p.Token}, more...)
			_, stdout, stderr := run(text, args...)
			Expect(stderr).To(BeEmpty())
			return stdout
		}
		It("runs the document's own commands, and finds nothing where the target answers as the examples show", func() {
			Expect(live(chats)).NotTo(ContainSubstring("live-"))
		})
		DescribeTable("finds", func(old, new, want string) {
			Expect(live(strings.Replace(chats, old, new, 1))).To(ContainSubstring(want))
		},
			Entry("a field of another kind", `"name": "Acme"`, `"name": 7`, "live-retyped list-organizations field name"),
			Entry("a field that does not come", `"name": "Acme"`, `"name": "Acme", "size": 7`, "live-missing list-organizations field size"),
			Entry("a field that the example does not show", `"id": "o", `, ``, "live-added list-organizations field id"),
			Entry("a command that is refused", `{"content": "Hello"}`, `{"text": "Hello"}`, "live-refused reply-to-conversation"),
		)
		It("ends with one line where the token is not good", func() {
			p, _ := mockWith(mock.Options{})
			status, _, stderr := run(chats, "assistloop", "-", "--target", p.URL, "--token", "no-such-token")
			Expect(status).To(Equal(2), stderr)
			Expect(strings.Count(stderr, "\n")).To(Equal(1))
		})
	})

	DescribeTable("finds no error in the published document, and knows its contradictions", func(contract, name string) {
		folder := os.Getenv("PARLEY_DOCUMENTS")
		if folder == "" {
			Skip("the published documents are not at hand: set PARLEY_DOCUMENTS to their folder")
		}
		status, stdout, _ := run("", contract, filepath.Join(folder, name), "--coverage")
		Expect(status).To(Equal(0), stdout)
		Expect(stdout).To(And(ContainSubstring("settled by"), Not(ContainSubstring("no requirement holds it")), Not(ContainSubstring("fact-unstated"))))
	},
		Entry(nil, "assistloop", "assistloop-make.txt"),
		Entry(nil, "conversations", "infobip-conversations.txt"),
	)
})
