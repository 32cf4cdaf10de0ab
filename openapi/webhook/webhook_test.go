package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/parley-contracts/parley/openapi/webhook"
)

func TestWebhook(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Signatures of deliveries")
}

const documented = "whsec_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6" // the example of "Subscribe to Webhooks"

var body = []byte(`{"id":"550e8400-e29b-41d4-a716-446655440000","event":"new_conversation"}`)

func macOf(key, message string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return mac.Sum(nil)
}

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

var _ = Describe("A delivery signed as Standard Webhooks", func() {
	It("is verified by the library of Standard Webhooks", func() {
		secret := webhook.NewSecret([]byte("a key of more than 24 bytes"))
		h := http.Header{}
		Expect(webhook.Sign(h, secret, "evt_1", time.Now(), body)).To(Succeed())
		theirs, err := standardwebhooks.NewWebhook(secret)
		Expect(err).NotTo(HaveOccurred())
		Expect(theirs.Verify(body, h)).To(Succeed())
		Expect(theirs.Verify(append([]byte(" "), body...), h)).NotTo(Succeed())
	})

	It("is recognised, with its scheme", func() {
		h := http.Header{}
		Expect(webhook.Sign(h, documented, "evt_1", time.Now(), body)).To(Succeed())
		matched, ok := webhook.Match(h, body, documented)
		Expect(ok).To(BeTrue())
		Expect(matched.String()).To(Equal(
			"Webhook-Signature: HMAC-SHA256 in base64 over id.timestamp.body, keyed with the secret decoded from base64"))
	})

	It("is not signed with a secret that holds no key, and the error keeps the secret to itself", func() {
		for _, secret := range []string{"", "whsec_", "whsec_not base64", "!"} {
			h := http.Header{}
			err := webhook.Sign(h, secret, "evt_1", time.Now(), body)
			Expect(err).To(MatchError(ContainSubstring("cannot sign")), secret)
			Expect(err.Error()).NotTo(ContainSubstring("not base64"))
			Expect(h).To(BeEmpty())
		}
	})
})

// schemes are all that an honest implementation may choose from.
func schemes(secret string) map[string]http.Header {
	bare := strings.TrimPrefix(secret, "whsec_")
	keys := map[string]string{"the whole secret": secret}
	if bare != secret {
		keys["the secret without its prefix"] = bare
	}
	if decoded, err := base64.StdEncoding.DecodeString(bare); err == nil {
		keys["the secret decoded from base64"] = string(decoded)
	}
	encodings := map[string]func([]byte) string{
		"hex":          hex.EncodeToString,
		"HEX":          func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) },
		"base64":       base64.StdEncoding.EncodeToString,
		"base64 (raw)": base64.RawStdEncoding.EncodeToString,
		"base64 (url)": base64.URLEncoding.EncodeToString,
	}
	all := map[string]http.Header{}
	for key, k := range keys {
		for encoding, encode := range encodings {
			for _, name := range []string{"webhook-signature", "Signature", "X-AssistLoop-Signature", "X-Signature", "AssistLoop-Signature", "X-Hub-Signature-256"} {
				for _, before := range []string{"", "sha256=", "v1,", "v2,b3RoZXI= v1,", "v1,b3RoZXI= sha256="} {
					for signed, text := range map[string]string{"body": string(body), "id.timestamp.body": "evt_1.1700000000." + string(body)} {
						h := headers("webhook-id", "evt_1", "webhook-timestamp", "1700000000", name, before+encode(macOf(k, text)))
						all[strings.Join([]string{http.CanonicalHeaderKey(name), encoding, signed, key, before}, "|")] = h
					}
				}
			}
		}
	}
	return all
}

var _ = Describe("A signature of somebody else's", func() {
	DescribeTable("is recognised by any fair scheme",
		func(secret string) {
			for name, h := range schemes(secret) {
				matched, ok := webhook.Match(h, body, secret)
				Expect(ok).To(BeTrue(), name)
				part := strings.Split(name, "|")
				Expect(matched.Header).To(Equal(part[0]), name)
				Expect(strings.ToLower(part[1])).To(HavePrefix(matched.Encoding), name)
				Expect(matched.Signed).To(Equal(part[2]), name)
				Expect(matched.Key).To(Equal(part[3]), name)
			}
		},
		Entry("with the documented kind of secret", documented),
		Entry("with a secret that is no base64", "whsec_it's no base64 at all!"),
		Entry("with a secret without a prefix", "0123456789abcdef0123456789abcdef"),
	)

	DescribeTable("is not recognised when anything about it is wrong",
		func(secret string) {
			for name, h := range schemes(secret) {
				_, ok := webhook.Match(h, append([]byte(nil), body[1:]...), secret)
				Expect(ok).To(BeFalse(), "another body: "+name)
				_, ok = webhook.Match(h, body, secret+"x")
				Expect(ok).To(BeFalse(), "another secret: "+name)
			}
		},
		Entry("with the documented kind of secret", documented),
		Entry("with a secret that is no base64", "whsec_it's no base64 at all!"),
	)

	It("may take id and timestamp from headers of its own family", func() {
		h := headers("X-Acme-Id", "1", "X-Acme-Timestamp", "2", "X-Acme-Signature", hex.EncodeToString(macOf(documented, "1.2."+string(body))))
		matched, ok := webhook.Match(h, body, documented)
		Expect(ok).To(BeTrue())
		Expect(matched.Signed).To(Equal("id.timestamp.body"))
	})

	It("may stand in any of several headers and values", func() {
		good := hex.EncodeToString(macOf(documented, string(body)))
		h := headers("Signature", "nonsense", "X-Other-Signature", strings.Repeat("0", 64), "X-Other-Signature", good)
		_, ok := webhook.Match(h, body, documented)
		Expect(ok).To(BeTrue())
	})

	DescribeTable("is absent",
		func(h http.Header, secret string) {
			_, ok := webhook.Match(h, body, secret)
			Expect(ok).To(BeFalse())
		},
		Entry("where no header bears one", headers("Content-Type", "application/json"), documented),
		Entry("where another header bears it", headers("X-Digest", hex.EncodeToString(macOf(documented, string(body)))), documented),
		Entry("where there is no secret", headers("Signature", hex.EncodeToString(macOf("", string(body)))), ""),
		Entry("where the secret is a mere prefix", headers("Signature", hex.EncodeToString(macOf("", string(body)))), "whsec_"),
		Entry("where it comes after more values than anybody sends",
			headers("Signature", strings.Repeat(strings.Repeat("0", 64)+" ", 40)+hex.EncodeToString(macOf(documented, string(body)))), documented),
	)
})

