package fault

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Spread is a length of time that may differ from case to case: fixed (200ms), uniform between two bounds
// (100ms..300ms) or normal around a mean, with its standard deviation (200ms~50ms). The zero value is none.
type Spread struct {
	low, high time.Duration // low alone, or both bounds, or mean and deviation
	form      string        // "", ".." or "~"
}

// Always is a fixed length.
func Always(d time.Duration) Spread { return Spread{low: d} }

// parseSpread reads one of the three forms, of which no length is beyond a bound.
func parseSpread(text string, most time.Duration) (Spread, error) {
	for _, form := range []string{"..", "~"} {
		if low, high, found := strings.Cut(text, form); found {
			s := Spread{form: form}
			var err, err2 error
			s.low, err = time.ParseDuration(low)
			s.high, err2 = time.ParseDuration(high)
			if err != nil || err2 != nil || s.low < 0 || s.high <= 0 || s.low > most || s.high > most || form == ".." && s.low > s.high {
				return Spread{}, spreadError(text, most)
			}
			return s, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > most {
		return Spread{}, spreadError(text, most)
	}
	return Always(d), nil
}

func spreadError(text string, most time.Duration) error {
	return fmt.Errorf("expected a duration above zero and up to %s, as in 200ms, 100ms..300ms or 200ms~50ms, not %.40q", most, text)
}

// String is the text that is read.
func (s Spread) String() string {
	switch {
	case s == Spread{}:
		return ""
	case s.form == "":
		return s.low.String()
	}
	return s.low.String() + s.form + s.high.String()
}

// at is the length for a draw of chance; never below zero, nor more than four deviations above the mean.
func (s Spread) at(draw uint64) time.Duration {
	switch s.form {
	case "..":
		return s.low + time.Duration(unit(draw)*float64(s.high-s.low)).Round(time.Microsecond)
	case "~":
		radius := math.Sqrt(-2 * math.Log(1-unit(draw)))
		deviations := radius * math.Cos(2*math.Pi*unit(mix(draw))) // Box and Muller
		d := s.low + time.Duration(min(deviations, 4)*float64(s.high))
		return max(d, 0).Round(time.Microsecond)
	}
	return s.low
}
