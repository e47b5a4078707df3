package samples

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"time"
)

// The sample SISKOP2MI holds the placements of 2025 and serves each record as it
// stands now, in the order (updated_at, id). A record that is corrected or
// cancelled moves to its new place in that order.

// siskoPlan is what it holds beside the placements of today in their first
// version, which are computed.
type siskoPlan struct {
	items  []siskoItem   // by (updated, number)
	hidden map[int]int64 // slots that have a newer version, and since when
	year   *yearModel
}

// siskoItem is a record that is not simply slot i in its first version.
type siskoItem struct {
	updated, until int64 // shown from updated on, and before until if that is set
	index, number  int   // base slot; number of the identifier
	kind           extraKind
	fatal          fatal
	serial         int
}

// Counts at scale 1, beside planned2025. Of the corrections and withdrawals one
// in three hits a record of January, which was there in the second delivery.
const (
	siskoDuplicates  = 40
	siskoCorrections = 300
	siskoWithdrawals = 90
)

// updatedOf is when slot i was completed: the office's clock, to the minute, so
// that several records often share it.
func (p *siskoPlan) updatedOf(m *yearModel, i int) int64 {
	month := bucket(m.monthStart, i)
	in, n := i-int(m.monthStart[month]), int(m.monthStart[month+1]-m.monthStart[month])
	days := daysIn(m.year, month+1)
	minute := in * days * 480 / n // 480 minutes from 08:00 on
	return at(dayNumber(m.year, month+1, 1)+minute/480, 8*3600+minute%480*60)
}

// quiet is the time before a delivery in which nothing broken arrives: a source
// that is asked to look back two days would deliver it twice.
const quiet = 4 * 86400

func (w *World) planSisko() {
	p := &w.sisko
	p.hidden = map[int]int64{}
	p.year = w.years[3]
	next := 0
	// slot picks a slot of 2025; january asks for one that the second delivery saw.
	taken := map[int]bool{}
	second, tiny := momentOf(Deliveries()[1]), p.year.n < 20000
	slot := func(january bool) int {
		for range 1000 {
			random := w.noise(streamPlan+3<<8, next)
			next++
			n := p.year.n
			if january {
				n = max(int(p.year.monthStart[1])*9/10, 1)
			}
			i := below(random.Uint64(), n)
			u := p.updatedOf(p.year, i)
			if tiny && !january && u <= second {
				continue // the second delivery has a handful of records; a broken one would be a large share
			}
			if !taken[i] && (u < second-quiet || u > second) {
				taken[i] = true
				return i
			}
		}
		return -1
	}
	number, most := 0, w.tolerable(p.year.n)
	for _, x := range planted2025 {
		for range w.scaled(x.count) {
			if i := slot(false); i >= 0 && number < most {
				number++
				p.items = append(p.items, siskoItem{updated: p.updatedOf(p.year, i), index: i, number: brokenNumbers + number, kind: broken, fatal: x.kind, serial: number})
			}
		}
	}
	for range w.scaled(siskoDuplicates) {
		if i := slot(false); i >= 0 {
			p.items = append(p.items, siskoItem{updated: p.updatedOf(p.year, i), index: i, number: i + 1, kind: duplicate})
		}
	}
	first, last := window(2)
	for n := range w.scaled(siskoCorrections) {
		if i := slot(n%3 == 0); i >= 0 {
			random := w.noise(streamPlan+4<<8, n)
			moment := between(random.Uint64(), max(first, int(p.updatedOf(p.year, i)/86400)+2), last)
			p.hidden[i] = moment
			p.items = append(p.items, siskoItem{updated: moment, index: i, number: i + 1, kind: correction})
		}
	}
	for n := range w.scaled(siskoWithdrawals) {
		if i := slot(n%3 == 0); i >= 0 {
			random := w.noise(streamPlan+5<<8, n)
			moment := between(random.Uint64(), max(first, int(p.updatedOf(p.year, i)/86400)+2), last)
			p.items = append(p.items,
				siskoItem{updated: p.updatedOf(p.year, i), until: moment, index: i, number: withdrawnNumbers + n + 1, kind: withdrawn},
				siskoItem{updated: moment, index: i, number: withdrawnNumbers + n + 1, kind: withdrawal})
		}
	}
	slices.SortStableFunc(p.items, func(a, b siskoItem) int {
		return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.number, b.number), cmp.Compare(a.kind, b.kind))
	})
}

// place is a place in the order of the records.
type place struct {
	updated int64
	number  int
}

func (a place) before(b place) bool {
	return a.updated < b.updated || a.updated == b.updated && a.number < b.number
}

