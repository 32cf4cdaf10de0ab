package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/known"
	"github.com/parley-contracts/parley/conformance/output"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// knownFlags are about the file of known failures.
type knownFlags struct {
	file, expire string
	updates      bool
	list         *known.List
}

func (k *knownFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&k.file, "known-failures", "", "YAML `file` that lists requirements which are known to fail, each with reason and expires")
	flags.BoolVar(&k.updates, "update-known-failures", false, "write what this run finds into that file: add what fails, take out what passes, leave alone what was not judged")
	flags.StringVar(&k.expire, "known-failures-expire", "", "last `date` on which what is added is excused, as 2027-03-31 (default 30 days from now)")
}

// settle reads the file. One that is to be updated need not exist.
func (k *knownFlags) settle(catalogue *requirements.Catalogue) (_ map[string]conformance.Known, err error) {
	switch {
	case k.file == "" && k.updates:
		return nil, errors.New("--update-known-failures needs --known-failures, the file to write")
	case k.expire != "" && !k.updates:
		return nil, errors.New("--known-failures-expire needs --update-known-failures")
	case k.file == "":
		return nil, nil
	}
	read := known.Read
	if k.updates {
		read = known.ReadOrNew
		if err := k.settleExpire(time.Now().UTC()); err != nil {
			return nil, err
		}
		err = output.Writable(k.file)
	}
	if err == nil {
		k.list, err = read(k.file, catalogue)
	}
	if err != nil {
		return nil, fmt.Errorf("known failures: %w", err)
	}
	return k.list.Known(), nil
}

func (k *knownFlags) settleExpire(now time.Time) error {
	if k.expire == "" {
		k.expire = now.AddDate(0, 0, 30).Format(time.DateOnly)
	}
	switch _, err := time.Parse(time.DateOnly, k.expire); {
	case err != nil:
		return fmt.Errorf("--known-failures-expire: expected a date like 2027-03-31, came %q", k.expire)
	case k.expire < now.Format(time.DateOnly):
		return fmt.Errorf("--known-failures-expire: %s is past", k.expire)
	}
	return nil
}

// update writes what a run found into the file, says what has changed, and lets the verdict be that of a run with the
// new file. Half a run changes nothing.
func (k *knownFlags) update(cmd *cobra.Command, result *conformance.Report) error {
	if !k.updates {
		return nil
	}
	stderr := cmd.ErrOrStderr()
	if judged := result.Counts[conformance.Pass] + result.Counts[conformance.Fail] + result.Counts[conformance.Warn]; judged == 0 || cmd.Context().Err() != nil {
		fmt.Fprintf(stderr, "parley: %s is left as it was: the run was not completed\n", k.file)
		return nil
	}
	changes := k.list.Update(*result, k.expire)
	if err := k.list.Write(); err != nil {
		return fmt.Errorf("known failures: %w", err)
	}
	result.Settle(k.list.Known())
	for _, id := range changes.Added {
		fmt.Fprintf(stderr, "  + %s, until %s\n", id, k.expire)
	}
	for _, id := range changes.Removed {
		fmt.Fprintf(stderr, "  - %s, which passes\n", id)
	}
	for _, id := range changes.Expired {
		fmt.Fprintf(stderr, "  ! %s, which fails and has expired: mend it, or give it a new date by hand\n", id)
	}
	fmt.Fprintf(stderr, "parley: %s: %d added, %d removed, %d expired, %d kept\n", k.file, len(changes.Added), len(changes.Removed), len(changes.Expired), changes.Kept)
	if len(changes.Added) > 0 {
		fmt.Fprintln(stderr, "parley: now say in the file why the new ones are excused, as with a ticket")
	}
	return nil
}
