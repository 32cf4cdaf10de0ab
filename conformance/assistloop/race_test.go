//go:build race

package assistloop

// raced: the race detector makes each run several times as long, and finds in a few of them what it finds in all. The
// others are for a run without it.
const raced = true
