package gate

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/parley-contracts/parley/mock/reading"
)

// mend alters a query that the contract refuses where the world would rather take it than refuse it (AL-61, AL-65,
// AL-70, AL-76), so that whoever reads it next need not know.
func (c *call) mend() {
	readings := &c.world.Options.Readings
	if c.r.URL.RawQuery == "" {
		return
	}
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return // for checkQuery to refuse
	}
	altered := false
	for i := range c.op.query {
		f := &c.op.query[i]
		for at, value := range query[f.Name] {
			if f.judge(value) == "" {
				continue
			}
			if other, ok := f.mended(value, readings); ok {
				query[f.Name][at], altered = other, true
			} else if f.Enum != nil && readings.Has(reading.UnknownFiltersIgnored) {
				query.Del(f.Name)
				altered = true
			}
		}
	}
	if altered {
		c.r = withQuery(c.r, query)
	}
}

// mended is what a world takes a bad value for.
func (f *field) mended(value string, readings *reading.Set) (string, bool) {
	clamps := f.Name == "per_page" && readings.Has(reading.PerPageClamped) || f.Name == "limit" && readings.Has(reading.LimitClamped)
	n, err := strconv.Atoi(value)
	switch {
	case clamps && f.HasBounds && err == nil:
		return strconv.Itoa(min(max(n, f.Min), f.Max)), true
	case f.Format == "instant-or-date" && readings.Has(reading.BadDatesEmpty):
		if f.Name == "created_to" {
			return "0001-01-01", true // nothing was before
		}
		return "9999-12-31", true
	}
	return "", false
}

func withQuery(r *http.Request, query url.Values) *http.Request {
	u := *r.URL
	u.RawQuery = query.Encode()
	altered := *r
	altered.URL = &u
	return &altered
}

// lenient are the choices that make mend worth asking.
var lenient = []reading.Choice{reading.PerPageClamped, reading.LimitClamped, reading.BadDatesEmpty, reading.UnknownFiltersIgnored}

// checkPath refuses an id of a form that the world does not give, where it does not look such a one up (AL-75).
func (c *call) checkPath() *problem {
	for _, p := range c.op.Params {
		if p.In != "path" || c.world.Desk.OfForm(c.r.PathValue(p.Name)) {
			continue
		}
		bad := invalid(p.Name + " is not of the form that ids have")
		if c.world.Options.Readings.Has(reading.OddID400) {
			bad.status = http.StatusBadRequest
		}
		return bad
	}
	return nil
}

// oddIDs are the choices that make checkPath worth asking, of the contract that they are about.
var oddIDs = []reading.Choice{reading.OddID400, reading.OddID422}

func (c *call) anyOf(choices []reading.Choice) bool {
	return slices.ContainsFunc(choices, c.world.Options.Readings.Has)
}
