package reports

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

// countQuality gives the counts that the page shows of the quality of the data their names.
func countQuality(q *figures.Quality, counts map[string]float64) {
	score := func(name string, s figures.Score) {
		counts["quality."+name+".passed"], counts["quality."+name+".run"] = float64(s.Passed), float64(s.Run)
	}
	score("release", q.Release)
	for kpi, s := range q.KPIs {
		score(kpi, s)
	}
	for _, s := range q.Sources {
		score(s.Source, s.Score)
		counts[s.Source+".days_late"] = float64(s.DaysLate)
		for state, n := range s.Freshness {
			counts[s.Source+".freshness."+state] = float64(n)
		}
		for state, n := range s.Volume {
			counts[s.Source+".volume."+state] = float64(n)
		}
	}
}

// Every mark has a shape and a word beside its colour, on cards and in the table.
func TestTheQualityOfTheDataIsShown(t *testing.T) {
	late, early := releases(t)
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(write(t, late, early, december), "")
	_, text, _ = strings.Cut(text, "KPI report on the protection of Indonesian migrant workers – December 2025")
	for _, want := range []string{
		"■ data quality 83.3% 5 of 6 rules passed", "● data quality 100.0% 5 of 5 rules passed", "▲ data quality 90.0% 9 of 10 rules passed", // cards
		"All sources■ data quality 83.3%10 of 12",
		"bp3mi_units■ data quality 83.3%5 of 61 on time1 usual",
		"pengaduan● data quality 100.0%5 of 51 on time, 1 late (12 days)1 below the usual, 1 above the usual",
		"remitansi■ data quality 75.0%3 of 41 without a calendar1 without a usual band",
		"world_bank[x][x]1 never came1 never came",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestAReleaseFromBeforeScoresShowsNone(t *testing.T) {
	db := figurestest.Late(t)
	if _, err := db.Exec("drop table meta.quality"); err != nil {
		t.Fatal(err)
	}
	release, err := figures.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	if text := write(t, release, nil, december); strings.Contains(text, `class="score`) || strings.Contains(text, ">Data quality<") {
		t.Error("a mark without a score")
	}
}
