package samples

import (
	"cmp"
	"slices"
)

// sampleCase is one complaint. Its steps are its events; what it looks like at a
// moment follows from the steps known by then.
type sampleCase struct {
	year, number                                                   int
	received                                                       int64
	category, country, province, procedure, sex, channel, relation int // positions in the case* lists
	person                                                         person
	noNIK, alias                                                   bool
	agency                                                         int
	outcome, path                                                  string
	recovered                                                      int // rupiah
	events                                                         []caseEvent
}

// caseEvent is one step of a case: when it happened, when it was written down,
// and when it could first be seen.
type caseEvent struct {
	inCase                      int // position among World.cases
	seq, step                   int
	reason                      string
	occurred, recorded, visible int64
}

// caseFault is a broken record of the case system.
type caseFault struct {
	base, serial int
	kind         fatal
	updated      int64
}

var plannedCaseFaults = []struct {
	kind  fatal
	count int
}{{unknownCategory, 8}, {nikAsNumber, 6}, {impossibleDate, 5}, {regionCodeSystem, 4}, {missingRequired, 4}}

// lateEvents is how many events at scale 1 come to light only after a delivery
// that their time lies before: what a lookback is for.
const lateEvents = 6

func (w *World) makeCases() {
	national := []float64{}
	for _, s := range caseSpans {
		national = append(national, toFloats(s.months)...)
	}
	counts := apportion(national, roundInt(sum(national)*w.opt.Scale))
	numbers := map[int]int{}
	for _, s := range caseSpans {
		w.makeSpan(s, counts[:len(s.months)], numbers)
		counts = counts[len(s.months):]
	}
	for i := range w.cases {
		w.makeEvents(i)
	}
	w.holdBack()
	for i := range w.cases {
		w.events = append(w.events, w.cases[i].events...)
	}
	slices.SortStableFunc(w.events, func(a, b caseEvent) int {
		return cmp.Or(cmp.Compare(a.recorded, b.recorded), cmp.Compare(a.inCase, b.inCase), cmp.Compare(a.seq, b.seq))
	})
	w.planCaseFaults()
}

// deal gives each of n cases a value: the published counts first, the others by
// weight, shuffled.
func deal(labels []label, published figures, national, n, attribute int, salt uint64) func(i int) int {
	weights := make([]float64, len(labels))
	left, rest := float64(national), 0.0
	for i, l := range labels {
		if x, ok := published[l.code]; ok {
			weights[i] = float64(x)
			left -= weights[i]
		} else {
			rest += l.weight
		}
	}
	for i, l := range labels {
		if _, ok := published[l.code]; !ok {
			weights[i] = left * l.weight / rest
		}
	}
	at, shuffle := starts(apportion(weights, n)), newSpread(n, attribute, salt)
	return func(i int) int { return bucket(at, shuffle.at(i)) }
}

func (w *World) makeSpan(s caseSpan, months []int, numbers map[int]int) {
	n, national := sum(months), sum(s.months)
	salt := w.opt.Seed + uint64(s.year*100+s.from)*7919
	procedures := figures{}
	if s.procedures != [3]int{} {
		for i, l := range caseProcedures {
			procedures[l.code] = s.procedures[i]
		}
	}
	category := deal(caseCategories, s.categories, national, n, 0, salt)
	country := deal(caseCountries, s.countries, national, n, 1, salt)
	province := deal(caseProvinces, s.provinces, national, n, 2, salt)
	procedure := deal(caseProcedures, procedures, national, n, 3, salt)
	sex := deal(caseSexes, nil, national, n, 4, salt)
	channel := deal(caseChannels, nil, national, n, 5, salt)
	relation := deal(caseRelations, nil, national, n, 6, salt)
	first := len(w.cases)
	i := 0
	for m, count := range months {
		for k := range count {
			numbers[s.year]++
			c := sampleCase{year: s.year, number: numbers[s.year], category: category(i), country: country(i), province: province(i),
				procedure: procedure(i), sex: sex(i), channel: channel(i), relation: relation(i), agency: -1}
			month := s.from + m
			random := w.noise(streamCase, len(w.cases))
			second := k*daysIn(s.year, month)*36000/count + below(random.Uint64(), 600) // ten hours a day
			c.received = at(dayNumber(s.year, month, 1)+second/36000, 8*3600+second%36000)
			w.cases = append(w.cases, c)
			i++
		}
	}
	onlyWomenArePregnant(w.cases[first:])
	for i := first; i < len(w.cases); i++ {
		w.cases[i].identify(w, i)
	}
}

