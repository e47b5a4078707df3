package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/warehouse"
)

// docShare is the place that docs/analyst.md takes its examples from.
const docShare = "/mnt/share/lindung"

// A small release of sample data on a share: analysts have it with the tools that the documents name.
func TestAnalysts(t *testing.T) {
	t.Parallel()
	dir := projectDir(t)
	share, unlucky := filepath.Join(dir, "share"), filepath.Join(dir, "unlucky")
	project := filepath.Join(dir, "project")
	lindung(t, nil, "demo", "--dir", project, "--scale", "0.001", "--until", "2024-01-15", "--quiet")
	config, err := os.ReadFile(filepath.Join(project, "lindung.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	config = fmt.Appendf(config, "\npublish:\n  analysts: {folder: %q, what: release}\n  unlucky: {folder: %q, what: release}\n", share, unlucky)
	if err := errors.Join(os.Mkdir(share, 0o755), os.Mkdir(unlucky, 0o755), os.WriteFile(filepath.Join(project, "lindung.yaml"), config, 0o644)); err != nil {
		t.Fatal(err)
	}
	lindung(t, nil, "publish", "--dir", project, "--target", "analysts")
	before := filesBelow(t, share)
	t.Run("documents", func(t *testing.T) { documentedSnippets(t, share) })
	t.Run("oldest DuckDB", func(t *testing.T) { oldestDuckDB(t, share) })
	t.Run("killed while copying", func(t *testing.T) { killedWhileCopying(t, project, unlucky) })
	t.Run("bucket", func(t *testing.T) { publishesToABucket(t, project) })
	t.Run("another user", func(t *testing.T) { anotherUserAsks(t, project, share) })
	if after := filesBelow(t, share); before != after {
		t.Errorf("reading left something beside the release:\nbefore:\n%s\nafter:\n%s", before, after)
	}
}

// analystTool is a program that `make analysts` installs. On a desk without it the test is skipped; with CI=true
// it must be there.
func analystTool(t *testing.T, path string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	set, _, _ := strings.Cut(path, "/")
	path = filepath.Join(cache, "lindung", "analysts", path)
	if _, err := os.Stat(filepath.Join(cache, "lindung", "analysts", set, "ready")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not there, and with CI=true it must be: make analysts", path)
		}
		t.Skipf("%s is not there: make analysts", path)
	}
	return path
}

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// documentedSnippets runs every snippet of docs/analyst.md as it is written, but for the place.
func documentedSnippets(t *testing.T, share string) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "analyst.md"))
	if err != nil {
		t.Fatal(err)
	}
	ran := map[string]int{}
	for _, m := range fence.FindAllStringSubmatchIndex(string(text), -1) {
		language, code := string(text[m[2]:m[3]]), string(text[m[4]:m[5]])
		line := 1 + bytes.Count(text[:m[0]], []byte("\n"))
		ran[language]++
		t.Run(fmt.Sprintf("line %d %s", line, language), func(t *testing.T) { runSnippet(t, language, code, share) })
	}
	for language, least := range map[string]int{"sql": 2, "sh": 4, "python": 6, "r": 2} {
		if ran[language] < least {
			t.Errorf("%d snippets of %s were found, at least %d are there; does this test still read the document?", ran[language], language, least)
		}
	}
	if !strings.Contains(string(text), "DuckDB "+warehouse.OldestDuckDB+" or newer") || !strings.Contains(string(text), "DuckDB: "+warehouse.OldestDuckDB+" atau lebih baru") {
		t.Errorf("the document does not name DuckDB %s as the oldest", warehouse.OldestDuckDB)
	}
}

func runSnippet(t *testing.T, language, code, share string) {
	duckdb, tmp := analystTool(t, "now/bin/duckdb"), t.TempDir()
	code = strings.NewReplacer(docShare, share, "/tmp/", tmp+"/").Replace(code)
	var c *exec.Cmd
	switch language {
	case "sql":
		c = exec.Command(duckdb, "-bail", "-readonly", filepath.Join(share, "current", "warehouse.duckdb"))
		c.Stdin = strings.NewReader(code)
	case "sh":
		c = exec.Command("bash", "-euo", "pipefail", "-c", code)
	case "python":
		c = exec.Command(analystTool(t, "now/bin/python"), "-W", "error::SyntaxWarning", "-c", code)
	case "r":
		r, err := exec.LookPath("Rscript")
		if err == nil {
			err = exec.Command(r, "-e", "library(duckdb)").Run()
		}
		if err != nil {
			t.Skip("R with its package duckdb is not there")
		}
		c = exec.Command(r, "-e", code)
	default:
		t.Fatalf("nothing runs %s; write such a text without a language, or teach this test", language)
	}
	c.Dir = tmp
	c.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+filepath.Dir(duckdb)+":"+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, code, out)
	}
	written, err := filepath.Glob(filepath.Join(tmp, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range written {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text...)
	}
	if bytes.Count(out, []byte("\n")) < 2 || bytes.Contains(out, []byte("Empty DataFrame")) || bytes.Contains(out, []byte("shape: (0,")) {
		t.Errorf("it shows nothing:\n%s\n%s", code, out)
	}
}

