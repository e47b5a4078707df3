package data

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/kp2mi/lindung/warehouse/harmless"
)

// writeCSV writes RFC 4180 text in UTF-8: a head of names, a decimal point, and nothing where there is
// no value. A text that a spreadsheet would run gets a leading apostrophe.
func writeCSV(w io.Writer, columns []column) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for r := range columns[0].rows() {
		for i, c := range columns {
			record[i] = c.cell(r)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (c column) rows() int { return max(len(c.texts), len(c.numbers)) }

func (c column) cell(row int) string {
	switch {
	case c.numbers != nil && c.numbers[row] != nil:
		return strconv.FormatFloat(*c.numbers[row], 'f', -1, 64)
	case c.numbers == nil && c.texts[row] != nil:
		return harmless.Text(*c.texts[row])
	}
	return ""
}
