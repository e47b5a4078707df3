package producers

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/transforms"
)

// No cell of a form begins like a formula: what somebody saves of it as CSV is safe to open.
func TestNoCellOfAFormIsAFormula(t *testing.T) {
	eachForm(t, func(t *testing.T, d transforms.Dataset, lang string, _ []formColumn) {
		var b bytes.Buffer
		if err := WriteForm(&b, d.Name(), lang); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		cells := 0
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				for j, text := range row {
					if cells++; text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
						t.Errorf("%s, row %d, column %d: %q", sheet, i+1, j+1, text)
					}
				}
			}
		}
		if cells < 20 {
			t.Errorf("%d cells", cells)
		}
	})
}
