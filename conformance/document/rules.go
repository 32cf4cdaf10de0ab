package document

// Rules describes every rule, in the order of the alphabet by kind.
func Rules() []Rule {
	const (
		drifted    = "Change the document, or, where the API has changed, the contract."
		contrary   = "Make both places say the same. Where the document stays as it is, a reading in the catalogue settles it."
		gapped     = "Say it in the document."
		untroubled = "Nothing has to be done."
	)
	var all []Rule
	add := func(kind Kind, help string, rules ...[2]string) {
		for _, r := range rules {
			all = append(all, Rule{Name: r[0], Kind: kind, Summary: r[1], Help: help})
		}
	}
	add(Drift, drifted, driftRules...)
	add(Contradiction, contrary, contradictionRules...)
	add(Gap, gapped, gapRules...)
	add(Note, untroubled, noteRules...)
	return all
}

var driftRules = [][2]string{
	{"address-drift", "Addresses beside the API's are those that the contract names."},
	{"always-drift", "A field that is always null in the document is so in the contract."},
	{"always-missing", "The document says that a field is always null where the contract does."},
	{"answer-missing", "The document shows what each endpoint answers."},
	{"base-url-drift", "The base URL is the contract's wherever it stands."},
	{"bound-drift", "A filter is on the side of an instant that the contract has."},
	{"bound-missing", "The document says on which side of an instant a filter is."},
	{"curl-drift", "A command asks for what the contract has, as it wants it asked for."},
	{"default-drift", "A default is the contract's wherever it stands."},
	{"default-missing", "The document names each default of the contract."},
	{"endpoint-drift", "Every endpoint that the document names is the contract's."},
	{"endpoint-missing", "The document names every endpoint of the contract."},
	{"enumeration-drift", "An enumeration has the contract's words, all of them and no other."},
	{"enumeration-missing", "The document names each enumeration of the contract."},
	{"event-drift", "An event's name stands beside its own title."},
	{"event-missing", "The document names every event of the contract."},
	{"event-unknown", "Every event that the document names is the contract's."},
	{"example-drift", "The contract takes every example."},
	{"example-order", "The items of an example are in the order that the contract has."},
	{"fact-drift", "Sentences state the facts that the catalogue has."},
	{"field-missing", "Tables and examples have every field that the contract shows."},
	{"field-unknown", "Tables and examples have no field that the contract has not."},
	{"format-drift", "A format is the contract's wherever it stands."},
	{"format-missing", "The document names each format of the contract."},
	{"header-drift", "Headers are those that the contract wants."},
	{"limit-drift", "A rate limit is the contract's wherever it stands."},
	{"limit-missing", "The document states every rate limit of the contract."},
	{"list-drift", "A list of what an enumeration has names nothing else."},
	{"live-missing", "A target answers with each field that the example shows."},
	{"live-refused", "A target serves the document's own commands."},
	{"live-retyped", "A target answers with values of the kinds that the example shows."},
	{"max-drift", "An upper bound is the contract's wherever it stands."},
	{"max-missing", "The document names each upper bound of the contract."},
	{"max-length-drift", "A bound of length is the contract's wherever it stands."},
	{"max-length-missing", "The document names each bound of length of the contract."},
	{"meaning-drift", "Values mean what they mean in the contract."},
	{"meaning-missing", "The document says what values mean where the contract does."},
	{"method-drift", "A method is the contract's wherever it stands."},
	{"min-drift", "A lower bound is the contract's wherever it stands."},
	{"min-missing", "The document names each lower bound of the contract."},
	{"name-unknown", "A name in a sentence is the contract's, and no slip of it."},
	{"null-drift", "What may be null in the document may be so in the contract."},
	{"null word-drift", "What may be null in the document may be so in the contract."},
	{"parameter-missing", "Tables have every parameter of the contract."},
	{"parameter-unknown", "Tables have no parameter that the contract has not."},
	{"path-parameter-drift", "The parameters of paths have the contract's names, or those of a table."},
	{"place-drift", "A parameter stands in the path, query or body, as in the contract."},
	{"required-drift", "What is required is so in the contract, and the other way round."},
	{"scope-default-drift", "Scopes are granted by default as in the contract."},
	{"scope-missing", "The document names every scope of the contract."},
	{"scope-unknown", "Every scope that the document names is the contract's."},
	{"status-drift", "A status stands once, beside its own phrase."},
	{"status-missing", "The document names every status of the contract."},
	{"status-unknown", "Every status that the document names is the contract's."},
	{"table-missing", "The document has a table of the fields of each object that it names."},
	{"type-drift", "A type is the contract's wherever it stands."},
}

var contradictionRules = [][2]string{
	{"advice-breaks-limit", "Who follows the document's advice keeps to its limits."},
	{"always-contradicted", "What is always so in a table is not denied in a sentence."},
	{"base-path-conflict", "An endpoint has one base path."},
	{"block-broken", "A block that begins as JSON or a command is one."},
	{"bound-conflict", "A filter is on one side of an instant."},
	{"default-conflict", "A parameter has one default."},
	{"enumeration-conflict", "An enumeration has the same words wherever it stands."},
	{"enumeration-spelling", "A list in a sentence spells values as they are on the wire."},
	{"errors-differ", "Error bodies have the same fields."},
	{"example-always", "An example has null where there is always null."},
	{"example-enumeration", "An example has a value of its table's enumeration."},
	{"example-format", "An example has a value of the form that its table names."},
	{"example-heading", "An example is of what its heading says."},
	{"example-null", "An example has null where its table allows it."},
	{"example-null-word", "A table that tells of null does not put it in quotes."},
	{"example-type", "An example has a value of the type that its table names."},
	{"examples-differ", "Examples of one thing have the same fields."},
	{"field-spelling", "A field is spelt in one way."},
	{"field-unshown", "A field of a table is in the example."},
	{"format-conflict", "A field has one format."},
	{"list-enumeration", "A list of what an enumeration has leaves nothing out."},
	{"max-conflict", "A parameter has one upper bound."},
	{"max-length-conflict", "A parameter has one bound of length."},
	{"meaning-conflict", "A value has one meaning."},
	{"min-conflict", "A parameter has one lower bound."},
	{"name-spelling", "A sentence spells a name as tables and examples do."},
	{"name-unshown", "A field that a sentence uses is in a table or an example."},
	{"path-malformed", "Paths are well formed."},
	{"path-parameter-conflict", "A path's parameter has one name in its endpoint line and its table."},
	{"required-conflict", "A parameter is required everywhere or nowhere."},
	{"table-envelope", "A table begins where the example does."},
	{"template-malformed", "Templates are well formed."},
	{"type-apart", "A name has one type in a request and in its answer."},
	{"type-conflict", "A parameter or field has one type."},
}

var gapRules = [][2]string{
	{"body-unshown", "The document shows the body of each error."},
	{"event-unshown", "The document has an example of each event."},
	{"fact-unstated", "The document states in sentences what the catalogue has from them."},
	{"field-untyped", "The document names the type of each field that it shows."},
	{"header-unnamed", "The document names the headers that it tells of."},
	{"live-added", "An example shows each field that a target answers with."},
	{"order-unstated", "The document says in which order a list comes."},
	{"type-unstated", "A row names a type."},
}

var noteRules = [][2]string{
	{"heading-renamed", "Operations and events stand under the headings that the contract has."},
	{"live-skipped", "Each command of the document can be run against a target."},
	{"reading-unneeded", "Every reading settles something that the document still says."},
}
