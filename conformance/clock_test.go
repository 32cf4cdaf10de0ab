package conformance

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestOthersAreSeenToMoveTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		s := &Session{}
		target := time.Now()
		tell := func(by time.Duration) {
			s.clock.moved(fmt.Appendf(nil, `{"now":%q,"frozen":false}`, target.Format(time.RFC3339Nano)), by)
		}
		tell(time.Minute)
		target = target.Add(time.Minute + 3*time.Second)
		time.Sleep(3 * time.Second)
		tell(time.Minute)
		g.Expect(s.OthersMoveClock()).To(BeFalse(), "it runs on by itself")
		time.Sleep(3 * time.Second)
		target = target.Add(time.Minute)
		tell(time.Minute)
		g.Expect(s.OthersMoveClock()).To(BeFalse(), "it may be frozen")
		s.clock.moved(nil, time.Minute)
		s.clock.moved([]byte(`{"now":7}`), time.Minute)
		g.Expect(s.OthersMoveClock()).To(BeFalse(), "who tells no time tells nothing")
		target = target.Add(time.Minute + time.Second)
		tell(time.Minute)
		g.Expect(s.OthersMoveClock()).To(BeTrue())
	})
}
