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
	missionRegister, memberRegister, claimRegister, villageRegister, licenceRegister, sanctionRegister,
	vacancyRegister, registrationRegister, identityRegister, arrivalRegister, reintegrationRegister,
	indicatorRegister, programmeRegister, commitmentRegister, budgetRegister, calendarRegister,
}

// versions reads a register once and then gives what changed of it since a moment: of each record
// the newest version that is known by now.
func (w *World) versions(r *register) func(since, now int64) []entry {
	all := sync.OnceValue(func() []entry {
		var entries []entry
		r.fill(w, func(e entry) { entries = append(entries, e) })
		return entries
	})
	return func(since, now int64) []entry {
		place := map[string]int{}
		var newest []entry
		for _, e := range all() {
			if e.known > now {
				continue
			}
			if k, ok := place[e.cells[0]]; ok {
				newest[k] = e
				continue
			}
			place[e.cells[0]] = len(newest)
			newest = append(newest, e)
		}
		return slices.DeleteFunc(newest, func(e entry) bool { return e.known <= since })
	}
}

// registerItems are a register's records for an HTTP page.
func (w *World) registerItems(r *register) func(w *World, since, now int64) []item {
	versions := w.versions(r)
	return func(_ *World, since, now int64) []item {
		entries := versions(since, now)
		items := make([]item, len(entries))
		for i, e := range entries {
			items[i] = item{e.known, i, at(e.day, 0), func(b []byte) []byte { return e.appendJSON(b, r.fields) }}
		}
		return items
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

// A worker is what other systems know of somebody who was placed.
type worker struct {
	slot
	person
}

// someone is a worker placed in the year before, or in the sample's first.
func (w *World) someone(year int, random *rand.PCG) worker {
	return w.placed(max(year-yearFacts[0].year-1, 0), random)
}

// placed is a worker placed in a year, by its position; a year without placements is passed over. Whoever
// was placed before is left out: the record of such a placement names the person of an earlier one.
func (w *World) placed(y int, random *rand.PCG) worker {
	for w.years[y].n == 0 {
		y++
	}
	for range tries {
		i := below(random.Uint64(), w.years[y].n)
		if y == 0 || !w.comesAgain(y, i) {
			return w.workerAt(y, i)
		}
	}
	return w.workerAt(y, 0)
}

func (w *World) workerAt(y, i int) worker {
	s := w.years[y].originOf(i)
	return worker{s, w.personOf(&s, false)}
}

// personFields and personCells are what every system says of a person.
var personFields = []string{"nik", "paspor", "jenis_kelamin", "kode_provinsi", "provinsi"}

func (r *worker) personCells(random *rand.PCG) []string {
	nik := string(r.appendNIK(nil))
	if below(random.Uint64(), 20) == 0 { // papers are lost on the way
		nik = ""
	}
	p := &provinces[r.province]
	return []string{nik, string(r.appendPassport(nil)), []string{"L", "P"}[r.sex], p.code, p.name}
}

func (r *worker) unit() string { return units[provinceUnit[r.province]].code }

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
