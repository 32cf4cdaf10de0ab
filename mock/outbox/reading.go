package outbox

import (
	"time"

	"github.com/parley-contracts/parley/mock/reading"
)

// By gives options as a world with these readings has them (AL-95, AL-96). What they say already stands.
func (o Options) By(readings *reading.Set) Options {
	if o.Retries == 0 {
		switch {
		case readings.Has(reading.OneRetry):
			o.Retries = 1
		case readings.Has(reading.TwoRetries):
			o.Retries = 2
		}
	}
	if o.Backoff != nil {
		return o
	}
	switch {
	case readings.Has(reading.BackoffTripling):
		o.Backoff = gaps(3*time.Second, 9*time.Second, 27*time.Second)
	case readings.Has(reading.BackoffMinutes):
		o.Backoff = gaps(time.Minute, 5*time.Minute, 30*time.Minute)
	case readings.Has(reading.BackoffJitter): // doubling, and up to half as much again, as chance had it once
		o.Backoff = gaps(1370*time.Millisecond, 2110*time.Millisecond, 5730*time.Millisecond)
	case readings.Has(reading.BackoffAddend):
		o.Backoff = gaps(5*time.Second, 10*time.Second, 15*time.Second)
	}
	return o
}

// gaps are those before the first retries; the last one goes for any after them.
func gaps(before ...time.Duration) func(retry int) time.Duration {
	return func(retry int) time.Duration { return before[min(retry, len(before))-1] }
}
