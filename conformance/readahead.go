package conformance

import (
	"context"
	"fmt"

	"github.com/parley-contracts/parley/conformance/capture"
)

// batch is records that were read ahead of their judging, with their bodies in one piece of memory.
type batch struct {
	records []capture.Record
	bodies  []byte
	where   string // how far reading has got, for people
	free    chan<- *batch
}

const (
	batchRecords = 512
	batchBytes   = 1 << 20
	batches      = 3 // one being read, one being judged, one between
)

// readAhead reads while others judge. The channel is closed behind the last batch, or when ctx ends.
func readAhead(ctx context.Context, records *capture.Reader) <-chan *batch {
	full, free := make(chan *batch), make(chan *batch, batches)
	for range batches {
		free <- &batch{free: free}
	}
	go func() {
		defer close(full)
		for more := true; more; {
			var b *batch
			select {
			case b = <-free:
			case <-ctx.Done():
				return
			}
			if more = b.fill(records); len(b.records) == 0 {
				return
			}
			select {
			case full <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	return full
}

// fill reads what there is room for; false after the last record.
func (b *batch) fill(records *capture.Reader) bool {
	b.records, b.bodies = b.records[:0], b.bodies[:0]
	for len(b.records) < batchRecords && len(b.bodies) < batchBytes {
		record, err := records.Next()
		if err != nil { // the end: there is no other error
			return false
		}
		begin := len(b.bodies)
		b.bodies = append(b.bodies, record.Body...)
		record.Body = b.bodies[begin:len(b.bodies):len(b.bodies)]
		b.records = append(b.records, record)
	}
	b.where = howFar(records)
	return true
}

// done gives a batch back for others to be read into; one that has grown large is let go.
func (b *batch) done() {
	if cap(b.bodies) > 2*batchBytes {
		b.bodies = nil
	}
	b.free <- b
}

func howFar(records *capture.Reader) string {
	file, part := records.Progress()
	if part < 0 {
		return file
	}
	return fmt.Sprintf("%.0f %%, %s", 100*part, file)
}
