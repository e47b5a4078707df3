package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/connectors/samples"
)

// smallScale makes a world that a test can afford: about 22,000 placements.
const smallScale = "0.02"

// lindung runs the program and gives its stdout; any exit code but 0 ends the test.
func lindung(t testing.TB, env []string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("lindung %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return stdout.Bytes()
}

// projectDir is a temporary folder for a project. Releases are read-only to their very
// folders, which is in the way of removing them.
func projectDir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() { makeWritable(dir) })
	return dir
}

func makeWritable(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return err
	})
}

func demoJSON(t testing.TB, env []string, args ...string) demoView {
	t.Helper()
	var v demoView
	if err := json.Unmarshal(lindung(t, env, append([]string{"demo", "--output", "json"}, args...)...), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func query[T any](t testing.TB, dir, sql string) []T {
	t.Helper()
	var rows []T
	if err := json.Unmarshal(lindung(t, nil, "query", "--dir", dir, "--output", "json", sql), &rows); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return rows
}

var theSmallDemo struct {
	once sync.Once
	dir  string
	view demoView
}

// smallDemo is a small demo that was run to its end. It is run once for all tests, which publish nothing more in it.
func smallDemo(t *testing.T) (dir string, v demoView) {
	theSmallDemo.once.Do(func() {
		dir := filepath.Join(filepath.Dir(program), "small-demo")
		theSmallDemo.view = demoJSON(t, []string{"GOMAXPROCS=4"}, "--dir", dir, "--scale", smallScale)
		theSmallDemo.dir = dir
	})
	if theSmallDemo.dir == "" {
		t.Fatal("the small demo could not be run")
	}
	return theSmallDemo.dir, theSmallDemo.view
}

// What the sample sources planted is what went to quarantine, code by code; what they
// sent twice, corrected or took back is what staging left out; nothing is missing.
func TestDirtLedgerEqualsQuarantine(t *testing.T) {
	t.Parallel()
	dir, v := smallDemo(t)
	deliveries := samples.Deliveries()
	ledger := samples.New(samples.Options{Seed: 1, Scale: 0.02}).Ledger(deliveries[len(deliveries)-1])
	type total struct {
		Records, Accepted, Redelivered int
		Rejects                        map[string]int
	}
	got := map[string]*total{}
	for _, run := range v.Runs {
		for _, f := range run.Feeds {
			if got[f.Feed] == nil {
				got[f.Feed] = &total{Rejects: map[string]int{}}
			}
			got[f.Feed].Records += int(f.Records)
			got[f.Feed].Accepted += int(f.Accepted)
			got[f.Feed].Redelivered += f.Redelivered
			for code, n := range f.Codes {
				got[f.Feed].Rejects[code] += int(n)
			}
		}
	}
	for feed, want := range ledger.Feeds {
		g := got[feed]
		if g == nil {
			t.Errorf("%s: the demo did not run it", feed)
			continue
		}
		if diff := cmp.Diff(want.Rejects, g.Rejects); diff != "" {
			t.Errorf("%s: planted (-) and quarantined (+) differ:\n%s", feed, diff)
		}
		again := want.Repeated
		if feed == samples.FeedPlacementFiles {
			again = 0 // the re-delivered file is recognised before it is read
			if g.Redelivered != want.Resent {
				t.Errorf("%s: %d files were recognised as re-delivered, the ledger says %d", feed, g.Redelivered, want.Resent)
			}
		}
		if g.Records != want.Records+again || g.Accepted != want.Accepted+again {
			t.Errorf("%s: records %d, accepted %d; the ledger says %d and %d, and %d repeated", feed, g.Records, g.Accepted, want.Records, want.Accepted, again)
		}
	}
	t.Run("current rows", func(t *testing.T) { currentRowsEqualLedger(t, dir, ledger) })
	t.Run("second run", func(t *testing.T) { secondRunFindsNothing(t, dir) })
	t.Run("identifiers", func(t *testing.T) { noIdentifierLeaves(t, dir) })
	t.Run("marked as sample", func(t *testing.T) { everyOutputIsMarked(t, dir, v.Report) })
}

func currentRowsEqualLedger(t *testing.T, dir string, ledger samples.Ledger) {
	datasets := map[string][]string{
		"fct_placements":  {samples.FeedPlacementFiles, samples.FeedPlacements2025},
		"fct_cases":       {samples.FeedCases},
		"fct_case_events": {samples.FeedEvents},
		"fct_remittances": {samples.FeedRemittances},
	}
	for table, feeds := range datasets {
		want := 0
		for _, f := range feeds {
			want += ledger.Feeds[f].Current
		}
		rows := query[struct{ N int }](t, dir, "select count(*)::int as N from "+table)
		if rows[0].N != want {
			t.Errorf("%s holds %d rows, the ledger says %d", table, rows[0].N, want)
		}
	}
	want := ledger.Feeds[samples.FeedPlacementFiles].Cancelled + ledger.Feeds[samples.FeedPlacements2025].Cancelled
	if rows := query[struct{ N int }](t, dir, "select count(*)::int as N from fct_placements where status = 'cancelled'"); rows[0].N != want {
		t.Errorf("%d cancelled placements stay in history, the ledger says %d", rows[0].N, want)
	}
}

func secondRunFindsNothing(t *testing.T, dir string) {
	v := demoJSON(t, nil, "--dir", dir, "--scale", smallScale)
	if !v.AllKnown {
		for _, f := range v.Runs[0].Feeds {
			t.Errorf("a second demo: %s: %s, %d records", f.Feed, f.Outcome, f.Records)
		}
	}
}

// Sample data say so on every page, table and list.
func everyOutputIsMarked(t *testing.T, dir, report string) {
	release := filepath.Join(dir, "data", "releases", "current")
	for _, path := range []string{report, filepath.Join(release, "manifest.json")} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(content, []byte(sampleBanner)) {
			t.Errorf("%s does not say that it is sample data", path)
		}
	}
	unmarked := query[struct{ Name string }](t, dir, `select table_name as "Name" from duckdb_tables() where not internal and coalesce(comment, '') not like '%SAMPLE DATA – NOT OFFICIAL%'`)
	if len(unmarked) > 0 {
		t.Errorf("tables without the mark: %v", unmarked)
	}
}

// The same inputs under the same keys give the same Parquet files, whatever the number
// of processors, and the same content of every table.
func TestSameInputsSameBytes(t *testing.T) {
	t.Parallel()
	many, _ := smallDemo(t)
	one := projectDir(t)
	copyKeys(t, many, one)
	demoJSON(t, []string{"GOMAXPROCS=1"}, "--dir", one, "--scale", smallScale)
	a, b := lakeFiles(t, one), lakeFiles(t, many)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("lake files differ:\n%s", diff)
	}
	if a, b := contentHash(t, one), contentHash(t, many); a != b {
		t.Errorf("content of the releases differs: %s and %s", a, b)
	}
}

