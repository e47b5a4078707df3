package warehouse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	models "github.com/kp2mi/lindung/sql"
)

func keepCandidate(t *testing.T, c *Candidates, root, name, base string) {
	t.Helper()
	dir, m := fakeBuild(t, root, name)
	m.Base = base
	if err := Seal(dir, m); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep(dir, m); err != nil {
		t.Fatal(err)
	}
}

func TestACandidateIsKeptReplacedAndDropped(t *testing.T) {
	root := t.TempDir()
	c := OpenCandidates(filepath.Join(root, "candidates"))
	if _, err := c.Get("candidate"); err == nil || !strings.Contains(err.Error(), "there is none") {
		t.Errorf("an empty folder: %v", err)
	}
	keepCandidate(t, c, root, "candidate", "r000001")
	keepCandidate(t, c, root, "other", "r000001")
	keepCandidate(t, c, root, "candidate", "r000002")
	got, err := c.Get("candidate")
	if err != nil || got.Manifest.Base != "r000002" || got.ID != "candidate" {
		t.Fatalf("the newer one of a name: %+v, %v", got, err)
	}
	if err := c.Drop("candidate"); err != nil {
		t.Fatal(err)
	}
	if err := c.Drop("candidate"); err == nil || !strings.Contains(err.Error(), "there is other") {
		t.Errorf("dropping twice: %v", err)
	}
	entries, err := os.ReadDir(filepath.Join(root, "candidates"))
	if err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

// A candidate can never be taken for a release, nor become one.
func TestACandidateIsNoRelease(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	dir, m := fakeBuild(t, root, "candidate")
	if err := r.Publish(dir, m); err == nil || !strings.Contains(err.Error(), "the next id is r000001") {
		t.Errorf("publishing a candidate: %v", err)
	}
	c := OpenCandidates(filepath.Join(root, "candidates"))
	for name, want := range map[string]string{"r000007": "choose another name", "r7": "choose another name", "current": "neither", "../up": "lower case", "A": "lower case", "": "lower case"} {
		if err := CheckCandidateName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
		if err := c.Drop(name); err == nil {
			t.Errorf("%q was dropped", name)
		}
	}
	dir, m = fakeBuild(t, root, "r000001")
	if err := c.Keep(dir, m); err == nil {
		t.Error("a release became a candidate")
	}
	dir, m = fakeBuild(t, root, "candidate")
	if err := os.WriteFile(filepath.Join(dir, WarehouseFile), []byte("another"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep(dir, m); err == nil || !strings.Contains(err.Error(), "does not match its manifest") {
		t.Errorf("a build that is not what its manifest says: %v", err)
	}
}

// What has lost its base, or was damaged, goes; what can still be compared stays.
func TestCandidatesAreSweptWithTheirBase(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	first, second := publishNext(t, r, root), publishNext(t, r, root)
	c := OpenCandidates(filepath.Join(root, "candidates"))
	for name, base := range map[string]string{"of-first": first, "of-second": second, "of-nothing": "", "of-another": "r000099"} {
		keepCandidate(t, c, root, name, base)
	}
	keepCandidate(t, c, root, "damaged", second)
	if err := os.WriteFile(filepath.Join(root, "candidates", "damaged", ManifestFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "candidates", droppedPrefix+"half"), 0o755); err != nil {
		t.Fatal(err)
	}
	if removed, err := c.Sweep(r); err != nil || strings.Join(removed, " ") != "damaged of-another" {
		t.Errorf("removed %v, %v", removed, err)
	}
	if _, err := r.Prune(1); err != nil {
		t.Fatal(err)
	}
	if removed, err := c.Sweep(r); err != nil || strings.Join(removed, " ") != "of-first" {
		t.Errorf("after pruning %s: removed %v, %v", first, removed, err)
	}
	names, err := c.names()
	if err != nil || strings.Join(names, " ") != "of-nothing of-second" {
		t.Errorf("left: %v, %v", names, err)
	}
	if left, _ := filepath.Glob(filepath.Join(root, "candidates", droppedPrefix+"*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestChangedInputsAreNamed(t *testing.T) {
	before := []Input{{InputDataset, "cases", "a", "normaliser 1"}, {InputDataset, "placements", "a", "normaliser 3"},
		{InputReference, "country", "a", ""}, {InputSource, "sources/a.yaml", "a", ""}}
	after := []Input{{InputDataset, "cases", "b", "normaliser 1"}, {InputDataset, "placements", "a", "normaliser 4"},
		{InputReference, "country", "a", ""}, {InputSource, "sources/b.yaml", "a", ""}}
	var lines []string
	for _, c := range ChangedInputs(before, after) {
		lines = append(lines, c.String())
	}
	want := "dataset cases: changed; dataset placements: normaliser 3 → normaliser 4; source sources/a.yaml: gone; source sources/b.yaml: new"
	if got := strings.Join(lines, "; "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := ChangedInputs(nil, after); got != nil {
		t.Errorf("of a release that does not say: %v", got)
	}
}

func TestChangedChecksAreNamed(t *testing.T) {
	check := func(name string, n int64) CheckResult {
		return CheckResult{Name: name, Title: models.Text{EN: name}, Severity: SeverityWarn, Offending: n}
	}
	before := &Manifest{Checks: []CheckResult{check("same", 2), check("worse", 0), check("gone", 1)}}
	after := &Manifest{Checks: []CheckResult{check("same", 2), check("worse", 3), check("new", 0)}}
	got := map[string]string{}
	for _, c := range ChangedChecks(before, after) {
		show := func(n *int64) string {
			if n == nil {
				return "-"
			}
			return string(rune('0' + *n))
		}
		got[c.Name] = show(c.Old) + show(c.New)
	}
	if len(got) != 3 || got["worse"] != "03" || got["gone"] != "1-" || got["new"] != "-0" {
		t.Errorf("got %v", got)
	}
}

// A candidate is a whole build under a name. It says first that it is none of the releases, and has their content.
func TestACandidateHasTheContentOfARelease(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 10, "2025-02-01", ""), 0)
	want := w.build()
	dir := filepath.Join(t.TempDir(), "built")
	inputs := []Input{{Kind: InputSource, Name: "sources/a.yaml", Hash: "a"}}
	got := w.build(into(dir), func(s *BuildSpec) { s.ReleaseID, s.Base, s.Inputs = "candidate", "r000001", inputs })
	if got.ContentHash != want.ContentHash {
		t.Error("a candidate has other content than the release of the same inputs")
	}
	kept := OpenCandidates(filepath.Join(t.TempDir(), "candidates"))
	if err := kept.Keep(dir, got); err != nil {
		t.Fatal(err)
	}
	one, err := kept.Get("candidate")
	if err != nil || one.Manifest.Base != "r000001" || len(ChangedInputs(one.Manifest.Inputs, inputs)) > 0 {
		t.Fatalf("%+v, %v", one, err)
	}
	lines := ask(t, openFile(t, one.Warehouse()), "select en from _read_me_first order by line")
	if !strings.HasPrefix(lines, "SAMPLE DATA – NOT OFFICIAL\nCANDIDATE: not published") {
		t.Errorf("it begins with:\n%s", lines)
	}
	recorded, err := one.Models()
	if err != nil || len(models.Changes(recorded, w.spec().Models)) > 0 {
		t.Errorf("its models are not those that made it: %v", err)
	}
}
