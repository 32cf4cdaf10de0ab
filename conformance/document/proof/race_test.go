//go:build race

package proof

// raced: the race detector makes each attempt ten times as long, and finds in a few what it finds in all.
const raced = true
