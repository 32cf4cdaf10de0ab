package check

import "slices"

// follow judges the value at node i, and all that is in it, by r.
func (j *judge) follow(i int, r *rule) {
	n := j.tape[i]
	if n.kind == null && r.nullable {
		return
	}
	if !r.admits(j, i) {
		j.report(r.expected, j.misfit(i, r))
		if r.kinds != 0 && n.kind&r.kinds == 0 {
			return // whatever is inside was meant to be something else
		}
	} else if j.should && r.should != nil {
		j.advise(i, r)
	}
	before := len(j.found)
	for _, part := range r.all {
		j.follow(i, part)
	}
	if r.choice != nil {
		j.choose(i, r.choice)
	}
	switch n.kind {
	case array:
		if r.items != nil {
			j.each(i, r.items)
		}
	case object:
		if r.members != nil || r.others != nil || r.closed {
			j.inside(i, r)
		}
	}
	if len(r.all) > 0 {
		j.once(before)
	}
}

func (j *judge) each(i int, items *rule) {
	for k, n := i+1, 0; k < j.tape[i].next; k, n = j.tape[k].next, n+1 {
		j.path.item(n)
		j.follow(k, items)
		j.path.back()
	}
}

// once drops, of what was found since before, what parts of an allOf have complained of in the same words.
func (j *judge) once(before int) {
	kept := j.found[:before]
	for _, v := range j.found[before:] {
		if !slices.Contains(kept[before:], v) {
			kept = append(kept, v)
		}
	}
	j.found = kept
}

// inside judges the members of an object: those that are there, then those that ought to be.
func (j *judge) inside(i int, r *rule) {
	var few [2]uint64 // a bit for each known member that came
	came := few[:]
	if len(r.members) > 128 {
		came = make([]uint64, (len(r.members)+63)/64)
	}
	for k := i + 1; k < j.tape[i].next; k = j.tape[k+1].next {
		name := j.text(k)
		m, known := r.members[name]
		within := m.rule
		if known {
			word, bit := &came[m.index/64], uint64(1)<<(m.index%64)
			if *word&bit != 0 {
				continue // the parser has reported that it comes again
			}
			*word |= bit
		} else {
			within = r.others
		}
		if within == nil && (known || !r.closed) {
			continue
		}
		j.path.into(name)
		if within != nil {
			j.follow(k+1, within)
		} else {
			j.report("no such member", j.seen(k+1))
		}
		j.path.back()
	}
	for _, need := range r.required {
		if came[need.index/64]&(1<<(need.index%64)) == 0 {
			j.path.into(need.name)
			j.report(need.expected, "missing")
			j.path.back()
		}
	}
}

// misfit says what stands at node i instead of what r admits. A number keeps its value to itself, so what is wrong with
// it is said instead.
func (j *judge) misfit(i int, r *rule) string {
	n := j.tape[i]
	if n.kind != number || r.kinds&number == 0 || j.shows() {
		return j.seen(i)
	}
	literal := j.src[n.start:n.end]
	switch v := float(literal); {
	case r.integer && !whole(literal):
		return "number with a fraction"
	case r.words != nil:
		return "another number"
	case r.low != nil && v <= r.low.value, r.bits != 0 && v < 0:
		return "number too small"
	default:
		return "number too large"
	}
}
