// Package nearest finds the name that somebody meant: names of operations, flags, requirements and defects are typed by
// people, and whoever refuses one says which was probably meant.
package nearest

import "strings"

// Name finds the candidate that word was probably meant to be: one that it begins (three letters at the
// least), or else the one with the fewest slips of the keyboard, no more than a third of its letters. False when there is none.
func Name(word string, candidates []string) (string, bool) {
	best, slips := "", len(word)/3+1
	for _, candidate := range candidates {
		if len(word) >= 3 && strings.HasPrefix(candidate, word) {
			return candidate, true
		}
		if d := distance(strings.ToLower(word), candidate); d < slips || d == slips && best == "" {
			best, slips = candidate, d
		}
	}
	return best, best != ""
}

// distance counts the letters to insert, remove, replace or swap with their neighbour to turn a into b
// (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
