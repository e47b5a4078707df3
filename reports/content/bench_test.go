package content

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	_ "github.com/kp2mi/lindung/figures/figurestest" // the driver of the databases
	"github.com/kp2mi/lindung/reports/words"
)

// nationalRelease opens the warehouse file that the environment names, for measuring.
func nationalRelease(b *testing.B) *figures.Release {
	path := os.Getenv("LINDUNG_WAREHOUSE")
	if path == "" {
		b.Skip("LINDUNG_WAREHOUSE names no warehouse file of a release")
	}
	db, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	release, err := figures.Open(context.Background(), db)
	if err != nil {
		b.Fatal(err)
	}
	return release
}

func BenchmarkOpenBook(b *testing.B) {
	release := nationalRelease(b)
	for name, years := range map[string]int{"3 years": -3, "all": -100} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				book, err := OpenBook(context.Background(), release, nil, nil, release.ReportMonth.AddDate(years, 0, 0), time.Time{})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(book.figures)), "figures")
			}
		})
	}
}

func BenchmarkMonthly(b *testing.B) {
	release := nationalRelease(b)
	kinds, err := Reports(nil)
	if err != nil {
		b.Fatal(err)
	}
	subject := Subject{Period: figures.Period{Type: "month", Start: release.ReportMonth, End: release.ReportMonth.AddDate(0, 1, 0)}}
	for b.Loop() {
		book, err := OpenBookOn(context.Background(), release, nil, nil, ReachOf([]configs.Report{kinds["monthly"]}, subject))
		if err != nil {
			b.Fatal(err)
		}
		opened := b.Elapsed()
		for _, lang := range []words.Language{words.Indonesian, words.English} {
			d, err := Write(book, kinds["monthly"], subject, lang)
			if err != nil {
				b.Fatal(err)
			}
			if out := os.Getenv("LINDUNG_DUMP"); out != "" {
				os.WriteFile(out+"."+string(lang), []byte(dump(d, false)), 0o644)
			}
		}
		_ = opened
		b.ReportMetric(float64(len(book.figures)), "figures")
	}
}
