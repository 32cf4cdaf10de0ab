package mock_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/mocktest"
)

// BenchmarkRequest sends requests over loopback TCP, one client on one connection, to the whole mock and to a bare
// handler that answers the same bytes. The goal is half of the bare one's throughput: a ratio of two at most.
//
//	go test ./mock -run '^$' -bench Request
func BenchmarkRequest(b *testing.B) {
	m := mocktest.Start(b, mock.Options{RateLimit: "off", Conversations: 200, Messages: 4000, Logger: slog.New(slog.DiscardHandler)})
	reply := `{"content":"Thank you for contacting us. A support agent will be with you shortly."}`
	for _, request := range []struct{ name, method, path, body string }{
		{"me", "GET", "/oauth/me", ""},
		{"list", "GET", "/automation/agents/" + m.Agent + "/conversations/list", ""},
		{"filtered list", "GET", "/automation/agents/" + m.Agent + "/conversations/list?status=1&response_mode=ai&per_page=20", ""},
		{"find", "GET", "/automation/conversations/" + m.Conversation + "/messages/find", ""},
		{"reply", "POST", "/automation/conversations/" + m.Conversation + "/reply", reply},
	} {
		text := wire(request.method, m.BaseURL+request.path, m.Token, request.body)
		address := strings.TrimPrefix(m.Origin, "http://")
		sample := exchange(b, dial(b, address), text)
		b.Run(request.name+"/mock", func(b *testing.B) { drive(b, address, text) })
		b.Run(request.name+"/bare", func(b *testing.B) { drive(b, bare(b, sample), text) })
	}
}

// wire is a request as it goes over the connection.
func wire(method, target, token, body string) []byte {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	var text bytes.Buffer
	r.Write(&text)
	return text.Bytes()
}

// bare serves an answer's bytes and headers, and nothing else.
func bare(b *testing.B, sample answered) (address string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(sample.body)))
		w.Write(sample.body)
	}))
	b.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

type answered struct {
	status int
	body   []byte
}

type connection struct {
	net.Conn
	*bufio.Reader
}

func dial(b *testing.B, address string) connection {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return connection{conn, bufio.NewReaderSize(conn, 64<<10)}
}

// exchange sends one request and reads its answer.
func exchange(b *testing.B, c connection, text []byte) answered {
	if _, err := c.Conn.Write(text); err != nil {
		b.Fatal(err)
	}
	response, err := http.ReadResponse(c.Reader, nil)
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatal(response.Status, err, string(body))
	}
	return answered{response.StatusCode, body}
}

// drive measures the server and as little as may be of the client: it reads the length and skips the rest.
func drive(b *testing.B, address string, text []byte) {
	c := dial(b, address)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Conn.Write(text); err != nil {
			b.Fatal(err)
		}
		if err := c.skip(); err != nil {
			b.Fatal(err)
		}
	}
}

func (c connection) skip() error {
	length := -1
	for first := true; ; first = false {
		line, err := c.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch {
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")):
			return fmt.Errorf("answered %s", line)
		case len(line) == 2:
			_, err := c.Discard(length)
			return err
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[16:]))); err != nil {
				return err
			}
		}
	}
}
