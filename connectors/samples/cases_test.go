package samples

import (
	"fmt"
	"testing"
)

func TestCasesEqualThePublishedSeries(t *testing.T) {
	byMonth, byYear := map[string]int{}, map[int]int{}
	type split struct{ category, country, province, procedure map[string]int }
	months := map[string]*split{}
	for i := range national().cases {
		c := &national().cases[i]
		day, _ := local(c.received)
		y, m, _ := civil(day)
		key := fmt.Sprintf("%d-%02d", y, m)
		byMonth[key]++
		byYear[y]++
		if months[key] == nil {
			months[key] = &split{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
		}
		s := months[key]
		s.category[caseCategories[c.category].code]++
		s.country[caseCountries[c.country].code]++
		s.province[caseProvinces[c.province].code]++
		s.procedure[caseProcedures[c.procedure].code]++
		if caseCategories[c.category].code == "K11" && c.sex != 1 {
			t.Errorf("case %d is a pregnancy of a man", i)
		}
	}
	add := func(from, to string) (n int) {
		for k, x := range byMonth {
			if k >= from && k <= to {
				n += x
			}
		}
		return n
	}
	for month, want := range map[string]int{"2024-01": 114, "2024-02": 81, "2024-03": 115, "2024-05": 226, "2024-07": 115, "2024-08": 143, "2024-09": 134,
		"2024-10": 106, "2024-11": 96, "2024-12": 142, "2023-08": 172, "2025-03": 171} {
		same(t, month, byMonth[month], want)
	}
	same(t, "April and June 2024", byMonth["2024-04"]+byMonth["2024-06"], 228)
	for year, want := range map[int]int{2022: 2016, 2023: 1995, 2024: 1500} {
		same(t, fmt.Sprint(year), byYear[year], want)
	}
	same(t, "first half of 2023", add("2023-01", "2023-06"), 898)
	same(t, "January-November 2023", add("2023-01", "2023-11"), 1918)
	same(t, "first quarter of 2024", add("2024-01", "2024-03"), 310)
	same(t, "first half of 2024", add("2024-01", "2024-06"), 764)
	same(t, "November 2024 - April 2025", add("2024-11", "2025-04"), 567)

	same(t, "wants to go home, December 2024", months["2024-12"].category["K01"], 50)
	same(t, "failed to depart, September 2024", months["2024-09"].category["K02"], 45)
	same(t, "Taiwan, November 2024", months["2024-11"].country["TWN"], 21)
	same(t, "Jawa Barat, July 2024", months["2024-07"].province["32"], 35)
	same(t, "Jawa Barat, August 2024", months["2024-08"].province["32"], 42)
	same(t, "nonprocedural, December 2024", months["2024-12"].procedure["NONPROSEDURAL"], 111)

	three := map[string]int{}
	for k, s := range months {
		if k < "2025" {
			three["MYS"] += s.country["MYS"]
			three["SAU"] += s.country["SAU"]
			three["52"] += s.province["52"]
			if k >= "2023" && k <= "2023-11" {
				three["non"] += s.procedure["NONPROSEDURAL"]
			}
		}
	}
	same(t, "Malaysia 2022-2024", three["MYS"], 1259)
	same(t, "Arab Saudi 2022-2024", three["SAU"], 1162)
	same(t, "Nusa Tenggara Barat 2022-2024", three["52"], 451)
	same(t, "nonprocedural January-November 2023", three["non"], 1553)
}

func TestCasesFollowTheDeclaredCurve(t *testing.T) {
	w := national()
	within := map[int]int{}
	for i := range w.cases {
		c := &w.cases[i]
		before := int64(0)
		for k, e := range c.events {
			if e.seq != k+1 || e.occurred < c.received || e.recorded <= before || e.visible < e.recorded || e.recorded < e.occurred {
				t.Fatalf("case %d, step %d is out of order", i, e.seq)
			}
			before = e.recorded
			if e.step == stepResolved {
				for _, days := range []int{30, 90, 180, 365} {
					if e.occurred-c.received <= int64(days)*day {
						within[days]++
					}
				}
			}
			if (e.reason != "") != (e.step == stepClosed || e.step == stepReferred) {
				t.Errorf("case %d: step %s has the reason %q", i, caseSteps[e.step], e.reason)
			}
		}
	}
	for _, p := range resolution {
		got, ok := within[int(p.days)]
		if share := float64(got) / float64(len(w.cases)); ok && (share < p.share-.02 || share > p.share+.02) {
			t.Errorf("%.3f of the cases are resolved within %v days, declared is %.2f", share, p.days, p.share)
		}
	}
}

func TestNothingIsKnownBeforeItHappened(t *testing.T) {
	w := New(Options{Seed: 4, Scale: .2})
	for _, d := range Deliveries() {
		now := momentOf(d)
		for i := range w.cases {
			steps, updated := w.cases[i].known(now)
			if steps > 0 && (updated > now || w.cases[i].events[steps-1].occurred > now) {
				t.Fatalf("at %s case %d shows a step of later", d, i)
			}
		}
		for _, x := range w.caseItems(0, now) {
			if x.updated > now {
				t.Fatalf("at %s there is a record of later", d)
			}
		}
	}
}
