package defects

import (
	"fmt"
	"strings"
	"time"
)

// instants mistakes created_from or created_to.
func instants(op, name string) []Defect {
	id := op + "/" + strings.ReplaceAll(name, "_", "-")
	instant := func(c *call) (time.Time, bool) {
		t, err := time.Parse(time.RFC3339Nano, c.query.Get(name))
		return t, err == nil
	}
	good := func(c *call) bool { _, ok := instant(c); return ok }
	// plain: nothing else is asked for, and it is in UTC, so that no other requirement is about it.
	plain := func(c *call) bool { return good(c) && only(name, "")(c) && strings.HasSuffix(c.query.Get(name), "Z") }
	offset := func(c *call) bool { return good(c) && !strings.HasSuffix(c.query.Get(name), "Z") }
	dated := func(c *call) bool { _, err := time.Parse(time.DateOnly, c.query.Get(name)); return err == nil }
	bad := func(c *call) bool { return c.query.Has(name) && !good(c) && !dated(c) }
	strip := func(c *call) { c.query.Del(name) }
	all := []Defect{
		defect(Ignored, id, "ignored", fmt.Sprintf("%s takes no notice of an instant in %s.", op, name), onQuery(op, plain, strip)),
		defect(Served, id, "empty", fmt.Sprintf("%s answers an empty list when %s is given.", op, name),
			onBadQuery(op, plain, func(*call) *answer { return says(200, []byte("[]")) })),
		defect(Ignored, op+"/created-bad", name+"-ignored", fmt.Sprintf("%s takes no notice of a %s that is no date.", op, name), onQuery(op, bad, strip)),
		defect(Broken, op+"/created-bad", name+"-500", fmt.Sprintf("%s answers a %s that is no date with 500.", op, name),
			onBadQuery(op, bad, func(*call) *answer { return refusal(500) })),
		defect(Shifted, op+"/created-offset", name+"-dropped", fmt.Sprintf("%s takes no notice of the offset in %s.", op, name),
			onQuery(op, offset, func(c *call) { t, _ := instant(c); c.query.Set(name, t.Format("2006-01-02T15:04:05.999999999")+"Z") })),
		defect(Shifted, op+"/created-offset", name+"-inverted", fmt.Sprintf("%s takes the offset in %s for its opposite.", op, name),
			onQuery(op, offset, func(c *call) {
				t, _ := instant(c)
				_, offset := t.Zone()
				c.query.Set(name, t.UTC().Add(2*time.Duration(offset)*time.Second).Format(time.RFC3339Nano))
			})),
		defect(Refused, op+"/created-offset", name+"-refused", fmt.Sprintf("%s refuses an offset in %s.", op, name),
			onBadQuery(op, offset, func(*call) *answer { return refusal(422) })),
	}
	if name == "created_from" {
		all = append(all,
			defect(Refused, op+"/created-date", "refused", fmt.Sprintf("%s refuses a date alone in %s.", op, name), onBadQuery(op, dated, func(*call) *answer { return refusal(422) })),
			defect(Ignored, op+"/created-date", "ignored", fmt.Sprintf("%s takes no notice of a date alone in %s.", op, name), onQuery(op, dated, strip)),
		)
	}
	for _, by := range []time.Duration{-48 * time.Hour, 48 * time.Hour} {
		all = append(all, defect(Shifted, id, fmt.Sprintf("%+.0fh", by.Hours()), fmt.Sprintf("%s takes %s for an instant %v away.", op, name, by),
			onQuery(op, plain, func(c *call) { t, _ := instant(c); c.query.Set(name, t.UTC().Add(by).Format(time.RFC3339Nano)) })))
	}
	return all
}

// onlyInstant: one instant in UTC is all that is asked for.
func onlyInstant(c *call) bool {
	for _, name := range []string{"created_from", "created_to"} {
		_, err := time.Parse(time.RFC3339Nano, c.query.Get(name))
		if err == nil && only(name, "")(c) && strings.HasSuffix(c.query.Get(name), "Z") {
			return true
		}
	}
	return false
}

// windows mistakes created_from and created_to together.
func windows(op string) []Defect {
	both := func(c *call) bool { return c.query.Has("created_from") && c.query.Has("created_to") }
	reversed := func(c *call) bool { return both(c) && c.query.Get("created_from") > c.query.Get("created_to") }
	inOrder := func(c *call) bool { return both(c) && !reversed(c) }
	swap := func(c *call) {
		from, to := c.query.Get("created_from"), c.query.Get("created_to")
		c.query.Del("created_from")
		c.query.Del("created_to")
		if to != "" {
			c.query.Set("created_from", to)
		}
		if from != "" {
			c.query.Set("created_to", from)
		}
	}
	return []Defect{
		defect(Swapped, op+"/created-from", "swapped", op+" takes created_from and created_to for each other.", onQuery(op, func(c *call) bool { return !both(c) && onlyInstant(c) }, swap)).
			with("the two are swapped", op+"/created-to"),
		defect(Swapped, op+"/created-window", "swapped", op+" takes created_from and created_to for each other when both are given.", onQuery(op, inOrder, swap)),
		defect(Ignored, op+"/created-window", "from-ignored", op+" takes no notice of created_from beside created_to.", onQuery(op, inOrder, func(c *call) { c.query.Del("created_from") })),
		defect(Ignored, op+"/created-window", "to-ignored", op+" takes no notice of created_to beside created_from.", onQuery(op, inOrder, func(c *call) { c.query.Del("created_to") })),
		defect(Ignored, op+"/created-reversed", "ignored", op+" takes no notice of created_from and created_to in reverse.", onQuery(op, reversed, func(c *call) {
			c.query.Del("created_from")
			c.query.Del("created_to")
		})),
		defect(Broken, op+"/created-reversed", "500", op+" answers created_from after created_to with 500.", onBadQuery(op, reversed, func(*call) *answer { return refusal(500) })),
	}
}
