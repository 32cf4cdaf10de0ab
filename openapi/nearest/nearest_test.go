package nearest_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/nearest"
)

func TestName(t *testing.T) {
	for word, meant := range map[string]string{
		"assistlop": "assistloop", "Conversations": "conversations", "conv": "conversations", "asisstloop": "assistloop",
		"lisfen": "listen", "sede": "seed", "elephant": "", "": "", "a": "", "weather": "", "as": "",
	} {
		t.Run(word, func(t *testing.T) {
			g := NewWithT(t)
			name, found := nearest.Name(word, []string{"assistloop", "conversations", "listen", "latency", "seed", "now"})
			g.Expect(name).To(Equal(meant))
			g.Expect(found).To(Equal(meant != ""))
		})
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		most, want int
	}{
		{"", "", 2, 0}, {"abc", "abc", 2, 0}, {"abc", "abd", 2, 1}, {"abc", "acb", 2, 1}, {"abc", "ab", 2, 1}, {"", "ab", 2, 2},
		{"ab", "", 1, 2}, {"response", "resposne", 1, 1}, {"open", "close", 2, 3}, {"abcdef", "badcfe", 3, 3}, {"abcdef", "badcfe", 2, 3},
	} {
		t.Run(c.a+" "+c.b, func(t *testing.T) {
			NewWithT(t).Expect(nearest.Distance(c.a, c.b, c.most)).To(Equal(c.want))
			NewWithT(t).Expect(nearest.Distance(c.b, c.a, c.most)).To(Equal(c.want))
		})
	}
}
