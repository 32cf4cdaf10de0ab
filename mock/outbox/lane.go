package outbox

// laneKey is within what order is kept: a slow receiver holds up nobody else's deliveries of a conversation.
type laneKey struct{ key, origin string }

// lane is a row of deliveries that are attempted one after another.
type lane struct {
	key   laneKey
	queue []*delivery
}

// lanes are all rows that have somebody in them, and the turn they take: one attempt each, then the next row.
type lanes struct {
	byKey map[laneKey]*lane // including those whose foremost is being attempted
	ready []*lane           // those whose foremost may be attempted
}

func newLanes() lanes { return lanes{byKey: map[laneKey]*lane{}} }

// add puts d at the end of its lane.
func (l *lanes) add(d *delivery) {
	if d.lane.key == "" {
		l.ready = append(l.ready, &lane{queue: []*delivery{d}}) // a lane of its own, forgotten when it is empty
		return
	}
	row := l.byKey[d.lane]
	if row == nil {
		row = &lane{key: d.lane}
		l.byKey[d.lane] = row
		l.ready = append(l.ready, row)
	}
	row.queue = append(row.queue, d)
}

// take gives the delivery whose turn it is. Its lane is held until release.
func (l *lanes) take() (*lane, *delivery) {
	if len(l.ready) == 0 {
		return nil, nil
	}
	row := l.ready[0]
	l.ready[0] = nil
	l.ready = l.ready[1:]
	d := row.queue[0]
	row.queue[0] = nil
	row.queue = row.queue[1:]
	return row, d
}

// release lets the next of a lane have its turn.
func (l *lanes) release(row *lane) {
	switch {
	case len(row.queue) > 0:
		l.ready = append(l.ready, row)
	case row.key.key != "":
		delete(l.byKey, row.key)
	}
}
