package defects

import (
	"fmt"
	"strings"
	"sync"

	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/nearest"
)

// All returns the defects of every contract. They are made when first asked for: that takes reading the contracts.
func All() ([]Defect, error) { return all() }

var all = sync.OnceValues(func() ([]Defect, error) {
	loop, err := assistloop.Load()
	if err != nil {
		return nil, err
	}
	talk, err := conversations.Load()
	if err != nil {
		return nil, err
	}
	ofLoop, err := AssistLoop(loop)
	if err != nil {
		return nil, err
	}
	ofTalk, err := Conversations(talk)
	if err != nil {
		return nil, err
	}
	return append(ofLoop, ofTalk...), nil
})

// Find returns the defect of an id. What both contracts call alike has to be told apart by its contract, as in
// "conversations:deliveries/post~GET".
func Find(id string) (Defect, error) {
	all, err := All()
	if err != nil {
		return Defect{}, err
	}
	contract, name, qualified := strings.Cut(id, ":")
	if qualified = qualified && !strings.ContainsAny(contract, "/~"); !qualified {
		contract, name = "", id
	}
	var found []Defect
	var names []string
	for _, d := range all {
		names = append(names, d.ID)
		if d.ID == name && (!qualified || d.Contract == contract) {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Defect{}, unknown(id, name, names)
	}
	return Defect{}, fmt.Errorf("defect %s is of both contracts: write assistloop:%s or conversations:%s", id, id, id)
}

// unknown says which defect was meant: one of the requirement that is named, or else the nearest name.
func unknown(id, name string, names []string) error {
	requirement, _, _ := strings.Cut(name, "~")
	var siblings []string
	for _, n := range names {
		if of, done, _ := strings.Cut(n, "~"); of == requirement {
			siblings = append(siblings, done)
		}
	}
	if len(siblings) > 0 {
		return fmt.Errorf("unknown defect %q; of %s there are %s", id, requirement, strings.Join(siblings, ", "))
	}
	if near, ok := nearest.Name(name, names); ok {
		return fmt.Errorf("unknown defect %q; did you mean %s?", id, near)
	}
	return fmt.Errorf("unknown defect %q; parley requirements --defects lists them", id)
}
