// Package har reads recorded traffic: HAR 1.2 files as browsers, proxies and test tools write them, entry by entry, so that
// a file of any length fits into the memory of its largest entry. What an entry does not hold in full is said to be unknown,
// rather than taken for empty.
package har

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parley-contracts/parley/conformance"
)

// MaxEntry bounds what is read of one entry.
const MaxEntry = 256 << 20

// A Reader reads one file.
type Reader struct {
	name    string
	file    io.Closer
	size    int64
	input   *limited
	decoder *json.Decoder
	opened  bool // the decoder stands within the entries
	ended   bool
	index   int // of the entry that is read next
	notes   notes
}

// notes count what was passed over.
type notes struct{ cached, sockets, apart int }

// Open opens a file, or standard input for "-".
func Open(path string, stdin io.Reader) (*Reader, error) {
	if path == "-" {
		return NewReader("standard input", stdin), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: expected a HAR file", path)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	r := NewReader(path, file)
	r.file, r.size = file, info.Size()
	return r, nil
}

// NewReader reads from a stream. name is what places are called by.
func NewReader(name string, in io.Reader) *Reader {
	input := &limited{in: bufio.NewReaderSize(in, 64<<10), left: MaxEntry}
	return &Reader{name: name, input: input, decoder: json.NewDecoder(input)}
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// Next returns the next exchange that went over the network. The error is io.EOF behind the last; any other names the place
// where the file is not as HAR has it, and ends the reading.
func (r *Reader) Next() (*conformance.Exchange, error) {
	for {
		if err := r.ready(); err != nil {
			return nil, err
		}
		x, err := r.entry()
		if err != nil {
			r.ended = true
			return nil, fmt.Errorf("%s: %w", r.place(r.index), err)
		}
		r.index++
		if x != nil {
			return x, nil
		}
	}
}

// ready brings the decoder to the next entry.
func (r *Reader) ready() error {
	if r.ended {
		return io.EOF
	}
	if !r.opened {
		if err := r.open(); err != nil {
			r.ended = true
			return fmt.Errorf("%s: %w", r.name, err)
		}
		r.opened = true
	}
	if r.decoder.More() {
		return nil
	}
	r.ended = true
	if err := r.rest(); err != nil {
		return fmt.Errorf("%s: %w", r.place(r.index), err)
	}
	return io.EOF
}

func (r *Reader) place(index int) string { return fmt.Sprintf("%s log.entries[%d]", r.name, index) }

// open finds the entries: an array within an object within an object.
func (r *Reader) open() error {
	if mark, _ := r.input.in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = r.input.in.Discard(3)
	}
	for _, name := range []string{"log", "entries"} {
		if err := r.expect('{', "an object"); err != nil {
			return err
		}
		if err := r.member(name); err != nil {
			return err
		}
	}
	return r.expect('[', "the array log.entries")
}

func (r *Reader) expect(delimiter json.Delim, what string) error {
	token, err := r.decoder.Token()
	switch {
	case err != nil:
		return r.broken(err)
	case token != delimiter:
		return fmt.Errorf("expected a HAR file, with %s at byte %d, came something else", what, r.decoder.InputOffset())
	}
	return nil
}

// member goes to the value of an object's member, over those before it.
func (r *Reader) member(name string) error {
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return r.broken(err)
		}
		if token == name {
			return nil
		}
		var skipped json.RawMessage
		if err := r.decoder.Decode(&skipped); err != nil {
			return r.broken(err)
		}
	}
	return fmt.Errorf("expected a HAR file: there is no %q in it", name)
}

// rest reads what is behind the entries, which has to be there all the same: a file that ends early has lost some.
func (r *Reader) rest() error {
	for depth := 3; depth > 0; {
		r.input.left = MaxEntry
		token, err := r.decoder.Token()
		if err != nil {
			return r.broken(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("expected the end of the file at byte %d, came more", r.decoder.InputOffset())
	}
	return nil
}

// broken says what the decoder stumbled over, and where.
func (r *Reader) broken(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errTooLong):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the file ends at byte %d, before it is complete", r.input.read)
	case errors.As(err, &syntax):
		return fmt.Errorf("no JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &kind):
		return fmt.Errorf("expected %s as HAR has it, came %s", kind.Field, kind.Value)
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// Progress tells how much of the file has been read, from 0 to 1; -1 if nobody knows.
func (r *Reader) Progress() float64 {
	if r.size == 0 {
		return -1
	}
	return min(1, float64(r.input.read)/float64(r.size))
}

// Name is what places of the file are called by.
func (r *Reader) Name() string { return r.name }

// Notes tell what was passed over.
func (r *Reader) Notes() []string {
	var all []string
	add := func(n int, what string) {
		if n > 0 {
			all = append(all, fmt.Sprintf("passed over in %s: %d %s", r.name, n, what))
		}
	}
	add(r.notes.cached, "answered from a cache")
	add(r.notes.sockets, "of WebSockets")
	add(r.notes.apart, "whose bodies are in files of their own")
	return all
}

// limited reads until it is told that an entry is over.
type limited struct {
	in   *bufio.Reader
	left int64
	read int64
}

var errTooLong = fmt.Errorf("an entry of more than %d MB", MaxEntry>>20)

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.in.Read(p)
	l.left -= int64(n)
	l.read += int64(n)
	return n, err
}
