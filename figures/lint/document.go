package lint

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// MaxBytes bounds a document: publications are small, and the whole is held in memory.
const MaxBytes = 32 << 20

// A Document is what figures are looked for in.
type Document struct {
	Name   string
	Tables []Table
	Texts  []Text
}

// A Table is a grid of cells as they are written.
type Table struct {
	Title string
	Sheet string // of a workbook
	Lang  string // "id" or "en" where the document says so
	Rows  []Row
}

// A Row is one row of a table.
type Row struct {
	Line  int // of the file; of a workbook, the row of the sheet
	Head  bool
	Cells []string
	// Stored are the cells that a workbook holds as numbers. They are written the English way here, and
	// as each reader has it there, so they prove nothing about how the document writes.
	Stored map[int]bool
}

// A Text is a paragraph; line breaks are kept, so that a sentence has a line.
type Text struct {
	Line    int
	Lang    string
	Heading string // the last one above
	Text    string
}

// Read takes a document apart into tables and texts, by the extension of its name or,
// without one, by what the bytes look like.
func Read(name string, data []byte) (*Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %d MB are more than a publication has (%d MB): give the tables alone", name, len(data)>>20, MaxBytes>>20)
	}
	d := &Document{Name: name}
	ext := strings.ToLower(filepath.Ext(name))
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		if ext != ".xlsx" && ext != ".xlsm" && ext != "" && name != "-" {
			return nil, fmt.Errorf("%s: a packed file that is no workbook by its name: unpack it, or give it as .xlsx", name)
		}
		return d, d.readWorkbook(data)
	}
	if what := foreign(data); what != "" {
		return nil, fmt.Errorf("%s: this is %s, which cannot be read here: export it as XLSX, CSV, HTML or text", name, what)
	}
	text, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch ext {
	case ".csv", ".tsv", ".tab":
		err = d.readCSV(text)
	case ".html", ".htm", ".xhtml":
		d.readHTML(text)
	case ".md", ".markdown", ".txt":
		d.readMarkdown(text)
	case ".xlsx", ".xlsm", ".xls":
		err = errors.New("not a workbook, whatever its name says: open it and save it as XLSX or CSV")
	default:
		switch {
		case looksLikeHTML(text):
			d.readHTML(text)
		case looksDelimited(text):
			err = d.readCSV(text)
		default:
			d.readMarkdown(text)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

func foreign(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "a PDF document"
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return "an old Office file (.xls, .doc)"
	case bytes.HasPrefix(data, []byte("\x1F\x8B")), bytes.HasPrefix(data, []byte("\x28\xB5\x2F\xFD")):
		return "a packed file"
	}
	return ""
}

// decode gives UTF-8 with plain line ends. Text that is not UTF-8 is what Windows writes.
func decode(data []byte) (string, error) {
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		data, err = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	if err != nil {
		return "", fmt.Errorf("decoding the text: %w", err)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", errors.New("this is not text: give a table (CSV, XLSX, HTML, Markdown) or sentences")
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), nil
}
