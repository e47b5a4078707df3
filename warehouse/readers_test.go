package warehouse

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// nobody is another user of this machine.
const nobody = 65534

// spilling cannot be answered in 120 MB of memory: it sorts six million rows.
const spilling = `select count(*), max(place) from (select row_number() over (order by hash(p.placement_id, i), wage) as place from fct_placements as p, range(30) as t(i))`

// Readers are other users than the one who publishes. They may read a release and not write beside it, and still
// ask questions that do not fit into memory.
func TestAnotherUserSpillsElsewhere(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 200_000, "2025-02-01", ""), 0)
	m := w.build()
	root, err := os.MkdirTemp("", "lindung-readers-") // not t.TempDir, which nobody else may enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { makeRemovable(root); _ = os.RemoveAll(root) })
	releases := openReleases(t, filepath.Join(root, "releases"))
	moved := filepath.Join(root, "build")
	if err := errors.Join(os.Chmod(root, 0o755), os.Rename(w.spec().OutDir, moved), releases.Publish(moved, m)); err != nil {
		t.Fatal(err)
	}
	program, tmp := filepath.Join(root, "reader"), filepath.Join(root, "tmp")
	if err := errors.Join(copyProgram(program), os.Mkdir(tmp, 0o700), os.Chown(tmp, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "releases", "current", WarehouseFile)
	before := entries(t, root)
	for _, how := range []string{"lindung", "plain"} {
		t.Run(how, func(t *testing.T) {
			out, err := asNobody(program, how, file, tmp)
			if err != nil || !strings.Contains(out, "6000000|6000000") {
				t.Errorf("%v\n%s", err, out)
			}
			if strings.Contains(out, "wrote beside the release") {
				t.Error("the other user may write there; the test shows nothing")
			}
			// The same question without a place to spill to: the answer above did not come from memory alone.
			if out, err := asNobody(program, how, file, filepath.Join(root, "releases", "current")); err == nil {
				t.Errorf("it did not need to spill, or spilled beside the release:\n%s", out)
			}
		})
	}
	if left := entries(t, root); !slices.Equal(left, before) {
		t.Errorf("before:\n%s\nafter:\n%s", strings.Join(before, "\n"), strings.Join(left, "\n"))
	}
}

// asNobody asks as another user, in a program of its own.
func asNobody(program, how, file, tmp string) (string, error) {
	c := exec.Command(program, "-test.run", "^TestReaderProcess$", "-test.v")
	c.Env = []string{"LINDUNG_READER=" + how, "LINDUNG_FILE=" + file, "TMPDIR=" + tmp, "HOME=/nonexistent"}
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.String(), err
}

// TestReaderProcess is what runs as another user; elsewhere it does nothing.
func TestReaderProcess(t *testing.T) {
	how, file := os.Getenv("LINDUNG_READER"), os.Getenv("LINDUNG_FILE")
	if how == "" {
		t.Skip("for TestAnotherUserSpillsElsewhere")
	}
	if f, err := os.Create(filepath.Join(filepath.Dir(file), "mine")); err == nil {
		_ = f.Close()
		fmt.Println("wrote beside the release")
	}
	if how == "lindung" {
		var out bytes.Buffer
		err := Query{Path: file, SQL: spilling, Memory: "120MB"}.WriteCSV(t.Context(), &out)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(strings.ReplaceAll(out.String(), ",", "|"))
		return
	}
	// What an analyst does with any DuckDB: open read-only, and say where to spill.
	db, err := sql.Open("duckdb", file+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"set threads = 2", "set memory_limit = '120MB'", "set temp_directory = " + quoteText(filepath.Join(os.TempDir(), "spill"))} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println(ask(t, db, spilling))
}

func copyProgram(to string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o755)
}

func entries(t *testing.T, root string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
