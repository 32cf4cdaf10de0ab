package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// printer prints what arrives, for people.
type printer struct {
	out           io.Writer
	colour        bool
	quiet, bodies bool

	mu sync.Mutex
}

// arrival is a delivery that was answered.
type arrival struct {
	*conformance.Delivery
	number             int
	signature, trouble string
	took               time.Duration
	forwarded          bool
}

func newPrinter(out io.Writer, quiet, bodies bool) *printer {
	return &printer{out: out, colour: colourful(out), quiet: quiet, bodies: bodies}
}

func (p *printer) paint(style, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// opened says where to deliver to. It is printed also when all else is silent: nobody could find the URL otherwise.
func (p *printer) opened(url string, r *receiver.Receiver, f *listenFlags) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "listening at %s\n", url)
	switch {
	case p.quiet:
	case f.receiver.CA != "":
		fmt.Fprintf(p.out, "senders have to trust the authority in %s\n", f.receiver.CA)
	case r.Authority() != nil:
		fmt.Fprintf(p.out, "its certificate comes from an authority in memory: keep one that senders can trust with --receiver-ca FILE\n")
	case f.receiver.URL != "" && f.receiver.Cert == "":
		fmt.Fprintf(p.out, "without TLS at %s, which the tunnel has to lead to\n", r.Addr())
	}
}

// delivery prints a line about a delivery, and one for each requirement that it broke.
func (p *printer) delivery(a arrival, broken []conformance.Broken) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	event, id := p.subject(a.Body)
	fmt.Fprintf(&b, "%s #%d %s", a.At.Format(time.TimeOnly), a.number, p.paint("1", event))
	if id != "" {
		fmt.Fprintf(&b, " %s", id)
	}
	fmt.Fprintf(&b, ", %d bytes", len(a.Body))
	switch a.signature {
	case "":
	case "signature verifies":
		fmt.Fprintf(&b, ", %s", a.signature)
	default:
		fmt.Fprintf(&b, ", %s", p.paint("31", a.signature))
	}
	fmt.Fprintf(&b, ", answered %d", a.Answered)
	if a.forwarded {
		fmt.Fprintf(&b, " by --forward after %v", a.took.Round(time.Millisecond))
	}
	b.WriteByte('\n')
	if a.trouble != "" {
		fmt.Fprintf(&b, "  %s %s\n", p.paint("33", "TROUBLE"), printable(a.trouble))
	}
	for _, v := range broken {
		style := "31"
		if v.Level != "MUST" {
			style = "33"
		}
		fmt.Fprintf(&b, "  %s %s expected %s, seen %s\n", p.paint(style, v.Level), v.ID, printable(v.Expected), printable(v.Seen))
	}
	if p.bodies {
		fmt.Fprintf(&b, "  %s\n", printable(string(a.Body)))
	}
	_, _ = io.WriteString(p.out, b.String())
}

func (p *printer) handshake(h receiver.Handshake) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.quiet {
		fmt.Fprintf(p.out, "%s %s a connection failed before TLS was agreed upon: %s\n", h.Time.Format(time.TimeOnly), p.paint("33", "TROUBLE"), printable(h.Error))
	}
}

// subject names the event of a body, and an id that it bears, by what may be shown of it.
func (p *printer) subject(body []byte) (event, id string) {
	var envelope struct {
		Event   string          `json:"event"`
		Type    string          `json:"type"`
		ID      any             `json:"id"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "no event", ""
	}
	event = envelope.Event
	if event == "" {
		event = envelope.Type
	}
	if event == "" {
		event = "an event without a name"
	}
	text, _ := envelope.ID.(string)
	var inner struct {
		ID      any `json:"id"`
		Message struct {
			ID any `json:"id"`
		} `json:"message"`
	}
	if text == "" && json.Unmarshal(envelope.Payload, &inner) == nil {
		text, _ = inner.ID.(string)
		if text == "" {
			text, _ = inner.Message.ID.(string)
		}
	}
	return brief(event), brief(text)
}

// brief shortens what a sender may have made long.
func brief(text string) string {
	const most = 64
	letters := []rune(printable(text))
	if len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return string(letters)
}

// printable shows control characters instead of obeying them: what a sender sends must not move the cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
