package gate

import (
	"net/url"
	"strings"
)

// validate holds the request against the contract: parameters first, then the body.
func validate(c *call) *problem {
	if c.op.own {
		return nil
	}
	if c.anyOf(oddIDs) && c.form == nil {
		if bad := c.checkPath(); bad != nil {
			return bad
		}
	}
	if c.anyOf(lenient) {
		c.mend()
	}
	if bad := c.op.checkQuery(c.r.URL.RawQuery); bad != nil {
		return bad
	}
	if len(c.op.body) == 0 {
		return nil
	}
	return c.checkBody()
}

// checkQuery judges the parameters that the contract knows, without building a map of all of them. Others are
// ignored.
func (o *operation) checkQuery(query string) *problem {
	var seen uint64 // a bit for each field: no operation has 64
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil || strings.Contains(pair, ";") {
			return badRequest("the query is not URL-encoded")
		}
		i := o.queryField(name)
		if i < 0 {
			continue
		}
		if seen&(1<<i) != 0 {
			return badRequest(name + " may be given once")
		}
		seen |= 1 << i
		if complaint := o.query[i].judge(value); complaint != "" {
			return invalid(name + " " + complaint)
		}
	}
	for i := range o.query {
		if o.query[i].Required && seen&(1<<i) == 0 {
			return badRequest(o.query[i].Name + " is missing")
		}
	}
	return nil
}

func (o *operation) queryField(name string) int {
	for i := range o.query {
		if o.query[i].Name == name {
			return i
		}
	}
	return -1
}
