package formats

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"unicode/utf16"
)

// An xlsBook writes workbooks of Excel 97-2003 for tests, as small as the format
// allows: no library at hand writes them. Cells are string, int, float64, bool,
// xlsDate, xlsFormula, or nil for none.
type xlsBook struct {
	sheets   []xlsSheet
	date1904 bool
	// cut is the size after which shared texts go on in another record; it is
	// small in tests of the cut.
	cut     int
	shared  []string
	index   map[string]int
	version uint16
	extra   []byte // records among the globals
}

type xlsSheet struct {
	name   string
	hidden bool
	rows   [][]any
	extra  []byte // records before the cells
}

type xlsDate float64

// An xlsFormula is a formula with its last result: string, float64, bool or error.
type xlsFormula struct{ result any }

type xlsError byte

// exportedXLS writes a table of texts, for the tests outside this package.
func exportedXLS(t testing.TB, rows [][]string) []byte {
	cells := make([][]any, len(rows))
	for i, row := range rows {
		for _, text := range row {
			cells[i] = append(cells[i], text)
		}
	}
	return (&xlsBook{sheets: []xlsSheet{{name: "Sheet1", rows: cells}}}).bytes(t)
}

func biffBytes(id uint16, data ...[]byte) []byte {
	body := bytes.Join(data, nil)
	return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(body))), body...)
}

func le(values ...any) []byte {
	var out []byte
	for _, v := range values {
		switch v := v.(type) {
		case int:
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		case uint32:
			out = binary.LittleEndian.AppendUint32(out, v)
		case byte:
			out = append(out, v)
		case float64:
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
		}
	}
	return out
}

// biffChars gives a text's characters, one byte each where that is possible.
func biffChars(text string) (chars []byte, n int, wide byte) {
	units := utf16.Encode([]rune(text))
	for _, u := range units {
		if u > 0xFF {
			wide = 1
		}
	}
	for _, u := range units {
		chars = append(chars, byte(u))
		if wide == 1 {
			chars = append(chars, byte(u>>8))
		}
	}
	return chars, len(units), wide
}

func (b *xlsBook) bytes(t testing.TB) []byte {
	t.Helper()
	b.index, b.shared = map[string]int{}, nil
	if b.version == 0 {
		b.version = 0x0600
	}
	if b.cut == 0 {
		b.cut = 8224
	}
	bof := func(kind int) []byte { return biffBytes(biffBOF, le(int(b.version), kind, 0, 0, uint32(0), uint32(0))) }
	bodies := make([][]byte, len(b.sheets))
	total := 0
	for i, s := range b.sheets {
		bodies[i] = bytes.Join([][]byte{bof(0x10), s.extra, b.cells(t, s.rows), biffBytes(biffEOF)}, nil)
		for _, row := range s.rows {
			total += len(row)
		}
	}
	mode := 0
	if b.date1904 {
		mode = 1
	}
	globals := [][]byte{bof(0x05), b.extra, biffBytes(biffDateMode, le(mode)), biffBytes(biffNumFormat, le(164, 3, byte(0)), []byte("d\\ ")),
		biffBytes(biffXF, le(0, 0), make([]byte, 16)), biffBytes(biffXF, le(0, 14), make([]byte, 16)), biffBytes(biffXF, le(0, 164), make([]byte, 16))}
	sst := b.sst(total)
	size := len(bytes.Join(globals, nil)) + len(sst) + len(biffBytes(biffEOF))
	for _, s := range b.sheets {
		chars, _, _ := biffChars(s.name)
		size += 12 + len(chars)
	}
	for i, s := range b.sheets {
		chars, n, wide := biffChars(s.name)
		state := byte(0)
		if s.hidden {
			state = 1
		}
		globals = append(globals, biffBytes(biffSheet, le(uint32(size), state, byte(0), byte(n), wide), chars))
		size += len(bodies[i])
	}
	stream := bytes.Join(append(append(globals, sst, biffBytes(biffEOF)), bodies...), nil)
	return oleFile(stream, "Workbook")
}

func (b *xlsBook) cells(t testing.TB, rows [][]any) []byte {
	var out []byte
	for r, row := range rows {
		for c, cell := range row {
			at := func(style int) []byte { return le(r, c, style) }
			switch v := cell.(type) {
			case nil:
			case string:
				if _, ok := b.index[v]; !ok {
					b.index[v] = len(b.shared)
					b.shared = append(b.shared, v)
				}
				out = append(out, biffBytes(biffLabelSST, at(0), le(uint32(b.index[v])))...)
			case int:
				out = append(out, biffBytes(biffRK, at(0), le(uint32(int32(v)<<2|2)))...)
			case float64:
				out = append(out, biffBytes(biffNumber, at(0), le(v))...)
			case xlsDate:
				out = append(out, biffBytes(biffNumber, at(1), le(float64(v)))...)
			case bool:
				out = append(out, biffBytes(biffBoolErr, at(0), le(truth(v), byte(0)))...)
			case xlsFormula:
				out = append(out, b.formula(v, at(0))...)
			default:
				t.Fatalf("no such cell: %T", cell)
			}
		}
	}
	return out
}