// onlyWomenArePregnant swaps the sexes of two cases where the shuffle gave a
// pregnancy to a man; the counts stay.
func onlyWomenArePregnant(cases []sampleCase) {
	j := 0
	for i := range cases {
		if caseCategories[cases[i].category].code != "K11" || cases[i].sex == 1 {
			continue
		}
		for ; j < len(cases); j++ {
			if cases[j].sex == 1 && caseCategories[cases[j].category].code != "K11" {
				cases[i].sex, cases[j].sex = 1, 0
				break
			}
		}
	}
}

// identify says who the case is about: a placed worker where the worker went by
// the procedure, else somebody whom the placement system has never seen.
func (c *sampleCase) identify(w *World, i int) {
	random := w.noise(streamCase+1<<8, i)
	bits := random.Uint64()
	c.alias = bits%20 == 0 && categoryAliases[caseCategories[c.category].code] != ""
	procedural := caseProcedures[c.procedure].code == "PROSEDURAL"
	c.noNIK = bits>>8%100 < 12 || !procedural && bits>>8%100 < 60
	c.person = w.stranger(c, i)
	if !procedural {
		return
	}
	c.agency = int(bits >> 20 % uint64(len(agencies)))
	y := min(max(c.year-yearFacts[0].year-1, 0), len(w.years)-1)
	m := w.years[y]
	for range tries {
		if m.n == 0 {
			return
		}
		s := m.originOf(below(random.Uint64(), m.n))
		if s.sex == c.sex && provinces[s.province].code == caseProvinces[c.province].code {
			c.person = w.personOf(&s, false)
			return
		}
	}
}

// stranger is a person of districts 81 to 90, where nobody was placed; the
// position of the case counts district and birth date.
func (w *World) stranger(c *sampleCase, i int) person {
	code := caseProvinces[c.province].code
	for p := range provinces {
		if provinces[p].code == code {
			code = regencies[p][i%len(regencies[p])].code
			break
		}
	}
	return person{
		registeredIn: code, district: 81 + i/birthDays%10, woman: c.sex == 1,
		birth:    dayNumber(2002, 1, 1) - i*37%birthDays,
		passport: passportShuffle.at(5_000_000 + i),
	}
}

// holdBack delays some events of the two days before the second delivery beyond
// it, and what follows them in their cases.
func (w *World) holdBack() {
	second := momentOf(Deliveries()[1])
	left := w.scaled(lateEvents)
	for i := range w.cases {
		for k := range w.cases[i].events {
			e := &w.cases[i].events[k]
			if left > 0 && k > 0 && e.recorded > second-36*3600 && e.recorded < second-3600 {
				left--
				for j := k; j < len(w.cases[i].events); j++ {
					x := &w.cases[i].events[j]
					x.visible = max(x.recorded, second+86400)
				}
			}
		}
	}
}

func (w *World) planCaseFaults() {
	serial := 0
	for _, x := range plannedCaseFaults {
		for range w.scaled(x.count) {
			if len(w.faults) >= w.tolerable(len(w.cases)) {
				break
			}
			for range 1000 {
				serial++
				random := w.noise(streamCase+2<<8, serial)
				base := below(random.Uint64(), len(w.cases))
				updated := w.cases[base].received + 7200
				if !nearDelivery(updated) {
					w.faults = append(w.faults, caseFault{base: base, serial: serial, kind: x.kind, updated: updated})
					break
				}
			}
		}
	}
	slices.SortStableFunc(w.faults, func(a, b caseFault) int {
		return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.serial, b.serial))
	})
}

// nearDelivery says that a pull which looks back from a delivery would see this
// moment twice.
func nearDelivery(moment int64) bool {
	for _, d := range Deliveries() {
		if x := momentOf(d); moment > x-quiet && moment <= x {
			return true
		}
	}
	return false
}
