package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/race"
)

// ends wants a reading to end in a clear error of one line, or in a report. A panic or a hang would end the test.
func ends(name, contract, text string) (status int) {
	GinkgoHelper()
	report, err := proofread(name, contract, text)
	if err != nil {
		Expect(err.Error()).NotTo(BeEmpty())
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
		return 2
	}
	for _, f := range report.Findings {
		Expect(f.Message).NotTo(BeEmpty())
		Expect(f.Message).NotTo(ContainSubstring("\n"))
		Expect(f.Line).To(BeNumerically("<=", strings.Count(text, "\n")+1))
	}
	return report.ExitStatus()
}

const foreign = `# Pets

A library for pets. Install it with npm install pets.

Endpoint: GET /pets/{petId}

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| age | integer | Yes | Years (max 30) |

` + "```json\n{\"age\": 3, \"colour\": \"brown\"}\n```\n\n```bash\ncurl https://pets.example.com/v3/pets/7\n```\n"

var _ = Describe("What is no document of the contract", func() {
	for _, contract := range []string{"assistloop", "conversations"} {
		Describe("such as "+contract, func() {
			It("ends clearly when it is truncated anywhere", func() {
				s, step := real(contract), 1024
				if race.On {
					step *= 8
				}
				for at := 0; at < len(s.text); at += step {
					ends(s.name, contract, s.text[:at])
				}
			})
			It("is something else when it is empty, white or binary", func() {
				noise := make([]byte, 1<<20)
				random := rand.NewChaCha8([32]byte{1})
				_, _ = random.Read(noise)
				for _, text := range []string{"", "\n", " \t\r\n", "\x00", "\x7fELF\x02\x01\x01\x00\x00", "\xff\xfe<\x00h\x00", string(noise)} {
					Expect(ends("x", contract, text)).To(Equal(2), fmt.Sprintf("%.20q", text))
				}
			})
			It("is something else when it is of another product", func() {
				for _, name := range []string{"README.md", "readme.txt"} {
					Expect(ends(name, contract, foreign)).To(Equal(2))
				}
				_, file, _, _ := runtime.Caller(0)
				for _, name := range []string{filepath.Join(filepath.Dir(file), "../../../LICENSE"), "../../../LICENSE"} {
					if text, err := os.ReadFile(name); err == nil {
						Expect(ends("LICENSE", contract, string(text))).To(Equal(2))
						return
					}
				}
			})
			It("is a clear error when it is huge", func() {
				_, err := proofread("x", contract, strings.Repeat("per_page default: 20, max 100\n\n", 50<<20/32))
				Expect(err).To(MatchError(MatchRegexp("MiB|lines")))
			})
			It("ends soon when it is large and made to be a burden", func() {
				if race.On {
					Skip("the race detector is a burden of its own")
				}
				for _, unit := range []string{"word ", "{\"a\": ", "[", "| a | b |\n", "# heading\n\n", "<div>", "curl '", "```\n", "- a\n",
					"default: 20, max 100\n\n", "ParameterTypeRequired\n", "Aa\n\n", "[a](b) ", "{\"a\": 1}\n", "curl x \\\n", "`GET /a/b` "} {
					done := make(chan int, 1)
					go func() {
						defer GinkgoRecover()
						done <- ends("x", contract, strings.Repeat(unit, 1<<18/len(unit)))
					}()
					Eventually(done, time.Minute).Should(Receive(), "%q", unit)
				}
			})
		})
	}
	It("is the document of the other contract", func() {
		Expect(ends("x", "conversations", real("assistloop").text)).NotTo(Equal(0))
		Expect(ends("x", "assistloop", real("conversations").text)).NotTo(Equal(0))
	})
})
