package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = "../.."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return strings.TrimSpace(string(out))
}

func archives(t *testing.T) string {
	arch := output(t, "go", "env", "GOARCH")
	return output(t, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/duckdb/duckdb-go-bindings/lib/linux-"+arch)
}

// The bill of materials lists every module of go.mod and every C++ library, whose versions fit the module that
// brings them.
func TestSBOM(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lindung.cdx.json")
	c := exec.Command("make", "--no-print-directory", "sbom", "SBOM="+file)
	c.Dir = "../.."
	if out, err := c.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" || !strings.Contains(string(out), "dial tcp") {
			t.Fatalf("make sbom: %v\n%s", err, out)
		}
		t.Skipf("the generator of the Go part is out of reach: %s", out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat  string
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(text, &bom); err != nil || bom.BOMFormat != "CycloneDX" {
		t.Fatalf("it is no CycloneDX: %v", err)
	}
	versions := map[string]string{}
	for _, c := range bom.Components {
		versions[c.Name] = c.Version
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal([]byte(output(t, "go", "mod", "edit", "-json")), &mod); err != nil || len(mod.Require) < 20 {
		t.Fatalf("go.mod requires %d modules (%v)", len(mod.Require), err)
	}
	for _, r := range mod.Require {
		if got := versions[r.Path]; got != r.Version {
			t.Errorf("%s: %q is listed, go.mod has %s", r.Path, got, r.Version)
		}
	}
	for _, l := range libraries {
		if versions[l.name] == "" {
			t.Errorf("%s is not listed", l.name)
		}
	}
	// v0.10506.0 of the bindings is DuckDB 1.5.6.
	digits := strings.Split(strings.TrimPrefix(versions[duckDB], "v"), ".")
	if len(digits) != 3 || !strings.HasPrefix(versions["github.com/duckdb/duckdb-go-bindings"], "v0.10"+digits[1]+"0"+digits[2]+".") {
		t.Errorf("DuckDB %s does not fit its bindings %s", versions[duckDB], versions["github.com/duckdb/duckdb-go-bindings"])
	}
}

// An archive that the list does not know, and a library that is no longer where the list says, are errors.
func TestTheListMovesWithDuckDB(t *testing.T) {
	folder := archives(t)
	bom := `{"bomFormat":"CycloneDX","components":[],"dependencies":[{"ref":"pkg:golang/github.com/duckdb/duckdb-go-bindings/lib/linux-amd64"}]}`
	copied := t.TempDir()
	found, err := filepath.Glob(filepath.Join(folder, "*.a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if err := os.Symlink(path, filepath.Join(copied, filepath.Base(path))); err != nil {
			t.Fatal(err)
		}
	}
	try := func() error { return run(copied, strings.NewReader(bom), &bytes.Buffer{}) }
	if err := try(); err != nil {
		t.Fatal(err)
	}
	extra := filepath.Join(copied, "libnew.a")
	if err := os.WriteFile(extra, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := try(); err == nil || !strings.Contains(err.Error(), "libnew.a is a library that the list") {
		t.Errorf("a new archive: %v", err)
	}
	fmtArchive := filepath.Join(copied, "libduckdb_fmt.a")
	for _, err := range []error{os.Remove(extra), os.Remove(fmtArchive), os.WriteFile(fmtArchive, []byte("another library"), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := try(); err == nil || !strings.Contains(err.Error(), "fmt is not in libduckdb_fmt.a any more") {
		t.Errorf("a library that is gone: %v", err)
	}
	if err := run(folder, strings.NewReader(`{"bomFormat":"CycloneDX"}`), &bytes.Buffer{}); err == nil {
		t.Error("a list without the module of the archives passes")
	}
}
