package assistloop

import (
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/reading"
)

// window reads created_from and created_to. When the first is later than the second, nothing is in it. Which of its
// ends belong to it the document does not say, nor whether a date alone ends with its day (AL-64, AL-65).
func window(readings *reading.Set, from, to *string) (desk.Window, error) {
	w := desk.Always
	if from != nil {
		i, _, err := instant("created_from", *from)
		if err != nil {
			return w, err
		}
		w.From = i
		if readings.Has(reading.BoundsExclusive) {
			w.From++
		}
	}
	if to != nil {
		i, day, err := instant("created_to", *to)
		if err != nil {
			return w, err
		}
		w.To = i
		switch {
		case day && readings.Has(reading.WholeDays):
			w.To = desk.InstantOf(i.Time().AddDate(0, 0, 1))
		case readings.Has(reading.BoundsInclusive):
			w.To++
		}
	}
	if w.From > w.To && readings.Has(reading.BackwardsRefused) {
		return w, &desk.Error{Kind: desk.ErrInvalid, Subject: "created_from", Reason: "it is after created_to"}
	}
	return w, nil
}

// instant reads an RFC 3339 instant, or a date alone, which is its first instant in UTC (AL-64).
func instant(parameter, text string) (at desk.Instant, day bool, err error) {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return desk.InstantOf(t), layout == time.DateOnly, nil
		}
	}
	reason := "expected an instant such as 2024-11-12T10:30:00Z, or a date"
	if strings.Contains(text, " ") {
		reason += "; a + in a query has to be sent as %2B"
	}
	return 0, false, &desk.Error{Kind: desk.ErrInvalid, Subject: parameter, Reason: reason}
}
