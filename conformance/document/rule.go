package document

// Rule is what findings are made by. Its name is stable: annotations in a pull request, and whoever filters reports,
// know it by that.
type Rule struct {
	Name    string // "default-drift"
	Kind    Kind   // of what it finds; where a reading settles it, Known takes its place
	Summary string // one sentence: what holds when it finds nothing
	Help    string // what to do about a finding
}
