package samples

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// workbook writes a small XLSX of one sheet row by row: text inside the cells, days as
// day numbers with a date format, amounts as numbers, here and there a formula with
// its last result. It is written by hand because a sample must give the same bytes
// each time and must not hold a file in memory.
type workbook struct {
	zip   *zip.Writer
	sheet io.Writer
	rows  int
	line  []byte
}

// Where a workbook keeps its rows; the feed's YAML says the same.
const (
	sheetName = "Penempatan"
	headerRow = 3
)

var workbookParts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts>` +
		`<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// sampleMark is what stands on everything that is made from the sample world.
const sampleMark = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

// newSheet begins a workbook with one empty sheet.
func newSheet(to io.Writer, name string) (*workbook, error) {
	x := &workbook{zip: zip.NewWriter(to)}
	for _, part := range workbookParts {
		if err := x.part(part.name); err != nil {
			return nil, err
		}
		if _, err := io.WriteString(x.sheet, xmlHead+strings.Replace(part.text, "%s", name, 1)); err != nil {
			return nil, err
		}
	}
	if err := x.part("xl/worksheets/sheet1.xml"); err != nil {
		return nil, err
	}
	_, err := io.WriteString(x.sheet, xmlHead+`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	return x, err
}

// newWorkbook begins an office's file: title lines above the header.
func newWorkbook(to io.Writer, office *unit, year int) (*workbook, error) {
	x, err := newSheet(to, sheetName)
	if err != nil {
		return nil, err
	}
	for _, title := range [...]string{sampleMark, fmt.Sprintf("Layanan penempatan %s tahun %d", office.code, year)} {
		if err := x.texts(title); err != nil {
			return nil, err
		}
	}
	return x, x.texts(dropHeader[:]...)
}

// texts writes a row of texts.
func (x *workbook) texts(cells ...string) error {
	x.open()
	for i, text := range cells {
		if text != "" {
			x.text(i, []byte(text))
		}
	}
	return x.close()
}

// part begins a file of the container. Its time is fixed: bytes must not depend
// on when they were made.
func (x *workbook) part(name string) (err error) {
	x.sheet, err = x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)})
	return err
}

func (x *workbook) open() {
	x.rows++
	x.line = append(x.line[:0], `<row r="`...)
	x.line = strconv.AppendInt(x.line, int64(x.rows), 10)
	x.line = append(x.line, `">`...)
}

func (x *workbook) close() error {
	x.line = append(x.line, `</row>`...)
	_, err := x.sheet.Write(x.line)
	return err
}

func (x *workbook) reference(column int) {
	x.line = append(x.line, `<c r="`...)
	if column >= 26 {
		x.line = append(x.line, byte('A'+column/26-1))
	}
	x.line = append(x.line, byte('A'+column%26))
	x.line = strconv.AppendInt(x.line, int64(x.rows), 10)
	x.line = append(x.line, '"')
}

func (x *workbook) text(column int, s []byte) {
	x.reference(column)
	x.line = append(x.line, ` t="inlineStr"><is><t xml:space="preserve">`...)
	for _, b := range s {
		switch b {
		case '&':
			x.line = append(x.line, "&amp;"...)
		case '<':
			x.line = append(x.line, "&lt;"...)
		case '"':
			x.line = append(x.line, "&quot;"...)
		default:
			x.line = append(x.line, b)
		}
	}
	x.line = append(x.line, `</t></is></c>`...)
}

func (x *workbook) number(column int, s []byte, style, formula string) {
	x.reference(column)
	x.line = append(append(x.line, style...), '>')
	x.line = append(x.line, formula...)
	x.line = append(append(append(x.line, "<v>"...), s...), "</v></c>"...)
}

// row writes a row; amounts, counts and good days as numbers, the rest as text.
func (x *workbook) row(c *cells) error {
	x.open()
	var number [20]byte
	for i := range c.n {
		cell := c.get(i)
		switch {
		case len(cell) == 0:
		case (i == colContract || i == colWage) && digitsOnly(cell):
			formula := ""
			if i == colContract && c.record.dirt == formulaCell {
				formula = "<f>12*" + strconv.Itoa(c.record.contract/12) + "</f>"
			}
			x.number(i, cell, "", formula)
		case i == colBirth || i == colRegistered || i == colCompleted || i == colDeparted:
			if day, ok := goodDay(cell); ok {
				x.number(i, strconv.AppendInt(number[:0], int64(day+25569), 10), ` s="1"`, "") // day 25569 of a workbook is 1970-01-01
			} else {
				x.text(i, cell)
			}
		default:
			x.text(i, cell)
		}
	}
	return x.close()
}

func digitsOnly(s []byte) bool { return len(bytes.Trim(s, "0123456789")) == 0 }

// goodDay reads a day that an office with ISO dates wrote; a workbook cannot
// hold the 31st of February as a day, so that stays text.
func goodDay(s []byte) (int, bool) {
	t, err := time.Parse(time.DateOnly, string(s))
	if err != nil {
		return 0, false
	}
	return dayNumber(t.Year(), int(t.Month()), t.Day()), true
}

func (x *workbook) end() error {
	if _, err := io.WriteString(x.sheet, `</sheetData></worksheet>`); err != nil {
		return err
	}
	return x.zip.Close()
}
