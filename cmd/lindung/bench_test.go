package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"text/template"
	"time"

	"github.com/kp2mi/lindung/connectors/samples"
	"github.com/kp2mi/lindung/pipelines"
	models "github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// The settings of BenchmarkWholeRun come from the environment, because they are chosen by
// `make bench`: sizes, how often, and how much memory DuckDB may take on either side.
const (
	benchRowsEnv   = "LINDUNG_BENCH_ROWS"   // "100000 1000000"; unset: the benchmark is skipped
	benchTimesEnv  = "LINDUNG_BENCH_TIMES"  // runs of each size, default 3
	benchMemoryEnv = "LINDUNG_BENCH_MEMORY" // build.memory and DuckDB's limit in the script, default 2GiB
	plainJobEnv    = "LINDUNG_BENCH_PLAIN"  // set for the child that runs the plain script
)

// benchMemory is what a build process may use in all, and the DuckDB of the plain script: the
// product's own default where nothing is said.
func benchMemory() string { return cmp.Or(os.Getenv(benchMemoryEnv), "2GiB") }

// The plain script runs in a process of its own, which is this test binary started again:
// it must not get as far as TestMain, which would build the program first.
func init() {
	if path := os.Getenv(plainJobEnv); path != "" {
		if err := runPlain(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

//go:embed testdata/bench/plain.sql
var plainScript string

//go:embed testdata/bench/placements.yaml
var benchSource []byte

// A measurement is one run of one contender.
type measurement struct {
	wall, cpu float64 // seconds
	peak      int64   // bytes, of the largest process
	written   int64   // bytes handed to the disk, temporary ones included
	kept      int64   // bytes that stay
	figures   string  // what came out, in short
	phases    map[string]float64
	peaks     map[string]int64
}

// BenchmarkWholeRun measures `lindung run` on one file of placements, and the plain DuckDB
// script on the same file, turn by turn, so that a busy neighbour disturbs both. The two
// must come to the same figures.
func BenchmarkWholeRun(b *testing.B) {
	if os.Getenv(benchRowsEnv) == "" {
		b.Skipf("run it with make bench, or set %s", benchRowsEnv)
	}
	times := 3
	if s := os.Getenv(benchTimesEnv); s != "" {
		times = number(b, s)
	}
	for _, size := range strings.Fields(os.Getenv(benchRowsEnv)) {
		rows := number(b, size)
		b.Run(size, func(b *testing.B) {
			csv := filepath.Join(b.TempDir(), "placements.csv")
			writeSample(b, csv, rows)
			var ours, plain []measurement
			for b.Loop() {
				for range times {
					ours = append(ours, measureRun(b, csv))
					plain = append(plain, measurePlain(b, csv))
					if o, p := ours[len(ours)-1].figures, plain[len(plain)-1].figures; o != p {
						b.Fatalf("lindung: %s; the plain script: %s", o, p)
					}
				}
			}
			report(b, rows, ours, plain)
		})
	}
}

func number(b *testing.B, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%q: want a number above 0", text)
	}
	return n
}

func writeSample(b *testing.B, path string, rows int) {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := samples.New(samples.Options{Seed: 1}).WritePlacementsCSV(f, rows); err != nil {
		b.Fatal(err)
	}
}

// measureRun runs the built program on a new project.
func measureRun(b *testing.B, csv string) measurement {
	dir := benchFolder(b)
	settings := "project:\n  name: Benchmark\n  clock: 2026-01-15T09:00:00+07:00\nbuild:\n  memory: " + benchMemory() + "\n"
	files := map[string][]byte{"lindung.yaml": []byte(settings), "sources/placements.yaml": benchSource}
	if err := writeProject(dir, files, true); err != nil {
		b.Fatal(err)
	}
	inbox := filepath.Join(dir, "inbox")
	if err := os.Mkdir(inbox, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.Link(csv, filepath.Join(inbox, filepath.Base(csv))); err != nil {
		b.Fatal(err)
	}
	out, m := measure(b, exec.Command(program, "run", "--dir", dir, "--output", "json"))
	var r pipelines.RunReport
	if err := json.Unmarshal(out, &r); err != nil || len(r.Feeds) != 1 || r.Build == nil {
		b.Fatalf("the run's report: %v\n%s", err, out)
	}
	m.phases, m.peaks = map[string]float64{}, map[string]int64{"feed": r.Feeds[0].PeakMemory, "build": r.Build.PeakMemory}
	for _, s := range r.Feeds[0].Steps {
		m.phases["feed: "+s.Name] += s.Seconds
		m.phases["source to committed Parquet"] += s.Seconds
	}
	for _, s := range r.Build.Steps {
		m.phases["build: "+s.Name] += s.Seconds
	}
	m.phases["Parquet to published release"] = r.Build.Seconds
	m.kept = sizeOf(b, filepath.Join(dir, "data"))
	m.figures = figuresIn(b, filepath.Join(dir, "data", "releases", "current", warehouse.WarehouseFile))
	remove(b, dir)
	return m
}

// measurePlain runs the plain script in a child process.
func measurePlain(b *testing.B, csv string) measurement {
	dir := benchFolder(b)
	if err := os.WriteFile(filepath.Join(dir, "plain.sql"), renderPlain(b, csv, dir), 0o644); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), plainJobEnv+"="+dir)
	out, m := measure(b, cmd)
	if err := json.Unmarshal(out, &m.phases); err != nil {
		b.Fatalf("the script's phases: %v\n%s", err, out)
	}
	m.phases["source to committed Parquet"] = m.phases["normalise and write"]
	m.phases["Parquet to published release"] = m.phases["load"] + m.phases["count"]
	m.kept = sizeOf(b, dir)
	m.figures = figuresIn(b, filepath.Join(dir, "plain.duckdb"))
	remove(b, dir)
	return m
}

// renderPlain puts this run's paths and the repository's models into the script.
func renderPlain(b *testing.B, csv, dir string) []byte {
	lists, err := filepath.Abs("../../configs/reference")
	if err != nil {
		b.Fatal(err)
	}
	all, err := models.Models()
	if err != nil {
		b.Fatal(err)
	}
	var counted, kpis []models.Model
	for _, m := range all {
		isKPI := strings.HasPrefix(m.Meta.ID, "PLC-")
		if isKPI {
			kpis = append(kpis, m)
		}
		if isKPI || m.Name == "mart_available_months" || m.Name == "mart_available_periods" || m.Name == "mart_placement_counts" {
			counted = append(counted, m)
		}
	}
	header, err := firstLine(csv)
	if err != nil {
		b.Fatal(err)
	}
	var script bytes.Buffer
	err = template.Must(template.New("plain").Parse(plainScript)).Execute(&script, map[string]any{
		"CSV": csv, "Out": dir, "Lists": lists, "Columns": strings.Split(header, ";"), "Models": counted, "KPIs": kpis,
		"Source": "benchmark", "Object": "00000000-0000-4000-8000-000000000001", "AsOf": "2026-01-15",
		"Key": "0123456789abcdef0123456789abcdef",
	})
	if err != nil {
		b.Fatal(err)
	}
	return script.Bytes()
}

func firstLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 1024)
	n, err := f.Read(head)
	line, _, _ := strings.Cut(string(head[:n]), "\n")
	return strings.TrimSpace(line), err
}