// walk goes through what is known at now, after a place, in order. item is nil
// for a slot in its first version. It ends when visit says so.
func (p *siskoPlan) walk(after place, now int64, visit func(at place, index int, item *siskoItem) bool) {
	m := p.year
	i := sort.Search(m.n, func(i int) bool { return after.before(place{p.updatedOf(m, i), i + 1}) })
	k := sort.Search(len(p.items), func(k int) bool { return after.before(place{p.items[k].updated, p.items[k].number}) })
	for {
		for i < m.n {
			since, ok := p.hidden[i]
			if !ok || since > now {
				break
			}
			i++
		}
		for k < len(p.items) && p.items[k].until != 0 && p.items[k].until <= now {
			k++
		}
		var slot, item place
		haveSlot, haveItem := i < m.n, k < len(p.items)
		if haveSlot {
			slot = place{p.updatedOf(m, i), i + 1}
			haveSlot = slot.updated <= now
		}
		if haveItem {
			item = place{p.items[k].updated, p.items[k].number}
			haveItem = item.updated <= now
		}
		switch {
		case !haveSlot && !haveItem:
			return
		case haveSlot && (!haveItem || !item.before(slot)):
			if !visit(slot, i, nil) {
				return
			}
			i++
		default:
			if !visit(item, p.items[k].index, &p.items[k]) {
				return
			}
			k++
		}
	}
}

// siskoRow makes the record that a visit of walk announced.
func (w *World) siskoRow(index int, item *siskoItem) dropRow {
	var row dropRow
	if item == nil {
		row.record = w.record(3, index)
		return row
	}
	e := extra{y: 3, index: index, kind: item.kind, fatal: item.fatal, number: item.serial, updated: item.updated}
	if item.kind == withdrawn || item.kind == withdrawal {
		e.number = item.number - withdrawnNumbers
	}
	w.fillDropRow(&row, &e, 3, index)
	return row
}

// appendJSON writes a row as the sample SISKOP2MI serves it: nested, numbers as
// numbers, what is missing as null.
func (c *cells) appendJSON(b []byte) []byte {
	text := func(b []byte, key string, column int) []byte {
		b = append(append(append(b, '"'), key...), `":`...)
		if len(c.get(column)) == 0 {
			return append(b, "null"...)
		}
		return appendJSONText(b, c.get(column))
	}
	b = append(text(append(b, '{'), "id", 0), `,"pmi":{`...)
	if nik := c.get(colNIK); len(nik) > 0 && nik[1] == '.' {
		b = append(append(b, `"nik":`...), nik...) // a number that lost its digits, as a careless export sends it
	} else {
		b = text(b, "nik", colNIK)
	}
	for i, key := range [...]string{"paspor", "jenis_kelamin", "tgl_lahir", "pendidikan", "status_kawin"} {
		b = text(append(b, ','), key, 2+i)
	}
	b = text(append(b, `},"asal":{`...), "kode_provinsi", 7)
	for i, key := range [...]string{"provinsi", "kode_kabkota", "kabkota"} {
		b = text(append(b, ','), key, 8+i)
	}
	b = text(append(b, `},"kontrak":{`...), "skema", 11)
	for i, key := range [...]string{"pemberi_kerja", "negara", "jabatan", "p3mi"} {
		b = text(append(b, ','), key, 12+i)
	}
	b = append(append(b, `,"bulan":`...), c.get(colContract)...)
	b = append(b, `,"gaji":`...)
	if wage := c.get(colWage); digitsOnly(wage[1:]) {
		b = append(b, wage...)
	} else {
		b = appendJSONText(b, wage)
	}
	b = text(append(b, ','), "mata_uang", 22)
	b = text(append(b, "},"...), "upt", 16)
	for i, key := range [...]string{"tgl_daftar", "tgl_selesai", "tgl_berangkat"} {
		b = text(append(b, ','), key, colRegistered+i)
	}
	b = append(b, `,"jaminan_sosial":`...)
	b = strconv.AppendBool(b, c.record.insured)
	b = append(b, `,"reentry":`...)
	b = strconv.AppendBool(b, c.record.reentry)
	b = text(append(b, ','), "status", 25)
	b = append(b, `,"dibatalkan":`...)
	if c.record.cancelled {
		b = append(appendStamp(append(b, '"'), c.record.cancelledAt), '"')
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"updated_at":"`...)
	return append(appendStamp(b, c.record.updated), `"}`...)
}

func appendJSONText(b, s []byte) []byte {
	b = append(b, '"')
	for _, x := range s {
		if x == '"' || x == '\\' {
			b = append(b, '\\')
		}
		b = append(b, x)
	}
	return append(b, '"')
}

// parsePlace reads the place that a client has come to; none is the beginning.
func parsePlace(since, afterID string) (place, error) {
	if since == "" {
		return place{}, nil
	}
	t, err := time.Parse(time.RFC3339, since)
	if err != nil {
		return place{}, err
	}
	p := place{updated: t.Unix()}
	if afterID == "" {
		p.updated-- // from this moment on, it included
		p.number = 1 << 60
		return p, nil
	}
	p.number, err = strconv.Atoi(afterID[max(len(afterID)-7, 0):])
	return p, err
}
