// Package output writes files whole or not at all: whoever reads one meanwhile sees the old one or the new one, and
// nobody ever takes half a report for a whole one.
package output

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace writes a file anew. Folders that are missing are made. A file that is no plain one, like /dev/stdout, is
// written to as it is.
func Replace(file string, write func(io.Writer) error) (err error) {
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
	if err := temp.Chmod(0o644); err != nil { // a temporary file is its owner's alone, what is written here is not
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}

// Writable tries what Replace will do, and leaves nothing behind but the folders that were missing. What is no plain
// file it leaves alone: whoever reads from a pipe would take an attempt for the whole.
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
