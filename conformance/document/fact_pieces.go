package document

import (
	"regexp/syntax"
	"strings"
)

// piecesOfPattern are texts of which whatever matches an expression has one, in lower case; none where it need not have any.
func piecesOfPattern(expression string) []string {
	tree, err := syntax.Parse("(?i)"+expression, syntax.Perl)
	if err != nil {
		return nil
	}
	return piecesOf(tree)
}

func piecesOf(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(tree.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return piecesOf(tree.Sub[0])
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			pieces := piecesOf(sub)
			if pieces == nil {
				return nil
			}
			all = append(all, pieces...)
		}
		return all
	case syntax.OpConcat: // the part whose pieces are the longest
		var best []string
		for _, sub := range tree.Sub {
			if pieces := piecesOf(sub); pieces != nil && (best == nil || shortest(pieces) > shortest(best)) {
				best = pieces
			}
		}
		return best
	}
	return nil
}

func shortest(list []string) int {
	n := len(list[0])
	for _, one := range list {
		n = min(n, len(one))
	}
	return n
}
