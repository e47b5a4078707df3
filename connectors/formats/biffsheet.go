package formats

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// biffErrors names the error values that a cell may hold.
var biffErrors = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}

// A biffReader reads the cells of one sheet into a grid.
type biffReader struct {
	book *biffBook
	grid *grid
	// waiting is the cell of a formula whose text comes in the next STRING record.
	waiting          bool
	waitRow, waitCol int
	record           biffRecord
	number           []byte
	depth            int // of the charts that are open inside the sheet
}

// read reads the cells of sheet i.
func (b *biffBook) read(ctx context.Context, i int) (*grid, error) {
	r := biffReader{book: b, grid: &grid{name: b.sheets[i].name, text: b.text[:len(b.text):len(b.text)]}}
	pos := int(b.sheets[i].at)
	record, pos, err := b.next(pos)
	if err == nil {
		err = checkBOF(record)
	}
	if err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		if n%65536 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if r.record, pos, err = b.next(pos); err != nil {
			return nil, err
		}
		switch r.record.id {
		case biffBOF: // a chart inside the sheet
			r.depth++
			continue
		case biffEOF:
			if r.depth--; r.depth < 0 {
				return r.grid, r.grid.order()
			}
			continue
		}
		if r.depth > 0 {
			continue
		}
		err := r.cell()
		if err == nil {
			err = r.shape()
		}
		if err != nil {
			return nil, err
		}
	}
}

// shape reads what is hidden and which cells are merged.
func (r *biffReader) shape() error {
	data := r.record.body[0]
	word := func(i int) int { return int(binary.LittleEndian.Uint16(data[i:])) }
	switch size := len(data); r.record.id {
	case biffRow:
		if size < 14 {
			return biffDamage("the row at byte %d is cut short", r.record.at)
		}
		if word(12)&0x20 != 0 {
			if r.grid.hiddenRows == nil {
				r.grid.hiddenRows = map[int]bool{}
			}
			r.grid.hiddenRows[word(0)] = true
		}
	case biffColInfo:
		if size < 10 {
			return biffDamage("the columns at byte %d are cut short", r.record.at)
		}
		if word(8)&1 != 0 && len(r.grid.hiddenCols) < 256 {
			r.grid.hiddenCols = append(r.grid.hiddenCols, columnRange{word(0), word(2)})
		}
	case biffMerged:
		if size < 2 || size < 2+8*word(0) {
			return biffDamage("the merged cells at byte %d are cut short", r.record.at)
		}
		for i := 2; i < 2+8*word(0) && len(r.grid.merges) < maxMerges; i += 8 {
			if m := (mergedCells{word(i), word(i + 4), word(i + 2), word(i + 6)}); m.left < m.right {
				r.grid.merges = append(r.grid.merges, m)
			}
		}
	}
	return nil
}

// need checks that a record is long enough; row, column and style come first in
// every cell.
func (r *biffReader) need(n int) ([]byte, error) {
	data := r.record.body[0]
	if len(data) < n {
		return nil, biffDamage("the cell at byte %d is cut short", r.record.at)
	}
	return data, nil
}

// cellSize is the least size of the records that are cells; 0 for all others.
func cellSize(id uint16) int {
	switch id {
	case biffString:
		return 3
	case biffMulRK:
		return 6
	case biffLabel, biffRString, biffBoolErr:
		return 8
	case biffLabelSST, biffRK:
		return 10
	case biffNumber:
		return 14
	case biffFormula:
		return 20
	}
	return 0
}

func (r *biffReader) cell() error {
	size := cellSize(r.record.id)
	if size == 0 {
		return nil
	}
	data, err := r.need(size)
	if err != nil {
		return err
	}
	if r.record.id == biffString {
		return r.formulaText()
	}
	r.waiting = false
	row, col, style := int(binary.LittleEndian.Uint16(data)), int(binary.LittleEndian.Uint16(data[2:])), int(binary.LittleEndian.Uint16(data[4:]))
	if col > 255 {
		return biffDamage("the cell at byte %d stands to the right of every column", r.record.at)
	}
	switch r.record.id {
	case biffLabelSST:
		return r.shared(row, col, binary.LittleEndian.Uint32(data[6:]))
	case biffLabel, biffRString:
		text, err := newBIFFText(r.record, 6).long()
		if err != nil {
			return err
		}
		r.grid.add(row, col, text, false)
	case biffNumber:
		r.float(row, col, style, math.Float64frombits(binary.LittleEndian.Uint64(data[6:])))
	case biffRK:
		r.float(row, col, style, rkNumber(binary.LittleEndian.Uint32(data[6:])))
	case biffMulRK:
		return r.numbers(row, col, data[4:])
	case biffBoolErr:
		r.special(row, col, data[6], data[7] == 1)
	case biffFormula:
		r.result(row, col, style, data[6:14])
	}
	return nil
}