// runPlain is the child: it runs the script's phases and prints how long each took.
func runPlain(dir string) error {
	script, err := os.ReadFile(filepath.Join(dir, "plain.sql"))
	if err != nil {
		return err
	}
	db, err := sql.Open("duckdb", filepath.Join(dir, "plain.duckdb"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // temporary tables belong to a connection
	settings := fmt.Sprintf("set threads = 2; set memory_limit = '%s'; set temp_directory = '%s'", benchMemory(), filepath.Join(dir, "spill"))
	if _, err := db.Exec(settings); err != nil {
		return err
	}
	took := map[string]float64{}
	for _, phase := range strings.Split(string(script), "-- phase: ")[1:] {
		name, statements, _ := strings.Cut(phase, "\n")
		began := time.Now()
		if _, err := db.Exec(statements); err != nil {
			return fmt.Errorf("phase %s: %w", name, err)
		}
		took[name] = time.Since(began).Seconds()
	}
	if err := db.Close(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// measure runs a command and takes what it used, its own children included.
func measure(b *testing.B, cmd *exec.Cmd) ([]byte, measurement) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	began := time.Now()
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, out, stderr.Bytes())
	}
	m := measurement{wall: time.Since(began).Seconds()}
	m.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak, m.written = u.Maxrss<<10, u.Oublock<<9
	}
	fmt.Fprintf(os.Stderr, "%s: %.1f s, processors %.1f s, peak %d MiB\n", filepath.Base(cmd.Path), m.wall, m.cpu, m.peak>>20)
	return out, m
}