// copyKeys prepares a second project with the keys of the first: tokens and object names
// depend on them.
func copyKeys(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(to, "keys"), os.DirFS(filepath.Join(from, "keys"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"master.key", "tokens.key"} {
		if err := os.Chmod(filepath.Join(to, "keys", name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(to, "keys", "landing")); err != nil {
		t.Fatal(err)
	}
}

// lakeFiles lists the Parquet files; their names are hashes of their content.
func lakeFiles(t testing.TB, dir string) []string {
	t.Helper()
	var files []string
	root := os.DirFS(filepath.Join(dir, "data", "lake"))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".parquet") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

func contentHash(t testing.TB, dir string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "data", "releases", "current", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		ContentHash string `json:"content_hash"`
		Tables      []struct{ Name, Hash string }
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.ContentHash == "" {
		t.Fatalf("manifest of %s has no content hash (%v)", dir, err)
	}
	return m.ContentHash
}

// The national sample world says what the ministry has published.
func TestNationalDemo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the national world takes a minute")
	}
	dir := projectDir(t)
	demoJSON(t, nil, "--dir", dir)
	values := map[string]string{
		"PLC-01 2022": "200,717", "PLC-01 2023": "297,108", "PLC-01 2024": "297,434", "PLC-01 2025": "296,948",
		"PLC-01 2023 --as-of 2024-02-01": "274,965", "PLC-01/2023/country=HKG --as-of 2024-02-01": "65,916",
		"PLC-01/2023/country=HKG": "88,167", "PLC-01 2024-08": "23,197", "CMP-01 2024": "1,500", "CMP-01 2024-11": "96", "REM-01 2024": "15,700",
	}
	for _, args := range slices.Sorted(maps.Keys(values)) {
		got := strings.TrimSpace(string(lindung(t, nil, append([]string{"kpi", "value", "--dir", dir}, strings.Fields(args)...)...)))
		if got != values[args] {
			t.Errorf("kpi value %s: %s, want %s", args, got, values[args])
		}
	}
	t.Run("restatement names Hong Kong", func(t *testing.T) { restatementNamesHongKong(t, dir) })
	t.Run("reconcile", func(t *testing.T) { reconcileGolden(t, dir) })
	t.Run("reconcile in SQL", func(t *testing.T) { reconciliationInSQL(t, dir) })
	t.Run("questions", func(t *testing.T) { questionsGolden(t, dir) })
	t.Run("verify", func(t *testing.T) { lindung(t, nil, "verify", "--dir", dir) })
}

func restatementNamesHongKong(t *testing.T, dir string) {
	raw, err := os.ReadFile(filepath.Join(dir, "data", "releases", "r000002", "restatements.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Restatements []struct {
			Figure   string
			Old, New float64
			Parts    []struct{ Figure string }
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Restatements {
		if r.Figure == "PLC-01.services/2023" {
			if r.Old != 274965 || r.New != 297108 || len(r.Parts) == 0 || !strings.HasSuffix(r.Parts[0].Figure, "country=HKG") {
				t.Errorf("restatement of 2023: %+v", r)
			}
			return
		}
	}
	t.Error("the restatement of 2023 is not listed")
}

// reconcileGolden holds the counts per class that the national world gives; refresh with LINDUNG_UPDATE=1.
func reconcileGolden(t *testing.T, dir string) {
	var rec struct {
		Verdicts []struct {
			Class      string `json:"class"`
			ReasonCode string `json:"reason_code"`
		} `json:"verdicts"`
	}
	if err := json.Unmarshal(lindung(t, nil, "reconcile", "--dir", dir, "--output", "json"), &rec); err != nil {
		t.Fatal(err)
	}
	counts := map[string]map[string]int{}
	for _, f := range rec.Verdicts {
		if counts[f.Class] == nil {
			counts[f.Class] = map[string]int{}
		}
		counts[f.Class][f.ReasonCode]++
	}
	got, _ := json.MarshalIndent(counts, "", "  ")
	got = append(got, '\n')
	const golden = "testdata/reconcile.golden.json"
	if os.Getenv("LINDUNG_UPDATE") != "" {
		if err := os.WriteFile(golden, got, 0o646); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Verdicts) != 646 {
		t.Errorf("%d published figures have a class, want 646", len(rec.Verdicts))
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("classes of published figures (-want +got):\n%s", diff)
	}
}
