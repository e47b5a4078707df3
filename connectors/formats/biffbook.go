package formats

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/richardlehane/mscfb"
)

// The records of BIFF8 that hold what cells say; all others are passed over.
const (
	biffFormula   = 0x0006
	biffEOF       = 0x000A
	biffDateMode  = 0x0022
	biffFilePass  = 0x002F
	biffContinue  = 0x003C
	biffColInfo   = 0x007D
	biffSheet     = 0x0085
	biffMulRK     = 0x00BD
	biffRString   = 0x00D6
	biffXF        = 0x00E0
	biffMerged    = 0x00E5
	biffSST       = 0x00FC
	biffLabelSST  = 0x00FD
	biffNumber    = 0x0203
	biffLabel     = 0x0204
	biffBoolErr   = 0x0205
	biffString    = 0x0207
	biffRow       = 0x0208
	biffRK        = 0x027E
	biffNumFormat = 0x041E
	biffBOF       = 0x0809
)

var errBIFF = errors.New("the file is damaged: ask for it again")

// biffDamage words damage at a place of the stream.
func biffDamage(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", errBIFF, fmt.Sprintf(format, args...))
}

// A biffBook is what the cells of a sheet need from the rest of a workbook.
type biffBook struct {
	stream   []byte
	sheets   []biffSheetRef
	date1904 bool
	formats  map[int]bool // of custom number formats: shows a date
	dates    []int        // number format by cell style
	text     []byte       // shared texts, one after another
	ends     []uint32
}

type biffSheetRef struct {
	name   string
	at     uint32
	hidden bool
}

// openBIFF reads everything but the cells. The container is read by a library
// whose author did not have hostile files in mind, so a panic in it is damage.
func openBIFF(data []byte) (book *biffBook, err error) {
	if what := notXLS(data); what != "" {
		return nil, fmt.Errorf("this is %s", what)
	}
	defer func() {
		if p := recover(); p != nil {
			book, err = nil, biffDamage("its container cannot be followed")
		}
	}()
	stream, err := biffStream(data)
	if err != nil {
		return nil, err
	}
	book = &biffBook{stream: stream, formats: map[int]bool{}}
	return book, book.globals()
}

// biffStream takes the workbook's stream out of its container.
func biffStream(data []byte) ([]byte, error) {
	container, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, biffDamage("its container: %v", err)
	}
	old := false
	for _, f := range container.File {
		switch strings.ToLower(f.Name) {
		case "workbook":
			// Declared sizes are not believed: a stream cannot be longer than its file.
			if f.Size > int64(len(data)) {
				return nil, biffDamage("its stream is longer than the file")
			}
			stream := make([]byte, f.Size)
			if _, err := io.ReadFull(f, stream); err != nil {
				return nil, biffDamage("its stream ends early: %v", err)
			}
			return stream, nil
		case "book":
			old = true
		case "encryptedpackage":
			return nil, errors.New("the workbook has a password: ask for it without one")
		}
	}
	if old {
		return nil, errors.New("this is a workbook of Excel 95 or older: ask for it as XLSX")
	}
	return nil, errors.New("this is an OLE container without a workbook, such as a Word document: ask for the workbook")
}

// A biffRecord is one record; body holds its data and that of the CONTINUE
// records behind it.
type biffRecord struct {
	id   uint16
	at   int
	body [][]byte
}

// next reads the record at pos.
func (b *biffBook) next(pos int) (record biffRecord, after int, err error) {
	id, data, after, err := b.raw(pos)
	if err != nil {
		return record, pos, err
	}
	record = biffRecord{id: id, at: pos, body: [][]byte{data}}
	for after+4 <= len(b.stream) && binary.LittleEndian.Uint16(b.stream[after:]) == biffContinue {
		_, data, next, err := b.raw(after)
		if err != nil {
			return record, pos, err
		}
		record.body, after = append(record.body, data), next
	}
	return record, after, nil
}

func (b *biffBook) raw(pos int) (id uint16, data []byte, after int, err error) {
	if pos < 0 || pos+4 > len(b.stream) {
		return 0, nil, pos, biffDamage("its records end at byte %d", pos)
	}
	id = binary.LittleEndian.Uint16(b.stream[pos:])
	size := int(binary.LittleEndian.Uint16(b.stream[pos+2:]))
	if pos+4+size > len(b.stream) {
		return 0, nil, pos, biffDamage("the record at byte %d is cut short", pos)
	}
	return id, b.stream[pos+4 : pos+4+size], pos + 4 + size, nil
}

// checkBOF reports a part of the stream that does not begin as BIFF8.
func checkBOF(r biffRecord) error {
	if r.id != biffBOF || len(r.body[0]) < 4 {
		return biffDamage("nothing begins at byte %d", r.at)
	}
	if version := binary.LittleEndian.Uint16(r.body[0]); version != 0x0600 {
		return errors.New("this is a workbook of Excel 95 or older: ask for it as XLSX")
	}
	return nil
}

// globals reads the part of the stream that stands before the sheets.
func (b *biffBook) globals() error {
	record, pos, err := b.next(0)
	if err == nil {
		err = checkBOF(record)
	}
	for err == nil {
		if record, pos, err = b.next(pos); err != nil {
			return err
		}
		if record.id == biffEOF {
			return nil
		}
		err = b.global(record)
	}
	return err
}

