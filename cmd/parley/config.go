package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// A config is what a config file says: for each command path, the node of each of its flags.
type config struct {
	file     string
	sections map[string]map[string]*yaml.Node
}

// readConfig reads a YAML file with a section for each command, and one within it for each command below that.
// The keys of a section are the command's flags. Everything in the file must be known, also what is meant for
// other commands than the one that runs: a typo shows at the first run.
//
//	mock:
//	  listen: 127.0.0.1:0
//	  fault:
//	    - reply=503:0.1
//	    - {match: {operation: reply, nth: 3}, act: {status: 429, retry_after: 5}}
//	verify:
//	  assistloop:
//	    target: https://staging.example/v1
func readConfig(file string, root *cobra.Command) (*config, error) {
	c := &config{file: file, sections: map[string]map[string]*yaml.Node{}}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file", file)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var document yaml.Node
	if err := yaml.NewDecoder(f).Decode(&document); err == io.EOF {
		return c, nil // an empty file sets nothing
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, c.readSection(document.Content[0], root)
}

func (c *config) readSection(node *yaml.Node, cmd *cobra.Command) error {
	if node.Kind != yaml.MappingNode {
		return c.errorf(node, "%s is to be a section of keys and values", section(cmd))
	}
	flags := map[string]*yaml.Node{}
	c.sections[cmd.CommandPath()] = flags
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		name := key.Value
		if seen[name] {
			return c.errorf(key, "%q stands twice in %s", name, section(cmd))
		}
		seen[name] = true
		if sub := subcommand(cmd, name); sub != nil {
			if err := c.readSection(value, sub); err != nil {
				return err
			}
		} else if configurable(cmd, name) {
			flags[name] = value
			if _, err := c.values(value, cmd.Flags().Lookup(name)); err != nil {
				return err
			}
		} else {
			return c.errorf(key, "unknown key %q in %s; %s", name, section(cmd),
				suggest(name, keys(cmd), "", "valid keys: "+list(keys(cmd))))
		}
	}
	return nil
}

// source hands over the values that the file has for cmd.
func (c *config) source(cmd *cobra.Command) source {
	return func(f *pflag.Flag) ([]string, string) {
		node := c.sections[cmd.CommandPath()][f.Name]
		if node == nil {
			return nil, ""
		}
		values, _ := c.values(node, f) // readSection has seen the error
		return values, fmt.Sprintf("config %s:%d", c.file, node.Line)
	}
}

// values reads the value of one key: a scalar, or a list of them for a flag that can be repeated.
func (c *config) values(node *yaml.Node, f *pflag.Flag) ([]string, error) {
	if node.Kind == yaml.ScalarNode && node.Tag != "!!null" {
		return []string{node.Value}, nil
	}
	if node.Kind != yaml.SequenceNode || !repeatable(f) {
		return nil, c.errorf(node, "%q takes one value", f.Name)
	}
	var values []string
	for _, item := range node.Content {
		item = resolve(item)
		if item.Kind == yaml.MappingNode && f.Annotations[objects] != nil {
			text, err := asJSON(item)
			if err != nil {
				return nil, c.errorf(item, "%s", err)
			}
			values = append(values, text)
			continue
		}
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			return nil, c.errorf(item, "each item of %q is to be a value", f.Name)
		}
		values = append(values, item.Value)
	}
	return values, nil
}

// takesObjects says that the values of a flag that can be repeated may be objects in a config file. The flag gets them
// as JSON.
func takesObjects(cmd *cobra.Command, flag string) {
	f := cmd.Flags().Lookup(flag)
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[objects] = []string{"true"}
}

const objects = "parley_objects"

func asJSON(node *yaml.Node) (string, error) {
	var value any
	if err := node.Decode(&value); err != nil {
		return "", errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "", errors.New("the keys of an object are to be text")
	}
	return string(text), nil
}

func (c *config) errorf(at *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", c.file, at.Line, fmt.Sprintf(format, args...))
}

func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// section names the part of the file that belongs to cmd.
func section(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "the file"
	}
	return fmt.Sprintf("section %q", cmd.Name())
}

// subcommand finds a command of ours by name; cobra's own, which frame has not seen, have no section.
func subcommand(cmd *cobra.Command, name string) *cobra.Command {
	for _, sub := range cmd.Commands() {
		if sub.Name() == name && sub.PreRunE != nil {
			return sub
		}
	}
	return nil
}

// configurable reports whether the section of cmd may hold a flag: not --config itself, nor what only prints.
func configurable(cmd *cobra.Command, name string) bool {
	return cmd.HasParent() && name != "help" && cmd.LocalNonPersistentFlags().Lookup(name) != nil
}

func keys(cmd *cobra.Command) []string {
	names := []string{}
	for _, sub := range cmd.Commands() {
		if subcommand(cmd, sub.Name()) != nil {
			names = append(names, sub.Name())
		}
	}
	for _, name := range flagNames(cmd) {
		if configurable(cmd, name) {
			names = append(names, name)
		}
	}
	return names
}
