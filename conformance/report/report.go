// Package report writes the outcome of a run for its readers: a person at a terminal, a colleague (html, markdown), a
// pipeline (junit) and a program (json, whose schema is public). The writers judge nothing: they show findings as they
// are, which the engine has redacted.
package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parley-contracts/parley/conformance"
)

// Formats lists the formats of files, by the names that --report takes.
func Formats() []string { return []string{"json", "junit", "markdown", "html"} }

// Write writes r in one of Formats.
func Write(w io.Writer, format string, r conformance.Report) error {
	r = complete(r)
	switch format {
	case "json":
		return writeJSON(w, r)
	case "junit":
		return writeJUnit(w, r)
	case "markdown":
		return writeMarkdown(w, r)
	case "html":
		return writeHTML(w, r)
	}
	return fmt.Errorf("unknown report format %q: expected one of %v", format, Formats())
}

// WriteFile writes r to a file, whole or not at all: whoever reads the file meanwhile sees the old report or the new
// one. Folders that are missing are made. A file that is no plain one, like /dev/stdout, is written to as it is.
func WriteFile(file, format string, r conformance.Report) error {
	if err := replace(file, func(w io.Writer) error { return Write(w, format, r) }); err != nil {
		return fmt.Errorf("%s report: %w", format, err)
	}
	return nil
}

// Writable tries what WriteFile will do, and leaves nothing behind but the folders that were missing. What is no plain
// file it leaves alone: whoever reads from a pipe would take an attempt for the whole report.
func Writable(file string) error {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return noFolder(file, info)
	}
	temp, err := draft(file)
	if err != nil {
		return err
	}
	return errors.Join(temp.Close(), os.Remove(temp.Name()))
}

// draft opens a file beside the one that it is to replace.
func draft(file string) (*os.File, error) {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return os.CreateTemp(folder, "."+filepath.Base(file)+"-*")
}

func replace(file string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return writeThrough(file, info, write)
	}
	temp, err := draft(file)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
		}
	}()
	if err := buffered(temp, write); err != nil {
		return err
	}
	if err := temp.Chmod(0o644); err != nil { // a temporary file is its owner's alone, a report is not
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}

func writeThrough(file string, info fs.FileInfo, write func(io.Writer) error) error {
	if err := noFolder(file, info); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := buffered(f, write); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func noFolder(file string, info fs.FileInfo) error {
	if info.IsDir() {
		return fmt.Errorf("%s is a folder: expected a file", file)
	}
	return nil
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriter(w)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}
