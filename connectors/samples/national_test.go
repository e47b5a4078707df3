package samples

import (
	"slices"
	"sync"
	"testing"
)

// national is the world at scale 1; building it once serves all tests.
var national = sync.OnceValue(func() *World { return New(Options{Seed: 1, Scale: 1}) })

// tally counts the placements of a year that stand today.
type tally struct {
	total, women                         int
	month                                [13]int
	country                              map[string]int
	countryMonth                         map[string][13]int
	province, occupation, scheme, school map[string]int
	household                            int
	byGovernment                         map[string]int
}

var tallies = sync.OnceValue(func() map[int]*tally {
	out := map[int]*tally{}
	w := national()
	for _, m := range w.years {
		t := &tally{country: map[string]int{}, countryMonth: map[string][13]int{}, province: map[string]int{}, occupation: map[string]int{},
			scheme: map[string]int{}, school: map[string]int{}, byGovernment: map[string]int{}}
		for i := range m.n {
			s := m.at(i)
			iso := countries[s.country].iso
			t.total++
			t.women += s.sex
			t.month[s.month]++
			t.country[iso]++
			months := t.countryMonth[iso]
			months[s.month]++
			t.countryMonth[iso] = months
			t.province[provinces[s.province].code]++
			t.occupation[occupations[s.occupation].title]++
			t.scheme[schemes[s.scheme]]++
			t.school[educations[s.education].label]++
			t.household += s.household
			if s.scheme == schemeGTG {
				t.byGovernment[iso]++
			}
		}
		out[m.year] = t
	}
	return out
})

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestPlacementsEqualThePublishedTable(t *testing.T) {
	// Repaired table of placements by destination: columns 2022, 2023, 2024.
	table := map[string][3]int{
		"HKG": {60065, 88167, 99773}, "TWN": {53471, 83142, 84581}, "MYS": {43125, 72257, 51723}, "JPN": {5832, 9673, 12720}, "SGP": {6619, 7883, 10819},
		"KOR": {11571, 12582, 10750}, "SAU": {4675, 6290, 7759}, "ITA": {3583, 3520, 3535}, "BRN": {513, 2870, 3183}, "TUR": {1489, 2290, 2630},
		"POL": {1897, 1524, 1320}, "ARE": {548, 976, 1244}, "ZMB": {110, 289, 857}, "QAT": {848, 307, 783}, "KWT": {718, 427, 640}, "MDV": {1164, 718, 591},
		"PNG": {549, 634, 456}, "HUN": {178, 447, 427}, "SVK": {30, 401, 404}, "ROU": {288, 221, 377}, "HRV": {0, 29, 323}, "NZL": {185, 335, 291},
		"SLB": {418, 374, 223}, "BGR": {29, 177, 192}, "DMA": {0, 45, 191},
	}
	rest, totals := [3]int{2812, 1530, 1642}, [3]int{200717, 297108, 297434}
	for y, year := range []int{2022, 2023, 2024} {
		got := tallies()[year]
		same(t, "total", got.total, totals[y])
		others := 0
		for iso, n := range got.country {
			if want, ok := table[iso]; ok {
				same(t, iso, n, want[y])
			} else {
				others += n
			}
		}
		same(t, "Lainnya", others, rest[y])
	}
	same(t, "G to G Jerman 2023", tallies()[2023].byGovernment["DEU"], 84)
	same(t, "G to G Korea 2023", tallies()[2023].byGovernment["KOR"], 11569)
	same(t, "G to G Jepang 2023", tallies()[2023].byGovernment["JPN"], 314)
}