// figuresIn says what a run came to, so that both contenders are known to have done the
// same work.
func figuresIn(b *testing.B, file string) (got string) {
	db, err := warehouse.OpenRead(file)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	err = db.QueryRowContext(context.Background(), `select (select count(*) from fct_placements) || ' rows, '
		|| count(*) || ' figures, sum ' || coalesce(sum(cast(value * 1000 as hugeint)), 0) || ', of numerators ' || sum(cast(numerator as hugeint))
		from figures where kpi like 'PLC-%'`).Scan(&got)
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func benchFolder(b *testing.B) string {
	dir, err := os.MkdirTemp(b.TempDir(), "run-")
	if err != nil {
		b.Fatal(err)
	}
	return dir
}

// remove makes room for the next run; releases are read-only.
func remove(b *testing.B, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o700)
		}
		return err
	})
	if err == nil {
		err = os.RemoveAll(dir)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func sizeOf(b *testing.B, dir string) (total int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

// report prints medians, the ratio first.
func report(b *testing.B, rows int, ours, plain []measurement) {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s placements, medians of %d\tratio\tlindung\tplain DuckDB\t\n", count(int64(rows)), len(ours))
	line := func(what, unit string, of func(m measurement) float64) {
		o, p := median(ours, of), median(plain, of)
		fmt.Fprintf(w, "%s, %s\t%.2f\t%.2f\t%.2f\t\n", what, unit, o/p, o, p)
	}
	line("wall", "s", func(m measurement) float64 { return m.wall })
	line("processors", "s", func(m measurement) float64 { return m.cpu })
	line("peak memory", "MiB", func(m measurement) float64 { return float64(m.peak) / (1 << 20) })
	line("written", "MiB", func(m measurement) float64 { return float64(m.written) / (1 << 20) })
	line("kept", "MiB", func(m measurement) float64 { return float64(m.kept) / (1 << 20) })
	for _, phase := range []string{"source to committed Parquet", "Parquet to published release"} {
		line(phase, "s", func(m measurement) float64 { return m.phases[phase] })
	}
	w.Flush()
	for _, name := range phaseNames(ours) {
		fmt.Fprintf(&out, "  lindung %s: %.2f s\n", name, median(ours, func(m measurement) float64 { return m.phases[name] }))
	}
	for _, name := range []string{"feed", "build"} {
		fmt.Fprintf(&out, "  lindung peak memory of the %s process: %.0f MiB\n", name, median(ours, func(m measurement) float64 { return float64(m.peaks[name]) / (1 << 20) }))
	}
	for _, name := range phaseNames(plain) {
		fmt.Fprintf(&out, "  plain %s: %.2f s\n", name, median(plain, func(m measurement) float64 { return m.phases[name] }))
	}
	fmt.Fprint(os.Stdout, "\n", out.String())
	b.ReportMetric(median(ours, func(m measurement) float64 { return m.wall })/median(plain, func(m measurement) float64 { return m.wall }), "wall-ratio")
	b.ReportMetric(float64(rows)/median(ours, func(m measurement) float64 { return m.wall }), "records/s")
}

func phaseNames(ms []measurement) (names []string) {
	for name := range ms[0].phases {
		if !strings.Contains(name, " Parquet") && !strings.Contains(name, "Parquet ") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func median(ms []measurement, of func(m measurement) float64) float64 {
	values := make([]float64, len(ms))
	for i, m := range ms {
		values[i] = of(m)
	}
	slices.Sort(values)
	if n := len(values); n%2 == 0 {
		return (values[n/2-1] + values[n/2]) / 2
	}
	return values[len(values)/2]
}
