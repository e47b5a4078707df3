package warehouse

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// trialsOf draws what a law is tried on.
func trialsOf(law law) *rapid.Generator[trial] {
	return rapid.Custom(func(t *rapid.T) trial {
		about := drawOf(t, "about", law.about...)
		return trial{told: drawStory(t, about), more: drawStory(t, about), seed: rapid.Uint64().Draw(t, "seed")}
	})
}

// TestFiguresObeyTheLaws tries every law on stories that nobody chose. A KPI's own tests say what comes out of a
// few rows; the laws say how figures of any rows hang together, without knowing a single right value. `-rapid.checks=200` looks deeper.
func TestFiguresObeyTheLaws(t *testing.T) {
	checks(t, "4")
	for half := range 2 {
		t.Run([]string{"first half", "second half"}[half], func(t *testing.T) {
			t.Parallel() // one DuckDB each
			l := newLab(t)
			for i, law := range laws {
				if i%2 != half {
					continue
				}
				t.Run(law.name, func(t *testing.T) {
					rapid.Check(t, func(rt *rapid.T) {
						if broken := law.holds(l, trialsOf(law).Draw(rt, "trial")); len(broken) > 0 {
							rt.Fatal(report(broken))
						}
					})
				})
			}
		})
	}
}

// checks sets how many stories rapid draws, unless the command line says so. A law over DuckDB costs a hundred
// times what rapid reckons with.
func checks(t *testing.T, n string) {
	f := flag.Lookup("rapid.checks")
	if f == nil || f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
}

func report(broken []string) string {
	if len(broken) > 10 {
		broken = append(broken[:10:10], "…")
	}
	return strings.Join(broken, "\n")
}

// TestPlanningOnceGivesTheSameFigures holds the lab's shortcuts against a build that plans every model anew and
// leaves none out.
func TestPlanningOnceGivesTheSameFigures(t *testing.T) {
	t.Parallel()
	fast, plain := newLab(t), newLab(t)
	plain.everything = true
	for _, model := range plain.order {
		plain.inserts[model].Close()
		plain.inserts[model] = nil
	}
	if err := plain.b.s.exec(t.Context(), "set disabled_optimizers = ''"); err != nil {
		t.Fatal(err)
	}
	for _, about := range append([]string{aboutAll}, everywhere...) {
		for i := range 2 {
			told := trialsOf(law{about: []string{about}}).Example(i).told
			want := plain.figures(told)
			if len(want) == 0 {
				t.Errorf("story %d about %s has no figure", i, about)
			}
			if broken := differences(want, fast.figures(told), nil); len(broken) > 0 {
				t.Errorf("story %d about %s:\n%s", i, about, report(broken))
			}
		}
	}
}