func TestMonthsEqualThePublishedOnes(t *testing.T) {
	span := func(year, from, to int) int { return sum(tallies()[year].month[from : to+1]) }
	for _, x := range []struct{ year, from, to, want int }{
		{2022, 2, 2, 5659}, {2022, 9, 9, 21739}, {2022, 10, 10, 24088}, {2022, 1, 10, 146955},
		{2023, 2, 2, 24788}, {2023, 8, 8, 28927},
		{2024, 1, 1, 27243}, {2024, 2, 2, 23716}, {2024, 1, 2, 50959}, {2024, 3, 3, 23049}, {2024, 8, 8, 23197}, {2024, 7, 7, 23397},
		{2024, 1, 6, 160496}, {2024, 1, 8, 207090},
		{2025, 1, 1, 25642}, {2025, 3, 3, 22376}, {2025, 6, 6, 22324}, {2025, 1, 12, 296948},
	} {
		if got := span(x.year, x.from, x.to); got != x.want {
			t.Errorf("%d months %d-%d: got %d, want %d", x.year, x.from, x.to, got, x.want)
		}
	}
	for _, x := range []struct {
		year, from, to int
		iso            string
		want           int
	}{
		{2022, 9, 9, "MYS", 6847}, {2022, 10, 10, "HKG", 6448}, {2024, 1, 6, "HKG", 53608}, {2024, 1, 8, "TWN", 59654}, {2024, 1, 6, "TUR", 1480},
		{2024, 1, 2, "DEU", 27}, {2024, 1, 6, "GRC", 1}, {2025, 6, 6, "HKG", 7327}, {2025, 6, 6, "TWN", 5177},
	} {
		months := tallies()[x.year].countryMonth[x.iso]
		if got := sum(months[x.from : x.to+1]); got != x.want {
			t.Errorf("%s in %d, months %d-%d: got %d, want %d", x.iso, x.year, x.from, x.to, got, x.want)
		}
	}
}

func TestSplitsOf2025ArePublishedOnes(t *testing.T) {
	got := tallies()[2025]
	same(t, "women", got.women, 187468)
	same(t, "Taiwan", got.country["TWN"], 89960)
	for code, want := range map[string]int{"35": 69925, "32": 62358, "33": 62276, "52": 35215, "18": 24175, "51": 10059, "73": 7173, "53": 4163, "36": 3658, "12": 3545} {
		same(t, "province "+code, got.province[code], want)
	}
	for title, want := range map[string]int{"House Maid": 76773, "Caregiver": 53574, "Plantation Worker": 27828, "Worker": 17250, "Domestic Worker": 14466} {
		same(t, title, got.occupation[title], want)
	}
	for title, n := range got.occupation {
		if n > 14466 && !slices.Contains([]string{"House Maid", "Caregiver", "Plantation Worker", "Worker"}, title) && title != "Domestic Worker" {
			t.Errorf("%s has %d placements, more than the fifth of the published first five", title, n)
		}
	}
}

func TestOtherSplitsFollowTheSharesPublished(t *testing.T) {
	near := func(what string, got, of int, want float64) {
		t.Helper()
		if share := float64(got) / float64(of); share < want-.0002 || share > want+.0002 {
			t.Errorf("%s: share %.4f, want %.4f", what, share, want)
		}
	}
	for year, n := range map[int]int{2022: 200717, 2023: 297108, 2024: 297434} {
		got := tallies()[year]
		near("women", got.women, n, femaleShare[year])
		near("households", got.household, n, domesticShare[year])
		near("SMA/SMK", got.school["SMA/SMK"], n, 44/100.02)
	}
	near("Jawa Timur 2023", tallies()[2023].province["35"], 297108, 68069.0/274965)
	near("House Maid 2023", tallies()[2023].occupation["House Maid"], 297108, 66362.0/274965)
	near("P to P 2024", tallies()[2024].scheme["P to P (P3MI)"], 297434, .7947)
	near("no scheme 2022", tallies()[2022].scheme[""], 200717, 11424.0/200761)
}

