package samples

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// A register is one of the systems beside the core ones: returns, shelters, legal
// aid, loans, courses and so on. All are made alike: records by year and day, most
// of them about a person whom the placement system knows, so that one person is
// met in several systems.
type register struct {
	name   string   // in addresses and file names
	fields []string // in the words of such a system; the first is the record's number
	fill   func(w *World, add func(e entry))
}

// An entry is one version of a record: when its system knew it, what day it is
// about, and its values in the order of the fields. A later version has the same number.
type entry struct {
	known int64
	day   int
	cells []string
}

var registers = []register{
	returnsRegister, staysRegister, capacityRegister, legalRegister,
	empowermentRegister, businessRegister, loanRegister, trainingRegister, candidateRegister,
}

// registerItems reads a register once and then gives what changed of it since a moment.
func (w *World) registerItems(r *register) func(w *World, since, now int64) []item {
	entries := sync.OnceValue(func() []entry {
		var all []entry
		r.fill(w, func(e entry) { all = append(all, e) })
		return all
	})
	return func(_ *World, since, now int64) []item {
		newest := map[string]int{} // number → position in items
		var items []item
		for i, e := range entries() {
			if e.known > now {
				continue
			}
			x := item{e.known, i, at(e.day, 0), func(b []byte) []byte { return e.appendJSON(b, r.fields) }}
			if k, ok := newest[e.cells[0]]; ok {
				items[k] = x
				continue
			}
			newest[e.cells[0]] = len(items)
			items = append(items, x)
		}
		kept := items[:0]
		for _, x := range items {
			if x.updated > since {
				kept = append(kept, x)
			}
		}
		return kept
	}
}

// appendJSON writes an entry as the members of an object, with the time of its last change.
func (e *entry) appendJSON(b []byte, fields []string) []byte {
	b = append(b, '{')
	for i, name := range fields {
		b = append(appendPair(b, name, e.cells[i]), ',')
	}
	return append(appendStamp(append(b, `"diperbarui":"`...), e.known), `"}`...)
}

// eachRecord spreads a register's records of the sample's years, given at scale 1, over their days.
func (w *World) eachRecord(stream uint64, counts [4]int, make func(year, n, day int, random *rand.PCG)) {
	for i, total := range apportion(toFloats(counts[:]), roundInt(float64(sum(counts[:]))*w.opt.Scale)) {
		year := yearFacts[i].year
		first := dayNumber(year, 1, 1)
		length := dayNumber(year+1, 1, 1) - first
		for n := range total {
			random := w.noise(stream, year*1_000_000+n)
			make(year, n, first+n*length/total, &random)
		}
	}
}

// someone is a worker placed in the year before, or in the sample's first.
func (w *World) someone(year int, random *rand.PCG) record {
	y := max(year-yearFacts[0].year-1, 0)
	for w.years[y].n == 0 {
		y++
	}
	return w.record(y, below(random.Uint64(), w.years[y].n))
}

// personFields and personCells are what every system says of a person.
var personFields = []string{"nik", "paspor", "jenis_kelamin", "kode_provinsi", "provinsi"}

func (r *record) personCells(random *rand.PCG) []string {
	nik := string(r.appendNIK(nil))
	if below(random.Uint64(), 20) == 0 { // papers are lost on the way
		nik = ""
	}
	p := &provinces[r.province]
	return []string{nik, string(r.appendPassport(nil)), []string{"L", "P"}[r.sex], p.code, p.name}
}

func (r *record) unit() string { return units[provinceUnit[r.province]].code }

// recordNumber is a record's number in its register: RP-2024-000123.
func recordNumber(prefix string, year, n int) string {
	return string(appendPadded(append(appendPadded(append([]byte(prefix), '-'), year, 4), '-'), n+1, 6))
}

func dayText(day int) string { return string(appendDay(nil, day, iso)) }

// oneOf picks by weight.
func oneOf(random *rand.PCG, weights ...int) int {
	x := below(random.Uint64(), sum(weights))
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func join(parts ...[]string) []string { return slices.Concat(parts...) }
