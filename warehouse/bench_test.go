package warehouse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkBuild measures a whole build, read back and sealed, at a provincial and at the national size.
func BenchmarkBuild(b *testing.B) {
	for _, rows := range []int{100_000, 1_100_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			w := newWorld(b).deliver("2025-01-01", placementRows(0, rows*9/10, "2025-01-01", ""), 0).
				deliver("2025-02-01", placementRows(rows*8/10, rows*2/10, "2025-02-01", ""), 0)
			for b.Loop() {
				dir := filepath.Join(w.dir, "build", "bench")
				m := w.build(into(dir), func(s *BuildSpec) { s.MemoryLimit = "2GB" })
				if got, _ := m.Table("fct_placements"); got.Rows != int64(rows) {
					b.Fatalf("%d rows, want %d", got.Rows, rows)
				}
				b.StopTimer()
				if err := os.RemoveAll(dir); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkBuildFigures measures asking one KPI as of another day.
func BenchmarkBuildFigures(b *testing.B) {
	w := newWorld(b).deliver("2025-01-01", placementRows(0, 100_000, "2025-01-01", ""), 0)
	for b.Loop() {
		if _, err := BuildFigures(context.Background(), w.spec(), "PLC-01"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRunModelTests measures the four tests of the test models, shapes included.
func BenchmarkRunModelTests(b *testing.B) {
	spec := testSpec(b)
	for b.Loop() {
		if _, err := RunModelTests(context.Background(), spec); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublish measures what stands between a finished build and its readers.
func BenchmarkPublish(b *testing.B) {
	root := b.TempDir()
	r := openReleases(b, filepath.Join(root, "releases"))
	for b.Loop() {
		publishNext(b, r, root)
	}
}
