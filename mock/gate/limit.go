package gate

import (
	"fmt"
	"net/http"
	"strconv"
)

// throttle counts the request against its grant's budget (heading "Rate Limiting"), and tells what is left of it.
func throttle(c *call) *problem {
	if c.grant == nil || c.op.Limit == "" {
		return nil
	}
	verdict := c.world.Limits.Take(c.grant.ID, c.op.Limit)
	if verdict.Limit == 0 {
		return nil
	}
	h := c.Header()
	values := [...]string{strconv.Itoa(verdict.Limit), strconv.Itoa(verdict.Remaining)}
	h["X-Ratelimit-Limit"], h["X-Ratelimit-Remaining"] = values[0:1:1], values[1:2:2]
	if verdict.Allowed {
		return nil
	}
	h.Set("X-RateLimit-Reset", strconv.FormatInt(verdict.Reset.Unix(), 10))
	h.Set("Retry-After", strconv.Itoa(verdict.RetryAfter))
	body := fmt.Appendf(nil, `{"message":"Too Many Attempts.","retry_after":%d}`, verdict.RetryAfter)
	writeJSON(c.answer, http.StatusTooManyRequests, body)
	return nil
}
