package center

import "time"

// Instant is a time in milliseconds since 1970 (UTC): what the document's timestamps can tell.
type Instant int64

// InstantOf is t without what is finer than a millisecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// String is the instant in the form of the document, yyyy-MM-dd'T'HH:mm:ss.SSSZ, with the offset as its examples have it.
func (i Instant) String() string { return i.Time().Format(millis) + "+00:00" }

const millis = "2006-01-02T15:04:05.000"

const (
	second = Instant(1000)
	minute = 60 * second
	hour   = 60 * minute
)
