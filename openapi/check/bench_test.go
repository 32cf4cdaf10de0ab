package check_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
)

func load(b *testing.B) *check.Contract {
	c, err := check.Load(openapi.AssistLoop())
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func example(b *testing.B, name string) []byte {
	body, err := examples.Read(name)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkEvent judges a delivery of about a kilobyte: good, and with two faults.
func BenchmarkEvent(b *testing.B) {
	c := load(b)
	good := example(b, "event.new_conversation")
	bad := []byte(strings.NewReplacer(`"ai"`, `"robot"`, `true`, `1`).Replace(string(good)))
	for name, body := range map[string][]byte{"good": good, "bad": bad} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if (len(c.Event("new_conversation", nil, body)) == 0) != (name == "good") {
					b.Fatal("wrong verdict")
				}
			}
		})
	}
}

// BenchmarkConversations judges each of the events of Conversations, with what they should be beside what they must.
func BenchmarkConversations(b *testing.B) {
	c, err := conversations.Load()
	if err != nil {
		b.Fatal(err)
	}
	c = c.With(check.Options{Should: true})
	for _, event := range c.Events() {
		body := example(b, "event."+event)
		b.Run(event, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if found := c.Event(event, nil, body); len(found) > 0 {
					b.Fatal(found)
				}
			}
		})
	}
}

// BenchmarkList judges an answer of a hundred conversations, and of twenty samples under their discriminator.
func BenchmarkList(b *testing.B) {
	c := load(b)
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for operation, n := range map[string]int{"list-conversations": 100, "recent-sample": 10, "find-messages": 50} {
		items := strings.TrimSpace(string(example(b, operation)))
		items = strings.TrimSuffix(strings.TrimPrefix(items, "["), "]")
		body := []byte("[" + strings.Repeat(items+",", n-1) + items + "]")
		b.Run(fmt.Sprintf("%s=%d", operation, n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if found := c.Response(operation, 200, header, body); len(found) > 0 {
					b.Fatal(found)
				}
			}
		})
	}
}

// BenchmarkKin is the same event by kin-openapi's validator, with what it takes to have bodies and formats judged.
func BenchmarkKin(b *testing.B) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.AssistLoop())
	if err != nil {
		b.Fatal(err)
	}
	schema := doc.Components.Schemas["NewConversationEvent"].Value
	body := example(b, "event.new_conversation")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			b.Fatal(err)
		}
		if err := schema.VisitJSON(v, openapi3.MultiErrors(), kinFormats()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad is what a program pays once.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load(b)
	}
}
