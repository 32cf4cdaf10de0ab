package document

import (
	"strings"
)

// column is what the cells of a column look like, as its heading tells. It decides where a cell ends in a row that
// lost its separators.
type column int

const (
	anyColumn      column = iota // prose: a cell ends where a word ends and the next begins with a capital
	nameColumn                   // organization_uuid
	titleColumn                  // New Conversation
	typeColumn                   // string
	requiredColumn               // Yes
	endpointColumn               // POST /oauth/token, or a URL
	methodColumn                 // POST
	scopeColumn                  // read:messages
	codeColumn                   // 404
	eventColumn                  // new_conversation
)

// columnWords are the last words of the headings that tables of API documents have.
var columnWords = map[string]column{
	"parameter": nameColumn, "parameters": nameColumn, "field": nameColumn, "property": nameColumn, "attribute": nameColumn,
	"argument": nameColumn, "header": nameColumn, "key": nameColumn, "variable": nameColumn,
	"name": titleColumn, "module": titleColumn, "action": titleColumn, "trigger": titleColumn, "limit": titleColumn, "setting": titleColumn,
	"type": typeColumn, "format": typeColumn, "datatype": typeColumn,
	"required": requiredColumn, "required?": requiredColumn, "mandatory": requiredColumn, "optional": requiredColumn,
	"endpoint": endpointColumn, "url": endpointColumn, "path": endpointColumn, "route": endpointColumn,
	"method": methodColumn, "verb": methodColumn,
	"scope": scopeColumn, "permission": scopeColumn,
	"code": codeColumn, "event": eventColumn,
	"status": anyColumn, "description": anyColumn, "value": anyColumn, "values": anyColumn, "purpose": anyColumn, "meaning": anyColumn,
	"example": anyColumn, "notes": anyColumn, "note": anyColumn, "default": anyColumn, "in": anyColumn, "details": anyColumn,
	"reason": anyColumn, "usage": anyColumn, "constraints": anyColumn, "location": anyColumn, "response": anyColumn, "request": anyColumn,
	"error": anyColumn, "message": anyColumn, "scopes": anyColumn, "requests": anyColumn, "window": anyColumn, "unit": anyColumn,
}

// columnsOf tells what the columns of a header hold; known counts those whose heading is of the vocabulary.
func columnsOf(header []string) (columns []column, known int) {
	columns = make([]column, len(header))
	for i, h := range header {
		words := strings.Fields(strings.ToLower(h))
		if len(words) == 0 {
			continue
		}
		kind, ok := columnWord(words[len(words)-1])
		if ok {
			known++
		}
		switch {
		case len(words) == 2 && (words[0] == "event" || oneApart(words[0], "event")) && (kind == typeColumn || words[1] == "name"):
			kind = eventColumn
		case i == 0 && (kind == typeColumn || kind == endpointColumn && i+1 < len(header) && strings.EqualFold(header[i+1], "url")):
			kind = titleColumn // "Field Type", or "Endpoint" beside "URL": a title, whatever it says
		}
		columns[i] = kind
	}
	// A name is one word only where a type stands beside it: "Parameter | Value" has "Client ID".
	for i, c := range columns {
		if c == nameColumn && (i+1 == len(columns) || columns[i+1] != typeColumn && columns[i+1] != requiredColumn) {
			columns[i] = titleColumn
		}
	}
	return columns, known
}

// columnWord looks a heading's word up, also one that is misspelt in one letter: the rows below it are no less a table.
func columnWord(word string) (column, bool) {
	if kind, ok := columnWords[word]; ok {
		return kind, true
	}
	if len(word) < 3 {
		return anyColumn, false
	}
	nearest := ""
	for known := range columnWords {
		if len(known) > 3 && oneApart(word, known) && (nearest == "" || known < nearest) {
			nearest = known
		}
	}
	return columnWords[nearest], nearest != ""
}

// oneApart tells whether one letter more, less or other makes the same of two words.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	if len(a) == len(b) {
		return at < len(a) && a[at+1:] == b[at+1:]
	}
	return a[at:] == b[at+1:]
}

var (
	typeWord = lazily(`^(?:(?:[Aa]rray|[Ll]ist) ?(?:of [a-z]+|<[a-z]+>)|ISO ?8601|UUID|URL|URI|` +
		`(?:[Ss]tring|[Ii]nteger|[Ii]nt(?:32|64)?|[Nn]umber|[Ff]loat|[Dd]ouble|[Dd]ecimal|[Bb]oolean|[Bb]ool|[Oo]bject|[Aa]rray|` +
		`[Ee]numeration|[Ee]num|[Tt]imestamp|[Dd]ate-?[Tt]ime|[Dd]ate|uuid|uri|url|email|[Ff]ile|[Bb]inary|null|[Mm]ap|any))(?:\[\])?(?: ?\| ?null)?`)
	requiredWord = lazily(`^(?:Yes|No|Required|Optional|True|False|yes|no|required|optional|true|false|✓|✔|✗|✘|-)`)
	methodWord   = lazily(`^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)`)
	anyMethod    = lazily(`^[A-Z]{2,8}`)
	scopeWord    = lazily(`^[a-z][a-z0-9_.-]*(?::[a-z0-9_.*-]+)+`)
	codeWord     = lazily(`^[1-5](?:\d\d|xx|XX)`)
	eventWord    = lazily(`^(?:[a-z0-9]+(?:[_.:-][a-z0-9]+)+|[A-Z0-9]+(?:_[A-Z0-9]+)+)`)
)
