package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// finish makes the compiled rules ready for use: sound, and with their demands in words.
func (c *compiler) finish() error {
	for r, at := range c.places {
		if leadsBack(r, r, (*rule).sameValue, map[*rule]bool{}) {
			return fmt.Errorf("%s: the schema refers to itself without a property or an item in between", at)
		}
		// Every level of such a schema doubles the work of judging, so that a body of a kilobyte could take for ever.
		if r.choice != nil && r.choice.tag == "" && leadsBack(r, r, (*rule).children, map[*rule]bool{}) {
			return fmt.Errorf("%s: a oneOf or anyOf that contains itself needs a discriminator", at)
		}
	}
	rules := slices.SortedFunc(maps.Keys(c.places), func(a, b *rule) int {
		return -strings.Compare(c.places[a], c.places[b]) // parts come before the schema that they are part of
	})
	for _, r := range rules {
		r.expected = r.phrase()
	}
	for _, r := range rules {
		r.spell()
	}
	return nil
}

// leadsBack tells whether one can get from r to goal along ways.
func leadsBack(r, goal *rule, ways func(*rule) []*rule, been map[*rule]bool) bool {
	if been[r] {
		return false
	}
	been[r] = true
	return slices.ContainsFunc(ways(r), func(next *rule) bool {
		return next == goal || leadsBack(next, goal, ways, been)
	})
}

// sameValue are the rules that judge the same value as r.
func (r *rule) sameValue() []*rule {
	if r.choice == nil {
		return r.all
	}
	return append(slices.Clone(r.all), r.choice.branches...)
}

// children are all the rules that judging by r can come to.
func (r *rule) children() []*rule {
	next := slices.Clone(r.sameValue())
	for _, m := range r.members {
		next = append(next, m.rule)
	}
	next = append(next, r.items, r.others)
	return slices.DeleteFunc(next, func(r *rule) bool { return r == nil })
}
