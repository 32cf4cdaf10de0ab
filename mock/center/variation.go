package center

import (
	"fmt"
	"strings"
)

// Variations are the ways that payloads can differ from the mock's usual ones and still keep to the document, where it
// shows two forms or the readings leave room. A consumer has to take them all.
type Variations uint16

// The variations.
const (
	LowerCaseID        Variations = 1 << iota // `messageid`, as two examples have it (IB-11)
	NoMessageID                               // no messageId on INBOUND_MESSAGE, as in its example (IB-09/10)
	PlainOffset                               // +0000 (IB-14)
	ZuluOffset                                // Z (IB-14)
	NullAssignee                              // null instead of an id that is null (IB-22)
	AbsentLastMessage                         // of an empty conversation, instead of null (IB-26)
	FilledLastMessage                         // nothing but nulls, instead of null (IB-26)
	NullDeletedContent                        // null content on a deletion (IB-32)
	NullAuthentication                        // null on every INBOUND_MESSAGE, live chats included (IB-37/40)
)

// VariationNames are the names of the variations, in the order of their bits.
var VariationNames = []string{
	"messageid", "no-message-id", "+0000", "z", "null-assignee", "absent-last-message", "null-filled-last-message",
	"null-deleted-content", "null-authentication",
}

// ParseVariations reads names of variations. One that is unknown, and two that exclude each other, are errors.
func ParseVariations(names []string) (Variations, error) {
	var all Variations
	for _, name := range names {
		bit := variation(name)
		if bit == 0 {
			return 0, fmt.Errorf("unknown variation %q: the variations are %s", name, strings.Join(VariationNames, ", "))
		}
		all |= bit
	}
	for _, pair := range [...]Variations{PlainOffset | ZuluOffset, AbsentLastMessage | FilledLastMessage} {
		if all&pair == pair {
			return 0, fmt.Errorf("variations %s exclude each other", strings.Join(pair.Names(), " and "))
		}
	}
	return all, nil
}

func variation(name string) Variations {
	for i, known := range VariationNames {
		if name == known {
			return 1 << i
		}
	}
	return 0
}

// Names are the variations' names.
func (v Variations) Names() []string {
	names := []string{}
	for i, name := range VariationNames {
		if v&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

func (v Variations) has(one Variations) bool { return v&one != 0 }
