package samples

import (
	"math"
	"math/rand/v2"
)

// person is who a record is about. No two persons of a world share a NIK or a
// passport, by construction: regencyRank numbers the slots of a (year, regency),
// and the two digits of the district and the birth date count that number.
type person struct {
	registeredIn string // code of the regency of first registration
	district     int    // 1..80: ten for each year's survivors, ten for each year's withdrawn
	birth        int    // day
	woman        bool
	passport     int // seven digits
}

const (
	// oldest and youngest age at the start of the placement year.
	youngest, birthDays = 20, 9131 // births spread over 25 years
	passportNumbers     = 10_000_000
)

var passportShuffle = newSpread(passportNumbers, 0, 4_211_337)

// personOf makes the person to whom a slot belongs in the first place.
// withdrawn persons live in districts of their own.
func (w *World) personOf(s *slot, withdrawn bool) person {
	m := w.years[s.year-yearFacts[0].year]
	shuffle := &m.people[s.province][s.regency]
	rank := shuffle.at(s.regencyRank)
	block := s.year - yearFacts[0].year
	number := s.index
	for _, before := range w.years[:block] {
		number += before.n
	}
	if withdrawn {
		block += len(yearFacts)
		number = passportNumbers - 1 - number // from the other end
	}
	p := person{
		registeredIn: regencies[s.province][s.regency].code,
		district:     block*10 + rank%10 + 1,
		birth:        birthDay(s.year, rank/10, int(shuffle.n+9)/10),
		woman:        s.sex == 1,
		passport:     passportShuffle.at(number % passportNumbers),
	}
	return p
}

// birthDay spreads n persons over the birth dates of working age, more of them
// young. It never decreases and moves on by at least a day from one to the next,
// so that all n differ, as long as there are no more of them than days.
func birthDay(year, i, n int) int {
	t := (float64(i) + .5) / float64(max(n, 1))
	back := i + int(math.Pow(t, 1.6)*float64(max(birthDays-n, 0)))
	return dayNumber(year-youngest, 1, 1) - 1 - back%birthDays
}

// appendNIK writes the sixteen digits; a woman's day of birth is 40 more. The
// serial is 0000, which no real number has.
func (p *person) appendNIK(b []byte) []byte {
	y, m, d := civil(p.birth)
	if p.woman {
		d += 40
	}
	b = appendPadded(append(b, p.registeredIn...), p.district, 2)
	b = appendPadded(appendPadded(appendPadded(b, d, 2), m, 2), y%100, 2)
	return append(b, "0000"...)
}

func (p *person) appendPassport(b []byte) []byte { return appendPadded(append(b, 'X'), p.passport, 7) }

// tries bounds the search for an earlier placement by someone like this.
const tries = 24

// returning finds the person of an earlier year's placement who may be the one
// of this slot: same sex, same province. The earlier year is the one before.
func (w *World) returning(s *slot, random *rand.PCG) (person, bool) {
	y := s.year - yearFacts[0].year
	if y == 0 || w.years[y-1].n == 0 {
		return person{}, false
	}
	before := w.years[y-1]
	for range tries {
		earlier := before.originOf(below(random.Uint64(), before.n))
		if earlier.sex == s.sex && earlier.province == s.province {
			return w.personOf(&earlier, false), true
		}
	}
	return person{}, false
}
