package formats

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// A flattener turns JSON objects into rows: {"worker": {"nik": "…"}} becomes the
// column "worker.nik". Columns are found as they appear and keep their place, so
// that a later batch's header begins with the earlier one's.
//
// Sources write the members of every item in the same order, so each member is
// first compared with the one that came next in the items before; only a
// surprise costs a map lookup.
type flattener struct {
	header  []string
	columns map[string]int
	root    member
	members int
	slots   []slot
	item    uint32 // number of the item being read, marks what it has set
	maxCell int
	fault   fault
	scratch []byte
}

// A member is one name in one place of the items.
type member struct {
	path   string // with dots
	column int    // -1 until a value other than an object was met
	item   uint32
	order  int // where it stands in its parent's list
	list   []*member
	raw    []byte // as last written between its quotes
	byRaw  map[string]*member
	byName map[string]*member
}

// A slot holds a column's value in the item being read.
type slot struct {
	item uint32
	raw  []byte
	form jsonscan.StringForm
	kind valueKind
}

type valueKind uint8

const (
	plainValue valueKind = iota // number, true, false: the bytes themselves
	textValue                   // string, to be unescaped
	listValue                   // array, kept as JSON text
)

func newFlattener(maxCell int) *flattener {
	return &flattener{columns: map[string]int{}, root: member{column: -1}, maxCell: maxCell}
}

// errColumns ends decoding: a header without bounds is an attack or a map that
// was taken for a list.
var errColumns = fmt.Errorf("the items have more than %d different members: is items_path right?", MaxColumns)

// record reads the item that begins t and appends it to b as a row, with its
// fault if it has one.
func (f *flattener) record(t jsonscan.Text, b *builder, place int64) (used int, err error) {
	f.fault = fault{}
	f.item++
	if t.Data[0] != '{' {
		if used, err = t.Value(0); err != nil {
			return 0, err
		}
		b.endRow(place, fault{MalformedRecord, "the item is not a JSON object: is items_path right?"})
		return used, nil
	}
	if used, err = f.object(t, 0, &f.root, 0); err != nil {
		return 0, err
	}
	for column := range f.header {
		f.appendCell(b, column)
	}
	b.endRow(place, f.fault)
	return used, nil
}

func (f *flattener) object(t jsonscan.Text, i int, parent *member, depth int) (end int, err error) {
	if depth >= jsonscan.MaxDepth {
		return 0, &jsonscan.SyntaxError{Offset: i, What: "objects nest too deep"}
	}
	expected := 0
	i, more, err := t.First(i, '}')
	for more && err == nil {
		raw, form, value, keyErr := t.Key(i)
		if keyErr != nil {
			return 0, keyErr
		}
		var m *member
		if expected < len(parent.list) && bytes.Equal(parent.list[expected].raw, raw) {
			m = parent.list[expected]
		} else {
			if m, err = f.find(parent, raw, form); err != nil {
				return 0, err
			}
		}
		expected = m.order + 1
		if m.item == f.item {
			f.note(fault{MalformedRecord, fmt.Sprintf("the item names the member %q twice", m.path)})
		}
		m.item = f.item
		if i, err = f.value(t, value, m, depth); err != nil {
			return 0, err
		}
		i, more, err = t.Next(i, '}')
	}
	return i, err
}

// find returns the member that is written raw, a new one if it never was.
func (f *flattener) find(parent *member, raw []byte, form jsonscan.StringForm) (*member, error) {
	if m, ok := parent.byRaw[string(raw)]; ok {
		return m, nil
	}
	text, _ := jsonscan.AppendText(nil, raw, form)
	name := strings.ReplaceAll(string(text), "\x00", "?")
	m, ok := parent.byName[name]
	if !ok {
		// Members that never get a column (objects without content) count too:
		// the tree has to stay as small as the header.
		if f.members++; f.members > 2*MaxColumns {
			return nil, errColumns
		}
		m = &member{path: name, column: -1, order: len(parent.list), raw: bytes.Clone(raw)}
		if parent.path != "" {
			m.path = parent.path + "." + name
		}
		if parent.byName == nil {
			parent.byName, parent.byRaw = map[string]*member{}, map[string]*member{}
		}
		parent.list = append(parent.list, m)
		parent.byName[name] = m
	}
	if len(parent.byRaw) < MaxColumns {
		parent.byRaw[string(raw)] = m
	}
	return m, nil
}

