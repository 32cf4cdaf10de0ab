package document

import "strings"

// A vocabulary is every name of the contract that may stand in a sentence.
type vocabulary struct {
	names     map[string]bool // parameters, fields, words of enumerations, events: "response_mode"
	ways      map[string]bool // ways into answers and events: "data.chat_user.name"
	list      []string        // names, in order
	byFolded  map[string]string
	roots     map[string]bool // the first names of ways that have several: "data"
	events    []string        // names of events that are wire names in any sentence: "INBOUND_MESSAGE"
	addresses []string        // URLs beside the API's own
}

func newVocabulary(c *Contract) *vocabulary {
	v := &vocabulary{names: map[string]bool{}, ways: map[string]bool{}, byFolded: map[string]string{}, roots: map[string]bool{}}
	for _, s := range c.subjects {
		if s.operation != nil && s.operation.Reference {
			continue
		}
		for _, i := range s.items {
			v.add(i.name)
			v.addAll(i.traits[traitEnum])
			if d := i.traits[traitDefault]; !isNumber(d) {
				v.add(d)
			}
		}
		for _, f := range s.fields {
			v.way(f.name)
			v.addAll(f.traits[traitEnum])
		}
		for _, e := range s.examples {
			for _, way := range e.ways() {
				v.way(way)
			}
		}
		if s.event != nil {
			v.add(s.event.Name)
			v.events = append(v.events, s.event.Name)
		}
	}
	for _, scope := range c.scopes {
		v.add(scope.name)
	}
	for i := range c.errors {
		for _, way := range c.errors[i].ways() {
			v.way(way)
		}
	}
	for _, f := range c.facts {
		for _, says := range f.Says {
			for _, word := range strings.Split(says, "|") {
				if strings.ContainsAny(word, "_") {
					v.add(word)
				}
			}
		}
		if f.Kind == "address" {
			v.addresses = append(v.addresses, f.Value)
		}
	}
	v.list = sortedKeys(v.names)
	for _, name := range v.list {
		if _, taken := v.byFolded[folded(name)]; !taken {
			v.byFolded[folded(name)] = name
		}
	}
	return v
}

func (v *vocabulary) add(name string) {
	if name != "" && !isNumber(name) {
		v.names[name] = true
	}
}

func (v *vocabulary) addAll(list string) {
	if list == "" {
		return
	}
	for _, name := range strings.Split(list, ", ") {
		v.add(name)
	}
}

func (v *vocabulary) way(path string) {
	if path == "" {
		return
	}
	v.ways[path] = true
	first, _, deep := strings.Cut(path, ".")
	if deep {
		v.roots[first] = true
	}
	_, last := split(path)
	v.add(last)
}
