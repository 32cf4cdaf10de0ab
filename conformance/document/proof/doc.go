// Package proof holds the proof-reader to its word, in tests alone. It changes published documents mechanically, one
// place at a time, and wants each change found near its place, unless it says nothing about the contract; and it makes
// edits that do not matter, and wants nothing found.
//
// What it changes it finds in the text by itself, never by the proof-reader's own reading: what that overlooks would
// else be overlooked here, too.
package proof
