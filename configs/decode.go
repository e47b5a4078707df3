package configs

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// decoder fills declared types from nodes and collects every mistake on the way.
type decoder struct {
	file  string
	errs  Errors
	nodes map[any]*node // the node that a struct came from, by the struct's address

	// references says what to do with ${…}: nil refuses them.
	references func(s string, at place, label string) (string, bool)
	// sealed refuses a secret that is written out instead of referred to.
	sealed bool
	// origins go into the sections of the file.
	origins *origins
}

func (d *decoder) fail(p place, format string, args ...any) {
	d.errs = append(d.errs, Error{File: d.file, Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)})
}

// value is where a node is decoded to: the Go value, what its field declares, and the words that
// name it in a message.
type value struct {
	to    reflect.Value
	field field
	label string // the key, quoted
}

// ownDecoder is implemented by the types that keep the node instead of taking it apart.
type ownDecoder interface {
	decodeNode(d *decoder, n *node, label string)
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	sizeType     = reflect.TypeFor[Size]()
	timeType     = reflect.TypeFor[time.Time]()
)

// decode fills one value. Nothing is written when it reports a mistake.
func (d *decoder) decode(n *node, v value) {
	if n.broken {
		return
	}
	if v.to.CanAddr() {
		if own, ok := v.to.Addr().Interface().(ownDecoder); ok {
			own.decodeNode(d, n, v.label)
			return
		}
	}
	if v.to.Kind() == reflect.Interface && v.to.NumMethod() == 0 {
		if plain := d.plain(n, v.label); plain != nil {
			v.to.Set(reflect.ValueOf(plain))
		}
		return
	}
	if n.shape == null {
		d.fail(n.at, "%s has no value; give one or take the key out", v.label)
		return
	}
	if v.to.Kind() == reflect.Pointer {
		fresh := reflect.New(v.to.Type().Elem())
		if own, ok := fresh.Interface().(defaulter); ok {
			own.setDefaults()
		}
		inner := v
		inner.to = fresh.Elem()
		d.decode(n, inner)
		v.to.Set(fresh)
		return
	}
	if d.decodeSpecial(n, v) {
		return
	}
	switch v.to.Kind() {
	case reflect.Struct:
		d.decodeStruct(n, v.to, n.at, v.label, nil)
	case reflect.Slice:
		if v.field.named {
			d.decodeNamed(n, v)
		} else {
			d.decodeList(n, v)
		}
	case reflect.Map:
		d.decodeMap(n, v)
	case reflect.String:
		d.decodeString(n, v)
	case reflect.Bool:
		if d.want(n, v.label, boolean) {
			v.to.SetBool(strings.EqualFold(n.text, "true"))
		}
	default:
		d.decodeNumber(n, v)
	}
}

// want reports a value of the wrong shape.
func (d *decoder) want(n *node, label string, wanted ...shape) bool {
	for _, s := range wanted {
		if n.shape == s {
			return true
		}
	}
	d.fail(n.at, "%s must be %s, not %s", label, wanted[0], n.what())
	return false
}

// decodeSpecial handles the types with a notation of their own.
func (d *decoder) decodeSpecial(n *node, v value) bool {
	switch v.to.Type() {
	case durationType:
		if !d.scalar(n, v.label, "a length of time such as 90s, 48h or 30d") {
			return true
		}
		length, err := ParseDuration(n.text)
		if err != nil {
			d.fail(n.at, "%s: %v", v.label, err)
			return true
		}
		v.to.SetInt(int64(length))
		return true
	case sizeType:
		d.decodeSize(n, v)
		return true
	case timeType:
		t, err := time.Parse(time.RFC3339, n.text) // a list or a mapping has no text
		if err != nil {
			d.fail(n.at, "%s must be a time with its zone, such as 2026-01-15T09:00:00+07:00", v.label)
			return true
		}
		v.to.Set(reflect.ValueOf(t))
		return true
	}
	if unmarshaler, ok := v.to.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if !d.scalar(n, v.label, "a text") {
			return true
		}
		s, whole := d.resolve(n, v.label)
		if !whole || d.unresolved(s) {
			return true
		}
		if err := unmarshaler.UnmarshalText([]byte(s)); err != nil {
			if s != n.text { // the error may quote what the reference stands for
				d.fail(n.at, "%s: what %s stands for is not accepted here", v.label, n.text)
			} else {
				d.fail(n.at, "%s: %v", v.label, err)
			}
		}
		return true
	}
	return false
}

func (d *decoder) scalar(n *node, label, wanted string) bool {
	if n.shape == list || n.shape == mapping || n.shape == null {
		d.fail(n.at, "%s must be %s, not %s", label, wanted, n.shape)
		return false
	}
	return true
}

func (d *decoder) decodeSize(n *node, v value) {
	if !d.scalar(n, v.label, "a size such as 512MiB or 2GiB") {
		return
	}
	size, err := ParseSize(n.text)
	if err != nil {
		d.fail(n.at, "%s: %v", v.label, err)
		return
	}
	if v.field.min != "" {
		if least, _ := ParseSize(v.field.min); size < least {
			d.fail(n.at, "%s must be at least %s, not %s", v.label, v.field.min, n.text)
			return
		}
	}
	v.to.SetInt(int64(size))
}

