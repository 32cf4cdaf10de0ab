// Package webhook is what both ends of a delivery must agree on: how the mock signs it, and how a signature
// is recognised that some other implementation made.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a delivery that is signed as Standard Webhooks has it (standardwebhooks.com, "Webhook headers").
const (
	HeaderID        = "Webhook-Id"        // names the event; the same for every attempt
	HeaderTimestamp = "Webhook-Timestamp" // seconds since 1970 of the attempt, in real time
	HeaderSignature = "Webhook-Signature" // "v1,<base64>", or a list of such, parted by spaces
)

const secretPrefix = "whsec_"

// NewSecret writes a key as the secret that a subscriber is told: "whsec_" and the key in base64. Standard
// Webhooks wants 24 to 64 bytes.
func NewSecret(key []byte) string {
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// Sign puts the three headers of Standard Webhooks on a delivery. at is real time, whatever a world's clock
// shows: receivers refuse a timestamp that is minutes off. It fails when secret is not one of NewSecret's kind.
func Sign(header http.Header, secret, id string, at time.Time, body []byte) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) == 0 {
		// The decoder's error would quote the secret's bytes by position: enough is said without it.
		return fmt.Errorf("cannot sign: the secret is not %q and base64", secretPrefix)
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := sum(key, []byte(id), []byte{'.'}, []byte(timestamp), []byte{'.'}, body)
	header.Set(HeaderID, id)
	header.Set(HeaderTimestamp, timestamp)
	header.Set(HeaderSignature, "v1,"+base64.StdEncoding.EncodeToString(mac))
	return nil
}

// sum is the HMAC-SHA256 of the parts one after another.
func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
