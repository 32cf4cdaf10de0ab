package center

import (
	"encoding/binary"
	"encoding/hex"
)

// uuid is a random UUID (RFC 9562, version 4) that comes from the seed.
func (c *Center) uuid() string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], c.fake.Uint64())
	binary.BigEndian.PutUint64(id[8:], c.fake.Uint64())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i, part := range [...][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, id[part[0]:part[1]])
	}
	return string(text)
}

// legacy is an id of the older form: 32 upper-case letters and digits.
func (c *Center) legacy() string { return c.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 32) }

// either is an id of the one form and the other in turn (IB-17..21).
func (c *Center) either() string {
	if next(&c.turns.id)%2 == 0 {
		return c.uuid()
	}
	return c.legacy()
}

// text is chance in an alphabet.
func (c *Center) text(alphabet string, length int) string {
	text := make([]byte, length)
	for i := range text {
		text[i] = alphabet[c.fake.IntN(len(alphabet))]
	}
	return string(text)
}

func (c *Center) digits(length int) string {
	return c.text("123456789", 1) + c.text("0123456789", length-1)
}
