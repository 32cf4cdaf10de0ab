package gate

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/parley-contracts/parley/mock/reading"
)

// budget is whose requests count together (AL-120).
func (c *call) budget() string {
	if c.world.Options.Readings.Has(reading.LimitByAccount) {
		return c.grant.Account
	}
	return c.grant.ID
}

// settle takes a request that was not served out of its budget again, where only those count that were (AL-122).
func (c *call) settle() {
	if c.counted && (c.status < 200 || c.status > 299) && c.world.Options.Readings.Has(reading.CountsServed) {
		c.world.Limits.GiveBack(c.budget(), c.op.Limit)
	}
}

// throttle counts the request against its grant's budget (heading "Rate Limiting"), and tells what is left of it.
func throttle(c *call) *problem {
	if c.grant == nil || c.op.Limit == "" {
		return nil
	}
	verdict := c.world.Limits.Take(c.budget(), c.op.Limit)
	if verdict.Limit == 0 {
		return nil
	}
	h := c.Header()
	values := [...]string{strconv.Itoa(verdict.Limit), strconv.Itoa(verdict.Remaining)}
	h["X-Ratelimit-Limit"], h["X-Ratelimit-Remaining"] = values[0:1:1], values[1:2:2]
	if verdict.Allowed {
		c.counted = true
		return nil
	}
	h.Set("X-RateLimit-Reset", strconv.FormatInt(verdict.Reset.Unix(), 10))
	h.Set("Retry-After", strconv.Itoa(verdict.RetryAfter))
	body := fmt.Appendf(nil, `{"message":"Too Many Attempts.","retry_after":%d}`, verdict.RetryAfter)
	writeJSON(c.answer, http.StatusTooManyRequests, body)
	return nil
}
