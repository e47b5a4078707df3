package warehouse

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A law says how figures change when a story changes; holds lists where they do not.
type law struct {
	name  string
	about []string // what its stories may be about
	holds func(l *lab, t trial) []string
}

// A trial is one story and what a law needs to change it.
type trial struct {
	told, more story
	seed       uint64
}

// chance gives the same choices for the same trial.
func (t trial) chance() *rand.Rand { return rand.New(rand.NewPCG(t.seed, 1)) }

// Placements, cases and remittances meet in one KPI alone, so most laws look at them one by one, which is faster.
var everywhere = []string{aboutPlacements, aboutCases, aboutRemittances}

var laws = []law{
	{"the order of rows does not matter", everywhere, shuffled},
	{"a delivery that comes again changes nothing", everywhere, redelivered},
	{"what came and was withdrawn changes nothing", everywhere, withdrawn},
	{"parts add up to the whole", []string{aboutAll, aboutPlacements, aboutCases}, split},
	{"persons add up over different persons", []string{aboutPlacements}, splitByPerson},
	{"a second service makes no second person", []string{aboutPlacements}, samePersonAgain},
	{"a cancelled placement is counted nowhere", []string{aboutPlacements}, cancelled},
	{"what happens in a period stays in it", everywhere, otherPeriods},
	{"a KPI listens to its own datasets only", []string{aboutAll}, otherDatasets},
	{"a country says nothing about another", everywhere, otherCountries},
	{"ten times the money is ten times the remittances, and wages count nowhere", []string{aboutRemittances, aboutAll}, moneyScaled},
	{"twice as much of everything doubles counts and keeps shares", []string{aboutAll, aboutPlacements, aboutCases, aboutRemittances}, doubled},
	{"names of members mean nothing", everywhere, relabelled},
	{"four years later everything is the same", everywhere, fourYearsLater},
	{"steps after the closing step close nothing again", []string{aboutCases}, stepsAfterClosing},
	{"a case without an answer is on neither side of the procedure share", []string{aboutCases}, unanswered},
	{"open cases are those before, plus received, less closed", []string{aboutCases}, stockAndFlow},
	{"members add up to the total", everywhere, membersAddUp},
}

// ratios are the measures whose numerators and denominators add up although their values do not.
var ratios = []string{"PLC-03.yoy", "PLC-03.mtm", "PLC-04.share", "PLC-05.share", "PLC-06.share", "PLC-07.share", "CMP-02.per_10000_services",
	"CMP-03.within_30", "CMP-03.within_90", "CMP-03.within_180", "CMP-06.share", "CMP-06.share_handed_over", "CMP-07.share",
	"CMP-08.within_7", "CMP-09.share", "BFR-05.per_10000_services"}

// sizeless are further measures that do not depend on how much there is of everything.
var sizeless = []string{"PLC-08.hhi", "PLC-08.top5", "CMP-04.median_days"}

func shuffled(l *lab, t trial) []string {
	mixed, by := story{}, t.chance()
	for table, rows := range t.told {
		mixed[table] = slices.Clone(rows)
		by.Shuffle(len(rows), func(i, j int) { mixed[table][i], mixed[table][j] = mixed[table][j], mixed[table][i] })
	}
	return differences(l.figures(t.told), l.figures(mixed), nil)
}

// redelivered sends some rows again, old versions among them, in a later commit.
func redelivered(l *lab, t trial) []string {
	by := t.chance()
	again := t.told.changed(func(_ string, r record) record {
		if by.IntN(3) == 0 {
			return nil
		}
		r["commit_no"], r["row_no"] = "9", fmt.Sprint(by.IntN(100))
		return r
	})
	return differences(l.figures(t.told), l.figures(t.told.and(again)), nil)
}

func withdrawn(l *lab, t trial) []string {
	gone := t.more.named("gone ")
	for _, table := range []string{tellsPlacements, tellsCases, tellsEvents, tellsRemittances} {
		for _, r := range gone[table] {
			gone[tellsTombstones] = append(gone[tellsTombstones],
				record{"source": r["source"], "dataset": strings.TrimPrefix(table, "lake_"), "row_key": r["row_key"], "commit_no": "4"})
		}
	}
	return differences(l.figures(t.told), l.figures(t.told.and(gone)), nil)
}

// split parts placements and cases, with their steps, by a column or at random.
func split(l *lab, t trial) []string {
	by := t.chance()
	column := []string{"", "source", "country", "province_kemendagri", "unit", "sex", "scheme", "employer_type", "occupation", "education", "category", "channel", "procedure"}[by.IntN(13)]
	first := map[string]bool{}
	pivot := ""
	for _, table := range []string{tellsPlacements, tellsCases} {
		for i, r := range t.told.current(table) {
			if i == 0 {
				pivot = r[column]
			}
			first[table+r["source"]+r["row_key"]] = column == "" && by.IntN(2) == 0 || column != "" && r[column] == pivot
		}
	}
	part := func(which bool) story {
		return t.told.changed(func(table string, r record) record {
			key := table + r["source"] + r["row_key"]
			if table == tellsEvents {
				key = tellsCases + r["source"] + r["case_id"]
			}
			if first[key] != which {
				return nil
			}
			return r
		}, tellsPlacements, tellsCases, tellsEvents)
	}
	return addUp(l, t.told, part(true), part(false), func(f shown) (numerator, denominator bool) {
		ratio := slices.Contains(ratios, f.name())
		return l.adds[f.name()] || ratio, ratio && f.kpi != "PLC-06" // its denominator is that of all schemes together
	})
}