// slips are mistakes that someone could make in a model, the KPI that they spoil and the law that notices.
var slips = []struct{ kpi, model, says, instead, law string }{
	{"PLC-01", "mart_placement_counts", "where status = 'completed'", "where true", "a cancelled placement is counted nowhere"},
	{"PLC-01", "mart_placement_counts", "count(distinct person_token) - count(*)", "0", "a second service makes no second person"},
	{"PLC-01", "mart_placement_counts", "date_trunc('month', departed_on) as in_month", "date_trunc('month', placed_on) as in_month", "what happens in a period stays in it"},
	{"PLC-01", "stg_placements", "anti join gone using (source, row_key)", "", "what came and was withdrawn changes nothing"},
	{"PLC-01", "stg_placements", "source_updated_at desc nulls last, commit_no desc", "commit_no desc", "a delivery that comes again changes nothing"},
	{"PLC-01", "stg_placements", "partition by source, row_key", "partition by row_key", "twice as much of everything doubles counts and keeps shares"},
	{"PLC-03", "kpi_plc_03", "('mtm', 'month', 1)", "('mtm', 'month', 2)", "what happens in a period stays in it"},
	{"PLC-04", "kpi_plc_04", "counts.services, null)", "counts.services + 1, null)", "parts add up to the whole"},
	{"PLC-01", "mart_placement_counts", "count(distinct person_token) - count(*)", "count(distinct country) - count(*)", "persons add up over different persons"},
	{"PLC-04", "kpi_plc_04", "counts.services, null)", "sum(counts.services) over (partition by period_type, period), null)", "a country says nothing about another"},
	{"PLC-06", "mart_placement_counts", "coalesce(scheme, 'UNKNOWN') as scheme", "nullif(scheme, 'UNK') as scheme", "members add up to the total"},
	{"PLC-07", "mart_placement_counts", "count(*) filter (sex = 'P')", "count(distinct sex) filter (sex = 'P')", "parts add up to the whole"},
	{"PLC-08", "kpi_plc_08", "services * services as denominator", "services as denominator", "twice as much of everything doubles counts and keeps shares"},
	{"PLC-08", "kpi_plc_08", "member <> 'UNKNOWN'", "member not in ('UNKNOWN', 'HKG')", "names of members mean nothing"},
	{"CMP-01", "mart_case_counts", "count(*) as received", "count(distinct procedure_answer) as received", "members add up to the total"},
	{"CMP-01", "mart_case_counts", "from fct_cases", "from fct_cases where closed_on is null", "a KPI listens to its own datasets only"},
	{"CMP-01", "stg_cases", "source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc", "source", "the order of rows does not matter"},
	{"CMP-02", "kpi_cmp_02", "full join", "left join", "parts add up to the whole"},
	{"CMP-03", "kpi_cmp_03", "<= known_until.known_on", "<= date '2024-06-30'", "four years later everything is the same"},
	{"CMP-05", "fct_cases", "on cases.source = milestones.source and cases.case_id", "on cases.case_id", "twice as much of everything doubles counts and keeps shares"},
	{"CMP-04", "fct_cases", "min(occurred_on) filter (status = 'SELESAI')", "max(occurred_on) filter (status = 'SELESAI')", "steps after the closing step close nothing again"},
	{"CMP-04", "mart_case_closures", "median(days_to_resolution)", "sum(days_to_resolution)", "twice as much of everything doubles counts and keeps shares"},
	{"CMP-05", "mart_case_backlog", "cases.closed_on > period_ends", "cases.closed_on >= period_ends", "open cases are those before, plus received, less closed"},
	{"CMP-05", "mart_case_backlog", "age_days <= 30", "age_days < 30", "open cases are those before, plus received, less closed"},
	{"CMP-06", "fct_cases", "first({'status': status, 'reason': closure_reason} order by occurred_at, seq)", "last({'status': status, 'reason': closure_reason} order by occurred_at, seq)", "steps after the closing step close nothing again"},
	{"CMP-07", "kpi_cmp_07", "counts.procedure_known", "counts.procedure_known + 1", "parts add up to the whole"},
	{"CMP-07", "mart_case_counts", "in ('PROSEDURAL', 'NONPROSEDURAL')", "<> 'LAINNYA'", "a case without an answer is on neither side of the procedure share"},
	{"CMP-08", "fct_cases", "min(occurred_on) filter (status = 'KLARIFIKASI_2')", "max(occurred_on) filter (status = 'KLARIFIKASI_2')", "steps after the closing step close nothing again"},
	{"CMP-09", "mart_case_counts", "count(*) filter (channel_told in", "count(distinct channel_told) filter (channel_told in", "parts add up to the whole"},
	{"BFR-05", "kpi_bfr_05", "full join", "left join", "parts add up to the whole"},
	{"PLC-02", "kpi_plc_02", "left join services using (period_type, period)", "left join services on services.period_type = periods.period_type", "what happens in a period stays in it"},
	{"PLC-05", "kpi_plc_05", "counts.services, null)", "counts.services + 1, null)", "parts add up to the whole"},
	{"SKL-01", "kpi_skl_01", "and status = 'completed'", "", "a cancelled placement is counted nowhere"},
	{"REM-01", "kpi_rem_01", "cast(amounts.amount_usd as double)", "cast(amounts.amount_usd as bigint)", "ten times the money is ten times the remittances, and wages count nowhere"},
}

// TestLawsNoticeSlips breaks the models on purpose: each slip must be noticed by the law named, in a figure of the
// KPI named. Every KPI of the lab and every law is there, so that none of them is obeyed because it says nothing.
func TestLawsNoticeSlips(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	kpis, named := map[string]bool{}, map[string]bool{}
	for _, slip := range slips {
		kpis[slip.kpi], named[slip.law] = true, true
		t.Run(slip.kpi+" "+slip.model+": "+slip.instead, func(t *testing.T) {
			i := slices.IndexFunc(laws, func(l law) bool { return l.name == slip.law })
			if i < 0 {
				t.Fatalf("there is no law %q", slip.law)
			}
			law := laws[i]
			about := map[string]string{"PLC": aboutPlacements, "CMP": aboutCases, "REM": aboutRemittances}[slip.kpi[:3]]
			if slices.Contains(law.about, about) && slip.kpi != "CMP-02" {
				law.about = []string{about}
			}
			defer l.breakModel(t, slip.model, slip.says, slip.instead)()
			for story := range 40 {
				for _, broken := range law.holds(l, trialsOf(law).Example(story)) {
					if strings.HasPrefix(broken, slip.kpi+".") {
						t.Logf("story %d: %s", story+1, broken)
						return
					}
				}
			}
			t.Error("40 stories, and the law notices nothing")
		})
	}
	for kpi := range l.sources {
		if !kpis[kpi] {
			t.Errorf("no slip spoils %s", kpi)
		}
	}
	for _, law := range laws {
		if !named[law.name] {
			t.Errorf("no slip shows that it can be noticed that %s", law.name)
		}
	}
}
