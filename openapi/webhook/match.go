package webhook

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Matched names the scheme by which a signature was recognised.
type Matched struct {
	Header   string // the header that bore it, as it is canonically written: "X-Assistloop-Signature"
	Encoding string // "hex" or "base64"
	Signed   string // "body" or "id.timestamp.body"
	Key      string // "the whole secret", "the secret without its prefix" or "the secret decoded from base64"
}

// String describes the scheme for a person.
func (m Matched) String() string {
	return fmt.Sprintf("%s: HMAC-SHA256 in %s over %s, keyed with %s", m.Header, m.Encoding, m.Signed, m.Key)
}

// maxSignatures bounds how many values of a delivery's headers are tried. Key rotation needs two.
const maxSignatures = 32

// Match looks for a signature of body that secret explains. The document promises a secret to verify
// deliveries with and names no scheme, so every fair one is tried (readings AL-90 to AL-92): the headers
// Webhook-Signature, Signature, X-…-Signature and whatever else has that word in its name; HMAC-SHA256 over
// the body or over id.timestamp.body; in hex or base64, bare, after "sha256=" or in a list of "v1," values;
// keyed with the secret as it is, without its prefix, or decoded from base64. Match does not judge how old the
// timestamp is.
func Match(header http.Header, body []byte, secret string) (Matched, bool) {
	keys := keysOf(secret)
	left := maxSignatures
	for _, name := range signatureHeaders(header) {
		var expected []expectation // made when the first value of the right size turns up
		for _, value := range header[name] {
			for token := range strings.FieldsSeq(value) {
				mac, encoding := decodeMAC(bareValue(token))
				if mac == nil {
					continue
				}
				if left--; left < 0 {
					return Matched{}, false
				}
				if expected == nil {
					expected = expectations(header, name, body, keys)
				}
				for _, e := range expected {
					if hmac.Equal(mac, e.mac) {
						return Matched{Header: http.CanonicalHeaderKey(name), Encoding: encoding, Signed: e.signed, Key: e.key}, true
					}
				}
			}
		}
	}
	return Matched{}, false
}

// signatureHeaders lists the headers that may bear a signature, the standard one first.
func signatureHeaders(header http.Header) []string {
	var names []string
	for name := range header {
		if strings.Contains("-"+strings.ToLower(name)+"-", "-signature-") { // X-Hub-Signature-256, too
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strings.ToLower(a), strings.ToLower(b)) // "webhook-…" sorts before "x-…"
	})
	return names
}

// bareValue strips what may stand before a signature: "v1," of Standard Webhooks, "sha256=" of many others.
func bareValue(token string) string {
	token = strings.TrimPrefix(strings.TrimSuffix(token, ","), "v1,")
	if len(token) > len("sha256=") && strings.EqualFold(token[:len("sha256=")], "sha256=") {
		token = token[len("sha256="):]
	}
	return token
}

// decodeMAC reads the 32 bytes of an HMAC-SHA256 written as hex or as base64, of either alphabet, padded or not.
func decodeMAC(value string) (mac []byte, encoding string) {
	if mac, err := hex.DecodeString(value); err == nil && len(mac) == 32 {
		return mac, "hex"
	}
	if mac := decodeBase64(value); len(mac) == 32 {
		return mac, "base64"
	}
	return nil, ""
}

func decodeBase64(value string) []byte {
	value = strings.TrimRight(value, "=\r\n") // line breaks: the decoder passes over them, wherever they stand
	decoded, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(value))
	if err != nil {
		return nil
	}
	return decoded
}

// expectation is a MAC that the delivery would bear under one scheme.
type expectation struct {
	mac         []byte
	signed, key string
}

func expectations(header http.Header, name string, body []byte, keys []namedKey) []expectation {
	id, timestamp, stamped := idAndTimestamp(header, name)
	var all []expectation
	for _, key := range keys {
		if stamped {
			mac := sum(key.bytes, []byte(id), []byte{'.'}, []byte(timestamp), []byte{'.'}, body)
			all = append(all, expectation{mac: mac, signed: "id.timestamp.body", key: key.name})
		}
		all = append(all, expectation{mac: sum(key.bytes, body), signed: "body", key: key.name})
	}
	return all
}

// idAndTimestamp finds the values that go with a signature: the header's own siblings ("X-Acme-Id" and
// "X-Acme-Timestamp" for "X-Acme-Signature"), or else those of Standard Webhooks.
func idAndTimestamp(header http.Header, name string) (id, timestamp string, ok bool) {
	stem := name[:strings.LastIndex(strings.ToLower(name), "signature")]
	for _, stem := range []string{stem, "webhook-"} {
		id, timestamp = header.Get(stem+"Id"), header.Get(stem+"Timestamp")
		if id != "" && timestamp != "" {
			return id, timestamp, true
		}
	}
	return "", "", false
}

type namedKey struct {
	bytes []byte
	name  string
}

// keysOf gives the keys that a secret may stand for. Any of them may be absent: a secret need not have a
// prefix, nor be base64. There is no empty key, which would let anybody sign.
func keysOf(secret string) []namedKey {
	bare := secret
	if prefix, rest, found := strings.Cut(secret, "_"); found && prefix != "" {
		bare = rest
	}
	var keys []namedKey
	add := func(key []byte, name string) {
		if len(key) > 0 {
			keys = append(keys, namedKey{bytes: key, name: name})
		}
	}
	add(decodeBase64(bare), "the secret decoded from base64")
	add([]byte(secret), "the whole secret")
	if bare != secret {
		add([]byte(bare), "the secret without its prefix")
	}
	return keys
}
