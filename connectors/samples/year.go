package samples

// yearModel makes the placements of one year that stand today. Slot i is the
// i-th in order of completion. Every attribute is counted: a slot's rank in its
// group is shuffled and looked up among the group's counts, so totals are exact
// and any slot can be made without the others.
type yearModel struct {
	year, n     int
	byCountry   []int
	late        []int // by country: not yet known in January 2024 (2023 only)
	withdrawn   []int // by country: known in January 2024 and cancelled since (2023 only)
	monthStart  []int32
	inMonth     [12]spread
	countryAt   [12][]int32 // starts of the countries inside a month
	countryBase [12][]int32 // rank in the country's year of the month's first
	work        grouped     // by country: occupation·2 + sex
	origin      grouped     // by country: province
	scheme      grouped     // by country
	place       grouped     // by province: regency
	house       grouped     // by occupation
	school      grouped     // by occupation
	marital     grouped     // one group
	lateness    []spread    // by country
	people      [][]spread  // by province and regency: rank to birth date
	workInOcc   [][]int32   // country × work: rank in the occupation's year of the cell's first
}

// grouped holds, for several groups, a shuffle and the counts of an attribute.
// base turns a rank inside (group, value) into one inside value.
type grouped struct {
	shuffle []spread
	starts  [][]int32
	base    [][]int32
}

// pick gives the value of the member with this rank in group g, and its rank
// among all members of that value.
func (a *grouped) pick(g, rank int) (value, rankOfValue int) {
	x := a.shuffle[g].at(rank)
	value = bucket(a.starts[g], x)
	return value, x - int(a.starts[g][value]) + int(a.base[g][value])
}

func newGrouped(counts [][]int, attribute int, salt uint64) grouped {
	var a grouped
	var before []int32
	for g, line := range counts {
		if before == nil {
			before = make([]int32, len(line))
		}
		if len(before) != len(line) { // groups of different values, such as the regencies of a province
			before = make([]int32, len(line))
		}
		a.starts = append(a.starts, starts(line))
		a.base = append(a.base, append([]int32(nil), before...))
		a.shuffle = append(a.shuffle, newSpread(sum(line), attribute, salt+uint64(g)*7919))
		for v, n := range line {
			before[v] += int32(n)
		}
	}
	return a
}

// rescale brings a national table to other margins; with the same margins it
// stays as it is.
func rescale(table [][]int, rows, cols []int) [][]int {
	seed := make([][]float64, len(table))
	for r := range table {
		seed[r] = toFloats(table[r])
	}
	return fill(seed, nil, rows, cols)
}

func columnSums(table [][]int) []int {
	out := make([]int, len(table[0]))
	for _, line := range table {
		for c, n := range line {
			out[c] += n
		}
	}
	return out
}

func rowSums(table [][]int) []int {
	out := make([]int, len(table))
	for r, line := range table {
		out[r] = sum(line)
	}
	return out
}

func newYearModel(f yearFact, n int, opt Options) *yearModel {
	t := nationalTables(f.year - yearFacts[0].year)
	m := &yearModel{year: f.year, n: n}
	scaled := func(national []int) []int { return apportion(toFloats(national), n) }
	m.byCountry = scaled(rowSums(t.byMonth))
	table := func(national [][]int) [][]int { return rescale(national, m.byCountry, scaled(columnSums(national))) }
	salt := opt.Seed*0x9e3779b97f4a7c15>>40 + uint64(f.year)

	byMonth := table(t.byMonth)
	months := columnSums(byMonth)
	m.monthStart = starts(months)
	ranks := make([]int32, len(countries))
	for k := range 12 {
		line := make([]int, len(countries))
		for c := range countries {
			line[c] = byMonth[c][k]
		}
		m.inMonth[k] = newSpread(months[k], 0, salt)
		m.countryAt[k] = starts(line)
		m.countryBase[k] = append([]int32(nil), ranks...)
		for c, x := range line {
			ranks[c] += int32(x)
		}
	}
	byWork, byOrigin := table(t.byWork), table(t.byOrigin)
	m.work = newGrouped(byWork, 1, salt)
	m.origin = newGrouped(byOrigin, 2, salt)
	m.scheme = newGrouped(table(t.byScheme), 3, salt)
	m.placeRegencies(columnSums(byOrigin), salt)

	occ := m.rankInOccupation(byWork)
	m.house = newGrouped(rescale(t.byHouse, occ, scaled(columnSums(t.byHouse))), 5, salt)
	m.school = newGrouped(rescale(t.bySchool, occ, scaled(columnSums(t.bySchool))), 6, salt)
	m.marital = newGrouped([][]int{scaled(t.marital)}, 7, salt)
	m.knownLater(f, opt)
	for c := range countries {
		m.lateness = append(m.lateness, newSpread(m.byCountry[c], 8, salt+uint64(c)))
	}
	return m
}

