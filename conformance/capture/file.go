package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// A file is one that is being read.
type file struct {
	name   string
	stream io.ReadCloser
	in     *bufio.Reader
	line   int // the line that was read last
	form   form
	ahead  []byte // the line behind a record, if it had to be looked at
	body   []byte // of the record at hand
	found  int
	marked bool // it began with a byte order mark
	failed error
}

// A form is how a file holds its records, which its first record tells.
type form int

const (
	unknown form = iota
	lines        // one a line
	spread       // over lines: a file that holds one value, or several, as jq prints them
	done
)

const bufferSize = 64 << 10

func (r *Reader) newFile(name string, stream io.ReadCloser) *file {
	if r.buffer == nil {
		r.buffer = bufio.NewReaderSize(stream, bufferSize)
	}
	r.buffer.Reset(stream)
	return &file{name: name, stream: stream, in: r.buffer}
}

// next returns io.EOF behind the last record. With any other error comes the record that says so.
func (f *file) next() (Record, error) {
	if f.form == unknown && f.line == 0 {
		if problem := f.mark(); problem != "" {
			f.form = done
			return Record{File: f.name, Line: 1, Problem: problem}, nil
		}
	}
	for f.form != done {
		line, long, err := f.read()
		switch {
		case err != nil:
			return f.end(err)
		case long:
			f.form, f.found = lines, f.found+1
			return Record{File: f.name, Line: f.line, Problem: tooLong}, nil
		case len(bytes.TrimSpace(line)) == 0:
			continue
		}
		f.found++
		if f.form == lines {
			return Record{File: f.name, Line: f.line, Body: line}, nil
		}
		return f.first(line)
	}
	return f.end(io.EOF)
}

const tooLong = "longer than 8 MiB, which is more than is judged"

func (f *file) end(err error) (Record, error) {
	f.form = done
	_ = f.stream.Close() // it was only read
	if errors.Is(err, io.EOF) {
		return Record{}, io.EOF
	}
	return Record{File: f.name, Line: f.line + 1, Problem: unreadable(err)}, err
}

// empty tells whether the file was read and holds nothing.
func (f *file) empty() bool { return f.found == 0 && (f.failed == nil || errors.Is(f.failed, io.EOF)) }

// mark passes over the byte order mark that some editors and shells put in front of a file. One of UTF-16 says that
// nothing in the file can be read.
func (f *file) mark() (problem string) {
	begin, _ := f.in.Peek(3)
	switch {
	case bytes.HasPrefix(begin, []byte("\xef\xbb\xbf")):
		f.marked = true
		_, _ = f.in.Discard(3)
	case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")):
		f.found++
		return "text in UTF-16, where JSON is UTF-8"
	}
	return ""
}

// read returns the next line without its end. Of one that is too long, nothing is kept.
func (f *file) read() (line []byte, long bool, err error) {
	if f.ahead != nil {
		line, f.ahead = f.ahead, nil
		f.line++
		return line, false, nil
	}
	if f.failed != nil {
		return nil, false, f.failed
	}
	line, err = f.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		f.body = append(f.body[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = f.in.ReadSlice('\n')
			if long = long || len(f.body)+len(line) > MaxBody; !long {
				f.body = append(f.body, line...)
			}
		}
		line = f.body
		if cap(f.body) > keptBody {
			f.body = nil // one long line is no reason to hold on to so much
		}
	}
	if err != nil {
		f.failed = err
		if len(line) == 0 && !long {
			return nil, false, err
		}
	}
	f.line++
	return bytes.TrimRight(line, "\r\n"), long, nil
}

const keptBody = 1 << 20

// first reads a record whose form is open. One that is whole at the end of its line makes a file of lines, and so does
// one that the next line cannot continue.
func (f *file) first(line []byte) (Record, error) {
	record := Record{File: f.name, Line: f.line}
	var s scan
	s.take(line)
	if f.form == unknown && (s.whole() || s.text) {
		f.form = lines
		record.Body = line
		return record, nil
	}
	body := append([]byte(nil), line...)
	for !s.whole() && record.Problem == "" {
		next, long, err := f.read()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			record.Problem = unreadable(err)
		case err != nil:
			record.Body = body // not whole: others say what is wrong with it
			return record, nil
		case long:
			record.Problem = tooLong
		case f.form == unknown && s.refuses(next):
			f.form = lines
			f.line--
			f.ahead = bytes.Clone(next)
			record.Body = body
			return record, nil
		}
		if f.form == unknown && len(bytes.TrimSpace(next)) > 0 {
			f.form = spread
		}
		if len(body)+len(next) >= MaxBody {
			record.Problem = tooLong
			continue
		}
		body = append(append(body, '\n'), next...)
		s.take(next)
	}
	if record.Problem != "" {
		f.form = done // where the next one begins, nobody can tell
		_ = f.stream.Close()
		return record, nil
	}
	record.Body = body
	return record, nil
}
