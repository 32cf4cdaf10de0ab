package grant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// key is how a secret is kept.
type key [sha256.Size]byte

// longestToken bounds what is hashed, so that hashing needs no memory of its own.
// No secret of ours comes near it.
const longestToken = 256

func keyOf(secret string) (key, bool) {
	if secret == "" || len(secret) > longestToken {
		return key{}, false
	}
	var buffer [longestToken]byte
	n := copy(buffer[:], secret)
	return sha256.Sum256(buffer[:n]), true
}

// The kinds of secrets, as their texts begin.
const (
	accessToken  = "at"
	refreshToken = "rt"
	authCode     = "ac"
	clientID     = "client"
	clientSecret = "secret"
)

// mint derives secrets from a world's name and seed: the nth of a kind is always the same. The name is part
// of it so that two worlds of one seed do not share tokens.
type mint struct {
	world string
	key   [sha256.Size]byte
	n     uint64
}

func newMint(world string, seed uint64) mint {
	var text [8]byte
	binary.BigEndian.PutUint64(text[:], seed)
	mac := hmac.New(sha256.New, []byte("parley grants of "+world))
	mac.Write(text[:])
	m := mint{world: world}
	mac.Sum(m.key[:0])
	return m
}

func (m *mint) next(kind string) string {
	m.n++
	var text [8]byte
	binary.BigEndian.PutUint64(text[:], m.n)
	mac := hmac.New(sha256.New, m.key[:])
	mac.Write([]byte(kind))
	mac.Write(text[:])
	return kind + "." + m.world + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:24])
}

// WorldOf reads the world's name from a token, code or refresh token; empty when it names none.
// It tells where to look and nothing about whether the token is good.
func WorldOf(token string) string {
	_, rest, found := strings.Cut(token, ".")
	if !found {
		return ""
	}
	world, _, found := strings.Cut(rest, ".")
	if !found {
		return ""
	}
	return world
}
