package desk

import (
	"math"
	"time"
)

// Instant is a time in microseconds since 1970 (UTC): what the document's timestamps can tell, in eight bytes.
type Instant int64

// InstantOf is t without what is finer than a microsecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// Window is a stretch of time: From is in it, To is not (AL-64: the document does not say).
type Window struct {
	From, To Instant
}

// Always is the window without ends.
var Always = Window{From: math.MinInt64, To: math.MaxInt64}

const (
	microsecond Instant = 1
	second              = 1_000_000 * microsecond
	minute              = 60 * second
	hour                = 60 * minute
	day                 = 24 * hour
)

func duration(d time.Duration) Instant { return Instant(d.Microseconds()) }
