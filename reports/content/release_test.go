package content

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

var languages = []words.Language{words.Indonesian, words.English}

// month and year are the periods of reports in tests.
func month(text string) figures.Period { return period(text) }

func period(text string) figures.Period {
	p, err := figures.ParsePeriod(text)
	if err != nil {
		panic(err)
	}
	return p
}

// themeCards is a few lines of theme cards: known, small, unknown and unrecorded members, and a
// KPI that the release does not define.
const themeCards = `create table dim_theme_card as select * from (values
	(1, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', null, null, 'month'),
	(2, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'JPN', 'month'),
	(4, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'QAT', 'month'),
	(5, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'JPN', 'year'),
	(6, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Corong', 'Funnel', 'SKL-03', 'applied', 'country', 'DEU', 'year'),
	(10, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Corong', 'Funnel', 'PLC-01', 'services', 'country', 'DEU', 'month'))
	t(position, card, card_position, card_id, card_en, part_id, part_en, kpi, measure, breakdown, member, period_type);
create table meta.reconciliation as select unnest(['equal', 'equal', 'within_tolerance', 'differs', 'not_computable']) as class;
create table dim_sex as select * from (values ('P', 'perempuan', 'female'), ('L', 'laki-laki', 'male')) t(code, name_id, name_en);
create table dim_province as select * from (values ('35', 'Jawa Timur', 'Jawa Timur'), ('33', 'Jawa Tengah', 'Jawa Tengah')) t(code, name_id, name_en);`

// lateDB and earlyDB are the two releases that most tests read, with what reports read besides.
func lateDB(t testing.TB) *sql.DB {
	db := figurestest.Late(t)
	if _, err := db.Exec(themeCards); err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t testing.TB, db *sql.DB) *figures.Release {
	t.Helper()
	release, err := figures.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return release
}

// wholeBook is a book of all figures of the late release, with the early one before it.
func wholeBook(t testing.TB) *Book {
	t.Helper()
	book, err := OpenBook(context.Background(), open(t, lateDB(t)), open(t, figurestest.Early(t)), nil, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func layouts(t testing.TB) map[string]configs.Report {
	t.Helper()
	all, err := Reports(nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t testing.TB, book *Book, report string, subject Subject, lang words.Language) *document.Document {
	t.Helper()
	d, err := Write(book, layouts(t)[report], subject, lang)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test ./reports/content -update):\n%s", path, diff)
	}
}