func truth(v bool) byte {
	if v {
		return 1
	}
	return 0
}

func (b *xlsBook) formula(f xlsFormula, at []byte) []byte {
	tail := make([]byte, 8)
	switch v := f.result.(type) {
	case string:
		chars, n, wide := biffChars(v)
		return append(biffBytes(biffFormula, at, []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, tail), biffBytes(biffString, le(n, wide), chars)...)
	case bool:
		return biffBytes(biffFormula, at, []byte{1, 0, truth(v), 0, 0, 0, 0xFF, 0xFF}, tail)
	case xlsError:
		return biffBytes(biffFormula, at, []byte{2, 0, byte(v), 0, 0, 0, 0xFF, 0xFF}, tail)
	}
	return biffBytes(biffFormula, at, le(f.result), tail)
}

// sst writes the shared texts. Where a record is full, the characters go on in
// the next one behind a byte that repeats their width; every third text has
// fonts and a phonetic hint, which readers leave out.
func (b *xlsBook) sst(total int) []byte {
	var parts [][]byte
	part := le(uint32(total), uint32(len(b.shared)))
	flush := func() { parts, part = append(parts, part), nil }
	for i, text := range b.shared {
		chars, n, wide := biffChars(text)
		head, tail := le(n, wide), []byte(nil)
		if i%3 == 2 {
			head, tail = le(n, wide|12, 1, uint32(2)), []byte{0, 0, 0, 0, 'h', 't'}
		}
		if len(part)+len(head) > b.cut {
			flush()
		}
		part = append(part, head...)
		for len(chars) > 0 {
			room := (b.cut - len(part)) &^ int(wide)
			if room <= 0 {
				flush()
				part = append(part, wide)
				continue
			}
			step := min(room, len(chars))
			part, chars = append(part, chars[:step]...), chars[step:]
		}
		for len(tail) > 0 {
			if len(part) >= b.cut {
				flush()
			}
			step := min(b.cut-len(part), len(tail))
			part, tail = append(part, tail[:step]...), tail[step:]
		}
	}
	flush()
	out := biffBytes(biffSST, parts[0])
	for _, p := range parts[1:] {
		out = append(out, biffBytes(biffContinue, p)...)
	}
	return out
}

// oleFile wraps a stream into a container: header, stream, sector table, directory.
func oleFile(stream []byte, name string) []byte {
	const sector = 512
	if len(stream) < 4096 { // shorter ones lie elsewhere in a container
		stream = append(stream, make([]byte, 4096-len(stream))...)
	}
	n := (len(stream) + sector - 1) / sector
	tables := 1
	for tables*128 < n+1+tables {
		tables++
	}
	header := make([]byte, sector)
	copy(header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	copy(header[24:], le(0x3E, 3, 0xFFFE, 9, 6))
	copy(header[44:], le(uint32(tables), uint32(n+tables), uint32(0), uint32(4096), uint32(0xFFFFFFFE), uint32(0), uint32(0xFFFFFFFE), uint32(0)))
	for i := range 109 {
		at := uint32(0xFFFFFFFF)
		if i < tables {
			at = uint32(n + i)
		}
		binary.LittleEndian.PutUint32(header[76+4*i:], at)
	}
	table := make([]byte, 0, tables*sector)
	for i := range n {
		next := uint32(i + 1)
		if i == n-1 {
			next = 0xFFFFFFFE
		}
		table = append(table, le(next)...)
	}
	for range tables {
		table = append(table, le(uint32(0xFFFFFFFD))...)
	}
	table = append(table, le(uint32(0xFFFFFFFE))...)
	for len(table) < tables*sector {
		table = append(table, 0xFF)
	}
	out := append(header, stream...)
	out = append(append(out, make([]byte, n*sector-len(stream))...), table...)
	out = append(out, oleEntry("Root Entry", 5, 1, 0xFFFFFFFE, 0)...)
	out = append(out, oleEntry(name, 2, 0xFFFFFFFF, 0, len(stream))...)
	out = append(out, oleEntry("", 0, 0xFFFFFFFF, 0, 0)...)
	return append(out, oleEntry("", 0, 0xFFFFFFFF, 0, 0)...)
}

func oleEntry(name string, kind byte, child, start uint32, size int) []byte {
	entry := make([]byte, 128)
	for i, u := range utf16.Encode([]rune(name)) {
		binary.LittleEndian.PutUint16(entry[2*i:], u)
	}
	if name != "" {
		binary.LittleEndian.PutUint16(entry[64:], uint16(2*len(name)+2))
	}
	entry[66], entry[67] = kind, 1
	copy(entry[68:], le(uint32(0xFFFFFFFF), uint32(0xFFFFFFFF), child))
	copy(entry[116:], le(start, uint32(size)))
	return entry
}
