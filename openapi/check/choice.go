package check

import (
	"slices"
	"strconv"
)

// A choice is a oneOf or an anyOf.
type choice struct {
	branches []*rule
	one      bool // oneOf: exactly one branch fits
	expected string

	tag     string           // the discriminator's property, "" without one
	tagged  map[string]*rule // the branch for each of its values
	tagWant string           // those values, in words
}

// choose judges the value at node i by the branch that it means to be.
func (j *judge) choose(i int, c *choice) {
	if c.tag != "" && j.tape[i].kind == object {
		j.chooseByTag(i, c)
		return
	}
	fits := 0
	var nearest []Violation
	for n, branch := range c.branches {
		found := j.attempt(i, branch)
		if !slices.ContainsFunc(found, func(v Violation) bool { return !v.Should }) {
			if fits++; fits == 1 {
				j.found = append(j.found, found...)
			}
			if !c.one {
				return
			}
		}
		if n == 0 || fits == 0 && j.nearer(found, nearest) {
			nearest = found
		}
	}
	switch {
	case fits == 0 && j.headlong(nearest):
		j.report(c.expected, j.seen(i))
	case fits == 0:
		j.found = append(j.found, nearest[:min(len(nearest), MaxViolations-len(j.found))]...)
	case fits > 1 && c.one:
		j.report("exactly one of: "+c.expected, "a value that fits "+strconv.Itoa(fits)+" of them")
	}
}

func (j *judge) chooseByTag(i int, c *choice) {
	at := j.member(i, c.tag)
	if at >= 0 && j.tape[at].kind == text {
		if branch, known := c.tagged[j.text(at)]; known {
			j.follow(i, branch)
			return
		}
	}
	seen := "missing"
	if at >= 0 {
		seen = j.seen(at)
	}
	j.path.into(c.tag)
	j.report(c.tagWant, seen)
	j.path.back()
}

// member finds the value of a member, or -1.
func (j *judge) member(i int, name string) int {
	for k := i + 1; k < j.tape[i].next; k = j.tape[k+1].next {
		if j.text(k) == name {
			return k + 1
		}
	}
	return -1
}

// attempt judges by one branch and takes back what that found.
func (j *judge) attempt(i int, branch *rule) []Violation {
	before := j.found
	j.found = nil
	j.follow(i, branch)
	found := j.found
	j.found = before
	return found
}

// headlong tells whether a branch is wrong about the value itself, not about something in it.
func (j *judge) headlong(found []Violation) bool {
	here := j.path.place()
	return slices.ContainsFunc(found, func(v Violation) bool { return v.Place == here })
}

// nearer tells whether a branch that found these violations comes nearer to the value than one that found those: it is
// of the value's kind, or has less to say.
func (j *judge) nearer(these, those []Violation) bool {
	if a, b := j.headlong(these), j.headlong(those); a != b {
		return b
	}
	return len(these) < len(those)
}