var _ = Describe("A way to sign of somebody else's", func() {
	DescribeTable("is read from the header that it makes, and recognised", func(text, want string) {
		scheme, err := webhook.ParseScheme(text)
		Expect(err).NotTo(HaveOccurred())
		Expect(scheme.Standard()).To(BeFalse())
		h := http.Header{}
		Expect(scheme.Sign(h, documented, "evt_1", time.Now(), body)).To(Succeed())
		Expect(h).To(HaveLen(1))
		matched, ok := webhook.Match(h, body, documented)
		Expect(ok).To(BeTrue())
		Expect(matched.String()).To(Equal(want))
	},
		Entry("in hex", "X-Acme-Signature: sha256={hex}", "X-Acme-Signature: HMAC-SHA256 in hex over body, keyed with the whole secret"),
		Entry("in base64, bare", "signature:{base64}", "Signature: HMAC-SHA256 in base64 over body, keyed with the whole secret"),
	)

	DescribeTable("is refused where it is none", func(text string) {
		_, err := webhook.ParseScheme(text)
		Expect(err).To(MatchError(HavePrefix("expected ")))
	},
		Entry("nothing", ""),
		Entry("no header", "sha256={hex}"),
		Entry("no name", ": {hex}"),
		Entry("a name of two words", "X Acme: {hex}"),
		Entry("no signature", "X-Acme-Signature: sha256"),
		Entry("two signatures", "X-Acme-Signature: {hex},{base64}"),
		Entry("another encoding", "X-Acme-Signature: {base32}"),
		Entry("two lines", "X-Acme-Signature: {hex}\r\nX: y"),
	)

	It("needs a secret, and is Standard Webhooks where nothing is said", func() {
		scheme, err := webhook.ParseScheme("X-Acme-Signature: {hex}")
		Expect(err).NotTo(HaveOccurred())
		Expect(scheme.Sign(http.Header{}, "", "evt_1", time.Now(), body)).To(MatchError(ContainSubstring("cannot sign")))
		Expect(webhook.Scheme{}.Standard()).To(BeTrue())
		h := http.Header{}
		Expect(webhook.Scheme{}.Sign(h, documented, "evt_1", time.Now(), body)).To(Succeed())
		Expect(h.Get("Webhook-Signature")).To(HavePrefix("v1,"))
	})
})

func FuzzMatch(f *testing.F) {
	f.Add("webhook-signature", "v1,b3RoZXI= v1,", "evt_1", "1700000000", documented, body)
	f.Add("X-A-Signature", "sha256=00", "", "", "whsec_", []byte{})
	f.Add("Signature", "\x00_-==", "1", "2", "_", []byte("x"))
	f.Add("Signature", "", "1", "2", "AA==\n", []byte("x"))
	f.Fuzz(func(t *testing.T, name, value, id, timestamp, secret string, body []byte) {
		webhook.Match(http.Header{name: {value}, "Webhook-Id": {id}, "Webhook-Timestamp": {timestamp}}, body, secret)
		signed := http.Header{}
		if webhook.Sign(signed, secret, id, time.Unix(1700000000, 0), body) != nil || id == "" {
			return
		}
		if _, ok := webhook.Match(signed, body, secret); !ok {
			t.Errorf("a signature of ours is not recognised: %v", signed)
		}
		if _, ok := webhook.Match(signed, append([]byte{'x'}, body...), secret); ok {
			t.Error("the signature of another body is recognised")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	h := http.Header{}
	b.ReportAllocs()
	for b.Loop() {
		if err := webhook.Sign(h, documented, "evt_1", time.Unix(1700000000, 0), body); err != nil {
			b.Fatal(err)
		}
	}
}
