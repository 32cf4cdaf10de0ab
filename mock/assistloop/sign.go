package assistloop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/reading"
)

// signer signs a delivery otherwise than by Standard Webhooks, which is what the outbox does when this is nil. The
// document names no way (AL-90 to AL-92): these are the common ones, with every form of the key among them.
func signer(readings *reading.Set, secret string, hook desk.Webhook) func(*http.Request) {
	bare := strings.TrimPrefix(secret, "whsec_")
	switch {
	case readings.Has(reading.SignHex):
		return func(r *http.Request) {
			r.Header.Set("X-AssistLoop-Signature", hex.EncodeToString(digest([]byte(bare), hook.Body)))
		}
	case readings.Has(reading.SignBase64):
		key, _ := base64.StdEncoding.DecodeString(bare) // the desk made it so
		return func(r *http.Request) {
			r.Header.Set("X-AssistLoop-Signature", base64.StdEncoding.EncodeToString(digest(key, hook.Body)))
		}
	case readings.Has(reading.SignBody):
		return func(r *http.Request) {
			r.Header.Set("Signature", "sha256="+hex.EncodeToString(digest([]byte(secret), hook.Body)))
		}
	case readings.Has(reading.SignStamped):
		return func(r *http.Request) { stamp(r, secret, hook) }
	case readings.Has(reading.SignNothing):
		return func(*http.Request) {}
	}
	return nil
}

// stamp signs what Standard Webhooks does, with the whole secret and in a header of another name.
func stamp(r *http.Request, secret string, hook desk.Webhook) {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Webhook-Id", hook.ID)
	r.Header.Set("Webhook-Timestamp", at)
	signed := append([]byte(hook.ID+"."+at+"."), hook.Body...)
	r.Header.Set("Signature", base64.StdEncoding.EncodeToString(digest([]byte(secret), signed)))
}

func digest(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}
