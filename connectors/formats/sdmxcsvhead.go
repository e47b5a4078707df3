package formats

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var errNotSDMXCSV = errors.New("the first column is neither DATAFLOW (SDMX-CSV 1.0) nor STRUCTURE (2.0): look whether the source answered with something else, or name another kind under formats")

// sdmxSeparator is the character after the name of the first column, which SDMX
// fixes: STRUCTURE[|];STRUCTURE_ID is parted by semicolons.
func sdmxSeparator(head []byte) (byte, error) {
	if isHTML(bytes.ToLower(bytes.TrimLeft(head[:min(len(head), 512)], " \t\r\n"))) {
		return 0, errors.New("this is a web page, not SDMX-CSV: look at it for an error or a changed address")
	}
	rest := bytes.TrimLeft(head, "\r\n")
	rest, quoted := bytes.CutPrefix(rest, []byte(`"`))
	term, isTwo := bytes.CutPrefix(rest, []byte("STRUCTURE"))
	if !isTwo {
		var isOne bool
		if term, isOne = bytes.CutPrefix(rest, []byte("DATAFLOW")); !isOne {
			return 0, errNotSDMXCSV
		}
	}
	if len(term) > 2 && term[0] == '[' && term[2] == ']' {
		term = term[3:]
	}
	if quoted {
		var closed bool
		if term, closed = bytes.CutPrefix(term, []byte(`"`)); !closed {
			return 0, errNotSDMXCSV
		}
	}
	if len(term) == 0 || term[0] == '\r' || term[0] == '\n' {
		return 0, errors.New("line 1 names no component beside the structure: ask for the whole file")
	}
	if c := term[0]; c < 0x80 && (c == '\t' || c > ' ') && c != '"' && c != '_' && !isLetterOrDigit(c) {
		return c, nil
	}
	return 0, errNotSDMXCSV
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// An sdmxLayout says what becomes of the columns of a file.
type sdmxLayout struct {
	version int // 1 or 2
	action  int // column of the file, -1 without one
	time    int // column of the period, -1 without one or where it does not matter
	header  []string
	columns []sdmxColumn
	plain   bool // every cell is one of ours as it is
}

// An sdmxColumn is a column of the file and what its cells hold.
type sdmxColumn struct {
	from      int
	separator byte // between the values of a cell, 0: it holds one
	labelled  bool // codes with their labels
	languages []string
}

// fixed are the columns that say what a record is, and never have labels of their own.
var sdmxFixed = []string{"STRUCTURE", "ACTION", "SERIES_KEY", "OBS_KEY"}

func newSDMXLayout(columns []string) (*sdmxLayout, error) {
	l := &sdmxLayout{version: 1, action: slices.Index(columns, "ACTION"), time: -1, plain: true}
	separator := byte(0)
	if rest, ok := strings.CutPrefix(columns[0], "STRUCTURE"); ok {
		l.version = 2
		if len(columns) < 2 || columns[1] != "STRUCTURE_ID" {
			return nil, errors.New("the second column is not STRUCTURE_ID, which SDMX-CSV 2.0 puts there: ask the source for the format anew")
		}
		if len(rest) == 3 {
			separator = rest[1]
		}
	}
	named := l.version == 2 && len(columns) > 2 && columns[2] == "STRUCTURE_NAME"
	both := slices.ContainsFunc(columns, func(name string) bool { return strings.Contains(name, ": ") })
	for i := 0; i < len(columns); i++ {
		name, _, labelled := strings.Cut(columns[i], ": ")
		c := sdmxColumn{from: i, labelled: labelled}
		switch {
		case i == 0:
			name, _, _ = strings.Cut(name, "[")
			c.labelled = both && l.version == 1
		case i == 1 && l.version == 2:
			c.labelled = both
		default:
			name = c.component(name, separator)
		}
		if name == "TIME_PERIOD" {
			l.time = i
		}
		l.add(name, c)
		if named && i > 0 && i+1 < len(columns) && !slices.Contains(sdmxFixed, name) {
			i++
			l.add(name+".label", sdmxColumn{from: i})
		}
	}
	if len(l.header) > MaxColumns {
		return nil, fmt.Errorf("it has %d columns, more than %d: ask for less at a time", len(l.header), MaxColumns)
	}
	l.header = cleanHeader(l.header)
	return l, nil
}

func (l *sdmxLayout) add(name string, c sdmxColumn) {
	switch {
	case len(c.languages) > 0:
		for _, language := range c.languages {
			l.header = append(l.header, name+"."+language)
		}
	case c.labelled:
		l.header = append(l.header, name, name+".label")
	default:
		l.header = append(l.header, name)
	}
	l.plain = l.plain && !c.labelled && len(c.languages) == 0
	l.columns = append(l.columns, c)
}

// sdmxMaxLanguages is more than any source writes in.
const sdmxMaxLanguages = 64

// component takes the brackets out of a name: NOTE[] has several values, TITLE[en;fr]
// one for each language, CONTACT[].NAME[] is nested.
func (c *sdmxColumn) component(name string, separator byte) string {
	open := strings.LastIndexByte(name, '[')
	if open < 0 || !strings.HasSuffix(name, "]") {
		return name
	}
	c.separator = separator
	inside := name[open+1 : len(name)-1]
	if i := strings.IndexFunc(inside, func(r rune) bool { return r != '-' && (r >= 0x80 || !isLetterOrDigit(byte(r))) }); i >= 0 && inside[i] < 0x80 {
		c.separator = inside[i]
	}
	if inside != "" {
		c.languages, c.labelled = []string{inside}, false
		if c.separator != 0 {
			c.languages = strings.SplitN(inside, c.between(), sdmxMaxLanguages)
		}
	}
	return strings.ReplaceAll(name[:open], "[]", "")
}
