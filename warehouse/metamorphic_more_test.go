package warehouse

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

func moneyScaled(l *lab, t trial) (broken []string) {
	richer := t.told.changed(func(table string, r record) record {
		for _, column := range []string{"amount_usd", "wage", "amount_recovered"} {
			if r[column] != "" {
				minor, err := strconv.ParseInt(strings.Replace(r[column], ".", "", 1), 10, 64)
				if err != nil {
					panic(err)
				}
				r[column] = money(10 * minor)
			}
		}
		return r
	})
	was, is := l.figures(t.told), l.figures(richer)
	broken = differences(was, is, func(f shown) bool { return f.kpi != "REM-01" })
	for _, key := range sortedKeys(was) {
		if f, g := was[key], is[key]; f.kpi == "REM-01" && (f.value.Valid != g.value.Valid || math.Abs(10*f.value.Float64-g.value.Float64) > 1e-12*math.Abs(g.value.Float64)) {
			broken = append(broken, fmt.Sprintf("%s: was %s, is %s", key, f.text(), g.text()))
		}
	}
	return broken
}

// doubled tells everything a second time, of another source with the same keys and other persons.
func doubled(l *lab, t trial) (broken []string) {
	twin := t.told.changed(func(_ string, r record) record {
		r["source"] += "2"
		for _, column := range []string{"nik_token", "passport_token"} {
			if r[column] != "" {
				r[column] = token("2" + r[column])
			}
		}
		return r
	})
	was, is := l.figures(t.told), l.figures(t.told.and(twin))
	for _, key := range sortedKeys(was) {
		f, g, factor := was[key], is[key], 0.0
		switch {
		case l.adds[f.name()], f.measure == "persons", f.kpi == "REM-01":
			factor = 2
		case slices.Contains(ratios, f.name()), slices.Contains(sizeless, f.name()):
			factor = 1
		default:
			continue
		}
		if f.value.Valid != g.value.Valid || factor*f.value.Float64 != g.value.Float64 {
			broken = append(broken, fmt.Sprintf("%s: was %s, is %s", key, f.text(), g.text()))
		}
	}
	return broken
}

// relabelled swaps two members of one breakdown everywhere.
func relabelled(l *lab, t trial) []string {
	swaps := []struct{ column, breakdown, a, b string }{
		{"country", "country", "HKG", "TWN"}, {"province_kemendagri", "province", "32", "33"}, {"unit", "unit", "U1", "U2"},
		{"occupation", "occupation", "O1", "O2"}, {"education", "education", "SD", "SMA"}, {"category", "category", "K01", "K02"}, {"channel", "channel", "C1", "C2"},
	}
	by := swaps[t.chance().IntN(len(swaps))]
	swap := func(text string) string {
		switch text {
		case by.a:
			return by.b
		case by.b:
			return by.a
		}
		return text
	}
	other := t.told.changed(func(_ string, r record) record {
		if r[by.column] != "" {
			r[by.column] = swap(r[by.column])
		}
		return r
	})
	want := map[string]shown{}
	for _, f := range l.figures(t.told) {
		if f.breakdown == by.breakdown {
			f.member = swap(f.member)
		}
		if province, unknown := strings.CutSuffix(f.member, "-UNKNOWN"); unknown && by.breakdown == "province" && f.breakdown == "regency" {
			f.member = swap(province) + "-UNKNOWN" // somewhere in the province
		}
		want[f.key()] = f
	}
	return differences(want, l.figures(other), nil)
}

// fourYearsLater moves all days, and the day of looking back, by one whole cycle of leap years.
func fourYearsLater(l *lab, t trial) []string {
	const cycle = 4*365 + 1
	later := t.told.changed(func(_ string, r record) record {
		for _, column := range []string{"completed_on", "departed_on", "received_at", "occurred_at", "source_updated_at"} {
			if text := r[column]; text != "" {
				r[column] = day(text[:10]).AddDate(0, 0, cycle).Format(time.DateOnly) + text[10:]
			}
		}
		if year, err := strconv.Atoi(r["year"]); err == nil {
			r["year"] = strconv.Itoa(year + 4)
		}
		return r
	})
	want := map[string]shown{}
	for _, f := range l.figures(t.told) {
		year, err := strconv.Atoi(f.period[:4])
		if err != nil {
			panic(err)
		}
		f.period, f.start = strconv.Itoa(year+4)+f.period[4:], f.start.AddDate(4, 0, 0)
		want[f.key()] = f
	}
	l.asOf = storyDay.AddDate(0, 0, cycle)
	defer func() { l.asOf = storyDay }()
	return differences(want, l.figures(later), nil)
}

