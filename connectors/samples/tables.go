package samples

// The national tables of a year, as whole numbers with exact margins. A world
// of another scale takes its proportions from them.

// yearTables are the counted splits of one year.
type yearTables struct {
	byMonth  [][]int // country × month
	byWork   [][]int // country × (occupation·2 + sex), women second
	byOrigin [][]int // country × province
	byScheme [][]int // country × scheme
	byHouse  [][]int // occupation × {legal entity, household}
	bySchool [][]int // occupation × education
	marital  []int
}

// countryTotals are a year's placements by country. previous is the year before.
func countryTotals(f yearFact, previous []int) []int {
	out := make([]int, len(countries))
	if f.named == [namedCountries]int{} {
		weights := make([]float64, len(countries))
		left := f.total
		for i, c := range countries {
			weights[i] = float64(previous[i])
			if n, ok := f.fixed[c.iso]; ok {
				out[i], weights[i] = n, 0
				left -= n
			}
		}
		for i, n := range apportion(weights, left) {
			out[i] += n
		}
		return out
	}
	left := f.total
	weights := make([]float64, len(countries))
	for i, c := range countries {
		n, ok := f.fixed[c.iso]
		switch {
		case i < namedCountries:
			out[i] = f.named[i]
		case ok:
			out[i] = n
		default:
			weights[i] = restWeights[c.iso]
		}
		left -= out[i]
	}
	for i, n := range apportion(weights, left) {
		out[i] += n
	}
	return out
}

// nationalTotals gives the country totals of the year at position y of yearFacts.
func nationalTotals(y int) []int {
	var t []int
	for i := 0; i <= y; i++ {
		t = countryTotals(yearFacts[i], t)
	}
	return t
}

func nationalTables(y int) *yearTables {
	f := yearFacts[y]
	byCountry := nationalTotals(y)
	t := &yearTables{byMonth: monthTable(f, byCountry)}
	works, occ := workTotals(f)
	t.byWork = fill(hireSeed(byCountry, works), nil, byCountry, works)
	t.byOrigin = fill(originSeed(byCountry, originTotals(f)), nil, byCountry, originTotals(f))
	t.byScheme = schemeTable(f, byCountry)
	t.byHouse, t.bySchool = houseTable(f, occ), schoolTable(f, occ)
	weights := make([]float64, len(maritals))
	for i, m := range maritals {
		weights[i] = m.share
	}
	t.marital = apportion(weights, f.total)
	return t
}

// monthTable spreads countries over months, in two steps so that the published
// figures of a run of months come out: first over spans, then inside each.
func monthTable(f yearFact, byCountry []int) [][]int {
	spanTotals := make([]int, len(f.spans))
	seed, fixed := newTable(len(countries), len(f.spans)), make([][]int, len(countries))
	for c := range countries {
		fixed[c] = make([]int, len(f.spans))
		for s, sp := range f.spans {
			n := sum(f.months[sp.from-1 : sp.to])
			spanTotals[s] = n
			seed[c][s] = float64(n) * float64(byCountry[c])
			fixed[c][s] = free
			if x, ok := sp.at[countries[c].iso]; ok {
				fixed[c][s] = x
			}
		}
	}
	bySpan := fill(seed, fixed, byCountry, spanTotals)
	out := make([][]int, len(countries))
	for c := range out {
		out[c] = make([]int, 12)
	}
	for s, sp := range f.spans {
		months := f.months[sp.from-1 : sp.to]
		seed := newTable(len(countries), len(months))
		rows := make([]int, len(countries))
		for c := range countries {
			rows[c] = bySpan[c][s]
			for m, n := range months {
				seed[c][m] = float64(n) * float64(rows[c])
			}
		}
		for c, line := range fill(seed, nil, rows, months) {
			copy(out[c][sp.from-1:], line)
		}
	}
	return out
}

