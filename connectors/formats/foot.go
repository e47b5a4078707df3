package formats

import (
	"errors"
	"fmt"
	"strings"
)

// footMost bounds what may be taken for the foot of a table.
const footMost = 100

// A footSettings says what stands below the records of a table and is none of them.
type footSettings struct {
	FooterRows int      `yaml:"footer_rows" doc:"records at the end to leave out (sources, notes); one that fills more than half of its columns is an error; default 0"`
	StopAt     []string `yaml:"stop_at" doc:"beginnings of the first filled cell (Jumlah, Sumber) that end the table: that record and those below it are left out; more than 100, or one that fills more than half of its columns and begins otherwise, is an error"`
}

func (s *footSettings) check() error {
	var problems []error
	if s.FooterRows < 0 || s.FooterRows > footMost {
		problems = append(problems, fmt.Errorf("footer_rows: must lie between 0 and %d", footMost))
	}
	for _, mark := range s.StopAt {
		if plainName(mark) == "" {
			problems = append(problems, errors.New("stop_at: a mark is empty"))
		}
	}
	return errors.Join(problems...)
}

// A tableTail stands between a decoder and its reader. It holds back the end of an
// object until it is known to be the end, leaves out the foot of the table and
// compares what the object says of itself with what was read.
type tableTail struct {
	foot    footSettings
	marks   []string
	control *controlTotals // nil: the object says nothing
	yield   func(*Batch) bool

	held    []*Batch // which may hold the foot
	heldLen int
	mark    string // place of the record that ended the table
	below   int    // records there and below

	header []string
	leftRows
}

func newTableTail(foot footSettings, control *controlTotals, yield func(*Batch) bool) *tableTail {
	t := &tableTail{foot: foot, control: control, yield: yield}
	for _, mark := range foot.StopAt {
		t.marks = append(t.marks, plainName(mark))
	}
	return t
}

// take passes a batch on, as far as it is known not to be the foot.
func (t *tableTail) take(b *Batch) error {
	t.header = b.header
	if len(t.marks) > 0 {
		if rest, err := t.stop(b); err != nil || !rest {
			return err
		}
	}
	back := t.back()
	if back == 0 {
		return t.pass(b)
	}
	t.held = append(t.held, b)
	t.heldLen += b.Len()
	for len(t.held) > 1 && t.heldLen-t.held[0].Len() >= back {
		first := t.held[0]
		t.held, t.heldLen = t.held[1:], t.heldLen-first.Len()
		if err := t.pass(first); err != nil {
			return err
		}
	}
	return nil
}

// back is the number of records that are held back.
func (t *tableTail) back() int {
	if t.control != nil && t.control.settings.Trailer == controlLast {
		return t.foot.FooterRows + 1
	}
	return t.foot.FooterRows
}

// stop looks for the mark that ends the table and cuts the batch there; rest is false
// when nothing is left of it. What stands below must look like a foot, because a word
// may begin a record as well.
func (t *tableTail) stop(b *Batch) (rest bool, err error) {
	from := 0
	if t.below == 0 {
		for from < b.Len() && !t.marked(b, from) {
			from++
		}
	}
	for row := from; row < b.Len(); row++ {
		if t.below++; t.below == 1 {
			t.mark = b.Place(row)
		}
		switch {
		case t.below > footMost+1:
			return false, fmt.Errorf("%s ends the table by stop_at, and more than %d records stand below it: correct stop_at, or ask for one table a file", t.mark, footMost)
		case t.control != nil && t.control.isTrailer(b, row):
			t.control.saysCells(b, row)
		case t.below > 1 && b.filled(row)*2 > len(b.header) && !t.marked(b, row):
			return false, fmt.Errorf("%s ends the table by stop_at, and %s below it is filled like a record: correct stop_at, or add how that one begins", t.mark, b.Place(row))
		default:
			t.leave("stop_at", b.Place(row))
		}
	}
	b.cut(from)
	return from > 0, nil
}

// marked reports whether the first filled cell of a record begins with a mark.
func (t *tableTail) marked(b *Batch, row int) bool {
	for col := range b.header {
		cell := b.Cell(row, col)
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		for _, mark := range t.marks {
			// Case may change a text's length; the longest letter takes four bytes.
			if head := cell[:min(len(cell), 4*len(mark)+8)]; strings.HasPrefix(plainName(head), mark) {
				return true
			}
		}
		return false
	}
	return false
}

// pass hands a batch to the control totals and on.
func (t *tableTail) pass(b *Batch) error {
	if t.control != nil {
		if err := t.control.take(b); err != nil {
			return err
		}
	}
	if b.Len() > 0 && !t.yield(b) {
		return errStopped
	}
	return nil
}

// end leaves out what was held back and is no record, checks the totals and tells what was
// left out.
func (t *tableTail) end() error {
	back := t.back()
	if t.heldLen < back {
		return fmt.Errorf("there are %d records, fewer than the %d that should stand below the others (footer_rows, control): ask for the file again", t.heldLen, back)
	}
	for keep := t.heldLen - back; len(t.held) > 0; t.held = t.held[1:] {
		b := t.held[0]
		for row := max(keep, 0); row < b.Len(); row++ {
			if row == keep && back > t.foot.FooterRows {
				t.control.saysCells(b, row)
				continue
			}
			if b.filled(row)*2 > len(b.header) {
				return fmt.Errorf("%s would be left out as one of the footer_rows (%d), and is filled like a record: correct footer_rows, or name the foot by stop_at", b.Place(row), t.foot.FooterRows)
			}
			t.leave("footer_rows", b.Place(row))
		}
		n := min(max(keep, 0), b.Len())
		keep -= b.Len()
		if b.cut(n); n == 0 {
			continue
		}
		if err := t.pass(b); err != nil {
			return err
		}
	}
	if t.control != nil {
		if err := t.control.check(); err != nil {
			return err
		}
	}
	return t.tell(t.header, t.yield)
}

// filled counts the cells of a record that hold anything.
func (b *Batch) filled(row int) (n int) {
	for col := range b.header {
		if b.Cell(row, col) != "" {
			n++
		}
	}
	return n
}

// cut keeps the first n records. It is for batches that were not yielded yet.
func (b *Batch) cut(n int) {
	for row := range b.faults {
		if row >= n {
			delete(b.faults, row)
		}
	}
	b.places, b.starts = b.places[:n], b.starts[:n+1]
	b.spans = b.spans[:b.starts[n]]
}