// oldestDuckDB opens a release with the oldest DuckDB that is said to read it: every table has the rows that the
// manifest names, and the questions of the demo are answered as by the newest.
func oldestDuckDB(t *testing.T, share string) {
	python := analystTool(t, "duckdb-"+warehouse.OldestDuckDB+"/bin/python")
	newest := analystTool(t, "now/bin/python")
	const script = `
import duckdb, json, sys
current, version, queries = sys.argv[1], sys.argv[2], sys.argv[3:]
if version:
    assert duckdb.__version__ == version, duckdb.__version__
manifest = json.load(open(current + "/manifest.json"))
for file, tables in (("warehouse", manifest["tables"]), ("open", manifest["open_tables"])):
    con = duckdb.connect(f"{current}/{file}.duckdb", read_only=True)
    assert len(tables) > 3
    for t in tables:
        name = ".".join('"%s"' % part for part in t["name"].split("."))
        rows = con.execute(f"select count(*), bit_xor(hash(t::varchar)) is not null or count(*) = 0 from {name} t").fetchone()
        assert rows == (t["rows"], True), (file, t, rows)
con = duckdb.connect(f"{current}/warehouse.duckdb", read_only=True)
for q in queries:
    print(con.execute(q).fetchall())
print(con.execute(f"select count(*), sum(services) from '{current}/marts/mart_placement_counts.parquet'").fetchall())
`
	ask := func(python, version string) string {
		t.Helper()
		out, err := exec.Command(python, append([]string{"-c", script, filepath.Join(share, "current"), version}, demoQueries...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	old := ask(python, warehouse.OldestDuckDB)
	if now := ask(newest, ""); old != now || strings.Count(old, "\n") != len(demoQueries)+1 {
		t.Errorf("DuckDB %s says\n%s\nand the newest\n%s", warehouse.OldestDuckDB, old, now)
	}
}

// anotherUserAsks runs lindung query as a user who owns nothing of the project and has no keys.
func anotherUserAsks(t *testing.T, project, share string) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	const nobody = 65534
	open, err := os.MkdirTemp("", "lindung-nobody-") // the folders of tests are closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(open) })
	theirs, tmp := filepath.Join(open, "lindung"), filepath.Join(open, "tmp")
	content, err := os.ReadFile(program)
	if err == nil {
		err = errors.Join(os.Chmod(open, 0o755), os.WriteFile(theirs, content, 0o755), os.Mkdir(tmp, 0o700), os.Chown(tmp, nobody, nobody))
	}
	for folder := share; err == nil && folder != "/" && folder != os.TempDir(); folder = filepath.Dir(folder) {
		err = os.Chmod(folder, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	ask := func(group uint32, args ...string) (string, error) {
		c := exec.Command(theirs, append([]string{"query"}, args...)...)
		c.Dir, c.Env = "/", []string{"TMPDIR=" + tmp, "HOME=/nonexistent"}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: group}}
		out, err := c.CombinedOutput()
		return string(out), err
	}
	spilling := "select count(*) as n, max(place) as last from (select row_number() over (order by hash(p.row_key, i), placed_on) as place from fct_placements p, range(cast(ceil(6e6 / (select count(*) from fct_placements)) as bigint)) t(i))"
	if out, err := ask(nobody, "--file", filepath.Join(share, "current", "warehouse.duckdb"), "--memory", "120MB", spilling); err != nil {
		t.Errorf("from the share: %v\n%s", err, out)
	}
	// In the project itself, as a member of the group that may read its data: without any key.
	if out, err := ask(0, "--dir", project, "select count(*) as n from fct_placements"); err != nil {
		t.Errorf("in the project: %v\n%s", err, out)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

// killedWhileCopying ends a copy ten times without a word, each time when it has come further. Readers have the
// whole release or none, and the copy that is left alone brings what is missing.
func killedWhileCopying(t *testing.T, project, share string) {
	incomplete := 0
	for i := range 10 {
		c := exec.Command(program, "publish", "--dir", project, "--target", "unlucky")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(time.Minute); copied(share) <= i*25 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		_ = c.Process.Kill()
		_ = c.Wait()
		if err := wholeOrNothing(share); err != nil {
			t.Errorf("killed at %d files: %v", copied(share), err)
		}
		if _, err := os.Stat(filepath.Join(share, "releases", "r000001", "manifest.json")); err != nil {
			incomplete++
		}
	}
	if incomplete < 5 {
		t.Errorf("only %d of 10 kills came before the copy was whole", incomplete)
	}
	lindung(t, nil, "publish", "--dir", project, "--target", "unlucky")
	if err := wholeOrNothing(share); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(share, "current", "warehouse.duckdb")); err != nil {
		t.Error(err)
	}
	for _, pattern := range []string{"releases/*/.part-*", "releases/*/*/.part-*", "releases/*/*/*/.part-*", ".part-*", ".current.*"} {
		if left, _ := filepath.Glob(filepath.Join(share, pattern)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// copied counts the files that have come so far.
func copied(share string) (n int) {
	_ = filepath.WalkDir(filepath.Join(share, "releases"), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return nil // files are renamed meanwhile
	})
	return n
}

// wholeOrNothing compares what readers of a place get with what its manifest says of every file.
func wholeOrNothing(share string) error {
	current := filepath.Join(share, "current")
	if _, err := os.Lstat(current); os.IsNotExist(err) {
		return nil
	}
	m, err := warehouse.ReadManifest(current)
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		content, err := os.ReadFile(filepath.Join(current, filepath.FromSlash(f.Path)))
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f.SHA256 {
			return fmt.Errorf("%s is not what the manifest says", f.Path)
		}
	}
	return nil
}

// filesBelow lists what lies in a folder, with its size.
func filesBelow(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil {
			fmt.Fprintf(&all, "%s %d %s\n", path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
