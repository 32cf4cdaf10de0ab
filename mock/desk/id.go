package desk

import (
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strconv"

	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// ids makes the identifiers of a world, from its seed and the number of the thing they name. So the same world has the same
// ids, and a message need not keep the two it has.
type ids struct {
	seed uint64
	form reading.Choice // IDsPrefixed, IDsNumber or Default: a UUID (AL-30)
}

func newIDs(seed uint64, readings *reading.Set) ids {
	s := ids{seed: seed}
	for _, form := range []reading.Choice{reading.IDsPrefixed, reading.IDsNumber} {
		if readings.Has(form) {
			s.form = form
		}
	}
	return s
}

// thing keeps ids of different kinds apart.
type thing uint64

const (
	anAccount thing = iota + 1
	anOrganization
	anAgent
	aConversation
	aSession
	aGuest
	aMessage
	aShortMessage
	aSubscription
	aSecret
	aStart
	aHandoff
	aSilentStart
)

// numbers are the last ones given to things of each kind.
type numbers struct {
	account, organization, agent, conversation, message, subscription uint32
}

func next(number *uint32) uint32 {
	*number++
	return *number
}

// appendUUID appends an id in the form of a random UUID (RFC 9562, version 4).
func (s ids) appendUUID(dst []byte, what thing, number uint32) []byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], s.bits(what, number, 0))
	binary.BigEndian.PutUint64(id[8:], s.bits(what, number, 1))
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	for i, part := range [...][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, id[part[0]:part[1]])
	}
	return dst
}

// id is one in the form that the world gives.
func (s ids) id(what thing, number uint32) string {
	switch s.form {
	case reading.IDsPrefixed:
		return string(s.appendShort(nil, prefixes[what], what, number))
	case reading.IDsNumber:
		return strconv.FormatUint(s.bits(what, number, 0)|1<<63, 10)
	}
	return string(s.appendUUID(make([]byte, 0, 36), what, number))
}

// prefixes are those of the document's examples, as far as it has them.
var prefixes = [...]string{
	anAccount: "usr_", anOrganization: "org_", anAgent: "agt_", aConversation: "conv_", aSubscription: "whk_",
	aStart: "evt_", aHandoff: "evt_", aSilentStart: "evt_",
}

// idForms are what an id of each form looks like.
var idForms = map[reading.Choice]*regexp.Regexp{
	reading.Default:     regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
	reading.IDsPrefixed: regexp.MustCompile(`^[a-z]+_[0-9a-f]{16}$`),
	reading.IDsNumber:   regexp.MustCompile(`^[0-9]{1,20}$`),
}

// OfForm tells whether a text is an id of the form that the desk gives.
func (d *Desk) OfForm(id string) bool { return idForms[d.ids.form].MatchString(id) }

// appendShort appends an id as the document's examples have them: a prefix, and something opaque.
func (s ids) appendShort(dst []byte, prefix string, what thing, number uint32) []byte {
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], s.bits(what, number, 0))
	return hex.AppendEncode(append(dst, prefix...), id[:])
}

// secret is a webhook secret with a key of 24 bytes. Like the ids it comes from the seed, so that a world's deliveries can be
// repeated byte for byte; it guards nothing but them.
func (s ids) secret(number uint32) string {
	var key [24]byte
	for i := range 3 {
		binary.BigEndian.PutUint64(key[8*i:], s.bits(aSecret, number, uint64(i)))
	}
	return webhook.NewSecret(key[:])
}

// bits is SplitMix64 over seed, kind, number and part: of one kind and part, no two numbers of a world share them.
func (s ids) bits(what thing, number uint32, part uint64) uint64 {
	x := mix(s.seed+0x9e3779b97f4a7c15*(uint64(what)<<4|part)) + uint64(number)
	return mix(x)
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