func (r *biffReader) shared(row, col int, i uint32) error {
	if int64(i) >= int64(len(r.book.ends)) {
		return biffDamage("cell %s refers to a shared text that is not there", cellName(row, col))
	}
	from := uint32(0)
	if i > 0 {
		from = r.book.ends[i-1]
	}
	r.grid.cells = append(r.grid.cells, gridCell{row: uint32(row), col: uint32(col), from: from, to: r.book.ends[i]})
	return nil
}

// numbers reads several cells of a row: a style and a number each, and the last
// column at the end.
func (r *biffReader) numbers(row, col int, data []byte) error {
	if len(data)%6 != 2 || col+len(data)/6 > 256 {
		return biffDamage("the numbers at byte %d do not fit their row", r.record.at)
	}
	for ; len(data) >= 6; data = data[6:] {
		r.float(row, col, int(binary.LittleEndian.Uint16(data)), rkNumber(binary.LittleEndian.Uint32(data[2:])))
		col++
	}
	return nil
}

// result reads what a formula gave when it was last calculated.
func (r *biffReader) result(row, col, style int, value []byte) {
	if value[6] != 0xFF || value[7] != 0xFF {
		r.float(row, col, style, math.Float64frombits(binary.LittleEndian.Uint64(value)))
		return
	}
	switch value[0] {
	case 0:
		r.waiting, r.waitRow, r.waitCol = true, row, col
	case 1, 2:
		r.special(row, col, value[2], value[0] == 2)
	}
}

func (r *biffReader) formulaText() error {
	if !r.waiting {
		return nil
	}
	r.waiting = false
	text, err := newBIFFText(r.record, 0).long()
	if err == nil {
		r.grid.add(r.waitRow, r.waitCol, text, false)
	}
	return err
}

// special reads a truth value or an error value.
func (r *biffReader) special(row, col int, value byte, isError bool) {
	text := "FALSE"
	if isError {
		text = biffErrors[value]
		if text == "" {
			text = "#ERR!"
		}
	} else if value != 0 {
		text = "TRUE"
	}
	r.grid.add(row, col, []byte(text), false)
}

func (r *biffReader) float(row, col, style int, n float64) {
	r.number = appendNumber(r.number[:0], n)
	if style < len(r.book.dates) {
		id := r.book.dates[style]
		if date, custom := r.book.formats[id]; custom && date || !custom && builtInDate(id) {
			text := dateText(r.number, r.book.date1904)
			r.grid.add(row, col, text, string(text) == string(r.number))
			return
		}
	}
	r.grid.add(row, col, r.number, true)
}

// appendNumber writes the shortest text that is the same number, without an
// exponent where that is at most 21 digits long.
func appendNumber(dst []byte, n float64) []byte {
	switch size := math.Abs(n); {
	case math.IsNaN(n) || math.IsInf(n, 0):
		return append(dst, "#NUM!"...)
	case n == 0:
		return append(dst, '0') // also what is stored as minus zero
	case size >= 1e21 || size < 1e-6:
		return append(dst, strings.ToUpper(strconv.FormatFloat(n, 'g', -1, 64))...)
	}
	return strconv.AppendFloat(dst, n, 'f', -1, 64)
}

// rkNumber unpacks the short form of a number: 30 bits that are a whole number
// or the upper part of a float, perhaps in hundredths.
func rkNumber(rk uint32) float64 {
	n := 0.0
	if rk&2 != 0 {
		n = float64(int32(rk) >> 2)
	} else {
		n = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		n /= 100
	}
	return n
}