func splitByPerson(l *lab, t trial) []string {
	half := func(which bool) story {
		kept := story{tellsPlacements: nil}
		for _, r := range t.told.current(tellsPlacements) {
			person := r["nik_token"]
			if person == "" {
				person = r["passport_token"]
			}
			if person == "" {
				person = token(r["source"] + r["row_key"])
			}
			if (token(fmt.Sprint(t.seed, person))[0] < '8') == which {
				kept[tellsPlacements] = append(kept[tellsPlacements], r)
			}
		}
		return kept
	}
	return addUp(l, t.told, half(true), half(false), func(f shown) (numerator, denominator bool) { return f.measure == "persons", false })
}

// addUp compares whole + anchors with part + part, each of which holds the anchors.
func addUp(l *lab, told, a, b story, about func(shown) (numerator, denominator bool)) (broken []string) {
	anchor := anchorsOf(told)
	whole, alone := l.figures(told.and(anchor)), l.anchorsAlone(anchor)
	one, other := l.figures(a.and(anchor)), l.figures(b.and(anchor))
	keys := map[string]shown{}
	for _, figures := range []map[string]shown{whole, one, other} {
		for key, f := range figures {
			keys[key] = f
		}
	}
	for _, key := range sortedKeys(keys) {
		numerator, denominator := about(keys[key])
		if got, want := one[key].numerator.Float64+other[key].numerator.Float64, whole[key].numerator.Float64+alone[key].numerator.Float64; numerator && got != want {
			broken = append(broken, fmt.Sprintf("%s: the numerators of the parts are %v, want %v", key, got, want))
		}
		if got, want := one[key].denominator.Float64+other[key].denominator.Float64, whole[key].denominator.Float64+alone[key].denominator.Float64; denominator && got != want {
			broken = append(broken, fmt.Sprintf("%s: the denominators of the parts are %v, want %v", key, got, want))
		}
	}
	return broken
}

func samePersonAgain(l *lab, t trial) []string {
	known := t.told.changed(func(_ string, r record) record {
		if r["nik_token"] == "" {
			r["nik_token"] = token(r["source"] + r["row_key"])
		}
		return r
	})
	again := known.changed(func(_ string, r record) record { r["row_key"] = "again " + r["row_key"]; return r })
	return differences(l.figures(known), l.figures(known.and(again)), func(f shown) bool { return f.measure == "persons" })
}

func cancelled(l *lab, t trial) []string {
	told := t.told.anchored()
	off := story{tellsPlacements: t.more[tellsPlacements]}.named("cancelled ").changed(func(_ string, r record) record { r["status"] = "cancelled"; return r })
	return differences(l.figures(told), l.figures(told.and(off)), nil)
}

// otherPeriods adds one placement, one case with its steps and one amount, and looks where nothing happened.
func otherPeriods(l *lab, t trial) []string {
	told, one := t.told.anchored(), story{}
	var placed, departed, happened, sent []time.Time
	for _, r := range first(t.more[tellsPlacements]) {
		one[tellsPlacements] = append(one[tellsPlacements], r)
		placed = append(placed, day(r["completed_on"]))
		if r["departed_on"] != "" {
			departed = append(departed, day(r["departed_on"]))
		}
	}
	var received time.Time
	for _, r := range first(t.more[tellsCases]) {
		received = day(r["received_at"][:10])
		one[tellsCases] = append(one[tellsCases], r)
		happened = append(happened, received)
		for _, e := range t.more[tellsEvents] {
			if e["case_id"] == r["case_id"] && e["source"] == r["source"] {
				one[tellsEvents] = append(one[tellsEvents], e)
				happened = append(happened, day(e["occurred_at"][:10]))
			}
		}
	}
	for _, r := range first(t.more[tellsRemittances]) {
		one[tellsRemittances] = append(one[tellsRemittances], r)
		sent = append(sent, day(r["year"]+"-01-01").AddDate(0, 3*int(r["quarter"][0]-'1'), 0))
	}
	back := map[string]int{"PLC-03.yoy": -12, "PLC-03.mtm": -1}
	within := func(f shown, months int, days []time.Time) bool {
		return slices.ContainsFunc(days, func(d time.Time) bool {
			return !d.Before(f.start.AddDate(0, months, 0)) && d.Before(f.end().AddDate(0, months, 0))
		})
	}
	was := l.figures(told)
	return differences(was, l.figures(told.and(one.named("one "))), func(f shown) bool {
		if _, there := was[f.key()]; !there && f.numerator.Float64 == 0 {
			return false // a member shows in all measures once it shows in one
		}
		switch {
		case f.measure == "departures":
			return !within(f, 0, departed)
		case f.kpi == "CMP-05":
			return !received.Before(f.end())
		case f.kpi == "REM-01":
			return !within(f, 0, sent)
		}
		return !within(f, 0, placed) && !within(f, 0, happened) && !within(f, back[f.name()], placed)
	})
}

func first(rows []record) []record { return rows[:min(1, len(rows))] }

func otherDatasets(l *lab, t trial) []string {
	told, others := t.told.anchored(), t.more.anchored()
	table := []string{tellsPlacements, tellsCases, tellsEvents, tellsRemittances}[t.chance().IntN(4)]
	changed := told.and(nil)
	changed[table] = others[table]
	return differences(l.figures(told), l.figures(changed), func(f shown) bool {
		return !slices.Contains(l.sources[f.kpi], strings.TrimPrefix(table, "lake_"))
	})
}

func otherCountries(l *lab, t trial) []string {
	told := t.told.anchored()
	there := t.more.named("there ").changed(func(_ string, r record) record { r["country"] = "ZZZ"; return r }, tellsPlacements, tellsCases, tellsRemittances)
	return differences(l.figures(told), l.figures(told.and(there)), func(f shown) bool { return f.breakdown == "country" && f.member != "ZZZ" })
}
