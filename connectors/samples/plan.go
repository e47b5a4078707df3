package samples

import (
	"cmp"
	"slices"
)

// extraKind is what an extra row of the file drops is. Extra rows stand beside
// those that count, so that the totals of today stay what was published.
type extraKind uint8

const (
	broken      extraKind = iota // must be rejected
	duplicate                    // the base row once more, unchanged
	correction                   // a newer version of the base row
	withdrawn                    // a placement that is cancelled later
	withdrawal                   // its newer version, BATAL
	cancelOnce                   // a placement that stands today, BATAL for a while
	reactivated                  // and its newest version
)

// extra is one such row: it follows slot index of year y in a delivery's file.
type extra struct {
	delivery, y, index int
	kind               extraKind
	fatal              fatal
	number             int // within its kind
	updated            int64
}

// dropPlan is everything that is in the files beside the placements of today.
type dropPlan struct {
	extras []extra // by delivery, year, index
}

// Counts at scale 1, beside those of `planted`.
const (
	plannedDuplicates  = 300
	plannedCorrections = 420
	plannedWithdrawals = 260
)

// The file that an office sends a second time: unchanged, under another name.
const resentUnit, resentYear = "lampung", 0

// planner picks slots for extra rows; no slot is picked twice, so that what is
// planned for one row never meets what is planned for another.
type planner struct {
	w     *World
	taken map[[2]int]bool
	next  int
}

// slot picks any placement of 2022-2024 that accept likes.
func (p *planner) slot(accept func(y, i int) bool) (y, i int, ok bool) {
	total := 0
	for _, m := range p.w.years[:3] {
		total += m.n
	}
	for range 20000 {
		random := p.w.noise(streamPlan, p.next)
		p.next++
		i = below(random.Uint64(), total)
		for y = 0; i >= p.w.years[y].n; y++ {
			i -= p.w.years[y].n
		}
		if !p.taken[[2]int{y, i}] && (accept == nil || accept(y, i)) {
			p.taken[[2]int{y, i}] = true
			return y, i, true
		}
	}
	return 0, 0, false // a world so small that it has no such row
}

// home is the delivery in which a placement first arrives.
func (w *World) home(y, i int) int {
	if y == 0 {
		return 0
	}
	m := w.years[y]
	if y == 1 {
		if s := m.originOf(i); !m.isLate(&s) {
			return 0
		}
	}
	return 1
}

func (w *World) office(y, i int) *unit {
	s := w.years[y].originOf(i)
	return &units[provinceUnit[s.province]]
}

// between gives a moment of office hours from the first day to before the second.
func between(bits uint64, first, second int) int64 {
	return at(first+below(bits, second-first), 8*3600+int(bits%(9*3600)))
}

// window is when something that arrives with a delivery, and not before, happened.
func window(delivery int) (first, second int) {
	switch delivery {
	case 1:
		return dayNumber(2024, 1, 17), dayNumber(2025, 1, 28)
	case 2:
		return dayNumber(2025, 2, 2), dayNumber(2026, 1, 12)
	}
	return 0, 1
}

func (w *World) planDrops() {
	p := &planner{w: w, taken: map[[2]int]bool{}}
	w.planBroken(p)
	w.planVersions(p)
	w.planRevision2023(p)
	w.planReactivation(p)
	slices.SortStableFunc(w.drops.extras, func(a, b extra) int {
		return cmp.Or(cmp.Compare(a.delivery, b.delivery), cmp.Compare(a.y, b.y), cmp.Compare(a.index, b.index), cmp.Compare(a.kind, b.kind))
	})
}

func (w *World) add(e extra) { w.drops.extras = append(w.drops.extras, e) }

// tolerable bounds the broken rows of a feed with so many records. Planting one
// of every kind would make a very small world mostly broken, and a feed that is
// mostly broken is refused.
func (w *World) tolerable(records int) int { return records * 3 / 100 }

func (w *World) planBroken(p *planner) {
	number, most := 0, w.tolerable(w.years[0].n+w.years[1].n+w.years[2].n)
	for _, x := range planted {
		for range w.scaled(x.count) {
			if number >= most {
				return
			}
			y, i, ok := p.slot(func(y, i int) bool {
				o := w.office(y, i)
				if y == resentYear && o.slug == resentUnit {
					return false // the file that comes twice holds nothing to reject twice
				}
				onlyCSV := x.kind == raggedRow || x.kind == badEncoding || x.kind == tooLongCell
				return !onlyCSV || !o.workbook
			})
			if ok {
				number++
				w.add(extra{delivery: w.home(y, i), y: y, index: i, kind: broken, fatal: x.kind, number: number})
			}
		}
	}
}

