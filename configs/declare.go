package configs

import (
	"reflect"
	"strings"
)

// field is one key that a struct declares by its tags:
//
//	yaml:"key"      the key; "-" is no key; ",inline" takes the keys of the embedded struct
//	need:"yes"      the key must be there
//	one:"a|b"       the text must be one of these
//	like:"month"    the text must have this form (see forms)
//	min:"0" max:"1" bounds of a number or a size, both included
//	named:"yes"     a mapping from names to structs, kept in order as a slice; the struct's
//	                field Name takes the name
//	doc:"…"         what it means, for the schema and for the message about a missing key
type field struct {
	key      string
	index    []int
	typ      reflect.Type
	need     bool
	one      []string
	like     string
	min, max string
	named    bool
	doc      string
}

// fieldsOf returns the keys that a struct type declares, in their order.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "-" || (!f.IsExported() && !f.Anonymous) {
			continue
		}
		if f.Type.Kind() == reflect.Struct && (option == "inline" || (f.Anonymous && key == "")) {
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				all = append(all, inner)
			}
			continue
		}
		if key == "" {
			key = strings.ToLower(f.Name)
		}
		one := f.Tag.Get("one")
		d := field{key: key, index: []int{i}, typ: f.Type, need: f.Tag.Get("need") == "yes",
			like: f.Tag.Get("like"), min: f.Tag.Get("min"), max: f.Tag.Get("max"),
			named: f.Tag.Get("named") == "yes", doc: f.Tag.Get("doc")}
		if one != "" {
			d.one = strings.Split(one, "|")
		}
		all = append(all, d)
	}
	return all
}

func keysOf(fields []field) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}

func findField(fields []field, key string) *field {
	for i := range fields {
		if fields[i].key == key {
			return &fields[i]
		}
	}
	return nil
}

// defaulter is a declared type whose absent keys have values.
type defaulter interface{ setDefaults() }