// value reads the value of a member.
func (f *flattener) value(t jsonscan.Text, i int, m *member, depth int) (end int, err error) {
	var form jsonscan.StringForm
	kind := plainValue
	switch c := t.Data[i]; {
	case c == '"':
		kind = textValue
		end, form, err = t.String(i)
	case c == '{':
		return f.object(t, i, m, depth+1)
	case c == '[':
		kind = listValue
		end, err = t.Value(i)
	case c == '-' || '0' <= c && c <= '9':
		end, err = t.Number(i)
	default:
		end, err = t.Literal(i)
	}
	if err != nil {
		return 0, err
	}
	if m.column < 0 {
		if err := f.addColumn(m); err != nil {
			return 0, err
		}
	}
	raw := t.Data[i:end]
	if kind == textValue {
		raw = raw[1 : len(raw)-1]
	} else if raw[0] == 'n' {
		raw = nil
	}
	s := &f.slots[m.column]
	if s.item == f.item {
		f.note(fault{MalformedRecord, fmt.Sprintf("the item gives the column %q twice", m.path)})
	}
	*s = slot{f.item, raw, form, kind}
	return end, nil
}

// addColumn gives a member its column; a flat member named "a.b" and a nested
// one share theirs.
func (f *flattener) addColumn(m *member) error {
	column, ok := f.columns[m.path]
	if !ok {
		if len(f.header) == MaxColumns {
			return errColumns
		}
		column = len(f.header)
		f.header = append(f.header, m.path)
		f.columns[m.path] = column
		f.slots = append(f.slots, slot{})
	}
	m.column = column
	return nil
}

// note keeps the first fault of an item.
func (f *flattener) note(x fault) {
	if f.fault.code == "" {
		f.fault = x
	}
}

func (f *flattener) appendCell(b *builder, column int) {
	s := &f.slots[column]
	if s.item != f.item {
		b.cell(nil)
		return
	}
	text, ok := s.raw, true
	if s.kind == textValue && s.form != 0 {
		f.scratch, ok = jsonscan.AppendText(f.scratch[:0], s.raw, s.form)
		text = f.scratch
		if i := bytes.IndexByte(text, 0); i >= 0 {
			text, ok = bytes.ReplaceAll(text, []byte{0}, []byte{'?'}), false
		}
	} else if s.kind == listValue && !utf8.Valid(text) {
		text, ok = bytes.ToValidUTF8(text, replacement), false
	}
	if !ok {
		f.note(fault{BadEncoding, fmt.Sprintf("the member %q holds bytes or escapes that are not text", f.header[column])})
	}
	if len(text) > f.maxCell {
		f.note(fault{TooLongCell, fmt.Sprintf("the member %q has %d bytes, more than max_cell (%d)", f.header[column], len(text), f.maxCell)})
		text = nil
	}
	b.cell(text)
}

// memberNames lists names for messages, few and sorted.
func memberNames(names []string) string {
	if len(names) == 0 {
		return "no members at all"
	}
	if slices.ContainsFunc(names, isNumbered) {
		return fmt.Sprintf("%d, whose names are numbers and are not shown", len(names))
	}
	names = slices.Clone(names)
	slices.Sort(names)
	if len(names) > 10 {
		names = append(names[:10], "…")
	}
	return strings.Join(names, ", ")
}

// isNumbered says whether a name holds a number so long that it may be a person's.
func isNumbered(name string) bool {
	digits := 0
	for _, c := range name {
		if c < '0' || c > '9' {
			digits = 0
		} else if digits++; digits >= 10 {
			return true
		}
	}
	return false
}

// isSyntax reports whether an error is about the text rather than its reader.
func isSyntax(err error) (*jsonscan.SyntaxError, bool) {
	if err == nil {
		return nil, false
	}
	problem := (*jsonscan.SyntaxError)(nil)
	ok := errors.As(err, &problem)
	return problem, ok
}
