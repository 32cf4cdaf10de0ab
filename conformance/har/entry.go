package har

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// entry is what is read of an entry of HAR 1.2, with the members that browsers add.
type entry struct {
	Started   text      `json:"startedDateTime"`
	Time      number    `json:"time"` // milliseconds
	Request   *request  `json:"request"`
	Response  *response `json:"response"`
	FromCache any       `json:"_fromCache"`
	Messages  any       `json:"_webSocketMessages"`
	Resource  text      `json:"_resourceType"`
}

type request struct {
	Method   string    `json:"method"`
	URL      string    `json:"url"`
	Headers  []pair    `json:"headers"`
	PostData *postData `json:"postData"`
	BodySize number    `json:"bodySize"`
}

type postData struct {
	MimeType text    `json:"mimeType"`
	Text     *string `json:"text"`
	Encoding text    `json:"encoding"`
	Comment  text    `json:"comment"`
}

type response struct {
	Status   number   `json:"status"`
	Headers  []pair   `json:"headers"`
	Content  *content `json:"content"`
	BodySize number   `json:"bodySize"`
}

type content struct {
	Size     number  `json:"size"`
	MimeType text    `json:"mimeType"`
	Text     *string `json:"text"`
	Encoding text    `json:"encoding"`
	Comment  text    `json:"comment"`
	File     text    `json:"_file"` // Playwright, in its mode "attach"
}

type pair struct {
	Name  text `json:"name"`
	Value text `json:"value"`
}

// number takes what tools write where HAR has a number: one, a string with one, null. What is none is -1, which is HAR's
// word for unknown.
type number float64

func (n *number) UnmarshalJSON(data []byte) error {
	*n = -1
	if f, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64); err == nil {
		*n = number(f)
	}
	return nil
}

// text takes a string, and nothing for anything else.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
	}
	return nil
}

// entry reads the next one. It is nil for what did not go over the network as an exchange.
func (r *Reader) entry() (*conformance.Exchange, error) {
	r.input.left = MaxEntry
	var e *entry
	if err := r.decoder.Decode(&e); err != nil {
		return nil, r.broken(err)
	}
	switch {
	case e == nil || e.Request == nil || e.Request.Method == "" || e.Request.URL == "":
		return nil, errors.New("expected an entry with a request, its method and its url")
	case e.Response == nil:
		return nil, errors.New("expected an entry with a response")
	case e.FromCache != nil && e.FromCache != false:
		r.notes.cached++
		return nil, nil
	case e.Messages != nil || e.Resource == "websocket":
		r.notes.sockets++
		return nil, nil
	}
	if e.Response.Content != nil && e.Response.Content.File != "" {
		r.notes.apart++
	}
	return e.exchange(r.place(r.index))
}

func (e *entry) exchange(place string) (*conformance.Exchange, error) {
	x := &conformance.Exchange{
		Method: strings.ToUpper(e.Request.Method), URL: e.Request.URL,
		RequestHeader: headers(e.Request.Headers), Header: headers(e.Response.Headers),
		Observed: &conformance.Observed{Place: place, Sanitized: true},
	}
	if status := int(e.Response.Status); status >= 100 && status <= 999 {
		x.Status = status
	} else {
		x.Lost = errors.New("no answer is recorded") // blocked, broken off, or under way
	}
	x.Observed.NoRequestHeader = len(x.RequestHeader) == 0
	x.Observed.NoHeader = len(x.Header) == 0
	if at, err := time.Parse(time.RFC3339Nano, string(e.Started)); err == nil {
		x.Sent, x.Answered = at, at
		if e.Time > 0 && e.Time < 1e9 {
			x.Answered = at.Add(time.Duration(float64(e.Time) * float64(time.Millisecond)))
		}
	}
	var err error
	if x.RequestBody, x.Observed.NoRequestBody, err = e.Request.body(x.RequestHeader); err != nil {
		return nil, fmt.Errorf("request.postData: %w", err)
	}
	if x.Body, x.Observed.NoBody, err = e.Response.body(x.Header); err != nil {
		return nil, fmt.Errorf("response.content: %w", err)
	}
	if x.Observed.NoHeader && e.Response.Content != nil && e.Response.Content.MimeType != "" {
		x.Header.Set("Content-Type", string(e.Response.Content.MimeType))
	}
	if x.RequestHeader.Get("Content-Type") == "" && e.Request.PostData != nil && e.Request.PostData.MimeType != "" {
		x.RequestHeader.Set("Content-Type", string(e.Request.PostData.MimeType))
	}
	return x, nil
}

// headers leaves out what HTTP/2 has in place of the request and status lines.
func headers(pairs []pair) http.Header {
	h := make(http.Header, len(pairs))
	for _, p := range pairs {
		if p.Name != "" && !strings.HasPrefix(string(p.Name), ":") {
			h.Add(string(p.Name), string(p.Value))
		}
	}
	return h
}
