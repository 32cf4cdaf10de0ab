package defects_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/defects"
)

var _ = Describe("finding a defect", func() {
	It("goes by its id", func() {
		d, err := defects.Find("find-messages/newest-first~oldest-first")
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Requirement).To(Equal("find-messages/newest-first"))
		Expect(d.Contract).To(Equal("assistloop"))
	})
	It("tells what both contracts call alike apart by the contract", func() {
		_, err := defects.Find("deliveries/post~GET")
		Expect(err).To(MatchError(ContainSubstring("write assistloop:deliveries/post~GET or conversations:deliveries/post~GET")))
		d, err := defects.Find("conversations:deliveries/post~GET")
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Contract).To(Equal("conversations"))
	})
	DescribeTable("says of an unknown one which was probably meant", func(id, message string) {
		_, err := defects.Find(id)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("of a requirement that is known", "find-messages/newest-first~shuffled", "of find-messages/newest-first there are oldest-first"),
		Entry("with a slip of the keyboard", "get-me/field:nam~null", "did you mean get-me/field:name~null?"),
		Entry("like no other", "weather", "parley requirements --defects lists them"),
		Entry("of another contract", "conversations:get-me/served~500", "there are"),
	)
})

var _ = Describe("a request that names a defect", func() {
	const answer = `{"uuid":"usr_1","name":"Ann","email":null}`
	serve := func(id ...string) *httptest.ResponseRecorder {
		h := defects.NewPlayer(defects.Keys{Token: "main"}, &backend{status: 200, answer: answer})
		r := httptest.NewRequest("GET", "/v1/oauth/me", http.NoBody)
		r.Header[defects.Header] = id
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	It("is answered with it, and the answer says so", func() {
		w := serve("get-me/field:name~null")
		Expect(w.Body.String()).To(MatchJSON(`{"uuid":"usr_1","name":null,"email":null}`))
		Expect(w.Header().Get(defects.Header)).To(Equal("get-me/field:name~null"))
	})
	It("is answered as ever when it names none", func() {
		w := serve()
		Expect(w.Body.String()).To(Equal(answer))
		Expect(w.Header()).NotTo(HaveKey(defects.Header))
	})
	DescribeTable("is refused when nothing of the kind can play over one answer", func(message string, ids ...string) {
		w := serve(ids...)
		Expect(w.Code).To(Equal(400))
		Expect(w.Body.String()).To(ContainSubstring(message))
	},
		Entry("an unknown one", "unknown defect", "get-me/served~?"),
		Entry("one of deliveries", "start the mock with --defect", "deliveries/once~twice"),
		Entry("one of the whole server", "start it with --defect", "deliveries/backoff~equal"),
		Entry("two at once", "expected one defect, came 2", "get-me/served~500", "get-me/served~404"),
	)
})

func BenchmarkWithoutADefect(b *testing.B) {
	h := defects.NewPlayer(defects.Keys{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest("GET", "/v1/oauth/me", http.NoBody)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(nil, r)
	}
}
