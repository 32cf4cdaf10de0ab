package conversations

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/capture"
	"github.com/parley-contracts/parley/fixtures/examples"
)

// lines are n recorded bodies, one a line, of conversations and messages of their own.
func lines(tb testing.TB, n int) []byte {
	var out bytes.Buffer
	for i := range n {
		body, err := examples.Read("event." + events[i%len(events)])
		if err != nil {
			tb.Fatal(err)
		}
		body = bytes.ReplaceAll(body, []byte("ce83e955"), fmt.Appendf(nil, "%08x", i/len(events)))
		body = bytes.ReplaceAll(body, []byte("bb88179a"), fmt.Appendf(nil, "%08x", i/len(events)))
		out.Write(bytes.ReplaceAll(body, []byte("\n"), nil))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// BenchmarkTake judges one payload of each event in turn.
func BenchmarkTake(b *testing.B) {
	contract, err := Contract()
	if err != nil {
		b.Fatal(err)
	}
	all := bytes.Split(bytes.TrimSpace(lines(b, 6000)), []byte("\n"))
	judge := contract.Payloads()
	d := &conformance.Delivery{File: "x"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d.Body, d.Line = all[i%len(all)], i
		judge.Take(d)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payloads/s")
}

// BenchmarkRunPayloads judges a whole log, from reading it to the report.
func BenchmarkRunPayloads(b *testing.B) {
	contract, err := Contract()
	if err != nil {
		b.Fatal(err)
	}
	const n = 60_000
	log := lines(b, n)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		records, err := capture.Open("-", io.NopCloser(bytes.NewReader(log)))
		if err != nil {
			b.Fatal(err)
		}
		report, err := conformance.RunPayloads(context.Background(), records, conformance.Options{Contract: contract})
		if err != nil || report.Verdict != conformance.Conforms || report.Requests.Payloads != n {
			b.Fatal(err, report.Reason)
		}
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "payloads/s")
}
