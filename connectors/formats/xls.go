package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

func init() {
	Register(Kind{
		Name:       "xls",
		Summary:    "a sheet of an Excel 97-2003 workbook",
		Extensions: []string{".xls", ".xlt"},
		New: func() Settings {
			return &XLS{HeaderRow: 1, MaxBytes: 100 << 20, MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// XLS decodes one sheet of a workbook of Excel 97 to 2003 (BIFF8), with the same
// rules as XLSX: cells read as the file stores them, formulas by the value that
// was last calculated, dates as ISO text.
//
// Such a workbook stores every number in binary, so a number reads as the
// shortest text that means the same number: a NIK of 16 digits is exact.
//
// The records are read here, upon the container that excelize uses for workbooks
// with a password: a BIFF library that gives back the results of formulas, and
// errors instead of silence, is not to be had under a licence that this program
// could carry. Files with the extension .xls that are no such workbook
// (web pages, XLSX, text) are called what they are.
type XLS struct {
	Sheet     string `yaml:"sheet" doc:"name of the sheet; default: the first that is not hidden"`
	HeaderRow int    `yaml:"header_row" doc:"row that holds the column names, from 1; default 1"`
	headSettings
	SkipRows int `yaml:"skip_rows" doc:"rows right below the header to leave out (units, column numbers); default 0"`
	sheetSettings
	footSettings
	MaxBytes int64 `yaml:"max_bytes" doc:"bytes that the workbook, and the text in the cells of the sheet, may have; default 104857600"`
	MaxCell  int   `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows  int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *XLS) Check() error {
	var problems []error
	if s.HeaderRow < 1 || s.SkipRows < 0 {
		problems = append(problems, errors.New("header_row and skip_rows: must be at least 1 and 0"))
	}
	if s.MaxBytes < 1 || s.MaxBytes > 512<<20 {
		problems = append(problems, errors.New("max_bytes: must lie between 1 and 536870912"))
	}
	return errors.Join(append(problems, s.headSettings.check(), s.sheetSettings.check(s.HeaderHas), s.footSettings.check(), checkLimits(s.MaxCell, s.MaxRows))...)
}

// Decode yields the records of one object.
func (s *XLS) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "xls", func(yield func(*Batch) bool) error {
		return s.decode(ctx, r, yield)
	})
}

func (s *XLS) decode(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	if err := s.Check(); err != nil {
		return err
	}
	data, err := readWhole(r, s.MaxBytes)
	if err != nil {
		return err
	}
	book, err := openBIFF(data)
	if err != nil {
		return err
	}
	i, err := book.find(s.Sheet)
	if err != nil {
		return err
	}
	sheet, err := book.read(ctx, i)
	if err != nil {
		return fmt.Errorf("sheet %s: %w", book.sheets[i].name, err)
	}
	out := gridRecords{ctx: ctx, table: newSheetTable(s.HeaderRow, s.SkipRows, &s.headSettings, &s.sheetSettings),
		maxCell: s.MaxCell, maxRows: s.MaxRows, budget: s.MaxBytes, tail: newTableTail(s.footSettings, nil, yield)}
	if err := out.run(sheet); err != nil {
		if errors.Is(err, errStopped) || ctx.Err() != nil {
			return err
		}
		return fmt.Errorf("sheet %s, %w", sheet.name, err)
	}
	return nil
}

// readWhole reads an object that must be held in memory, within its limit.
func readWhole(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the object: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("it has more than %d bytes: ask for a smaller file, or raise its limit", limit)
	}
	return data, nil
}

// notXLS says what a file with the extension .xls is, when it is no workbook of
// Excel 97 to 2003; "" when its first bytes are right.
func notXLS(data []byte) string {
	head := data[:min(len(data), 1024)]
	switch text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")); {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return ""
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "an XLSX workbook under another name: use kind xlsx"
	case len(head) > 1 && head[0] == 0x09 && (head[1] == 0 || head[1] == 2 || head[1] == 4 || head[1] == 8):
		return "a workbook of Excel 95 or older: ask for it as XLSX"
	case bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return "an XML spreadsheet of Excel 2003: ask for it as XLSX"
	case isHTML(text):
		return "a web page under the name of a workbook: use kind html_table if it is the table, else look at it for a login or an error"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "a PDF document: ask for the workbook"
	case len(text) > 0 && !bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' }):
		return "text under the name of a workbook: use kind csv if it is delimited"
	}
	return "no workbook of Excel 97 to 2003: ask for the file again, or as XLSX"
}

// isHTML reports lower-case text that begins like a web page or a bare table.
func isHTML(text []byte) bool {
	for _, begin := range []string{"<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style", "<!--", "<div", "<script"} {
		if bytes.HasPrefix(text, []byte(begin)) {
			return true
		}
	}
	return bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<html"))
}
