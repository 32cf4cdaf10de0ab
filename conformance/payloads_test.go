package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/capture"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// small judges bodies by one rule: each is {}.
type small struct{ tally Tally }

func (s *small) Take(d *Delivery) {
	if string(d.Body) == "panic" {
		panic("at the disco")
	}
	if string(d.Body) != "{}" {
		s.tally.Of("x").Break("{}", "another", d)
		return
	}
	s.tally.Of("x").Meet()
}
func (s *small) Malformed(d *Delivery, problem string) {
	s.tally.Of("x").Judge(Blocked("%s: %s", d.Place(), problem))
}
func (s *small) Verdict(requirement string) error                    { return s.tally.Verdict(requirement) }
func (s *small) Watch(tell func(requirement, expected, seen string)) { s.tally.Watch(tell) }

func run(in io.Reader, change ...func(*Options)) Report {
	ginkgo.GinkgoHelper()
	o := Options{Contract: Contract{
		Name:      "small",
		Catalogue: &requirements.Catalogue{All: []requirements.Requirement{{ID: "x", Level: "MUST", Section: "S", Text: "T."}}},
		Shown:     func(string) bool { return false },
		Payloads:  func() PayloadJudge { return &small{} },
	}}
	for _, c := range change {
		c(&o)
	}
	return runWith(context.Background(), in, o)
}

func runWith(ctx context.Context, in io.Reader, o Options) Report {
	ginkgo.GinkgoHelper()
	records, err := capture.Open("-", in)
	Expect(err).NotTo(HaveOccurred())
	report, err := RunPayloads(ctx, records, o)
	Expect(err).NotTo(HaveOccurred())
	return report
}

var _ = ginkgo.Describe("Recorded payloads", func() {
	ginkgo.It("conform if each does", func() {
		r := run(strings.NewReader(strings.Repeat("{}\n", 5000)))
		Expect(r.Verdict).To(Equal(Conforms), r.Reason)
		Expect(r.Requests.Payloads).To(Equal(5000))
		Expect(r.Target).To(BeEmpty())
	})

	ginkgo.It("name the file and the line of the first breaches, count the others, and show some from both ends", func() {
		r := run(strings.NewReader("{}\n" + strings.Repeat("[]\n", 30)))
		Expect(r.Verdict).To(Equal(DoesNotConform))
		f := r.Findings[0]
		Expect(f.Seen).To(HavePrefix("another in standard input:2, and breaches in standard input:3, "))
		Expect(f.Seen).To(HaveSuffix("standard input:11 and 20 more"))
		var places []string
		for _, e := range f.Evidence {
			Expect(e.Kind).To(Equal("payload"))
			places = append(places, e.Request)
		}
		Expect(places).To(Equal([]string{"standard input:2", "standard input:3", "standard input:4", "standard input:29", "standard input:30", "standard input:31"}))
	})

	ginkgo.It("are not judged where there are none", func() {
		r := run(strings.NewReader("\n"))
		Expect(r.Verdict).To(Equal(NotJudged))
		Expect(r.Notes).To(ConsistOf("there is nothing in standard input"))
	})

	ginkgo.It("are not judged in full where one cannot be read", func() {
		r := run(io.MultiReader(strings.NewReader("{}\n"), failing{}))
		Expect(r.Verdict).To(Equal(NotJudged))
		Expect(r.Findings[0].Message).To(Equal("standard input:2: cannot be read: gone"))
	})

	ginkgo.It("end with the place of a stumble of the judge", func() {
		r := run(strings.NewReader("{}\npanic\n{}"))
		Expect(r.Verdict).To(Equal(NotJudged))
		Expect(r.Reason).To(HavePrefix("standard input:2: parley stumbled"))
	})

	ginkgo.It("stop with the run, also while nothing more comes", func() {
		in, out := io.Pipe()
		defer out.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		var o Options
		run(strings.NewReader(""), func(with *Options) { o = *with })
		r := runWith(ctx, in, o)
		Expect(r.Verdict).To(Equal(NotJudged))
		Expect(r.Reason).To(Equal("the run was interrupted"))
	})

	ginkgo.It("are refused by a contract without webhooks", func() {
		_, err := RunPayloads(context.Background(), nil, Options{Contract: Contract{Name: "plain"}})
		Expect(err).To(MatchError(ContainSubstring("plain has no webhooks")))
	})
})

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("gone") }

var _ = ginkgo.Describe("A contract without operations", func() {
	driven := Contract{Name: "driven", Catalogue: &requirements.Catalogue{}, Open: func(*Session) Plan { return Plan{} }}

	ginkgo.DescribeTable("takes a driver alone:", func(target Target, message string) {
		_, err := Run(context.Background(), target, Options{Contract: driven})
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		ginkgo.Entry("nothing", Target{}, "no driver: pass --driver"),
		ginkgo.Entry("a target, too", Target{URL: "http://127.0.0.1:1", Driver: "http://127.0.0.1:1"}, "driven has no operations to ask"),
		ginkgo.Entry("a token, too", Target{Token: "secret", Driver: "http://127.0.0.1:1"}, "driven has no operations to ask"),
		ginkgo.Entry("a driver that is no URL", Target{Driver: "127.0.0.1"}, "expected an http or https URL"),
	)

	ginkgo.It("is not judged where the driver does not answer, and names the driver as what was judged", func() {
		r, err := Run(context.Background(), Target{Driver: "http://127.0.0.1:1/d"}, Options{Contract: driven})
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Verdict).To(Equal(NotJudged))
		Expect(r.Reason).To(ContainSubstring("check --driver"))
		Expect(r.Target).To(Equal("http://127.0.0.1:1/d"))
	})

	ginkgo.It("is on this machine if its driver is", func() {
		Expect(Target{Driver: "http://localhost:1"}.Loopback()).To(BeTrue())
		Expect(Target{Driver: "https://staging.example.com/driver"}.Loopback()).To(BeFalse())
		Expect(Target{URL: "https://staging.example.com", Driver: "http://localhost:1"}.Loopback()).To(BeFalse())
	})
})

var _ = ginkgo.Describe("What is remembered of a stream", func() {
	ginkgo.It("is the newest", func() {
		var r Recent[int]
		for i := range recentKept + 10 {
			r.Put(fmt.Sprint(i), i)
			r.Put(fmt.Sprint(i), i) // again is not new
		}
		_, known := r.Get("9")
		Expect(known).To(BeFalse())
		for _, key := range []string{"10", fmt.Sprint(recentKept + 9)} {
			_, known = r.Get(key)
			Expect(known).To(BeTrue(), key)
		}
		Expect(r.values).To(HaveLen(recentKept))
	})
})
