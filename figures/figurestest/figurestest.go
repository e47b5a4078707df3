// Package figurestest gives tests a small release to read: published yearly totals
// by country, spread over months, with the descriptions that a release carries.
// It knows the tables that package figures reads and nothing of how they are built.
package figurestest

import (
	"database/sql"
	_ "embed"
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the databases are DuckDB's
)

//go:embed release.sql
var script string

// Early opens the release of January 2024, before the revision of 2023.
func Early(t testing.TB) *sql.DB {
	return open(t, "r000001", "2024-01-15", "2023-12-01", "3", "false")
}

// Late opens the release of January 2026, with the report month December 2025.
func Late(t testing.TB) *sql.DB {
	return open(t, "r000003", "2026-01-15", "2025-12-01", "17", "true")
}

func open(t testing.TB, id, asOf, month, head, revised string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	text := strings.NewReplacer("$id", "'"+id+"'", "$as_of", "'"+asOf+"'", "$report_month", "'"+month+"'",
		"$log_head", head, "$revised", revised).Replace(script)
	if _, err := db.Exec("set TimeZone = 'Asia/Jakarta';\n" + text); err != nil {
		t.Fatal(err)
	}
	return db
}

// Publish loads the printed figures of a CSV file (no, period, measure, breakdown,
// value, unit, vintage, source, flag) into the release, with the few member codes
// that the release knows.
func Publish(t testing.TB, db *sql.DB, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, `create table fct_published_figures(figure_no int, period_text text, period_kind text, period_start date, period_end date,
measure text, breakdown text, dimension text, member_label text, member_code text, figure_value decimal(18,4), unit text,
vintage_text text, vintage_on date, publication text, flag text)`)
	// One statement: an insert per row would take longer than all the tests.
	var values []string
	var args []any
	for _, row := range rows[1:] {
		kind, start, end := period(row[1])
		dimension, label, code := member(row[3])
		values = append(values, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::decimal(18,4), ?, ?, ?, ?, ?)")
		args = append(args, row[0], row[1], kind, start, end, row[2], row[3], dimension, label, code, row[4], row[5], row[6], vintage(row[6]), row[7], row[8])
	}
	exec(t, db, "insert into fct_published_figures values "+strings.Join(values, ", "), args...)
}

func exec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

var spanText = regexp.MustCompile(`^(\d{4})(-\d\d)?(-\d\d)?(?:\.\.|-)((?:\d{4})?-?(?:\d\d)?(?:-\d\d)?)$`)

// period reads the periods that the published figures use.
func period(text string) (kind string, start, end any) {
	months := func(kind string, year, first, n int) (string, any, any) {
		s := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
		return kind, s, s.AddDate(0, n, -1)
	}
	var y, a, b, y2, d1, d2 int
	scan := func(format string, into ...any) bool {
		n, err := fmt.Sscanf(text, format, into...)
		again := make([]any, len(into))
		for i, v := range into {
			again[i] = *v.(*int)
		}
		return err == nil && n == len(into) && fmt.Sprintf(strings.NewReplacer("%2d", "%02d", "%4d", "%04d").Replace(format), again...) == text
	}
	switch {
	case text == "target":
		return "target", nil, nil
	case strings.HasPrefix(text, "cumulative"):
		return "cumulative", nil, nil
	case scan("%4d-H%d", &y, &a):
		return months("half", y, 6*a-5, 6)
	case scan("%4d-Q%d", &y, &a):
		return months("quarter", y, 3*a-2, 3)
	case scan("%4d-%2d..%2d", &y, &a, &b):
		return months("span", y, a, b-a+1)
	case scan("%4d-%2d-%2d..%2d-%2d", &y, &a, &d1, &b, &d2):
		return "span", time.Date(y, time.Month(a), d1, 0, 0, 0, 0, time.UTC), time.Date(y, time.Month(b), d2, 0, 0, 0, 0, time.UTC)
	case scan("%4d-%4d", &y, &y2), scan("%4d..%4d", &y, &y2):
		return months("span", y, 1, 12*(y2-y+1))
	case scan("%4d-%2d-%2d", &y, &a, &d1):
		at := time.Date(y, time.Month(a), d1, 0, 0, 0, 0, time.UTC)
		return "instant", at, at
	case scan("%4d-%2d", &y, &a):
		return months("month", y, a, 1)
	case scan("%4d", &y):
		return months("year", y, 1, 12)
	case spanText.MatchString(text):
		fmt.Sscanf(text, "%4d", &y)
		return "cumulative", time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return "unknown", nil, nil
}

func vintage(text string) any {
	for _, layout := range []string{"2 Jan 2006", "Jan 2006"} {
		words, _, _ := strings.Cut(text, " (")
		if at, err := time.Parse(layout, words); err == nil {
			return at
		}
	}
	return nil
}

var dimensions = map[string]string{"negara": "country", "provinsi": "province", "kelamin": "sex", "skema": "scheme", "sektor": "employer_type",
	"jabatan": "occupation", "pendidikan": "education", "kawin": "marital", "kategori": "category", "media": "channel", "status": "status",
	"prosedur": "procedure", "kab": "regency"}

var codes = map[string]string{"Hong Kong": "HKG", "Taiwan": "TWN", "Malaysia": "MYS", "Jepang": "JPN", "Singapura": "SGP", "Korea Selatan": "KOR",
	"Arab Saudi": "SAU", "Italia": "ITA", "Brunei Darussalam": "BRN", "Turki": "TUR", "Polandia": "POL", "Uni Emirat Arab": "ARE", "Zambia": "ZMB",
	"Qatar": "QAT", "Kamboja": "KHM", "Oman": "OMN", "Jawa Timur": "35", "Jawa Tengah": "33", "Jawa Barat": "32", "Nusa Tenggara Barat": "52",
	"Lampung": "18", "P": "P", "L": "L", "formal": "BH", "informal": "PSR", "P to P": "PTP", "P to P (P3MI)": "PTP", "Perseorangan": "PRS"}

// member reads the breakdown of a published figure; code is nil where the small
// release has no such member.
func member(text string) (dimension string, label, code any) {
	if text == "total" || text == "negara=total" {
		return "total", nil, nil
	}
	name, value, _ := strings.Cut(strings.TrimSuffix(text, " growth"), "=")
	dimension = dimensions[name]
	if dimension == "" {
		return "other", text, nil
	}
	if known := codes[value]; known != "" {
		return dimension, value, known
	}
	return dimension, value, nil
}
