package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Records are exchanges that were recorded, as a HAR file's.
type Records interface {
	// Next returns the next one. The error is io.EOF behind the last; any other ends the reading.
	Next() (*Exchange, error)
	Name() string
	Progress() float64 // how much has been read, from 0 to 1; -1 if nobody knows
	Notes() []string   // what was passed over
}

// RunTraffic judges recorded exchanges with a target against options.Contract, and reports every requirement of its catalogue
// as Run does. target.URL is where the target is, "" to find the contract's operations below any base. What a recording
// alone cannot show is unsupported.
func RunTraffic(ctx context.Context, records Records, target Target, options Options) (Report, error) {
	options.defaults()
	t, err := NewTraffic(target, options)
	if err != nil {
		return Report{}, err
	}
	last := time.Now()
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			t.Spoil(errInterrupted)
			break
		}
		x, err := records.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Spoil(err)
			break
		}
		t.Take(x)
		if now := time.Now(); now.Sub(last) >= 200*time.Millisecond {
			last = now
			options.Progress(Progress{Probe: fmt.Sprintf("%d exchanges, %s", n, howMuch(records))})
		}
	}
	report := t.Report()
	report.Notes = append(report.Notes, records.Notes()...)
	return report, nil
}

func howMuch(records Records) string {
	if part := records.Progress(); part >= 0 {
		return fmt.Sprintf("%.0f %%, %s", 100*part, records.Name())
	}
	return records.Name()
}
