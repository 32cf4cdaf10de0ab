package assistloop

import (
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/desk"
)

// window reads created_from and created_to. When the first is later than the second, nothing is in it.
func window(from, to *string) (desk.Window, error) {
	w := desk.Always
	if from != nil {
		i, err := instant("created_from", *from)
		if err != nil {
			return w, err
		}
		w.From = i
	}
	if to != nil {
		i, err := instant("created_to", *to)
		if err != nil {
			return w, err
		}
		w.To = i
	}
	return w, nil
}

// instant reads an RFC 3339 instant, or a date alone, which is its first instant in UTC (AL-64).
func instant(parameter, text string) (desk.Instant, error) {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return desk.InstantOf(t), nil
		}
	}
	reason := "expected an instant such as 2024-11-12T10:30:00Z, or a date"
	if strings.Contains(text, " ") {
		reason += "; a + in a query has to be sent as %2B"
	}
	return 0, &desk.Error{Kind: desk.ErrInvalid, Subject: parameter, Reason: reason}
}
