// Command parley holds published API documents to their word: it serves a stand-in for the API that a
// document describes, and judges any implementation against the same document.
//
// This room is the command line and nothing else. run.go says how a run ends, root.go lists the commands,
// and each command is one file that reads its flags and calls the package that does the work.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks; a second one ends the process at once
	os.Exit(Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
