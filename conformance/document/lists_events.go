package document

import (
	"slices"
	"strings"

	spelling "github.com/parley-contracts/parley/openapi/nearest"
)

// titleOf is what an item of a list tells of, before what it says of it: "Message updated - …". It is "" where an item
// has none, or a sentence for one.
func titleOf(block *Block) string {
	if !block.prose() {
		return ""
	}
	text, end := block.Text, len(block.Text)
	for _, mark := range [...]string{" - ", " – ", " — ", ": "} {
		if at := strings.Index(text[:end], mark); at >= 0 {
			end = at
		}
	}
	title := strings.TrimSpace(text[:end])
	if len(title) > 60 || strings.ContainsAny(title, ":–—-") || len(words(title)) > 5 {
		return ""
	}
	return title
}

// eventTitled is the event of that title, and whether the title is its own or only close to it.
func (p *proof) eventTitled(title string) (near *subject, own bool) {
	given := strings.Join(titleWords(title), " ")
	for _, subject := range p.subjects {
		if subject.event == nil {
			continue
		}
		ours := strings.Join(titleWords(subject.heading), " ")
		if ours == given {
			return subject, true
		}
		if spelling.Distance(ours, given, 2) <= 2 {
			near = subject
		}
	}
	return near, false
}

// eventSaid judges an item of a list that tells of an event by its title.
func (p *proof) eventSaid(s *part, block *Block) {
	title := titleOf(block)
	if title == "" || title == block.Text {
		return
	}
	event, own := p.eventTitled(title)
	switch at := p.find(s.Section, block.Line, block.End, title); {
	case own:
		p.matched++
		p.own = true
		p.says(event.id, "event", "title", event.heading, at)
		p.firesSaid(s, block, event, strings.TrimPrefix(block.Text, title))
	case event != nil:
		p.drift("event-unknown", at, event.id, "the contract has no event "+title+"; nearest is "+event.heading, title, event.heading)
	}
}

// befalls is what happens to something: "is deleted", "was automatically updated".
var befalls = lazily(`(?i)\b(?:is|are|was|were|gets|has been|have been)\s+(?:\w+\s+)?(\w+ed)\b`)

// firesSaid judges on what an event is said to fire: not on what makes another event, which its title tells by one word.
func (p *proof) firesSaid(s *part, block *Block, event *subject, description string) {
	all := befalls().FindAllStringSubmatch(description, -1)
	if len(all) == 0 {
		return
	}
	verb := strings.ToLower(all[len(all)-1][1])
	for _, other := range p.subjects {
		if other.event == nil || other == event {
			continue
		}
		theirs, ours := without(other.title, event.title), without(event.title, other.title)
		if len(theirs) != 1 || len(ours) == 0 || theirs[0] != verb || overlap(ours, titleWords(description)) > 0 {
			continue
		}
		p.drift("event-drift", p.find(s.Section, block.Line, block.End, all[len(all)-1][1]), event.id,
			"the list says that "+event.heading+" comes when something is "+verb+", which "+other.heading+" does", verb, ours[0])
		return
	}
}

// eventsToldOf adds the events that a sentence begins with: "Message deleted occurs when …".
func (p *proof) eventsToldOf(s *part, listed map[*subject]*Block) {
	for i := range s.Blocks {
		if !s.Blocks[i].prose() {
			continue
		}
		for _, sentence := range sentences(s.Blocks[i].Text) {
			told := titleWords(sentence)
			if len(told) > 0 && told[0] == "the" {
				told = told[1:]
			}
			for _, event := range p.subjects {
				title := event.title
				if event.event == nil || listed[event] != nil || len(told) <= len(title) || !slices.Equal(told[:len(title)], title) {
					continue
				}
				if told[len(title)] != "and" { // two together are said something else of
					listed[event] = &s.Blocks[i]
				}
			}
		}
	}
}

// eventsListed judges a section that lists the events: one that has most of them has all. What is missing is missed at
// the one before it in the contract's order.
func (p *proof) eventsListed(s *part) {
	listed := map[*subject]*Block{}
	for i := range s.Blocks {
		if title := titleOf(&s.Blocks[i]); title != "" {
			if event, _ := p.eventTitled(title); event != nil {
				listed[event] = &s.Blocks[i]
			}
		}
	}
	if len(listed) > 0 {
		p.eventsToldOf(s, listed)
	}
	all := slices.DeleteFunc(slices.Clone(p.subjects), func(s *subject) bool { return s.event == nil })
	if len(listed) < 3 || 3*len(listed) < 2*len(all) {
		return
	}
	var before *Block
	for _, event := range all {
		if block := listed[event]; block != nil {
			before = block
			continue
		}
		at := spot{line: s.Line, section: s.Heading}
		if before != nil {
			at = p.find(s.Section, before.Line, before.End, titleOf(before))
		}
		p.drift("event-missing", at, event.id, "the list of events has nothing for "+event.heading+", which the contract has", "none", event.heading)
	}
}
