package assistloop

import (
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

func (c *closing) readable(s *state) error {
	if err := answered(c.x); err != nil {
		return err
	}
	switch {
	case c.of.place == nil:
		return conformance.Lacking("the agent of the conversation is not known")
	case s == nil:
		return conformance.Blocked("the list was not read")
	case s.last().err != nil:
		return s.last().err
	case s.last().unnamed("uuid"):
		return conformance.Blocked("a conversation of the list has no uuid")
	}
	return nil
}

// isClosed: status false, under status=0, and no more under status=1.
func (c *closing) isClosed() error {
	for _, s := range []*state{c.after, c.open, c.closed} {
		if err := c.readable(s); err != nil {
			return err
		}
	}
	open, known := c.after.item.flag("status")
	switch {
	case c.after.item != nil && known && open:
		return breach("status false after a close", "status true of conversation "+c.x.Path["conversationUuid"], c.x, c.after.last().x)
	case c.open.item != nil:
		return breach("a closed conversation gone from status=1", "conversation "+c.x.Path["conversationUuid"]+" still there", c.x, c.open.last().x)
	case c.closed.item == nil && c.closed.left():
		return breach("a closed conversation under status=0", "conversation "+c.x.Path["conversationUuid"]+" not there", c.x, c.closed.last().x)
	case c.after.item == nil && c.closed.item == nil:
		return conformance.Lacking("the conversation is not on the page of its agent")
	}
	return nil
}

// listedClosed: every conversation under status=0 is closed, among them the one just closed.
func (c *closing) listedClosed() error {
	if err := c.readable(c.closed); err != nil {
		return err
	}
	for _, i := range c.closed.last().items {
		if open, known := i.flag("status"); known && open {
			return breach("only closed conversations under status=0", "conversation "+i.text("uuid")+", whose status is true", c.closed.last().x)
		}
	}
	if c.closed.item == nil {
		return conformance.Lacking("the closed conversation is not among them")
	}
	return nil
}

// listedUnfiltered: the closed conversation is in the list without a filter, beside open ones.
func (c *closing) listedUnfiltered() error {
	if err := c.readable(c.after); err != nil {
		return err
	}
	if c.after.item == nil {
		if c.after.left() && c.closed != nil && c.closed.item != nil {
			return breach("the closed conversation in the unfiltered list", "conversation "+c.x.Path["conversationUuid"]+" only under status=0", c.closed.last().x, c.after.last().x)
		}
		return conformance.Lacking("the closed conversation is not on the unfiltered page")
	}
	for _, i := range c.after.last().items {
		if open, known := i.flag("status"); known && open {
			return nil
		}
	}
	return conformance.Lacking("no open conversation is beside the closed one")
}

func (c *closing) echoed() error { return echoes(c.x, "make") }

// echoes: the answer to a close names the platform that was sent.
func echoes(x *conformance.Exchange, platform string) error {
	answer, err := objectOf(x)
	if err != nil {
		return err
	}
	switch answer.text("platform") {
	case platform:
		return nil
	case "":
		return conformance.Blocked("the answer to a close names no platform")
	}
	return breach("platform "+word(platform)+", as sent", word(answer["platform"]), x)
}

// elsewhere: nothing else closes by a close. One other conversation may be somebody else's work, so that further
// looks decide; several at once, or one that the driver made, are no chance.
func (c *closing) elsewhere() error {
	if err := c.readable(c.after); err != nil {
		return err
	}
	if err := c.readable(c.before); err != nil {
		return err
	}
	flipped, each := c.flipped(), true
	for _, more := range c.again {
		if each = each && len(more.flipped()) > 0; len(more.flipped()) > 1 {
			flipped = more.flipped()
		}
	}
	switch {
	case len(flipped) > 1, len(flipped) == 1 && each && len(c.again) == rounds-1:
		return breach("no other conversation changed by a close", "the status of "+strings.Join(head(flipped, 3), ", ")+" changed, too", c.before.last().x, c.x, c.after.last().x)
	case len(flipped) == 1 && each:
		return conformance.Lacking("another conversation closed meanwhile, and there are too few to look %d times", rounds)
	case len(c.before.last().items) < 2:
		return conformance.Lacking("there is no other conversation to look at")
	}
	return nil
}

// refusedWithoutTrace: a bad close is refused, and leaves the conversation open.
func (c *closing) refusedWithoutTrace(name string) error {
	if err := refused(c.bad[name]); err != nil {
		return err
	}
	if c.intact == nil || c.intact.item == nil {
		return nil
	}
	if c.servedBad() { // which of the refused ones closed it cannot be told
		return nil
	}
	if c.unsure {
		return conformance.Lacking("the conversation was closed meanwhile, and there is none to look a second time with")
	}
	if open, known := c.intact.item.flag("status"); known && !open {
		return breach("a conversation left open by closes that were refused", "closed after "+c.bad[name].Purpose, c.bad[name], c.intact.last().x)
	}
	return nil
}

// servedBad: one of the closes that are to be refused in any case was served.
func (c *closing) servedBad() bool {
	for _, name := range []string{"missing", "null", "number", "malformed", "array"} {
		if c.bad[name].OK() {
			return true
		}
	}
	return false
}

// otherContentType is tried on a conversation that is closed by then, which may not matter.
func (c *closing) otherContentType() error {
	if c.twice != nil && c.twice.Status >= 500 {
		return conformance.Blocked("closing a closed conversation is answered %d, whatever the content type", c.twice.Status)
	}
	return noServerError(c.bad["text"])
}
