package main

import (
	"fmt"
	"io"

	"github.com/parley-contracts/parley/mock/defects"
)

// defectsOf are the deliberate breaches of a contract.
func defectsOf(c contract) ([]defects.Defect, error) {
	all, err := defects.All()
	if err != nil {
		return nil, err
	}
	var of []defects.Defect
	for _, d := range all {
		if d.Contract == c.name {
			of = append(of, d)
		}
	}
	return of, nil
}

// listed is a defect as programs read it.
type listed struct {
	ID          string `json:"id"`
	Contract    string `json:"contract"`
	Kind        string `json:"kind"`
	Requirement string `json:"requirement"` // the one that has to notice
	Sentence    string `json:"sentence"`
}

// listDefects prints the defects of the contracts, one a line: its id, the requirement that has to notice, and what the
// server does, with tabs between them.
func listDefects(w io.Writer, chosen []contract, asJSON bool) error {
	all := []listed{}
	for _, c := range chosen {
		of, err := defectsOf(c)
		if err != nil {
			return err
		}
		for _, d := range of {
			all = append(all, listed{d.ID, d.Contract, string(d.Kind), d.Requirement, d.Sentence})
		}
	}
	if asJSON {
		return printJSON(w, all)
	}
	for _, d := range all {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", d.ID, d.Requirement, d.Sentence); err != nil {
			return err
		}
	}
	return nil
}
