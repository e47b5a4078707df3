package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// An xmlNode is an element of the record being read.
type xmlNode struct {
	name     string
	attrs    []xmlPair
	text     []byte
	children []*xmlNode
}

type xmlPair struct {
	name string
	text []byte
}

// xmlMaxRecord bounds one record, so that memory does not grow with the object. An
// element counts with what it takes in memory.
const (
	xmlMaxRecord = 16 << 20
	xmlNodeSize  = 128
)

// An xmlTree reads one record at a time.
type xmlTree struct {
	xml   *xmlReader
	names map[string]string // so that a name is kept once
	size  int
}

func (t *xmlTree) name(raw []byte) (string, error) {
	name, ok := t.names[string(raw)]
	if ok {
		return name, nil
	}
	if len(t.names) >= 2*MaxColumns {
		return "", errXMLColumns
	}
	if len(raw) == 0 || len(raw) > 256 {
		return "", fmt.Errorf("the name of an element or attribute has %d bytes: this is no document of data", len(raw))
	}
	name = string(bytes.ReplaceAll(bytes.ToValidUTF8(raw, []byte("?")), []byte{0}, []byte("?")))
	t.names[string(raw)] = name
	return name, nil
}

// errXMLColumns ends decoding, as errColumns does for JSON.
var errXMLColumns = fmt.Errorf("the records have more than %d different elements and attributes: is record_path right?", MaxColumns)

// read reads the element that started, to its end.
func (t *xmlTree) read() (*xmlNode, error) {
	t.size = 0
	return t.element()
}

func (t *xmlTree) element() (*xmlNode, error) {
	name, err := t.name(t.xml.name)
	if err != nil {
		return nil, err
	}
	n := &xmlNode{name: name}
	t.size += xmlNodeSize
	for _, a := range t.xml.attrs {
		name, err := t.name(a.name)
		if err != nil {
			return nil, err
		}
		text, err := t.xml.unescape(a.value)
		if err != nil {
			return nil, err
		}
		n.attrs = append(n.attrs, xmlPair{name, bytes.Clone(text)})
		t.size += len(text) + xmlNodeSize
	}
	for {
		kind, err := t.xml.next()
		if err != nil {
			return nil, err
		}
		switch kind {
		case xmlEnd:
			return n, nil
		case xmlText:
			n.text = append(n.text, t.xml.text...)
			t.size += len(t.xml.text)
		case xmlStart:
			child, err := t.element()
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, child)
		}
		if t.size > xmlMaxRecord {
			return nil, fmt.Errorf("it is larger than %d bytes: is record_path right?", xmlMaxRecord)
		}
	}
}

// own is the text of an element; white space between elements is none.
func (n *xmlNode) own() []byte {
	if len(n.children) > 0 {
		return bytes.TrimSpace(n.text)
	}
	return n.text
}

// named groups the elements inside by their names, in the order of the document.
func (n *xmlNode) named() (groups [][]*xmlNode) {
	index := map[string]int{}
	for _, child := range n.children {
		i, ok := index[child.name]
		if !ok {
			i = len(groups)
			index[child.name] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], child)
	}
	return groups
}

// appendJSON writes an element as JSON: a text, or an object where it has attributes
// or elements.
func (n *xmlNode) appendJSON(dst []byte) []byte {
	if len(n.attrs) == 0 && len(n.children) == 0 {
		return appendJSONText(dst, n.text)
	}
	dst = append(dst, '{')
	member := func(name string) {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(appendJSONText(dst, []byte(name)), ':')
	}
	for _, a := range n.attrs {
		member("@" + a.name)
		dst = appendJSONText(dst, a.text)
	}
	if text := n.own(); len(text) > 0 {
		member("#text")
		dst = appendJSONText(dst, text)
	}
	for _, group := range n.named() {
		member(group[0].name)
		if len(group) == 1 {
			dst = group[0].appendJSON(dst)
		} else {
			dst = appendJSONList(dst, group)
		}
	}
	return append(dst, '}')
}

func appendJSONList(dst []byte, nodes []*xmlNode) []byte {
	dst = append(dst, '[')
	for i, n := range nodes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = n.appendJSON(dst)
	}
	return append(dst, ']')
}

func appendJSONText(dst, text []byte) []byte {
	var out bytes.Buffer
	write := json.NewEncoder(&out)
	write.SetEscapeHTML(false)
	_ = write.Encode(string(text)) // a text always can be written
	return append(dst, bytes.TrimSuffix(out.Bytes(), newline)...)
}

// An xmlColumns turns records into rows. Columns are found as they appear and keep
// their place, so that a later batch's header begins with the earlier one's.
type xmlColumns struct {
	lists      []string
	maxCell    int
	translated bool // U+FFFD marks bytes that the decoder could not read
	header     []string
	index      map[string]int
	values     []xmlValue
	number     int64
	fault      fault
}

type xmlValue struct {
	record int64
	text   []byte
}

func newXMLColumns(s *XML, translated bool) xmlColumns {
	return xmlColumns{lists: s.Lists, maxCell: s.MaxCell, translated: translated, index: map[string]int{}}
}

// record appends a record as a row.
func (c *xmlColumns) record(n *xmlNode, b *builder, number int64) error {
	c.number, c.fault = number, fault{}
	if err := c.element(n, ""); err != nil {
		return err
	}
	for i := range c.header {
		var text []byte
		if v := &c.values[i]; v.record == number {
			text = c.clean(i, v.text)
		}
		b.cell(text)
	}
	b.endRow(number, c.fault)
	return nil
}

// clean makes valid text of a value, with the record's fault where it is none.
func (c *xmlColumns) clean(column int, text []byte) []byte {
	if bytes.IndexByte(text, 0) >= 0 || c.translated && bytes.Contains(text, replacement) {
		c.note(fault{BadEncoding, fmt.Sprintf("%s holds bytes that are not text", c.header[column])})
		text = bytes.ReplaceAll(text, []byte{0}, []byte{'?'})
	}
	if len(text) > c.maxCell {
		c.note(fault{TooLongCell, fmt.Sprintf("%s has %d bytes, more than max_cell (%d)", c.header[column], len(text), c.maxCell)})
		return nil
	}
	return text
}

func (c *xmlColumns) note(f fault) {
	if c.fault.code == "" {
		c.fault = f
	}
}

func (c *xmlColumns) element(n *xmlNode, path string) error {
	under := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	for _, a := range n.attrs {
		if err := c.set(under("@"+a.name), a.text); err != nil {
			return err
		}
	}
	switch text := n.own(); {
	case len(n.children) == 0 && path != "":
		if err := c.set(path, text); err != nil {
			return err
		}
	case len(text) > 0:
		if err := c.set(under("#text"), text); err != nil {
			return err
		}
	}
	for _, group := range n.named() {
		name := under(group[0].name)
		var err error
		if len(group) > 1 || slices.Contains(c.lists, name) {
			err = c.set(name, appendJSONList(nil, group))
		} else {
			err = c.element(group[0], name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// set gives a column its value in this record.
func (c *xmlColumns) set(name string, text []byte) error {
	i, ok := c.index[name]
	if !ok {
		if len(c.header) == MaxColumns {
			return errXMLColumns
		}
		i = len(c.header)
		c.index[name] = i
		c.header, c.values = append(c.header, name), append(c.values, xmlValue{})
	}
	if c.values[i].record == c.number {
		c.note(fault{MalformedRecord, fmt.Sprintf("%s is there twice: two attributes differ in their prefix only, or a name has a dot", name)})
	}
	c.values[i] = xmlValue{c.number, text}
	return nil
}
