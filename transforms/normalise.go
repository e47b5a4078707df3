package transforms

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"
)

// bound is a dataset joined with one feed's mapping: the Normaliser of one worker.
type bound[T any, P rowOf[T]] struct {
	definition[T, P]
	fields  *Fields
	mapping Mapping
	shape   *shape

	keyAt    []int // columns of the business key
	keySlots []int // input columns that a totals row gives itself away in

	versionSlot   int
	versionHeader string
	versioned     bool

	header []string
	names  []string // lower-case header, for repeated headers
	buffer []byte
}

// Normalise turns one batch into rows and rejects.
func (b *bound[T, P]) Normalise(batch Records, object [16]byte, into Rows) ([]Reject, error) {
	rows, ok := into.(*rowset[T, P])
	if !ok {
		return nil, fmt.Errorf("normalising into dataset %s: the rows are of another dataset; make them with its NewRows", b.name)
	}
	f := b.fields
	f.batch = batch
	if header := batch.Header(); b.header == nil || !slices.Equal(header, b.header) {
		if err := f.setHeader(header, b.mapping.Fields, b.versionHeader); err != nil {
			b.header = nil
			return nil, err
		}
		b.header = slices.Clone(header)
		b.names = make([]string, len(header))
		for i, h := range header {
			b.names[i] = headerKey(h)
		}
	}
	var rejects []Reject
	for row := range batch.Len() {
		f.begin(row)
		var key [16]byte
		if !b.structural() {
			key = b.one(rows, object)
		}
		if len(f.problems) > 0 {
			f.hideMisplaced()
			rejects = append(rejects, Reject{Object: object, RowNo: batch.RowNo(row), Place: batch.Place(row),
				Problems: slices.Clone(f.problems), Key: key})
		}
	}
	return rejects, nil
}

// one makes a row of the record at hand, or leaves its problems behind and gives the token of its
// key, if that can be read.
func (b *bound[T, P]) one(rows *rowset[T, P], object [16]byte) (rejected [16]byte) {
	f := b.fields
	row := rows.next()
	r := P(row)
	b.normalise(f, r)
	version, month := b.version(), ""
	if f.clean() {
		month = b.period(f, r)
		b.checkPeriod(month)
	}
	if !f.clean() {
		if f.env.Tokens != nil && b.keyReadable() {
			rejected = RecordToken(f.env.Tokens, b.keyOf(unsafe.Pointer(row)))
		}
		rows.drop()
		return rejected
	}
	p := r.provenance()
	p.Source = b.mapping.Source
	p.SourceUpdatedAt = version
	p.ObjectID = object
	p.RowNo = f.batch.RowNo(f.row)
	p.Normaliser = int32(b.definition.version)
	p.Period = month
	b.setKeyAndHash(p, row)
	return rejected
}

// keyReadable says whether no problem of the record at hand concerns its business key.
func (b *bound[T, P]) keyReadable() bool {
	f := b.fields
	if len(b.keySlots) < len(b.keyAt) {
		return false
	}
	for _, p := range f.problems {
		for _, i := range b.keySlots {
			if p.Column == f.slots[i].name {
				return false
			}
		}
	}
	return true
}

// checkPeriod refuses a row that another feed answers for: each period has one authoritative feed.
func (b *bound[T, P]) checkPeriod(month string) {
	m := &b.mapping
	if month == referencePeriod || (m.PeriodFrom == "" || month >= m.PeriodFrom) && (m.PeriodTo == "" || month <= m.PeriodTo) {
		return
	}
	from, to := m.PeriodFrom, m.PeriodTo
	if from == "" {
		from = "the beginning"
	}
	if to == "" {
		to = "the end"
	}
	b.fields.Problem(OutsidePeriods, "period", "period "+month+": outside the feed's periods, "+from+" to "+to+"; correct periods: in the feed, or the date at the source")
}

