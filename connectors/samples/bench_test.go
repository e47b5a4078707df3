package samples

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"testing"
)

func Example() {
	w := New(Options{Seed: 1, Scale: 1})
	l := w.Ledger(Deliveries()[0])
	files := l.Feeds[FeedPlacementFiles]
	fmt.Println("placements that stand in January 2024:", files.Current-files.Cancelled)
	// Output: placements that stand in January 2024: 475682
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Options{Seed: 1, Scale: 1})
	}
}

func BenchmarkPlacementsCSV(b *testing.B) {
	w := national()
	const rows = 100_000
	counter := &counting{}
	for b.Loop() {
		if err := w.WritePlacementsCSV(bufio.NewWriter(counter), rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.SetBytes(counter.n / int64(b.N))
}

func BenchmarkWriteDrops(b *testing.B) {
	w := national()
	for b.Loop() {
		if err := w.WriteDrops(b.TempDir(), Deliveries()[2]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(798274*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkPageOf5000(b *testing.B) {
	w := national()
	now := momentOf(Deliveries()[2])
	i := 0
	for b.Loop() {
		rec := httptest.NewRecorder()
		rec.Body = nil
		w.writePlacements(rec, place{w.sisko.updatedOf(w.years[3], i%290000), 1 << 40}, 5000, during{}, now)
		i += 5000
	}
	b.ReportMetric(5000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }
