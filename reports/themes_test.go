package reports

import (
	"context"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

// themed is the late release with three cards of every kind of line, a small destination and one that grew from small.
func themed(t testing.TB) *figures.Release {
	t.Helper()
	db := figurestest.Late(t)
	figurestest.Publish(t, db, "../configs/reference/published_figures.csv")
	_, err := db.Exec(`update figures set value = 7 where breakdown = 'country' and member = 'TUR' and period = '2025-12';
update figures set value = 3 where breakdown = 'country' and member = 'POL' and period = '2024-12';
create table dim_theme_card as select * from (values
	(1, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', null, null, 'month'),
	(2, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'JPN', 'month'),
	(3, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'TUR', 'month'),
	(4, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'POL', 'month'),
	(5, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Pekerjaan', 'Jobs', 'PLC-01', 'services', 'country', 'JPN', 'year'),
	(6, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Corong', 'Funnel', 'SKL-03', 'applied', 'country', 'DEU', 'year'),
	(10, 'PENEMPATAN', 2, 'Penempatan dan keterampilan', 'Placement and skills', 'Corong', 'Funnel', 'PLC-01', 'services', 'country', 'DEU', 'month'),
	(7, 'MUTU', 1, 'Mutu data dan layanan', 'Data and service quality', 'Data', 'Data', 'GOV-02', null, null, null, 'month'),
	(8, 'MUTU', 1, 'Mutu data dan layanan', 'Data and service quality', 'Data', 'Data', 'CMP-03', 'within_90', null, null, 'month'),
	(9, 'MUTU', 1, 'Mutu data dan layanan', 'Data and service quality', 'Data', 'Data', 'REM-01', null, null, null, 'quarter'))
	t(position, card, card_position, card_id, card_en, part_id, part_en, kpi, measure, breakdown, member, period_type)`)
	if err != nil {
		t.Fatal(err)
	}
	release, err := figures.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return release
}

// themeSection cuts the cards of one language out of a page.
func themeSection(t testing.TB, text, lang string) string {
	t.Helper()
	_, article, _ := strings.Cut(text, `<article lang="`+lang+`">`)
	_, section, found := strings.Cut(article, "<h2>"+words["themes"].In(lang)+"</h2>")
	if !found {
		t.Fatal("the page has no theme cards")
	}
	section, _, _ = strings.Cut(section, "</section>")
	return section
}

func TestThemeCards(t *testing.T) {
	got := themeSection(t, write(t, themed(t), nil, december), "id")
	const path = "testdata/themes.html"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("the cards differ from testdata/themes.html; look at them and run go test -update")
	}
}

func TestThemeLinesSayWhatTheyHave(t *testing.T) {
	plain := regexp.MustCompile(`<[^>]*>`)
	for _, c := range []struct {
		at       time.Time
		language string
		line     string // what the row begins with
		want     string // and then says
		absent   string
	}{
		{december, "id", "Layanan penempatan PLC-01", "Desember 2025 23.465 layanan [p] −4,8% dari November 2025 −0,2% dari Desember 2024 Target 2025: 259.000 (S61)", "[x]"},
		{december, "id", "Layanan penempatan: Jepang PLC-01", "target belum ditetapkan", "Target 2025"},
		{december, "id", "Layanan penempatan: Turki PLC-01", "Desember 2025 disamarkan [c] target belum ditetapkan", "dari"},
		{december, "id", "Layanan penempatan: Polandia PLC-01", "dari November 2025", "Desember 2024"},
		{december, "en", "Placement services: Japan PLC-01", "December 2025", "2023"},
		{december, "id", "Layanan penempatan: DEU PLC-01", "Desember 2025 tidak ada catatan dalam periode ini target belum ditetapkan", "[x]"},
		{december.AddDate(0, 2, 0), "id", "Layanan penempatan: DEU PLC-01", "Februari 2026 tidak tersedia [x]", ""},
		{december, "id", "SKL-03", "2025 belum dihitung dalam rilis ini [x] target belum ditetapkan", ""},
		{december, "en", "GOV-02", "December 2025 not computed in this release [x] no target set", ""},
		{december, "id", "Selesai dalam 90 hari CMP-03", "Desember 2025 tidak tersedia [x] terakhir tersedia:", ""},
		{december, "id", "Nilai remitansi REM-01", "triwulan 4 2025 US$4,20 miliar", "[x]"},
		{time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), "id", "Nilai remitansi REM-01", "triwulan 2 2025", "[x]"},
	} {
		section := themeSection(t, write(t, themed(t), nil, c.at), c.language)
		var rows []string
		for row := range strings.SplitSeq(section, "<tr>") {
			text := strings.Join(strings.Fields(html.UnescapeString(plain.ReplaceAllString(row, " "))), " ")
			if strings.HasPrefix(text, c.line) {
				rows = append(rows, text)
			}
		}
		if len(rows) == 0 || !strings.Contains(rows[0], c.want) || c.absent != "" && strings.Contains(rows[0], c.absent) {
			t.Errorf("%s in %s of %s: %q, want %q and no %q", c.line, c.language, c.at.Format("2006-01"), rows, c.want, c.absent)
		}
	}
}

// A year that still runs at the report month is no year to compare with a whole one.
func TestARunningYearIsNotCompared(t *testing.T) {
	compared := regexp.MustCompile(`data-figure="[^"]*/2025/country=JPN@r000003" data-base=`)
	if text := write(t, themed(t), nil, december); !compared.MatchString(text) {
		t.Error("a whole year is not compared")
	}
	if text := write(t, themed(t), nil, time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)); compared.MatchString(text) {
		t.Error("half a year is compared with a whole one")
	}
}

func TestEveryNumberOfACardIsAFigure(t *testing.T) {
	release := themed(t)
	text := write(t, release, nil, december)
	targets, err := release.Targets(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	published, err := release.PublishedFigures(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	result, err := figures.Reconcile(context.Background(), release, nil, published)
	if err != nil {
		t.Fatal(err)
	}
	r := recount{t, figures.NewHistory(release), targets, map[string]float64{}}
	for _, class := range figures.Classes {
		r.counts["reconciled."+string(class)] = float64(result.Count(class, ""))
	}
	for _, lang := range []language{indonesian, english} {
		numbers := referenced.FindAllStringSubmatch(themeSection(t, text, string(lang)), -1)
		if len(numbers) < 20 {
			t.Errorf("only %d numbers in %s", len(numbers), lang)
		}
		for _, n := range numbers {
			at := map[string]string{}
			for _, a := range attribute.FindAllStringSubmatch(n[1], -1) {
				at[a[1]] = html.UnescapeString(a[2])
			}
			if shown, want := html.UnescapeString(n[2]), r.want(lang, at); shown != want {
				t.Errorf("%s: %v reads %q, computes %q", lang, at, shown, want)
			}
		}
	}
}
