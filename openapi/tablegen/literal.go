package main

import (
	"fmt"
	"reflect"
	"strings"
)

// literal writes a value as Go source: a line for each element of a list of structs, and no field that is zero, so
// that a change of the contract shows as a change of few lines. It knows the kinds that tables are made of.
func literal(value any) string {
	var b strings.Builder
	write(&b, reflect.ValueOf(value), true)
	return b.String()
}

// write names the type of a composite literal only where nothing around it does.
func write(b *strings.Builder, v reflect.Value, named bool) {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		fmt.Fprintf(b, "%s{", v.Type())
		end := ""
		if v.Type().Elem().Kind() == reflect.Struct {
			end = "\n"
		}
		b.WriteString(end)
		for i := range v.Len() {
			write(b, v.Index(i), false)
			b.WriteString("," + end)
		}
		b.WriteString("}")
	case reflect.Struct:
		if named {
			b.WriteString(v.Type().String())
		}
		b.WriteString("{")
		for i := range v.NumField() {
			if field := v.Field(i); !field.IsZero() {
				b.WriteString(v.Type().Field(i).Name + ": ")
				write(b, field, true)
				b.WriteString(", ")
			}
		}
		b.WriteString("}")
	case reflect.String:
		if strings.Contains(v.String(), `"`) {
			fmt.Fprintf(b, "%#q", v.String()) // between backquotes, if it can be
			return
		}
		fmt.Fprintf(b, "%q", v.String())
	default: // numbers and booleans; a duration as its nanoseconds
		if v.CanInt() {
			fmt.Fprintf(b, "%d", v.Int())
			return
		}
		fmt.Fprintf(b, "%v", v.Interface())
	}
}
