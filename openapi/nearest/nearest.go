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
		if d := Distance(strings.ToLower(word), candidate, slips); d < slips || d == slips && best == "" {
			best, slips = candidate, d
		}
	}
	return best, best != ""
}

// Distance counts the letters to insert, remove, replace or swap with their neighbour to turn a into b (optimal string
// alignment), up to most; beyond that it is most+1. It goes by bytes: names are ASCII.
func Distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	rows := make([]int, 3*(len(b)+1))
	swapped, before, row := rows[:len(b)+1], rows[len(b)+1:2*(len(b)+1)], rows[2*(len(b)+1):]
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		swapped, before, row = before, row, swapped
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			replace := before[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(before[j]+1, row[j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], swapped[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
	}
	return min(row[len(b)], most+1)
}
