package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

func init() {
	Register(Kind{
		Name:       "html_table",
		Summary:    "a table of a web page, also one that is called .xls",
		Extensions: []string{".html", ".htm"},
		New: func() Settings {
			return &HTMLTable{Encoding: "utf-8", HeaderRow: 1, MaxBytes: 200 << 20, MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// HTMLTable decodes one table of a web page, row by row. Many systems that offer
// "Excel" send this: a table under the name of a workbook.
//
// A cell reads as its text, with line breaks where the page breaks lines; a cell
// that spans columns or rows has its text in the first of them, the others are
// empty. A page that ends inside the table is cut short, which is an error.
type HTMLTable struct {
	Table     int    `yaml:"table" doc:"number of the table in the page, from 1, also counting tables inside tables; default: the first whose header has at least two names, and those of header_has"`
	Encoding  string `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le, utf-16be, or auto for utf-8 where the text is that and else windows-1252; a byte order mark outweighs it; default utf-8"`
	HeaderRow int    `yaml:"header_row" doc:"row of the table that holds the column names, from 1; default 1"`
	headSettings
	SkipRows int `yaml:"skip_rows" doc:"rows right below the header to leave out (units, column numbers); default 0"`
	footSettings
	MaxBytes int64 `yaml:"max_bytes" doc:"bytes that the page may have; default 209715200"`
	MaxCell  int   `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows  int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *HTMLTable) Check() error {
	var problems []error
	if s.Table < 0 || s.HeaderRow < 1 || s.SkipRows < 0 {
		problems = append(problems, errors.New("table, header_row and skip_rows: must be at least 0, 1 and 0"))
	}
	if s.MaxBytes < 1 {
		problems = append(problems, errors.New("max_bytes: must be more than 0"))
	}
	return errors.Join(append(problems, s.headSettings.check(), s.footSettings.check(), checkEncoding(s.Encoding), checkLimits(s.MaxCell, s.MaxRows))...)
}

// Decode yields the records of one object.
func (s *HTMLTable) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "html_table", func(yield func(*Batch) bool) error {
		d := htmlDecoder{ctx: ctx, settings: s, tail: newTableTail(s.footSettings, nil, yield)}
		return d.run(r)
	})
}

// htmlMaxToken bounds one tag or run of text, which the tokenizer holds.
const htmlMaxToken = 4 << 20

type htmlDecoder struct {
	ctx      context.Context
	settings *HTMLTable
	tail     *tableTail
	tokens   *nethtml.Tokenizer
	source   *limitReader
	rows     *builder
	head     tableHead
	header   []string // of the table, once it is found

	tables int   // that began so far
	depth  int   // of tables open inside the one being read; 0 when none is read
	row    int   // of the table, from 1
	spans  []int // by column: rows below that a cell from above still covers
	column int   // of the cell being read
	cells  []htmlCell
	open   bool // inside a cell
	text   []byte
	space  bool // white space stands after the text
}

type htmlCell struct {
	column, width int
	text          string
}

// run reads tokens until the table ends. Tables before it only count.
func (d *htmlDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	d.source = &limitReader{r: r, left: d.settings.MaxBytes}
	text, _, err := decodeText(d.source, d.settings.Encoding)
	if err != nil {
		return err
	}
	d.rows = newBuilder(placeTableRow)
	d.tokens = nethtml.NewTokenizer(text)
	d.tokens.SetMaxBuf(htmlMaxToken)
	for n := 1; ; n++ {
		if n%4096 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		kind := d.tokens.Next()
		if kind == nethtml.ErrorToken {
			return d.ended(d.tokens.Err())
		}
		done, err := d.token(kind)
		if err != nil {
			return fmt.Errorf("table %d, row %d: %w", d.tables, max(d.row, 1), err)
		}
		if done {
			if err := d.flush(); err != nil {
				return err
			}
			return d.tail.end()
		}
	}
}

// ended words the end of the page, which comes too early wherever it comes.
func (d *htmlDecoder) ended(err error) error {
	switch {
	case d.source.err != nil:
		return d.source.err
	case errors.Is(err, nethtml.ErrBufferExceeded):
		return fmt.Errorf("one tag or text is longer than %d bytes: this is no table", htmlMaxToken)
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("reading the page: %w", err)
	case d.depth > 0:
		return fmt.Errorf("the page ends inside table %d, in its row %d: it was cut short, ask for it again", d.tables, max(d.row, 1))
	case d.settings.Table > 0:
		return fmt.Errorf("the page has %d tables: correct table, or look at the page for a login or an error", d.tables)
	}
	return fmt.Errorf("none of the page's %d tables has two column names in row %d, or those of header_has: correct header_row or header_has, or look at the page for a login or an error", d.tables, d.settings.HeaderRow)
}

// token takes one token; done is true at the end of the table.
func (d *htmlDecoder) token(kind nethtml.TokenType) (done bool, err error) {
	switch kind {
	case nethtml.TextToken:
		if d.open {
			d.addText(d.tokens.Raw())
		}
	case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
		return false, d.begin()
	case nethtml.EndTagToken:
		name, _ := d.tokens.TagName()
		return d.end(string(name))
	}
	return false, nil
}

func (d *htmlDecoder) begin() error {
	raw, more := d.tokens.TagName()
	name := string(raw)
	if name == "table" {
		d.tables++
		looking := d.settings.Table == 0 && d.header == nil // then a table inside one is as good
		switch {
		case d.depth > 0 && !looking:
			d.depth++
		case d.settings.Table == 0 || d.settings.Table == d.tables:
			d.depth, d.row, d.spans, d.open, d.header, d.cells = 1, 0, nil, false, nil, nil
			d.head = tableHead{headSettings: d.settings.headSettings, row: d.settings.HeaderRow}
		}
		return nil
	}
	if d.depth != 1 {
		return nil
	}
	switch name {
	case "tr":
		return d.beginRow()
	case "td", "th":
		if d.row == 0 {
			if err := d.beginRow(); err != nil {
				return err
			}
		}
		return d.beginCell(more)
	case "br", "p", "div":
		if d.open && (name == "br" || len(d.text) > 0) {
			d.text, d.space = append(d.text, '\n'), false
		}
	}
	return nil
}

func (d *htmlDecoder) end(name string) (done bool, err error) {
	switch {
	case d.depth == 0:
	case name == "table":
		if d.depth--; d.depth > 0 {
			return false, nil
		}
		if err := d.endRow(); err != nil {
			return false, err
		}
		if d.header != nil {
			return true, nil
		}
		if d.settings.Table > 0 {
			return false, fmt.Errorf("the table has no header: %w", d.head.missing())
		}
	case d.depth > 1:
	case name == "td" || name == "th":
		d.endCell()
	case name == "tr":
		return false, d.endRow()
	}
	return false, nil
}

func (d *htmlDecoder) beginRow() error {
	if err := d.endRow(); err != nil {
		return err
	}
	d.row++
	d.column = -1
	return nil
}

// beginCell finds the column of a cell, past those that cells from above cover.
func (d *htmlDecoder) beginCell(attributes bool) error {
	d.endCell()
	width, height := 1, 1
	for more := attributes; more; {
		var key, value []byte
		key, value, more = d.tokens.TagAttr()
		n, err := strconv.Atoi(strings.TrimSpace(string(value)))
		if err != nil || n < 1 {
			continue
		}
		switch string(key) {
		case "colspan":
			width = min(n, 1000) // the limits of HTML itself
		case "rowspan":
			height = min(n, 65534)
		}
	}
	d.column++
	for d.column < len(d.spans) && d.spans[d.column] > 0 {
		d.spans[d.column]--
		d.column++
	}
	if d.column+width > MaxColumns {
		return fmt.Errorf("there are more than %d columns", MaxColumns)
	}
	for len(d.spans) < d.column+width {
		d.spans = append(d.spans, 0)
	}
	for c := d.column; c < d.column+width; c++ {
		d.spans[c] = height - 1
	}
	d.cells = append(d.cells, htmlCell{column: d.column, width: width})
	d.column += width - 1
	d.open, d.text, d.space = true, d.text[:0], false
	return nil
}

// addText adds text as a browser shows it: white space of the page is one blank
// between words and none at the ends; characters written as entities stay what
// they are.
func (d *htmlDecoder) addText(raw []byte) {
	for len(raw) > 0 {
		n := bytes.IndexFunc(raw, isHTMLSpace)
		if n < 0 {
			n = len(raw)
		}
		if n == 0 {
			d.space = true
			raw = raw[1:]
			continue
		}
		if d.space && len(d.text) > 0 && d.text[len(d.text)-1] != '\n' {
			d.text = append(d.text, ' ')
		}
		d.space = false
		d.text = append(d.text, html.UnescapeString(string(raw[:n]))...)
		raw = raw[n:]
	}
}

func isHTMLSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

func (d *htmlDecoder) endCell() {
	if !d.open {
		return
	}
	d.open = false
	text := strings.Trim(strings.ToValidUTF8(string(d.text), string(utf8.RuneError)), "\n")
	if strings.Trim(text, " \n\u00a0") == "" {
		text = ""
	}
	d.cells[len(d.cells)-1].text = text
}
