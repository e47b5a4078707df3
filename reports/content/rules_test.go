package content

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// changedBook is a book of the late release after some SQL.
func changedBook(t *testing.T, script string) *Book {
	t.Helper()
	db := lateDB(t)
	if _, err := db.Exec("select 1;" + script); err != nil {
		t.Fatal(err)
	}
	book, err := OpenBook(context.Background(), open(t, db), nil, nil, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func writerOn(book *Book, period string, lang words.Language) *writer {
	p, err := figures.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	return &writer{pen: pen{Language: lang}, book: book, subject: Subject{Period: p}, doc: &document.Document{Sections: make([]document.Section, 1)}}
}

func listed(t *testing.T, w *writer) (items []string) {
	t.Helper()
	for _, b := range w.doc.Sections[0].Blocks {
		if list, is := b.(*document.List); is {
			for _, item := range list.Items {
				items = append(items, item.String())
			}
		}
	}
	return items
}

const (
	noLate     = "delete from meta.freshness;"
	shareGoal  = "insert into dim_target values ('PLC-04', 'share', 'year', '%s', %s, '%%', null, 'S1', 'in force', true);"
	clockKPI   = `insert into meta.kpis by name select * replace ('CMP-08' as kpi, 'within_7' as measure, true as is_default, 'Selesai dalam 7 hari' as title_id, 'Komitmen 7 hari' as kpi_title_id, '%' as unit) from meta.kpis where kpi = 'CMP-03';`
	clockValue = `insert into figures select 'CMP-08', 'within_7', 'month', '2025-11', date '2025-11-01', 'total', '', 5, 8, %s, 'reported';`
)

// What needs a decision, by each rule, and whose it is.
func TestDecisions(t *testing.T) {
	for _, c := range []struct {
		name, script, period string
		want                 []string
	}{
		{"nothing", noLate, "2025-12", []string{"Tidak ada yang perlu diputuskan menurut aturan laporan ini."}},
		{"a target that was missed twice", noLate + fmt.Sprintf(shareGoal, "2024", "60") + fmt.Sprintf(shareGoal, "2025", "70"), "2025-12",
			[]string{"Porsi pemberi kerja berbadan hukum: target tidak tercapai dua tahun berturut-turut: 2024 (91,7%), 2025 (78,6%). Unit: Pusat Data dan Informasi."}},
		{"missed once", noLate + fmt.Sprintf(shareGoal, "2024", "50") + fmt.Sprintf(shareGoal, "2025", "70"), "2025-12", []string{"Tidak ada yang perlu diputuskan menurut aturan laporan ini."}},
		{"no target the year before", noLate + fmt.Sprintf(shareGoal, "2025", "70"), "2025-12", []string{"Tidak ada yang perlu diputuskan menurut aturan laporan ini."}},
		{"a year that runs is not judged: the two before it are", noLate + fmt.Sprintf(shareGoal, "2023", "60") + fmt.Sprintf(shareGoal, "2024", "60") + fmt.Sprintf(shareGoal, "2025", "10"), "2025-08",
			[]string{"Porsi pemberi kerja berbadan hukum: target tidak tercapai dua tahun berturut-turut: 2023 (91,7%), 2024 (91,7%). Unit: Pusat Data dan Informasi."}},
		{"a legal clock that was overrun, as of the newest month", noLate + clockKPI + fmt.Sprintf(clockValue, "62.5"), "2025-12",
			[]string{"Komitmen 7 hari, November 2025: 62,5% dalam batas waktu hukum; sisanya melewatinya. Unit: Crisis Center KP2MI."}},
		{"a legal clock that was kept", noLate + clockKPI + fmt.Sprintf(clockValue, "100"), "2025-12", []string{"Tidak ada yang perlu diputuskan menurut aturan laporan ini."}},
		{"a source that is silent, and who needs it", "alter table meta.freshness add column dataset text; alter table meta.freshness add column producer text; update meta.freshness set dataset = feed, producer = 'Direktorat (contoh)';", "2025-12",
			[]string{"pengaduan (case_events) tidak mengirim data sesuai jadwalnya: 12 hari terlambat; dipakai oleh CMP-01 dan CMP-03. Unit: Direktorat (contoh) dan Crisis Center KP2MI."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := writerOn(changedBook(t, c.script), c.period, words.Indonesian)
			if err := writeDecisions(w, &decisionsSettings{Clocks: []string{"CMP-08", "EMP-09"}}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, listed(t, w)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Findings are ranked by what is remarkable about them, and what is chance is not told.
func TestFindingsAreRanked(t *testing.T) {
	rise := func(kpi, measure, value string) string {
		return fmt.Sprintf("update figures set value = %s where kpi = '%s' and measure = '%s' and period = '2025-12' and breakdown = 'total';", value, kpi, measure)
	}
	none := "delete from dim_target;"
	for _, c := range []struct {
		name, script string
		kpis, want   []string
	}{
		{"a target that was met weighs more than a change", "", []string{"CMP-01", "PLC-01"}, []string{"PLC-01", "CMP-01"}},
		{"a target that was missed weighs most", fmt.Sprintf(shareGoal, "2025", "90"), []string{"PLC-01", "PLC-04"}, []string{"PLC-04", "PLC-01"}},
		{"the larger of two changes for what is usual", none + rise("PLC-07", "share", "80") + rise("PLC-04", "share", "60"), []string{"PLC-04", "PLC-07"}, []string{"PLC-07", "PLC-04"}},
		{"what does not exceed the usual is not told", none + rise("PLC-04", "share", "55.9"), []string{"PLC-04", "CMP-01"}, []string{"CMP-01"}},
		{"the highest of its series, though another changed more", none + rise("PLC-04", "share", "57") + rise("PLC-07", "share", "68") + "update figures set value = 70 where kpi = 'PLC-07' and period = '2024-06';",
			[]string{"PLC-07", "PLC-04"}, []string{"PLC-04", "PLC-07"}},
		{"two of one family at most, and a KPI once", none + rise("PLC-07", "share", "80") + rise("PLC-04", "share", "70") + rise("PLC-08", "top5", "70"),
			[]string{"PLC-07", "PLC-07.share", "PLC-04", "PLC-08", "CMP-01"}, []string{"PLC-08", "PLC-07", "CMP-01"}},
		{"a change of a few is chance", none + rise("CMP-01", "received", "12"), []string{"CMP-01"}, nil},
		{"a share of a few likewise", none + "update figures set value = 90, denominator = 20 where kpi = 'PLC-07' and period = '2025-12';", []string{"PLC-07"}, nil},
		{"what is not there is not told", none + "delete from figures where kpi = 'CMP-01' and period = '2025-12';", []string{"CMP-01"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := writerOn(changedBook(t, c.script), "2025-12", words.English)
			var candidates []figures.Definition
			for _, text := range c.kpis {
				d, known := w.measure(text)
				if !known {
					t.Fatalf("no %s", text)
				}
				candidates = append(candidates, d)
			}
			var got []string
			for _, f := range w.rank(candidates, 5) {
				got = append(got, f.standing.definition.KPI)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A target is judged in its direction; nearly is within a tenth; context is not judged at all.
func TestTargetsAreJudged(t *testing.T) {
	for _, c := range []struct {
		direction     string
		value, target float64
		want          string
	}{
		{"up", 100, 100, "met"}, {"up", 99.9, 100, "near"}, {"up", 90, 100, "near"}, {"up", 89.9, 100, "missed"}, {"up", 0, 100, "missed"},
		{"down", 4, 4, "met"}, {"down", 0, 4, "met"}, {"down", 4.4, 4, "near"}, {"down", 6.2, 4, "missed"},
		{"context", 4, 4, ""}, {"up", 4, 0, ""},
	} {
		got := ""
		if share, ok := attainment(c.direction, c.value, c.target); ok {
			got = class(share)
		}
		if got != c.want {
			t.Errorf("%s: %v of %v is %q, want %q", c.direction, c.value, c.target, got, c.want)
		}
	}
}

// From six releases that revised a measure on, what is usual is the median of its revisions; the
// definition says which of the two it is.
func TestUsualRevision(t *testing.T) {
	revisions := func(n int) string {
		script := `create table meta.restatements(old_release text, new_release text, kpi text, measure text, period text, breakdown text, old_value double, new_value double, reason_id text, reason_en text);`
		for i := range n {
			script += fmt.Sprintf("insert into meta.restatements values ('o%d', 'n%d', 'PLC-01', 'services', '2024-01', 'total', 1000, %d, 'Sebab', 'Why'), ('o%d', 'n%d', 'PLC-01', 'services', '2024-01', 'country', 1000, 5000, '', '');", i, i, 1010+10*i, i, i)
		}
		return script
	}
	for _, c := range []struct {
		releases  int
		threshold float64
		en        string
	}{
		{0, 2, "2.0%, fixed (fewer than 6 releases have revised it)"},
		{5, 2, "2.0%, fixed (fewer than 6 releases have revised it)"},
		{6, 4, "4.0%, the median of revisions by 6 releases"},
		{7, 4, "4.0%, the median of revisions by 7 releases"},
	} {
		book := changedBook(t, revisions(c.releases))
		w := writerOn(book, "2025-12", words.English)
		d, _ := w.measure("PLC-01")
		if got := book.usual[measureKey{"PLC-01", "services"}]; got.releases != c.releases || got.threshold < c.threshold-1e-9 || got.threshold > c.threshold+1e-9 {
			t.Errorf("%d releases: %+v", c.releases, got)
		}
		if got := w.usually(d).String(); got != c.en {
			t.Errorf("%d releases: %q", c.releases, got)
		}
	}
	w := writerOn(changedBook(t, ""), "2025-12", words.Indonesian)
	d, _ := w.measure("PLC-04")
	if got := w.usually(d).String(); got != "1,0 poin persen, tetap (kurang dari 6 rilis pernah merevisi)" {
		t.Errorf("of a share: %q", got)
	}
}

// Small counts of people are never named, and what is not named does not give one of them away.
func TestSmallCountsStayInTheRest(t *testing.T) {
	set := func(counts map[string]int) string {
		script := "delete from figures where kpi = 'PLC-01' and measure = 'services' and period = '2025-12' and breakdown in ('country', 'total');"
		total := 0
		for member, n := range counts {
			script += fmt.Sprintf("insert into figures values ('PLC-01', 'services', 'month', '2025-12', '2025-12-01', 'country', '%s', %d, null, %d, 'reported');", member, n, n)
			total += n
		}
		return script + fmt.Sprintf("insert into figures values ('PLC-01', 'services', 'month', '2025-12', '2025-12-01', 'total', '', %d, null, %d, 'reported');", total, total)
	}
	for name, c := range map[string]struct {
		counts map[string]int
		top    int
		named  string
		rest   string
	}{
		"two small ones stay together":                   {map[string]int{"HKG": 100, "TWN": 50, "QAT": 6, "ZMB": 7}, 0, "HKG TWN", "13"},
		"one small one takes the smallest named with it": {map[string]int{"HKG": 100, "TWN": 50, "QAT": 4}, 0, "HKG", "54"},
		"what the table has no room for is in the rest":  {map[string]int{"HKG": 100, "TWN": 50, "JPN": 40, "KOR": 30}, 2, "HKG TWN", "70"},
		"nobody is hidden where nobody is few":           {map[string]int{"HKG": 100, "TWN": 50}, 0, "HKG TWN", ""},
		"the unknown are in the rest":                    {map[string]int{"HKG": 100, "UNKNOWN": 50}, 0, "HKG", "50"},
	} {
		t.Run(name, func(t *testing.T) {
			book := changedBook(t, set(c.counts))
			d, _ := book.Release.Define("PLC-01", "")
			r := book.rank(d, month("2025-12"), "country", c.top)
			var named []string
			for _, f := range r.named {
				named = append(named, f.Address.Member)
			}
			if got := strings.Join(named, " "); got != c.named {
				t.Errorf("named: %s, want %s", got, c.named)
			}
			if got := (pen{Language: words.Indonesian}).rest(r).Text; got != c.rest {
				t.Errorf("rest: %q, want %q", got, c.rest)
			}
		})
	}
	few := 9.0
	hidden := guard(&figures.Figure{Address: figures.Address{Breakdown: "country", Member: "QAT"}, Value: &few, Numerator: &few, Unit: "services"})
	if hidden.Value != nil || hidden.Numerator != nil || hidden.Status != figures.Suppressed {
		t.Errorf("nine people of a member are told: %+v", hidden)
	}
	if told := guard(&figures.Figure{Value: &few, Unit: "services"}); told.Value == nil {
		t.Error("nine people of the whole country are hidden")
	}
}

// The months after a day are held against as many before it, or, while they are not all over,
// against the same months of the year before.
func TestSidesOfADay(t *testing.T) {
	since := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	span := func(list []figures.Period) string {
		if len(list) == 0 {
			return ""
		}
		return fmt.Sprintf("%s..%s (%d)", list[0], list[len(list)-1], len(list))
	}
	for _, c := range []struct{ until, before, after string }{
		{"2025-03", "", ""},
		{"2025-04", "2024-04..2024-04 (1)", "2025-04..2025-04 (1)"},
		{"2025-12", "2024-04..2024-12 (9)", "2025-04..2025-12 (9)"},
		{"2026-02", "2024-04..2025-02 (11)", "2025-04..2026-02 (11)"},
		{"2026-03", "2024-03..2025-02 (12)", "2025-04..2026-03 (12)"},
		{"2027-01", "2024-03..2025-02 (12)", "2025-04..2026-03 (12)"},
	} {
		s := sidesOf(since, 12, month(c.until).End)
		if span(s.before) != c.before || span(s.after) != c.after {
			t.Errorf("until %s: %s and %s", c.until, span(s.before), span(s.after))
		}
	}
}

func TestThePeriodThatAReportIsAbout(t *testing.T) {
	for _, c := range []struct{ period, kind, want string }{
		{"2025-12", "month", "2025-12"}, {"2025-12", "quarter", "2025-Q4"}, {"2025-12", "year", "2025"},
		{"2025-08", "quarter", "2025-Q3"}, {"2025-01", "quarter", "2025-Q1"}, {"2025", "year", "2025"}, {"2025", "month", "2025-12"}, {"2025", "quarter", "2025-Q4"},
	} {
		if got := containing(month(c.period), c.kind).String(); got != c.want {
			t.Errorf("the %s of %s is %s, want %s", c.kind, c.period, got, c.want)
		}
	}
}

// A frozen month keeps its printed figures; what is known now stands beside them.
func TestAFrozenMonthTellsWhatIsKnownNow(t *testing.T) {
	frozen, newest := open(t, figurestest.Early(t)), open(t, lateDB(t))
	book, err := OpenBook(context.Background(), frozen, nil, newest, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	text := dump(write(t, book, "brief", Subject{Period: month("2023-12")}, words.Indonesian), true)
	for _, want := range []string{
		"Angka bulan ini dibekukan. Menurut rilis r000003 (15 Januari 2026)",
		"PLC-01 Layanan penempatan | Desember 2023 | <21.730: value PLC-01.services/2023-12@r000001> | <23.479: value PLC-01.services/2023-12@r000003>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the frozen month does not say %q:\n%s", want, text)
		}
	}
}
