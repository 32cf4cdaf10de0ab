//go:build !race

package assistloop

const raced = false