// decodeStruct fills a declared struct from a mapping. owner is the place of the key that holds
// the mapping, where a missing key is reported; skip are keys that somebody else has read.
func (d *decoder) decodeStruct(n *node, to reflect.Value, owner place, label string, skip []string) {
	if !d.want(n, label, mapping) {
		return
	}
	fields, misspelt := fieldsOf(to.Type()), map[string]bool{}
	for _, e := range n.entries {
		f := findField(fields, e.key)
		if f == nil {
			if !slices.Contains(skip, e.key) {
				misspelt[Suggest(e.key, keysOf(fields))] = true
				d.fail(e.at, "unknown key %q%s", e.key, meant("keys", e.key, keysOf(fields)))
			}
			continue
		}
		d.decodeKey(e, to.FieldByIndex(f.index), *f)
	}
	for _, f := range fields {
		if f.need && n.get(f.key) == nil && !misspelt[f.key] {
			d.fail(owner, "%s lacks the key %q; add it%s", label, f.key, after(": ", strings.TrimSuffix(f.doc, ".")))
		}
	}
	if d.nodes != nil && to.CanAddr() {
		d.nodes[to.Addr().Interface()] = n
	}
	if s, ok := to.Addr().Interface().(*Schedule); ok {
		s.Line = n.at.line
	}
}

func after(separator, s string) string {
	if s == "" {
		return ""
	}
	return separator + s
}

func (d *decoder) decodeKey(e entry, to reflect.Value, f field) {
	child := e.value
	if child.shape == null && !child.broken {
		child = &node{at: e.at}
	}
	d.decode(child, value{to: to, field: f, label: fmt.Sprintf("%q", e.key)})
}

// decodeNamed fills a slice of structs from a mapping of names.
func (d *decoder) decodeNamed(n *node, v value) {
	if !d.want(n, v.label, mapping) {
		return
	}
	if len(n.entries) == 0 {
		d.fail(n.at, "%s is empty; name at least one", v.label)
	}
	for _, e := range n.entries {
		if complaint := forms["name"].check(e.key); complaint != "" {
			d.fail(e.at, "the name %q %s", e.key, complaint)
			continue
		}
		element := v.to.Type().Elem()
		pointer := element.Kind() == reflect.Pointer
		if pointer {
			element = element.Elem()
		}
		fresh := reflect.New(element)
		if own, ok := fresh.Interface().(defaulter); ok {
			own.setDefaults()
		}
		fresh.Elem().FieldByName("Name").SetString(e.key)
		if f := fresh.Elem().FieldByName("Line"); f.IsValid() {
			f.SetInt(int64(e.at.line))
		}
		child := e.value
		if child.shape == null && !child.broken {
			child = &node{shape: mapping, at: e.at}
		}
		d.decodeStruct(child, fresh.Elem(), e.at, fmt.Sprintf("%q", e.key), nil)
		if pointer {
			v.to.Set(reflect.Append(v.to, fresh))
		} else {
			v.to.Set(reflect.Append(v.to, fresh.Elem()))
		}
	}
}

func (d *decoder) decodeList(n *node, v value) {
	if !d.want(n, v.label, list) {
		return
	}
	if v.field.need && len(n.items) == 0 {
		d.fail(n.at, "%s is empty; give at least one", v.label)
		return
	}
	out := reflect.MakeSlice(v.to.Type(), len(n.items), len(n.items))
	seen := map[string]bool{}
	for i, item := range n.items {
		label := fmt.Sprintf("item %d of %s", i+1, v.label)
		if out.Index(i).Kind() == reflect.String && item.shape == text {
			if seen[item.text] {
				d.fail(item.at, "%s: %q is listed twice; keep one", v.label, item.text)
			}
			seen[item.text] = true
		}
		inner := field{one: v.field.one, like: v.field.like}
		d.decode(item, value{to: out.Index(i), field: inner, label: label})
	}
	v.to.Set(out)
}

func (d *decoder) decodeMap(n *node, v value) {
	if !d.want(n, v.label, mapping) {
		return
	}
	out := reflect.MakeMapWithSize(v.to.Type(), len(n.entries))
	for _, e := range n.entries {
		if strings.Contains(e.key, "${") {
			d.fail(e.at, "a reference cannot be a key; put it into the value")
			continue
		}
		item := reflect.New(v.to.Type().Elem()).Elem()
		child := e.value
		if child.shape == null && !child.broken {
			child = &node{at: e.at}
		}
		inner := field{one: v.field.one, like: v.field.like}
		d.decode(child, value{to: item, field: inner, label: fmt.Sprintf("%q", e.key)})
		out.SetMapIndex(reflect.ValueOf(e.key).Convert(v.to.Type().Key()), item)
	}
	v.to.Set(out)
}

// plain turns a node into Go's own types, for a declaration that does not care.
func (d *decoder) plain(n *node, label string) any {
	switch n.shape {
	case mapping:
		out := map[string]any{}
		for _, e := range n.entries {
			out[e.key] = d.plain(e.value, fmt.Sprintf("%q", e.key))
		}
		return out
	case list:
		out := []any{}
		for i, item := range n.items {
			out = append(out, d.plain(item, fmt.Sprintf("item %d of %s", i+1, label)))
		}
		return out
	case boolean:
		return strings.EqualFold(n.text, "true")
	case null:
		return nil
	case text:
		s, _ := d.resolve(n, label)
		return s
	}
	return n.text // a number keeps its digits
}