// planVersions plans duplicates, late corrections, and placements that came and
// were cancelled within one delivery.
func (w *World) planVersions(p *planner) {
	for range w.scaled(plannedDuplicates) {
		if y, i, ok := p.slot(nil); ok {
			w.add(extra{delivery: w.home(y, i), y: y, index: i, kind: duplicate})
		}
	}
	for n := range w.scaled(plannedCorrections) {
		if y, i, ok := p.slot(nil); ok {
			d := w.home(y, i) + 1
			random := w.noise(streamPlan+1<<8, n)
			first, second := window(d)
			w.add(extra{delivery: d, y: y, index: i, kind: correction, updated: between(random.Uint64(), first, second)})
		}
	}
	for n := range w.scaled(plannedWithdrawals) {
		y, i, ok := p.slot(func(y, i int) bool { return y != 1 || w.home(y, i) == 0 })
		if !ok {
			continue
		}
		r := w.record(y, i)
		d := w.home(y, i)
		w.add(extra{delivery: d, y: y, index: i, kind: withdrawn, number: n + 1})
		w.add(extra{delivery: d, y: y, index: i, kind: withdrawal, number: n + 1, updated: r.updated + int64(1+n%4)*86400})
	}
}

// planRevision2023 plans the placements that were counted in January 2024 and
// have been cancelled since.
func (w *World) planRevision2023(p *planner) {
	number := w.scaled(plannedWithdrawals) // numbers go on from the other withdrawals
	for c, n := range w.years[1].withdrawn {
		for range n {
			y, i, ok := p.slot(func(y, i int) bool {
				return y == 1 && w.years[1].originOf(i).country == c && w.home(y, i) == 0
			})
			if !ok {
				continue
			}
			number++
			random := w.noise(streamPlan+2<<8, number)
			first, second := window(1)
			w.add(extra{delivery: 0, y: y, index: i, kind: withdrawn, number: number})
			w.add(extra{delivery: 1, y: y, index: i, kind: withdrawal, number: number, updated: between(random.Uint64(), first, second)})
		}
	}
}

// planReactivation plans the one placement of 2022 that was cancelled in the
// second delivery and stands again in the third.
func (w *World) planReactivation(p *planner) {
	y, i, ok := p.slot(func(y, _ int) bool { return y == 0 })
	if !ok {
		return
	}
	first, _ := window(1)
	w.add(extra{delivery: 1, y: y, index: i, kind: cancelOnce, updated: at(first+90, 10*3600)})
	first, _ = window(2)
	w.add(extra{delivery: 2, y: y, index: i, kind: reactivated, updated: at(first+45, 11*3600)})
}

// dropRow is one row of a file: a record, and the defect that is put into it.
type dropRow struct {
	record
	kind   extraKind
	extra  bool
	fatal  fatal
	number int
}

// eachDropRow goes through the rows of one delivery and year in file order, all
// offices mixed. Offices that want does not ask for are passed over.
func (w *World) eachDropRow(delivery, y int, want func(office int) bool, emit func(*dropRow)) {
	all := w.drops.extras
	at := func(y, i int) int {
		k, _ := slices.BinarySearchFunc(all, extra{delivery: delivery, y: y, index: i}, func(a, b extra) int {
			return cmp.Or(cmp.Compare(a.delivery, b.delivery), cmp.Compare(a.y, b.y), cmp.Compare(a.index, b.index))
		})
		return k
	}
	extras := all[at(y, 0):at(y+1, 0)]
	var row dropRow
	send := func(e *extra, i int) {
		if w.fillDropRow(&row, e, y, i) && want(provinceUnit[row.province]) {
			emit(&row)
		}
	}
	m := w.years[y]
	full := y == 0 && delivery == 0 || y == 1 && delivery < 2 || y == 2 && delivery == 1
	if !full {
		for k := range extras {
			send(&extras[k], extras[k].index)
		}
		return
	}
	for i := range m.n {
		s := m.originOf(i)
		if want(provinceUnit[s.province]) && (y != 1 || m.isLate(&s) == (delivery == 1)) {
			send(nil, i)
		}
		for ; len(extras) > 0 && extras[0].index == i; extras = extras[1:] {
			send(&extras[0], i)
		}
	}
}

// fillDropRow makes the base row of a slot, or an extra one.
func (w *World) fillDropRow(row *dropRow, e *extra, y, i int) bool {
	*row = dropRow{}
	if e == nil {
		row.record = w.record(y, i)
		return true
	}
	row.kind, row.extra, row.fatal, row.number = e.kind, true, e.fatal, e.number
	switch e.kind {
	case withdrawn, withdrawal:
		row.record = w.withdrawnRecord(y, i, e.number)
	default:
		row.record = w.record(y, i)
	}
	switch e.kind {
	case broken:
		row.dirt, row.noNIK = harmlessNone, false
		row.record.number = brokenNumbers + e.number
	case correction:
		row.correct(e.updated)
	case withdrawal, cancelOnce:
		row.cancel(e.updated)
	case reactivated:
		row.updated, row.dirt = e.updated, harmlessNone
		if row.noNIK {
			row.dirt = nikMissing
		}
	}
	return true
}
