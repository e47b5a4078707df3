package formats

import (
	"strconv"
)

// BatchRows is the largest number of records in a batch.
const BatchRows = 4096

// batchText is the amount of text after which a batch ends before it has
// BatchRows records, so that batches in flight cannot fill memory.
const batchText = 4 << 20

// The codes of Fault. They are stable: quarantine, documents and tests name them.
const (
	// RaggedRow is a record whose number of cells differs from the header's, or
	// whose quotes do not pair.
	RaggedRow = "ragged_row"
	// TooLongCell is a record with a cell over the limit; the cell is empty.
	TooLongCell = "too_long_cell"
	// BadEncoding is a record with bytes that are not text in the declared
	// encoding; each such byte reads as "?" or U+FFFD.
	BadEncoding = "bad_encoding"
	// MalformedRecord is an item that is not a JSON object, or that names a
	// member twice.
	MalformedRecord = "malformed_record"
)

// A Batch is up to BatchRows records of one object that share a header and a
// piece of text. It is never changed after it was yielded and may be handed to
// another goroutine.
type Batch struct {
	header []string
	text   string
	spans  []span   // the cells of all rows, one after another
	starts []uint32 // row r's cells are spans[starts[r]:starts[r+1]]
	places []int64  // line, sheet row or item number of each row
	first  int64    // RowNo of row 0
	style  placeStyle
	sheet  string
	member string // what part of the object the records stand in
	faults map[int]fault
	left   []LeftOut
}

// A span is where a cell lies in the batch's text.
type span struct{ from, to uint32 }

type fault struct{ code, message string }

type placeStyle uint8

const (
	placeLine placeStyle = iota
	placeItem
	placeSheet
	placeTableRow
	placeCell
	placeField
	placeTextCell // a line or an item, as sheet says, and a column
	placeActivity
	placeFlow
)

// cellColumns is what parts row and column in the place of a record that is one
// cell.
const cellColumns = 1 << 14

// Header returns the column names. It must not be changed.
func (b *Batch) Header() []string { return b.header }

// Len is the number of records.
func (b *Batch) Len() int { return len(b.places) }

// Cell returns the text of a cell, "" when the record has no such cell.
func (b *Batch) Cell(row, col int) string {
	i := uint32(col) + b.starts[row]
	if col < 0 || i >= b.starts[row+1] {
		return ""
	}
	s := b.spans[i]
	return b.text[s.from:s.to]
}

// RowNo is the number of a record within its object, from 1. Decoding the same
// bytes again gives the same numbers.
func (b *Batch) RowNo(row int) int64 { return b.first + int64(row) }

// Place says where a record stands, in words that a person can follow:
// "line 17", "row 17", "Penempatan!A17", "item 12", "jatim.csv: line 17".
func (b *Batch) Place(row int) string {
	if b.member != "" {
		return b.member + ": " + b.placeInMember(row)
	}
	return b.placeInMember(row)
}

// Within returns the batch as a part of a larger object: its records are numbered
// after the given number of others, and their places name the member of the object
// that they stand in, unless that is "".
func (b *Batch) Within(member string, after int64) *Batch {
	part := *b
	part.member, part.first = member, b.first+after
	return &part
}

// Named returns the batch with other names for its columns.
func (b *Batch) Named(header []string) *Batch {
	part := *b
	part.header = header
	return &part
}

func (b *Batch) placeInMember(row int) string {
	n := strconv.FormatInt(b.places[row], 10)
	switch b.style {
	case placeItem:
		return "item " + n
	case placeSheet:
		return b.sheet + "!A" + n
	case placeTableRow:
		return "row " + n
	case placeCell:
		at := b.places[row]
		return b.sheet + "!" + columnLetters(int(at%cellColumns)) + strconv.FormatInt(at/cellColumns, 10)
	case placeTextCell:
		at := b.places[row]
		return b.sheet + " " + strconv.FormatInt(at/cellColumns, 10) + ", column " + strconv.FormatInt(at%cellColumns+1, 10)
	case placeField: // one of the two rates of an entry
		return "entry " + strconv.FormatInt(b.places[row]/2, 10) + [...]string{", buying", ", selling"}[b.places[row]%2]
	case placeActivity:
		return "activity " + n
	case placeFlow:
		return iatiPlace(b.places[row])
	}
	return "line " + n
}

// Fault returns what is wrong with the structure of a record; code is "" when
// nothing is. The message holds no value of the record.
func (b *Batch) Fault(row int) (code, message string) {
	f := b.faults[row]
	return f.code, f.message
}

// A builder collects records into batches. The decoders append cells to text
// and spans, and end every record with endRow.
type builder struct {
	style  placeStyle
	sheet  string
	text   []byte
	spans  []span
	starts []uint32
	places []int64
	faults map[int]fault
	rows   int64 // rows in earlier batches
}

func newBuilder(style placeStyle) *builder {
	return &builder{style: style, starts: make([]uint32, 1, BatchRows+1), places: make([]int64, 0, BatchRows)}
}

// cell appends a cell of the current row.
func (b *builder) cell(text []byte) {
	from := uint32(len(b.text))
	b.text = append(b.text, text...)
	b.spans = append(b.spans, span{from, uint32(len(b.text))})
}

// endRow ends the current row.
func (b *builder) endRow(place int64, f fault) {
	if f.code != "" {
		if b.faults == nil {
			b.faults = map[int]fault{}
		}
		b.faults[len(b.places)] = f
	}
	b.places = append(b.places, place)
	b.starts = append(b.starts, uint32(len(b.spans)))
}

// dropRow forgets the cells of the current, unended row.
func (b *builder) dropRow() {
	b.spans = b.spans[:b.starts[len(b.starts)-1]]
}

func (b *builder) full() bool {
	return len(b.places) >= BatchRows || len(b.text) >= batchText
}

// total is the number of rows so far, over all batches.
func (b *builder) total() int64 { return b.rows + int64(len(b.places)) }

// take hands out the collected rows as a batch over the given text and starts
// anew. Everything that the batch keeps is copied or given away, so that the
// reader's buffers can be used again.
func (b *builder) take(header []string, text string) *Batch {
	batch := &Batch{
		header: header,
		text:   text,
		spans:  append([]span(nil), b.spans...),
		starts: append([]uint32(nil), b.starts...),
		places: append([]int64(nil), b.places...),
		first:  b.rows + 1,
		style:  b.style,
		sheet:  b.sheet,
		faults: b.faults,
	}
	b.rows += int64(len(b.places))
	b.text, b.spans, b.starts, b.places, b.faults = b.text[:0], b.spans[:0], b.starts[:1], b.places[:0], nil
	return batch
}
