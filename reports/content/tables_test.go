package content

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

func written(t testing.TB, book *Book, report configs.Report, of Subject, lang words.Language) *document.Document {
	t.Helper()
	doc, err := Write(book, report, of, lang)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// The tables, and a report of each kind that is written once for each province, destination or partner.
func TestTablesAsTheyAreRead(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	s := deskOf(book, words.Indonesian, "2025-12", subject{})
	golden(t, "bulletin-2025-12.id.txt", dump(&document.Document{Kind: "bulletin", Lang: "id", Sections: []document.Section{{ID: "bulletin", Level: 1, Blocks: s.bulletinTables()}}}, false))
	for name, c := range map[string]struct {
		kind, member string
		lang         words.Language
	}{"province-2025-12-35.id": {"province", "35", words.Indonesian}, "country-2025-12-DEU.en": {"country", "DEU", words.English}, "partner-2025-12-GIZ.en": {"partner", "GIZ", words.English}} {
		report := layouts(t)[c.kind]
		golden(t, name+".txt", dump(written(t, book, report, Subject{Period: month("2025-12"), Breakdown: report.Per, Member: c.member}, c.lang), false))
	}
}

// What the rows of a table say adds up to its total, in every year and month, also where the small ones are in the rest and in
// a month whose year is not over.
func TestRowsAddUpToTheirTotal(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	for _, at := range []string{"2025-12", "2025-09", "2024-01"} {
		nation := deskOf(book, words.English, at, subject{})
		java := deskOf(book, words.English, at, subject{"province", "35"})
		tables := append(tablesOf(nation.bulletinTables()), tablesOf(java.placements())...)
		for _, table := range append(tables, tablesOf(java.regencies())...) {
			if slices.Contains([]string{"P5C", "C9"}, table.ID) {
				continue // stages of a way and shares of cohorts: no parts of a whole
			}
			months := 0 // of a table by month, those up to the report month are the total's
			if table.Columns[0].Name == "month" {
				months = int(nation.month.Start.Month())
			}
			addsUp(t, at, table, months)
		}
	}
}

func addsUp(t *testing.T, at string, table *document.Table, first int) {
	t.Helper()
	total := table.Rows[len(table.Rows)-1]
	if !total.Total {
		t.Fatalf("%s: table %s has no total", at, table.ID)
	}
	parts := table.Rows[:len(table.Rows)-1]
	if first > 0 {
		parts = parts[:first]
	}
	for i, column := range table.Columns {
		if name, _, _ := strings.Cut(column.Name, "_"); !slices.Contains([]string{"upto", "month", "year"}, name) || !column.Numeric {
			continue
		}
		whole, sum := total.Cells[i].Number.Value, 0.0
		if whole == nil || len(parts) == 0 {
			continue
		}
		for _, row := range parts {
			if row.Cells[i].Number.Value == nil {
				t.Errorf("%s: %s, %s: the total is known and %q is not", at, table.ID, column.Title, row.Cells[0].Text.String())
				continue
			}
			sum += *row.Cells[i].Number.Value
		}
		if math.Abs(sum-*whole) > 1e-6 {
			t.Errorf("%s: %s, %s: the rows add up to %v, the total is %v", at, table.ID, column.Title, sum, *whole)
		}
	}
}

// Both languages have the same tables, rows and numbers; only the words differ.
func TestBothLanguagesHaveTheSameTables(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	shape := func(lang words.Language, of subject) (all []any) {
		s := deskOf(book, lang, "2025-12", of)
		blocks := s.bulletinTables()
		if of.breakdown == "province" {
			blocks = slices.Concat(s.placements(), s.among(), s.regencies(), []document.Block{s.indicators()})
		}
		for _, n := range numbersOf(blocks) {
			all = append(all, n.Ref)
		}
		for _, table := range tablesOf(blocks) {
			all = append(all, table.ID, len(table.Rows), len(table.Columns), len(table.Notes))
		}
		return all
	}
	for _, of := range []subject{{}, {"province", "35"}} {
		if id, en := shape(words.Indonesian, of), shape(words.English, of); !reflect.DeepEqual(id, en) {
			t.Errorf("%v: Indonesian and English differ:\n%s", of, cmp.Diff(id, en))
		}
	}
}

// Of every province, destination and partner there is a report, also from a release from before most KPIs, and in a month
// of which it has nothing.
func TestEverySubjectHasAReport(t *testing.T) {
	for name, release := range map[string]*figures.Release{"late": bulletinRelease(t), "small": open(t, figurestest.Late(t)), "early": open(t, figurestest.Early(t))} {
		book := bookOf(t, release)
		for kind, want := range map[string]int{"province": 38, "partner": 6, "country": 1} {
			report := layouts(t)[kind]
			for _, at := range []string{"2025-12", "2023-11", "2019-01"} {
				subjects, err := Subjects(context.Background(), release, report, month(at))
				if err != nil {
					t.Fatal(err)
				}
				if name == "late" && at == "2025-12" && len(subjects) < want {
					t.Errorf("%s: %d reports by %s, want %d at least", name, len(subjects), kind, want)
				}
				if kind == "province" && len(subjects) == 0 { // a release without a list of provinces
					subjects = []Subject{{month(at), kind, "35"}}
				}
				for _, of := range subjects {
					doc := written(t, book, report, of, words.English)
					if len(doc.Sections) == 0 || doc.Subject != of.String() {
						t.Errorf("%s: the report on %s is empty or about %s", name, of, doc.Subject)
					}
				}
			}
		}
		if blocks := deskOf(book, words.Indonesian, "2019-01", subject{}).bulletinTables(); len(tablesOf(blocks)) < len(bulletinOrder) {
			t.Errorf("%s: %d tables, the bulletin has %d", name, len(tablesOf(blocks)), len(bulletinOrder))
		}
	}
}

// A table without figures says why, and its cells say that they are not there.
func TestATableWithoutFiguresSaysWhy(t *testing.T) {
	s := deskOf(bookOf(t, open(t, figurestest.Early(t))), words.English, "2025-12", subject{})
	for _, table := range tablesOf(s.bulletinTables()) {
		if len(table.Notes) == 0 {
			t.Errorf("table %s has nothing and does not say why", table.ID)
		}
		for _, n := range numbersOf([]document.Block{table}) {
			if n.Value == nil && n.Mark == "" {
				t.Errorf("table %s has an empty cell", table.ID)
			}
		}
	}
	late := deskOf(bookOf(t, bulletinRelease(t)), words.English, "2025-12", subject{})
	for _, code := range []string{"A1", "A1N"} {
		table := tablesOf(late.bulletinTable(code))[0]
		if cell := table.Rows[len(table.Rows)-1].Cells[3].Number; cell.Value != nil || cell.Text != "[x]" || !strings.Contains(table.Notes[len(table.Notes)-1].String(), "PDNS 2") {
			t.Errorf("%s: arrivals of 2025 read %q with the note %q", code, cell.Text, table.Notes)
		}
	}
}

// Few persons or cases of one member stand nowhere: not in a table, not in a reference, and not as what is left of a total.
func TestFewCasesStandNowhere(t *testing.T) {
	release := bulletinRelease(t)
	book := bookOf(t, release)
	for _, at := range []string{"2025-12", "2025-03"} {
		s := deskOf(book, words.Indonesian, at, subject{})
		for _, table := range bulletin {
			if !table.guarded {
				continue
			}
			c := s.count(table)
			for _, row := range c.rows {
				if alone := row.rest && len(c.rows) == 1; row.small() && !alone {
					t.Errorf("%s: %s tells %s with few: %v", at, table.code, row.name, row.years)
				}
			}
			if c.folded == 1 {
				t.Errorf("%s: %s has a rest of one member: the total gives it away", at, table.code)
			}
		}
		for _, n := range numbersOf(s.bulletinTables("C2", "C3", "C4", "R1", "A1P")) {
			for _, address := range slices.Concat([]string{n.Ref.Figure}, n.Ref.Bases, n.Ref.Against) {
				if strings.Contains(address, "K19") || strings.Contains(address, "OMN") || strings.Contains(address, "province=53") {
					t.Errorf("%s: %s names a member with few cases: %s", at, n.Text, address)
				}
			}
		}
	}
}

// Cases are told of the whole country only: no report by province, destination or partner breaks them down.
func TestLocalReportsBreakNoCasesDown(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	for _, of := range []Subject{{month("2025-12"), "province", "52"}, {month("2025-12"), "country", "MYS"}, {month("2025-12"), "partner", "ILO"}} {
		for _, section := range written(t, book, layouts(t)[of.Breakdown], of, words.English).Sections {
			for _, n := range numbersOf(section.Blocks) {
				if strings.HasPrefix(n.Ref.Figure, "CMP") && strings.Contains(n.Ref.Figure, "=") {
					t.Errorf("the report on %s breaks cases down: %s", of, n.Ref.Figure)
				}
			}
		}
	}
}

// Few people of a place are withheld, and so is a share of few; placements and what concerns no person are not.
func TestFewPeopleOfAPlaceAreWithheld(t *testing.T) {
	few, many, value := 4.0, 40.0, 75.0
	member := figures.Address{KPI: "RET-01", Breakdown: "province", Member: "53"}
	for name, c := range map[string]struct {
		d      figures.Definition
		f      figures.Figure
		hidden bool
	}{
		"few returns":         {figures.Definition{}, figures.Figure{Address: member, Unit: "returns", Value: &few}, true},
		"many returns":        {figures.Definition{}, figures.Figure{Address: member, Unit: "returns", Value: &many}, false},
		"all, few":            {figures.Definition{}, figures.Figure{Unit: "returns", Value: &few}, false},
		"few services":        {figures.Definition{}, figures.Figure{Address: member, Unit: "services", Value: &few}, false},
		"share of few":        {figures.Definition{}, figures.Figure{Address: member, Unit: "%", Value: &value, Denominator: &few}, true},
		"mean of few":         {figures.Definition{}, figures.Figure{Address: member, Unit: "IDR", Value: &value, Denominator: &few}, true},
		"share of few pledge": {figures.Definition{Theme: "cooperation"}, figures.Figure{Address: member, Unit: "%", Value: &value, Denominator: &few}, false},
	} {
		if got := told(c.d, &c.f); (got.Value == nil) != c.hidden || c.hidden && got.Status != figures.Suppressed {
			t.Errorf("%s: told as %v, %s", name, got.Value, got.Status)
		}
	}
}

// A median of few people is withheld although it does not say how few: the count behind it does.
func TestAMedianOfFewIsWithheld(t *testing.T) {
	db := figurestest.Late(t)
	if _, err := db.Exec(bulletinScript + `
		insert into meta.kpis by name select 'PLC-10' as kpi, 'kpi_plc_10' as model, 'placement' as theme, 'median_days' as measure, true as is_default, 'hari' as unit, false as additive, 'registrations' as sources;
		insert into figures by name select 'PLC-10' as kpi, 'median_days' as measure, 'month' as period_type, '2025-12' as period, date '2025-12-01' as period_start, breakdown, member,
			71.0 as value, 'reported' as status from (values ('total', ''), ('province', '35'), ('province', '53')) as m(breakdown, member);`); err != nil {
		t.Fatal(err)
	}
	book := bookOf(t, open(t, db))
	d, err := book.Release.Define("PLC-10", "median_days")
	if err != nil {
		t.Fatal(err)
	}
	for member, want := range map[string]string{"35": figures.Reported, "53": figures.Suppressed} { // 6,335 and 4 services
		of := subject{"province", member}
		if got := deskOf(book, words.English, "2025-12", of).memberAt(d, of, month("2025-12")); got.Status != want {
			t.Errorf("the median of province %s is %s, want %s", member, got.Status, want)
		}
	}
}

// Charts and tables can be told apart within a report.
func TestEveryChartAndTableHasItsOwnName(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	for _, of := range []Subject{{Period: month("2025-12")}, {month("2025-12"), "province", "35"}, {month("2025-12"), "country", "DEU"}, {month("2025-12"), "partner", "GIZ"}} {
		kind := of.Breakdown
		if kind == "" {
			kind = "monthly"
		}
		seen := map[string]bool{}
		once := func(id string) {
			if seen[id] {
				t.Errorf("the report %s on %s has two called %s", kind, of, id)
			}
			seen[id] = true
		}
		for _, section := range written(t, book, layouts(t)[kind], of, words.English).Sections {
			for _, b := range section.Blocks {
				if c, is := b.(*document.Chart); is {
					once("chart " + c.ID)
				}
			}
			for _, table := range tablesOf(section.Blocks) {
				once("table " + table.ID)
			}
		}
	}
}

// A book that is no thicker than a report needs gives the same report as one that has everything.
func TestAThinBookGivesTheSameReport(t *testing.T) {
	release := bulletinRelease(t)
	whole := bookOf(t, release)
	bulletinOnly := layouts(t)["monthly"]
	bulletinOnly.Sections = slices.DeleteFunc(slices.Clone(bulletinOnly.Sections), func(s configs.ReportSection) bool { return s.Name != "bulletin" })
	for _, at := range []string{"2025-12", "2025-07", "2025-01"} {
		for _, of := range []Subject{{Period: month(at)}, {month(at), "province", "35"}, {month(at), "province", "11"}, {month(at), "country", "DEU"}, {month(at), "partner", "GIZ"}} {
			report := bulletinOnly
			if of.Breakdown != "" {
				report = layouts(t)[of.Breakdown]
			}
			thin, err := OpenBookOn(context.Background(), release, nil, nil, ReachOf([]configs.Report{report}, of))
			if err != nil {
				t.Fatal(err)
			}
			want, got := dump(written(t, whole, report, of, words.English), true), dump(written(t, thin, report, of, words.English), true)
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s: the thin book says something else:\n%s", of, diff)
			}
		}
	}
}

// The bulletin's codes are those that the files of reports may name.
func TestTheBulletinsCodes(t *testing.T) {
	field, _ := reflect.TypeFor[bulletinSettings]().FieldByName("Tables")
	if got := strings.Split(field.Tag.Get("one"), "|"); !slices.Equal(got, bulletinOrder) {
		t.Errorf("files may name %v, the bulletin has %v", got, bulletinOrder)
	}
	if err := writeBulletin(&writer{subject: Subject{Breakdown: "province", Member: "35"}}, &bulletinSettings{}); err == nil {
		t.Error("a report about a province takes the nation's tables")
	}
}