// stepsAfterClosing adds to every case steps that can decide nothing any more.
func stepsAfterClosing(l *lab, t trial) []string {
	told, by := t.told.and(anchorsOf(story{tellsCases: nil, tellsEvents: nil})), t.chance()
	late := story{}
	for _, r := range t.told.current(tellsCases) {
		last, harmless := day(r["received_at"][:10]), []string{"VERIFIKASI", "MEDIASI"}
		for _, e := range t.told[tellsEvents] {
			if e["source"] != r["source"] || e["case_id"] != r["case_id"] {
				continue
			}
			last = day(e["occurred_at"][:10])
			switch e["status"] {
			case "KLARIFIKASI_2":
				harmless = append(harmless, "KLARIFIKASI_2")
			case "SELESAI":
				harmless = append(harmless, "SELESAI", "DITUTUP_ADM", "DILIMPAHKAN")
			case "DITUTUP_ADM", "DILIMPAHKAN":
				harmless = append(harmless, "DITUTUP_ADM", "DILIMPAHKAN")
			}
		}
		if last = last.AddDate(0, 0, by.IntN(100)); last.After(storyDay) {
			last = storyDay
		}
		late[tellsEvents] = append(late[tellsEvents], record{"source": r["source"], "row_key": r["case_id"] + "|9", "case_id": r["case_id"], "seq": "9", "commit_no": "3",
			"row_no": "1", "status": harmless[by.IntN(len(harmless))], "occurred_at": last.Format(time.DateOnly) + " 23:59:00+07"})
	}
	return differences(l.figures(told), l.figures(told.and(late)), nil)
}

func unanswered(l *lab, t trial) []string {
	told, by := t.told.anchored(), t.chance()
	silent := t.more.named("silent ").changed(func(_ string, r record) record {
		r["procedure"] = []string{"LAINNYA", "TIDAK_DIKETAHUI", ""}[by.IntN(3)]
		return r
	}, tellsCases)
	return differences(l.figures(told), l.figures(told.and(silent)), func(f shown) bool { return f.kpi == "CMP-07" && f.value.Valid })
}

// stockAndFlow follows the open cases of every cell from month to month, and their ages.
func stockAndFlow(l *lab, t trial) (broken []string) {
	figures := l.figures(t.told.anchored())
	cells := map[string]bool{} // complaints received are told by more breakdowns than stocks
	for _, f := range figures {
		if f.periodType == "month" && (f.kpi == "CMP-01" && f.breakdown != "sex" && f.breakdown != "status" || f.kpi == "CMP-05") {
			cells[strings.TrimPrefix(f.cell(), "/"+f.period)] = true
		}
	}
	for cell := range cells {
		open := 0.0
		for month := day("2023-10-01"); month.Before(storyDay); month = month.AddDate(0, 1, 0) {
			at := "/" + month.Format("2006-01") + cell
			open += figures["CMP-01.received"+at].value.Float64 - figures["CMP-06.share"+at].denominator.Float64
			if got := figures["CMP-05.open"+at].value.Float64; got != open {
				broken = append(broken, fmt.Sprintf("CMP-05.open%s: %v, want %v", at, got, open))
			}
			ages := 0.0
			for _, age := range []string{"open_0_30", "open_31_90", "open_91_180", "open_over_180"} {
				ages += figures["CMP-05."+age+at].value.Float64
			}
			if ages != open {
				broken = append(broken, fmt.Sprintf("CMP-05.open%s: the ages add up to %v, want %v", at, ages, open))
			}
		}
	}
	slices.Sort(broken)
	return broken
}

func membersAddUp(l *lab, t trial) (broken []string) {
	figures := l.figures(t.told)
	sums := map[shown]float64{}
	for _, f := range figures {
		if f.breakdown != "total" && (l.adds[f.name()] || f.kpi == "PLC-06") {
			sums[shown{kpi: f.kpi, measure: f.measure, period: f.period, breakdown: f.breakdown}] += f.numerator.Float64
		}
	}
	for of, sum := range sums {
		want := figures[of.name()+"/"+of.period].numerator.Float64
		if of.kpi == "PLC-06" {
			want = figures["PLC-01.services/"+of.period].numerator.Float64
		}
		if sum != want {
			broken = append(broken, fmt.Sprintf("%s/%s by %s: the members add up to %v, the total is %v", of.name(), of.period, of.breakdown, sum, want))
		}
	}
	slices.Sort(broken)
	return broken
}
