package content

import (
	"context"
	"runtime"
	"testing"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/reports/words"
)

// BenchmarkProvinces writes the reports of all provinces in both languages from one book, read anew each time.
func BenchmarkProvinces(b *testing.B) {
	release := nationalRelease(b)
	report := layouts(b)["province"]
	for b.Loop() {
		subjects, err := Subjects(context.Background(), release, report, monthPeriod(release.ReportMonth))
		if err != nil {
			b.Fatal(err)
		}
		book, err := OpenBookOn(context.Background(), release, nil, nil, ReachOf([]configs.Report{report}, subjects...))
		if err != nil {
			b.Fatal(err)
		}
		tables := 0
		for _, of := range subjects {
			for _, lang := range []words.Language{words.Indonesian, words.English} {
				for _, section := range written(b, book, report, of, lang).Sections {
					tables += len(tablesOf(section.Blocks))
				}
			}
		}
		b.ReportMetric(float64(tables), "tables")
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(memory.HeapAlloc)/1e6, "MB-heap")
	}
}
