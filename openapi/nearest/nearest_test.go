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
