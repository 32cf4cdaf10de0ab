//go:build !race

package conversations

const raced = false