func (b *biffBook) global(record biffRecord) error {
	data := record.body[0]
	short := func(n int) bool { return len(data) < n }
	switch record.id {
	case biffFilePass:
		return errors.New("the workbook has a password: ask for it without one")
	case biffDateMode:
		b.date1904 = !short(2) && binary.LittleEndian.Uint16(data) == 1
	case biffXF:
		if short(4) {
			return biffDamage("the style at byte %d is cut short", record.at)
		}
		b.dates = append(b.dates, int(binary.LittleEndian.Uint16(data[2:])))
	case biffNumFormat:
		if short(2) {
			return biffDamage("the number format at byte %d is cut short", record.at)
		}
		code, err := newBIFFText(record, 2).long()
		if err != nil {
			return err
		}
		b.formats[int(binary.LittleEndian.Uint16(data))] = isDateFormat(string(code))
	case biffSheet:
		if short(8) {
			return biffDamage("the sheet name at byte %d is cut short", record.at)
		}
		if data[5] != 0 {
			return nil // a chart, a macro sheet or a module
		}
		name, err := newBIFFText(record, 6).short()
		if err != nil {
			return err
		}
		b.sheets = append(b.sheets, biffSheetRef{string(name), binary.LittleEndian.Uint32(data), data[4]&3 != 0})
	case biffSST:
		return b.sharedTexts(record)
	}
	return nil
}

// find finds the sheet to read: by name, or the first that is not hidden.
func (b *biffBook) find(name string) (int, error) {
	titles := make([]string, 0, len(b.sheets))
	for i, s := range b.sheets {
		if name == "" && !s.hidden || name != "" && strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(s.name)) {
			return i, nil
		}
		titles = append(titles, s.name)
	}
	if name == "" {
		return 0, errors.New("the workbook has no visible sheet: name one under sheet")
	}
	return 0, fmt.Errorf("the workbook has no sheet %q: correct sheet (there are: %s)", name, strings.Join(titles, ", "))
}

// sharedTexts reads the texts that cells refer to.
func (b *biffBook) sharedTexts(record biffRecord) error {
	if len(record.body[0]) < 8 {
		return biffDamage("the shared texts are cut short")
	}
	count := binary.LittleEndian.Uint32(record.body[0][4:])
	text := newBIFFText(record, 8)
	for range count {
		var err error
		if b.text, err = text.rich(b.text); err != nil {
			return err
		}
		b.ends = append(b.ends, uint32(len(b.text)))
	}
	return nil
}

// biffText reads texts out of a record that may go on in CONTINUE records.
type biffText struct {
	record biffRecord
	part   int
	pos    int
	units  []uint16
}

func newBIFFText(record biffRecord, pos int) *biffText { return &biffText{record: record, pos: pos} }

func (t *biffText) damage() error {
	return biffDamage("a text in the record at byte %d is cut short", t.record.at)
}

// left is what remains of the current part; the next part begins when it is
// used up.
func (t *biffText) left() []byte {
	for t.pos >= len(t.record.body[t.part]) && t.part+1 < len(t.record.body) {
		t.part, t.pos = t.part+1, 0
	}
	return t.record.body[t.part][min(t.pos, len(t.record.body[t.part])):]
}

// number reads an unsigned number of n bytes.
func (t *biffText) number(n int) (value uint32, err error) {
	for shift := range n {
		left := t.left()
		if len(left) == 0 {
			return 0, t.damage()
		}
		value |= uint32(left[0]) << (8 * shift)
		t.pos++
	}
	return value, nil
}

func (t *biffText) skip(n int64) error {
	for n > 0 {
		left := t.left()
		if len(left) == 0 {
			return t.damage()
		}
		step := min(n, int64(len(left)))
		t.pos, n = t.pos+int(step), n-step
	}
	return nil
}

// characters appends n characters. Where they go on in another record, that
// record begins with a byte that says anew how wide they are.
func (t *biffText) characters(dst []byte, n uint32, wide bool) ([]byte, error) {
	t.units = t.units[:0]
	for n > 0 {
		if t.pos >= len(t.record.body[t.part]) {
			if t.part+1 >= len(t.record.body) || len(t.record.body[t.part+1]) == 0 {
				return dst, t.damage()
			}
			t.part, t.pos = t.part+1, 1
			wide = t.record.body[t.part][0]&1 != 0
			continue
		}
		left := t.record.body[t.part][t.pos:]
		if !wide {
			step := min(int(n), len(left))
			for _, c := range left[:step] {
				t.units = append(t.units, uint16(c))
			}
			t.pos, n = t.pos+step, n-uint32(step)
			continue
		}
		if len(left) < 2 {
			return dst, t.damage()
		}
		t.units = append(t.units, binary.LittleEndian.Uint16(left))
		t.pos, n = t.pos+2, n-1
	}
	return appendUTF16(dst, t.units), nil
}

func appendUTF16(dst []byte, units []uint16) []byte {
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
			if i+1 < len(units) {
				if pair := utf16.DecodeRune(rune(units[i]), rune(units[i+1])); pair != utf8.RuneError {
					r = pair
					i++
				}
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// short reads a text whose length is one byte, long one whose length is two.
func (t *biffText) short() ([]byte, error) { return t.plain(1) }
func (t *biffText) long() ([]byte, error)  { return t.plain(2) }

func (t *biffText) plain(size int) ([]byte, error) {
	n, err := t.number(size)
	if err != nil {
		return nil, err
	}
	flags, err := t.number(1)
	if err != nil {
		return nil, err
	}
	return t.characters(nil, n, flags&1 != 0)
}

// rich appends a text with its fonts and phonetic hints left out.
func (t *biffText) rich(dst []byte) ([]byte, error) {
	n, err := t.number(2)
	if err != nil {
		return dst, err
	}
	flags, err := t.number(1)
	var runs, hints uint32
	if err == nil && flags&8 != 0 {
		runs, err = t.number(2)
	}
	if err == nil && flags&4 != 0 {
		hints, err = t.number(4)
	}
	if err == nil {
		dst, err = t.characters(dst, n, flags&1 != 0)
	}
	if err == nil {
		err = t.skip(4*int64(runs) + int64(hints))
	}
	return dst, err
}