// version is what makes this row newer than another of the same key.
func (b *bound[T, P]) version() *int64 {
	f := b.fields
	if b.versioned {
		s := &f.slots[b.versionSlot]
		if us, ok := f.moment(s); ok {
			return f.longs.put(us)
		}
		if f.reported(s) {
			return nil
		}
		if b.mapping.ObservedAt.IsZero() {
			f.missing(s)
			return nil
		}
	}
	if b.mapping.ObservedAt.IsZero() {
		return nil
	}
	if f.observed == nil {
		us := b.mapping.ObservedAt.UnixMicro()
		f.observed = &us
	}
	return f.observed
}

// setKeyAndHash writes the business key and the hash over what the row says, so that an exact
// duplicate is known by its hash wherever it was read from.
func (b *bound[T, P]) setKeyAndHash(p *Provenance, row *T) {
	at := unsafe.Pointer(row)
	p.RowKey = b.keyOf(at)
	b.buffer, p.RowHash = rowHash(b.shape, b.buffer, p, at)
}

// keyOf is the business key of a row.
func (b *bound[T, P]) keyOf(row unsafe.Pointer) string {
	if key := &b.shape.columns[b.keyAt[0]]; len(b.keyAt) == 1 && key.kind == kindText {
		return key.at(row).text
	}
	b.buffer = b.buffer[:0]
	for i, column := range b.keyAt {
		if i > 0 {
			b.buffer = append(b.buffer, '|')
		}
		c := &b.shape.columns[column]
		b.buffer = c.appendText(b.buffer, c.at(row))
	}
	return b.fields.bytes.put(string(b.buffer))
}

// structural finds records that are no rows at all: broken ones, and headers and totals that
// stand among the data.
func (b *bound[T, P]) structural() bool {
	f := b.fields
	if code, message := f.batch.Fault(f.row); code != "" {
		f.problems = append(f.problems, Problem{Code: code, Message: message})
		return true
	}
	if b.repeatsHeader() {
		f.problems = append(f.problems, Problem{Code: RepeatedHeader,
			Message: "record: repeats the header row; remove it at the source"})
		return true
	}
	if b.isTotal() {
		f.problems = append(f.problems, Problem{Code: TotalsRow,
			Message: "record: a totals row among the data; remove it at the source"})
		return true
	}
	return false
}

// repeatsHeader says whether every filled cell of the record says what its header says.
func (b *bound[T, P]) repeatsHeader() bool {
	f, filled := b.fields, 0
	for col, name := range b.names {
		cell := trim(f.batch.Cell(f.row, col))
		if cell == "" {
			continue
		}
		if name == "" || cell[0]|0x20 != name[0]|0x20 {
			return false
		}
		if !strings.EqualFold(cell, name) && (!strings.Contains(cell, " ") || headerKey(cell) != name) {
			return false
		}
		filled++
	}
	return filled > 1 || filled == 1 && len(b.names) == 1
}

// isTotal says whether the first column or a key column calls the record a total. Where codes: in
// the feed say what the word means, it is a value like others: statistics have a sex "Total".
func (b *bound[T, P]) isTotal() bool {
	f := b.fields
	if len(b.names) > 0 && totalWord(f.batch.Cell(f.row, 0)) {
		return true
	}
	for _, i := range b.keySlots {
		if s := &f.slots[i]; s.col > 0 && totalWord(f.batch.Cell(f.row, s.col)) {
			if _, meant := s.codes[strings.ToLower(f.raw(s))]; !meant {
				return true
			}
		}
	}
	return false
}

// totalWord says whether a cell is "JUMLAH", "TOTAL 2024", "Grand Total" and the like. The whole
// cell must be made of such words: a company may well be called Total.
func totalWord(cell string) bool {
	cell = trim(cell)
	if len(cell) < 3 || len(cell) > 40 || strings.IndexByte("jJtTgGsS", cell[0]) < 0 {
		return false
	}
	total := false
	for word := range strings.FieldsFuncSeq(strings.ToLower(cell), func(r rune) bool { return r == ' ' || r == ':' || r == '.' || r == '-' || r == '(' || r == ')' }) {
		switch word {
		case "jumlah", "total", "jml", "subtotal":
			total = true
		case "grand", "sub", "keseluruhan", "akhir", "semua", "umum", "data", "pmi", "baris":
		default:
			if !isDigits(word) {
				return false
			}
		}
	}
	return total
}