func TestKnownInJanuary2024(t *testing.T) {
	w := national()
	got, total := map[string]int{}, 0
	gone := map[int]bool{}
	w.eachDropRow(0, 1, func(int) bool { return true }, func(row *dropRow) {
		iso := countries[row.country].iso
		switch {
		case row.fatal != fatalNone || row.kind == duplicate && row.extra || row.kind == withdrawal:
			if row.kind == withdrawal && !gone[row.record.number] {
				gone[row.record.number] = true
				got[iso]--
				total--
			}
		default:
			got[iso]++
			total++
		}
	})
	same(t, "2023 as known in January 2024", total, 274965)
	for iso, want := range map[string]int{"TWN": 83216, "MYS": 72260, "HKG": 65916, "KOR": 12580, "JPN": 9673, "SGP": 7898, "SAU": 6310, "ITA": 3519,
		"BRN": 2872, "TUR": 2289, "KHM": 49, "DMA": 45, "AUT": 15} {
		same(t, iso, got[iso], want)
	}
}

func TestScaledWorldsKeepTheProportions(t *testing.T) {
	for _, scale := range []float64{.1, .01, .001} {
		w := New(Options{Seed: 7, Scale: scale})
		total := 0
		for y, m := range w.years {
			total += m.n
			if want := roundInt(float64(yearFacts[y].total) * scale); m.n < want-1 || m.n > want+1 {
				t.Errorf("scale %v, %d: %d placements, want about %d", scale, m.year, m.n, want)
			}
			counts := make([]int, len(countries))
			for i := range m.n {
				counts[m.at(i).country]++
			}
			if !slices.Equal(counts, apportion(toFloats(nationalTotals(y)), m.n)) {
				t.Errorf("scale %v, %d: countries are not shared by largest remainder", scale, m.year)
			}
		}
		if want := roundInt(1092207 * scale); total != want {
			t.Errorf("scale %v: %d placements in all, want %d", scale, total, want)
		}
	}
}

func TestNoTwoPersonsShareAnIdentity(t *testing.T) {
	w := national()
	var niks, passports []uint64
	add := func(p person) {
		n := uint64(0)
		for _, d := range p.appendNIK(nil) {
			n = n*10 + uint64(d-'0')
		}
		if n%10000 != 0 {
			t.Fatal("a NIK has a serial other than 0000, which a real person could have")
		}
		niks, passports = append(niks, n), append(passports, uint64(p.passport))
	}
	for _, m := range w.years {
		for i := range m.n {
			s := m.originOf(i)
			add(w.personOf(&s, false))
		}
	}
	for _, e := range w.drops.extras {
		if e.kind == withdrawn {
			s := w.years[e.y].originOf(e.index)
			add(w.personOf(&s, true))
		}
	}
	for _, e := range w.sisko.items {
		if e.kind == withdrawn {
			s := w.years[3].originOf(e.index)
			add(w.personOf(&s, true))
		}
	}
	for i := range w.cases {
		add(w.stranger(&w.cases[i], i))
	}
	for what, ids := range map[string][]uint64{"NIK": niks, "passport": passports} {
		n := len(ids)
		slices.Sort(ids)
		if got := len(slices.Compact(ids)); got != n {
			t.Errorf("%s: %d persons have only %d numbers", what, n, got)
		}
	}
}

func TestSomePersonsReturn(t *testing.T) {
	w := New(Options{Seed: 3, Scale: .02})
	seen, again := map[int]bool{}, 0
	for y, m := range w.years {
		for i := range m.n {
			r := w.record(y, i)
			if seen[r.passport] {
				again++
				if !r.reentry {
					t.Fatalf("%d/%d comes back without being marked as re-entry", m.year, i)
				}
			}
			seen[r.passport] = true
			if (r.sex == 1) != r.woman {
				t.Fatalf("%d/%d: the person's sex is not the record's", m.year, i)
			}
		}
	}
	if share := float64(again) / 21844; share < .05 || share > .12 {
		t.Errorf("%.3f of the placements are by somebody who was placed before, want about 8 %%", share)
	}
}
