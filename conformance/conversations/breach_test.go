package conversations

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/sender"
)

// Every breach that bodies alone do not show turns its own requirement red in a run, and nothing that is not about it.
func TestEveryBreachOfConductShows(t *testing.T) {
	for _, d := range sender.Defects() {
		own, with := ownRule(d)
		if d.Body() || own == nil {
			continue
		}
		t.Run(d.ID, func(t *testing.T) {
			if testing.Short() && strings.Contains(d.ID, "/request/") && d.Event != created {
				t.Skip("one event's requests are enough for a short run")
			}
			if race.Spares(d.ID, 3) {
				t.Skip(race.Why)
			}
			t.Parallel()
			g := NewWithT(t)
			report := judged(g, sender.Options{Defect: d.ID, Readings: with})
			found := outcome(report, conformance.Fail, conformance.Warn)
			g.Expect(found).To(ContainElement(own[0]), said(report))
			for _, id := range found {
				g.Expect(own).To(ContainElement(id), said(report))
			}
			g.Expect(report.Verdict).To(Equal(map[bool]conformance.Verdict{true: conformance.Conforms, false: conformance.DoesNotConform}[len(outcome(report, conformance.Fail)) == 0]))
		})
	}
}

// ownRule is the requirement that a defect breaks, then others that it may break with that, and the readings that it takes to
// see it.
func ownRule(d sender.Defect) ([]string, sender.Readings) {
	one := sender.Readings{Where: "one"}
	kind := strings.TrimPrefix(d.ID, d.Event+"/")
	delivered := "deliveries/" + strings.TrimPrefix(ids[d.Event], "event-")
	switch kind {
	case "not-delivered":
		return []string{delivered}, sender.Readings{}
	case "another-event": // which says again what was so before
		return []string{delivered, ids[created] + "/no-status-event", ids[assignmentUpdated] + "/changed"}, sender.Readings{}
	case "another-conversation":
		return []string{delivered, ids[updated] + "/same-conversation", ids[deleted] + "/same-conversation"}, sender.Readings{}
	case "any-channel":
		return []string{ids[d.Event] + "/field:payload.message.channel"}, sender.Readings{}
	case "before-creation":
		return []string{ids[d.Event] + "/not-before-creation", "conversation/times-forward", ids[d.Event] + "/own-time"}, one
	case "creation-time":
		return []string{ids[d.Event] + "/own-time", "conversation/times-forward"}, one
	case "unchanged":
		return []string{ids[d.Event] + "/changed"}, one
	case "on-creation":
		return []string{"event-conversation-created/no-status-event"}, sender.Readings{}
	case "request/get", "request/put", "request/patch", "request/delete":
		return []string{"deliveries/post"}, sender.Readings{}
	case "request/query":
		return []string{"deliveries/post", "deliveries/json"}, sender.Readings{}
	}
	if strings.HasPrefix(kind, "request/") {
		return []string{"deliveries/json"}, sender.Readings{}
	}
	return nil, one // unsubscribe-ignored, subscription-ignored: the document tells of no such call
}
