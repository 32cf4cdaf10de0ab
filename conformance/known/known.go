// Package known reads and keeps the file of known failures: a YAML list of requirements that a target is known not to
// meet, each with a reason and the last day on which it is excused.
//
//   - requirement: list-agents/of-organization
//     reason: ticket 17
//     expires: 2027-03-31
package known

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// List is a file's content. It keeps the YAML as it was read, comments included.
type List struct {
	file     string
	document *yaml.Node
	entries  []entry
}

type entry struct {
	requirement string
	known       conformance.Known
	node        *yaml.Node
}

// maxSize bounds the file: each requirement stands in it once.
const maxSize = 1 << 20

// Read reads a file. Whatever is wrong with it is an error with its line: an unknown requirement or key, a missing
// reason, a malformed date, a requirement that is listed twice.
func Read(file string, catalogue *requirements.Catalogue) (*List, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxSize:
		return nil, fmt.Errorf("%s: expected at most %d bytes", file, maxSize)
	}
	return parse(file, content, catalogue)
}

// ReadOrNew is Read, but a file that does not exist is an empty list.
func ReadOrNew(file string, catalogue *requirements.Catalogue) (*List, error) {
	list, err := Read(file, catalogue)
	if errors.Is(err, os.ErrNotExist) {
		return parse(file, []byte("# Requirements of "+catalogue.Contract+" that are known not to be met: see parley verify --help.\n[]\n"), catalogue)
	}
	return list, err
}

// Known returns the entries, by requirement.
func (l *List) Known() map[string]conformance.Known {
	all := make(map[string]conformance.Known, len(l.entries))
	for _, e := range l.entries {
		all[e.requirement] = e.known
	}
	return all
}

func parse(file string, content []byte, catalogue *requirements.Catalogue) (*List, error) {
	if !utf8.Valid(content) {
		return nil, fmt.Errorf("%s: expected UTF-8 text", file)
	}
	l := &List{file: file, document: &yaml.Node{}}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	switch err := decoder.Decode(l.document); {
	case errors.Is(err, io.EOF): // empty, or comments alone
		l.document = &yaml.Node{Kind: yaml.DocumentNode, HeadComment: strings.TrimSpace(string(content)), Content: []*yaml.Node{{Kind: yaml.SequenceNode}}}
	case err != nil:
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	case !errors.Is(decoder.Decode(&yaml.Node{}), io.EOF):
		return nil, fmt.Errorf("%s: expected one YAML document", file)
	}
	list := l.document.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("%s:%d: expected a list of {requirement, reason, expires}", file, list.Line)
	}
	lines := map[string]int{}
	for _, node := range list.Content {
		e, err := readEntry(node, catalogue)
		if err != nil {
			return nil, fmt.Errorf("%s:%w", file, err)
		}
		if first, twice := lines[e.requirement]; twice {
			return nil, fmt.Errorf("%s:%d: %s is listed already, in line %d", file, node.Line, e.requirement, first)
		}
		lines[e.requirement] = node.Line
		l.entries = append(l.entries, e)
	}
	return l, nil
}

// readEntry reads one entry. Its errors begin with the line.
func readEntry(node *yaml.Node, catalogue *requirements.Catalogue) (entry, error) {
	if node.Kind != yaml.MappingNode {
		return entry{}, fmt.Errorf("%d: expected an entry {requirement, reason, expires}, came %s", node.Line, excerpt(node.Value))
	}
	e := entry{node: node}
	fields := map[string]*string{"requirement": &e.requirement, "reason": &e.known.Reason, "expires": &e.known.Expires}
	given := map[string]int{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		field := fields[key.Value]
		switch {
		case field == nil:
			return entry{}, fmt.Errorf("%d: unknown key %s: expected requirement, reason and expires", key.Line, excerpt(key.Value))
		case given[key.Value] != 0:
			return entry{}, fmt.Errorf("%d: %s stands already in line %d", key.Line, key.Value, given[key.Value])
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null":
			return entry{}, fmt.Errorf("%d: %s: expected a text", value.Line, key.Value)
		}
		given[key.Value] = key.Line
		*field = strings.TrimSpace(value.Value)
	}
	for _, name := range []string{"requirement", "reason", "expires"} {
		if *fields[name] == "" {
			return entry{}, fmt.Errorf("%d: the entry%s has no %s", node.Line, of(e.requirement), name)
		}
	}
	if _, found := catalogue.Lookup(e.requirement); !found {
		return entry{}, fmt.Errorf("%d: no requirement %s: `parley requirements %s` lists them", given["requirement"], excerpt(e.requirement), catalogue.Contract)
	}
	if _, err := time.Parse(time.DateOnly, e.known.Expires); err != nil {
		return entry{}, fmt.Errorf("%d: expires: expected a date like 2027-03-31, came %s", given["expires"], excerpt(e.known.Expires))
	}
	return e, nil
}

func of(requirement string) string {
	if requirement == "" {
		return ""
	}
	return " of " + excerpt(requirement)
}

// excerpt quotes what stood in the file, on one short line.
func excerpt(text string) string {
	return fmt.Sprintf("%.80q", text)
}
