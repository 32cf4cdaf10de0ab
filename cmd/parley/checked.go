package main

import "strings"

// checked is a flag that can be repeated. Each of its values is checked where it is given, so that an error can tell the
// place: a flag, a variable, or a line of the config file.
type checked struct {
	values *[]string
	check  func(string) error
}

// Set takes one more value.
func (c checked) Set(value string) error {
	if err := c.check(value); err != nil {
		return err
	}
	*c.values = append(*c.values, value)
	return nil
}

// Type is one of ours, whose errors say what is wanted.
func (c checked) Type() string { return "checked" }

// String is what help shows as the default: nothing, while there are no values.
func (c checked) String() string { return strings.Join(*c.values, " ") }

// Append, Replace and GetSlice are those of pflag.SliceValue, by which a flag shows that it can be repeated.
func (c checked) Append(value string) error { return c.Set(value) }

// Replace takes values in place of those before.
func (c checked) Replace(values []string) error {
	for _, value := range values {
		if err := c.check(value); err != nil {
			return err
		}
	}
	*c.values = values
	return nil
}

// GetSlice gives the values.
func (c checked) GetSlice() []string { return *c.values }
