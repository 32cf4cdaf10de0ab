package grant

import (
	"fmt"
	"strings"
)

// Scopes is a set of scopes.
type Scopes uint8

// The scopes of the contract (heading "Available Scopes").
const (
	ReadConversations Scopes = 1 << iota
	ReadMessages
	ManageWebhooks
	WriteConversations
)

// DefaultScopes is granted when a client asks for none (AL-15). AllScopes is every scope there is.
const (
	DefaultScopes = ReadConversations | ReadMessages | ManageWebhooks
	AllScopes     = DefaultScopes | WriteConversations
)

// scopeNames is in the order of the bits.
var scopeNames = [...]string{"read:conversations", "read:messages", "manage:webhooks", "write:conversations"}

// ParseScopes reads scopes separated by spaces (RFC 6749, section 3.3). Text without any is the empty set.
func ParseScopes(text string) (Scopes, error) {
	return ScopesOf(strings.Fields(text)...)
}

// ScopesOf is the set of the named scopes. A name that is none is an error that lists them all.
func ScopesOf(names ...string) (Scopes, error) {
	var set Scopes
	for _, name := range names {
		bit := scopeOf(name)
		if bit == 0 {
			return 0, fmt.Errorf("unknown scope %q: the scopes are %s", name, AllScopes)
		}
		set |= bit
	}
	return set, nil
}

func scopeOf(name string) Scopes {
	for i, known := range scopeNames {
		if name == known {
			return 1 << i
		}
	}
	return 0
}

// Has tells whether every scope of other is in s.
func (s Scopes) Has(other Scopes) bool { return s&other == other }

// List names the scopes, in the order of the document.
func (s Scopes) List() []string {
	names := make([]string, 0, len(scopeNames))
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String is the set as OAuth writes it, separated by spaces.
func (s Scopes) String() string { return strings.Join(s.List(), " ") }