// workTotals gives the year's counts by (occupation, sex), and by occupation.
func workTotals(f yearFact) (works, byOccupation []int) {
	weights := make([]float64, len(occupations))
	left, leftWeight := 1.0, 0.0
	for i, o := range occupations {
		if shares := workShares[f.year]; i < len(shares) {
			weights[i] = shares[i]
			left -= shares[i]
		} else {
			weights[i] = float64(o.of2025)
			leftWeight += weights[i]
		}
	}
	if shares := workShares[f.year]; shares != nil {
		for i := len(shares); i < len(weights); i++ {
			weights[i] *= left / leftWeight
		}
	}
	byOccupation = apportion(weights, f.total)
	seed := newTable(len(occupations), 2)
	for i, o := range occupations {
		seed[i][0], seed[i][1] = float64(byOccupation[i])*(1-o.female), float64(byOccupation[i])*o.female
	}
	women := roundInt(femaleShare[f.year] * float64(f.total))
	for _, line := range fill(seed, nil, byOccupation, []int{f.total - women, women}) {
		works = append(works, line...)
	}
	return works, byOccupation
}

func hireSeed(byCountry, works []int) [][]float64 {
	seed := newTable(len(countries), len(works))
	for c, country := range countries {
		taste := hires[country.iso]
		if like, ok := likeHires[country.iso]; ok {
			taste = hires[like]
		}
		for w, n := range works {
			weight := .15
			if x := taste[occupations[w/2].title]; x > 0 {
				weight = x
			}
			seed[c][w] = weight * float64(byCountry[c]) * float64(n)
		}
	}
	return seed
}

func originTotals(f yearFact) []int {
	fact := provinceFacts[f.year]
	weights := make([]float64, len(provinces))
	left, restWeight := float64(fact.of), 0.0
	for i, p := range provinces {
		n, ok := fact.counts[p.code]
		if ok {
			weights[i] = float64(n)
			left -= weights[i]
		} else if p.since <= f.year {
			restWeight += p.restWeight
		}
	}
	for i, p := range provinces {
		if _, ok := fact.counts[p.code]; !ok && p.since <= f.year {
			weights[i] = left * p.restWeight / restWeight
		}
	}
	return apportion(weights, f.total)
}

func originSeed(byCountry, byProvince []int) [][]float64 {
	seed := newTable(len(countries), len(provinces))
	for c, country := range countries {
		for p, n := range byProvince {
			weight := 1.0
			if x := leaning[provinces[p].code][country.iso]; x > 0 {
				weight = x
			}
			seed[c][p] = weight * float64(byCountry[c]) * float64(n)
		}
	}
	return seed
}

func schemeTable(f yearFact, byCountry []int) [][]int {
	fact := schemeFacts[f.year]
	government := 0
	for _, n := range fact.byGovernment {
		government += n
	}
	totals := apportion(fact.others[:], f.total-government)
	totals[schemeGTG] = government
	seed, fixed := newTable(len(countries), len(schemes)), make([][]int, len(countries))
	for c, country := range countries {
		fixed[c] = []int{fact.byGovernment[country.iso], free, free, free, free}
		for s, n := range totals {
			seed[c][s] = float64(n) * float64(byCountry[c])
		}
		if c >= 7 { // outside the big seven people find work by themselves more often
			seed[c][schemePRS] *= 6
			seed[c][schemeUKPS] *= 10
		}
	}
	return fill(seed, fixed, byCountry, totals)
}

func houseTable(f yearFact, occ []int) [][]int {
	household := roundInt(domesticShare[f.year] * float64(f.total))
	seed := newTable(len(occ), 2)
	for i, o := range occupations {
		seed[i][0], seed[i][1] = float64(occ[i])*(1.002-o.domestic), float64(occ[i])*o.domestic
	}
	return fill(seed, nil, occ, []int{f.total - household, household})
}

func schoolTable(f yearFact, occ []int) [][]int {
	shares := make([]float64, len(educations))
	for i, e := range educations {
		shares[i] = e.share
	}
	totals := apportion(shares, f.total)
	seed := newTable(len(occ), len(educations))
	for i, o := range occupations {
		for e, level := range educations {
			seed[i][e] = float64(occ[i]) * float64(totals[e])
			if o.title == "Nurse" || o.title == "Technician" {
				seed[i][e] *= level.skilled
			}
		}
	}
	return fill(seed, nil, occ, totals)
}

func newTable(rows, cols int) [][]float64 {
	out := make([][]float64, rows)
	for r := range out {
		out[r] = make([]float64, cols)
	}
	return out
}
