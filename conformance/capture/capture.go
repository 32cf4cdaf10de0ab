// Package capture reads recorded bodies of webhooks from files: one JSON value a file, on as many lines as it likes, or
// one a line (JSON Lines). It finds where each begins and ends, in memory that a stream does not fill, and leaves it to
// others whether a body is JSON at all, so that what is malformed costs no more than itself.
package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxBody bounds the bytes of one body. Receivers of webhooks take less.
const MaxBody = 8 << 20

// A Record is one body, or a place where there should be one.
type Record struct {
	File string
	Line int // of the file, from 1, where it begins
	// Body is the recorded body, as it stands there. It is good until the next call of Next.
	Body []byte
	// Problem says why Body is not what was recorded: it is too long, or the file cannot be read.
	Problem string
}

// A Reader reads one record after another, of one file or of all files of a folder in order of their names.
type Reader struct {
	files   func() (source, bool) // the next one
	open    *file
	odd     []string // what was left out of a folder
	empty   some     // files that hold nothing
	marked  some     // files that begin with a byte order mark
	read    int64
	size    int64 // of all that is to be read, 0 if nobody knows
	current string
	buffer  *bufio.Reader // one for all files
}

// A source is a file that is still closed.
type source struct {
	name string
	open func() (io.ReadCloser, error)
}

// StandardInput is what "-" is called in places.
const StandardInput = "standard input"

// Open finds what to read: a file, a folder with all that is in it, or stdin for "-". Hidden files and folders of a
// folder are left out. The error is for a path that is not there.
func Open(path string, stdin io.Reader) (*Reader, error) {
	if path == "-" {
		return list([]source{{StandardInput, func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }}}), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		r := list([]source{{path, func() (io.ReadCloser, error) { return os.Open(path) }}})
		if info.Mode().IsRegular() {
			r.size = info.Size()
		}
		return r, nil
	}
	return folder(path)
}

// folder lists the files of a folder. Their names are all that is kept of them.
func folder(path string) (*Reader, error) {
	var sources []source
	var odd []string
	var size int64
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && name != path
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return filepath.SkipDir
		case hidden || entry.IsDir():
			return nil
		}
		info, err := os.Stat(name) // follows a link to a file
		switch {
		case err != nil:
			return err
		case info.IsDir():
			odd = append(odd, name+" is a link to a folder, and was left out")
		case !info.Mode().IsRegular():
			odd = append(odd, name+" is no plain file, and was left out")
		default:
			size += info.Size()
			sources = append(sources, source{name, func() (io.ReadCloser, error) { return os.Open(name) }})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("%s: expected files in this folder, found none", path)
	}
	r := list(sources)
	r.odd, r.size = odd, size
	return r, nil
}

func list(sources []source) *Reader {
	return &Reader{files: func() (source, bool) {
		if len(sources) == 0 {
			return source{}, false
		}
		next := sources[0]
		sources = sources[1:]
		return next, true
	}}
}

// Next returns the next record, io.EOF after the last one. A file that cannot be opened or read is a record with a
// problem, and the next one follows: there is no other error.
func (r *Reader) Next() (Record, error) {
	for {
		if r.open == nil {
			next, ok := r.files()
			if !ok {
				return Record{}, io.EOF
			}
			r.current = next.name
			stream, err := next.open()
			if err != nil {
				return Record{File: next.name, Line: 1, Problem: unreadable(err)}, nil
			}
			r.open = r.newFile(next.name, counted{stream, &r.read})
		}
		record, err := r.open.next()
		if err == nil {
			return record, nil
		}
		r.remark(r.open)
		r.open = nil
		if !errors.Is(err, io.EOF) {
			return record, nil
		}
	}
}

// unreadable leaves the path out, which the record names.
func unreadable(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return "cannot be read: " + err.Error()
}

// Close closes the file that is being read.
func (r *Reader) Close() error {
	if r.open == nil {
		return nil
	}
	err := r.open.stream.Close()
	r.open = nil
	return err
}

// some is files that have something in common: the first of them, and how many there are.
type some struct {
	first string
	n     int
}

func (s *some) add(name string) {
	if s.n++; s.n == 1 {
		s.first = name
	}
}

func (s some) String() string {
	if s.n == 1 {
		return s.first
	}
	return fmt.Sprintf("%s and %d more", s.first, s.n-1)
}

func (r *Reader) remark(f *file) {
	if f.marked {
		r.marked.add(f.name)
	}
	if f.empty() {
		r.empty.add(f.name)
	}
}

// Notes tell what was passed over.
func (r *Reader) Notes() []string {
	all := r.odd
	if r.marked.n > 0 {
		all = append(all, "a byte order mark was passed over at the beginning of "+r.marked.String())
	}
	if r.empty.n > 0 {
		all = append(all, "there is nothing in "+r.empty.String())
	}
	return all
}

// Progress tells which file is being read, and how much of everything has been, from 0 to 1; -1 if nobody knows.
func (r *Reader) Progress() (file string, part float64) {
	if r.size == 0 {
		return r.current, -1
	}
	return r.current, min(1, float64(r.read)/float64(r.size))
}

type counted struct {
	io.ReadCloser
	n *int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	*c.n += int64(n)
	return n, err
}
