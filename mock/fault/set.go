package fault

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parley-contracts/parley/openapi/nearest"
)

// Set is what may be put in force at once.
type Set struct {
	Rules  []Rule
	Delays []Delay
}

//go:embed profiles.yaml
var profiles []byte

// profileNodes are the ready-made sets, in the order of their file, which goes from quiet to wild.
func profileNodes() (names []string, lists []*yaml.Node) {
	var document yaml.Node
	if err := yaml.Unmarshal(profiles, &document); err != nil {
		panic(err) // a test reads every profile
	}
	for i, node := range document.Content[0].Content {
		if i%2 == 0 {
			names = append(names, node.Value)
		} else {
			lists = append(lists, node)
		}
	}
	return names, lists
}

// Profiles names the ready-made sets.
func Profiles() []string {
	names, _ := profileNodes()
	return names
}

// Profile gives a ready-made set by its name.
func Profile(name string) (Set, error) {
	names, lists := profileNodes()
	for i := range names {
		if names[i] == name {
			return readSet(lists[i])
		}
	}
	return Set{}, unknown("profile", name, names)
}

// mostFile bounds a file of rules, in bytes.
const mostFile = 1 << 20

// Load gives a ready-made set by its name, or the one in a file, YAML or JSON: a list of rules, or an object with
// profile, faults and latency, as the control API takes it.
func Load(nameOrFile string) (Set, error) {
	if set, err := Profile(nameOrFile); err == nil {
		return set, nil
	}
	f, err := os.Open(nameOrFile)
	if errors.Is(err, fs.ErrNotExist) {
		if close, ok := nearest.Name(nameOrFile, Profiles()); ok {
			return Set{}, fmt.Errorf("there is no file and no profile %q: did you mean %s?", nameOrFile, close)
		}
		return Set{}, fmt.Errorf("there is no file and no profile %q: the profiles are %s", nameOrFile, strings.Join(Profiles(), ", "))
	}
	if err != nil {
		return Set{}, err
	}
	defer f.Close()
	set, err := Read(f)
	if err != nil {
		return Set{}, fmt.Errorf("%s:%w", nameOrFile, err)
	}
	return set, nil
}

// Read reads what a file says. Errors begin with the number of the line.
func Read(r io.Reader) (Set, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostFile+1))
	if err != nil {
		return Set{}, fmt.Errorf(" %w", err)
	}
	if len(text) > mostFile {
		return Set{}, fmt.Errorf(" the rules are larger than %d bytes", mostFile)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return Set{}, fmt.Errorf(" %s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if len(document.Content) == 0 {
		return Set{}, nil // an empty file has no rules
	}
	return readSet(document.Content[0])
}

func readSet(node *yaml.Node) (set Set, err error) {
	node = resolve(node)
	switch node.Kind {
	case yaml.SequenceNode:
		err = set.readRules(node)
	case yaml.MappingNode:
		err = set.readObject(node)
	default:
		err = at(node, errors.New("expected a list of rules, or an object with profile, faults and latency"))
	}
	return set, err
}

func (s *Set) readObject(node *yaml.Node) error {
	keys := []string{"profile", "faults", "latency"}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		if seen[key.Value] {
			return at(key, fmt.Errorf("the key %s comes twice", key.Value))
		}
		seen[key.Value] = true
		switch key.Value {
		case "profile":
			profile, err := Profile(value.Value)
			if err != nil {
				return at(value, err)
			}
			s.Rules = append(profile.Rules, s.Rules...) // before the others, wherever it stands
		case "faults":
			if err := s.readRules(value); err != nil {
				return err
			}
		case "latency":
			if err := s.readDelays(value); err != nil {
				return err
			}
		default:
			return at(key, unknown("key", key.Value, keys))
		}
	}
	return nil
}

func (s *Set) readRules(list *yaml.Node) error {
	if list.Kind != yaml.SequenceNode {
		return at(list, errors.New("expected a list of rules"))
	}
	for _, item := range list.Content {
		item = resolve(item)
		text := item.Value
		if item.Kind != yaml.ScalarNode {
			var value any
			if err := item.Decode(&value); err != nil {
				return at(item, errors.New(strings.ReplaceAll(err.Error(), "\n", " ")))
			}
			object, err := json.Marshal(value)
			if err != nil {
				return at(item, errors.New("a rule is text or an object with match and act"))
			}
			text = string(object)
		}
		rule, err := ParseRule(text)
		if err != nil {
			return at(item, err)
		}
		s.Rules = append(s.Rules, rule)
	}
	return nil
}

func (s *Set) readDelays(list *yaml.Node) error {
	if list.Kind != yaml.SequenceNode {
		return at(list, errors.New("expected a list, as in [list=200ms]"))
	}
	for _, item := range list.Content {
		delay, err := ParseDelay(resolve(item).Value)
		if err != nil {
			return at(item, err)
		}
		s.Delays = append(s.Delays, delay)
	}
	return nil
}

func at(node *yaml.Node, err error) error { return fmt.Errorf("%d: %w", node.Line, err) }

func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}
