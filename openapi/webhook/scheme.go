package webhook

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Scheme is a way to sign deliveries. The zero value is that of Standard Webhooks; any other signs the body alone, with
// HMAC-SHA256 keyed with the whole secret, as many services do.
type Scheme struct {
	header, before, after string
	encode                func([]byte) string
}

// ParseScheme reads a scheme as the header that it makes, in which {hex} or {base64} stands for the signature:
// "X-Acme-Signature: sha256={hex}".
func ParseScheme(text string) (Scheme, error) {
	name, value, found := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !found || name == "" || strings.ContainsAny(name, " \t\r\n") || strings.ContainsAny(value, "\r\n") {
		return Scheme{}, errors.New("expected a header, as 'X-Acme-Signature: sha256={hex}'")
	}
	for mark, encode := range map[string]func([]byte) string{
		"{hex}": hex.EncodeToString, "{base64}": base64.StdEncoding.EncodeToString,
	} {
		if before, after, found := strings.Cut(value, mark); found && !strings.ContainsAny(before+after, "{}") {
			return Scheme{header: http.CanonicalHeaderKey(name), before: before, after: after, encode: encode}, nil
		}
	}
	return Scheme{}, fmt.Errorf("expected one {hex} or {base64} in the value of %s, where the signature stands", name)
}

// Standard tells whether it is that of Standard Webhooks, which signs the delivery's id and time, too.
func (s Scheme) Standard() bool { return s.encode == nil }

// Header is the one that bears the signature, and what stands before the signature in it.
func (s Scheme) Header() (name, before string) {
	if s.Standard() {
		return HeaderSignature, "v1,"
	}
	return s.header, s.before
}

// Sign puts a signature on a delivery, as the function Sign does.
func (s Scheme) Sign(header http.Header, secret, id string, at time.Time, body []byte) error {
	if s.Standard() {
		return Sign(header, secret, id, at, body)
	}
	if secret == "" {
		return errors.New("cannot sign: the secret is empty")
	}
	header.Set(s.header, s.before+s.encode(sum([]byte(secret), body))+s.after)
	return nil
}