// placeRegencies shares each province's people among its regencies.
func (m *yearModel) placeRegencies(byProvince []int, salt uint64) {
	counts := make([][]int, len(provinces))
	for p := range provinces {
		weights := make([]float64, len(regencies[p]))
		for r := range regencies[p] {
			weights[r] = regencies[p][r].weight
		}
		counts[p] = apportion(weights, byProvince[p])
	}
	m.people = make([][]spread, len(provinces))
	for p := range provinces {
		for _, n := range counts[p] {
			m.people[p] = append(m.people[p], newSpread(n, 9, salt))
		}
	}
	m.place = newGrouped(counts, 4, salt)
	for p := range m.place.base {
		clear(m.place.base[p]) // a regency lies in one province: its rank there is its rank
	}
}

// rankInOccupation notes where each (country, work) cell begins inside its
// occupation, both sexes together, and returns the occupations' totals.
func (m *yearModel) rankInOccupation(byWork [][]int) []int {
	totals := make([]int, len(occupations))
	for _, line := range byWork {
		base := make([]int32, len(line))
		for w, n := range line {
			base[w] = int32(totals[w/2])
			totals[w/2] += n
		}
		m.workInOcc = append(m.workInOcc, base)
	}
	return totals
}

// knownLater works out, for 2023, which placements were missing in January 2024
// and which were there that have been cancelled since.
func (m *yearModel) knownLater(f yearFact, opt Options) {
	m.late, m.withdrawn = make([]int, len(countries)), make([]int, len(countries))
	if f.year != 2023 {
		return
	}
	then := make([]float64, len(countries))
	for c, n := range nationalTotals(1) {
		then[c] = float64(n)
		if x, ok := knownJanuary2024[countries[c].iso]; ok {
			then[c] = float64(x)
		}
		if countries[c].iso == "GBR" {
			then[c] -= 2
		}
	}
	for c, n := range apportion(then, roundInt(total2023KnownJanuary2024*opt.Scale)) {
		m.late[c] = max(m.byCountry[c]-n, 0)
		m.withdrawn[c] = max(n-m.byCountry[c], 0)
	}
}

// slot is what the counted tables say of one placement.
type slot struct {
	year, index             int
	month, day              int // 1-based
	country, rank           int // rank inside the country's year
	occupation, sex         int // sex 0 man, 1 woman
	province, regency       int
	regencyRank             int // rank inside the regency's year: no two slots share it
	scheme, household       int
	education, maritalState int
}

// origin fills what identifies the person: sex and place. It is the cheap part,
// used alone when a returning worker is looked for.
func (m *yearModel) originOf(i int) slot {
	s := slot{year: m.year, index: i}
	month := bucket(m.monthStart, i)
	inMonth := i - int(m.monthStart[month])
	x := m.inMonth[month].at(inMonth)
	s.month = month + 1
	s.day = inMonth*daysIn(m.year, month+1)/int(m.monthStart[month+1]-m.monthStart[month]) + 1
	s.country = bucket(m.countryAt[month], x)
	s.rank = x - int(m.countryAt[month][s.country]) + int(m.countryBase[month][s.country])
	w, _ := m.work.pick(s.country, s.rank)
	s.occupation, s.sex = w/2, w%2
	var inProvince int
	s.province, inProvince = m.origin.pick(s.country, s.rank)
	s.regency, s.regencyRank = m.place.pick(s.province, inProvince)
	return s
}

// at fills the whole slot.
func (m *yearModel) at(i int) slot {
	s := m.originOf(i)
	s.scheme, _ = m.scheme.pick(s.country, s.rank)
	w := s.occupation*2 + s.sex
	inCell := m.work.shuffle[s.country].at(s.rank) - int(m.work.starts[s.country][w])
	inOcc := inCell + int(m.workInOcc[s.country][w])
	s.household, _ = m.house.pick(s.occupation, inOcc)
	s.education, _ = m.school.pick(s.occupation, inOcc)
	s.maritalState, _ = m.marital.pick(0, i)
	return s
}

// isLate says whether a slot of 2023 was still unknown in January 2024.
func (m *yearModel) isLate(s *slot) bool {
	return m.late[s.country] > 0 && m.lateness[s.country].at(s.rank) < m.late[s.country]
}
