package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// exitStatus ends a run without another word. A command that has printed its verdict returns one; any other
// error means that nothing could be judged, is printed on one line, and exits with notJudged.
type exitStatus int

const (
	conforms       exitStatus = 0
	doesNotConform exitStatus = 1
	notJudged      exitStatus = 2
)

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run is the whole program: it reads args (without the program's name), works until it is done or ctx is, and
// returns the exit status: 0 conforms (or did what was asked), 1 does not conform, 2 could not judge.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return execute(ctx, newRoot(os.Getenv, commands()...), args, stdin, stdout, stderr)
}

func execute(ctx context.Context, root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root.SetArgs(append([]string{}, args...)) // never nil: cobra would read os.Args instead
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	addCompletion(root)

	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case err == nil:
		return int(conforms)
	case errors.As(err, &status):
		return int(status)
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "parley: interrupted")
	default:
		fmt.Fprintln(stderr, "parley:", oneLine(err))
	}
	return int(notJudged)
}

// oneLine keeps the promise of one line for errors that come from libraries, which may bring several.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
