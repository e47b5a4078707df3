package main

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A process that is stopped in the middle of its work and goes on an hour later finds that
// another one did it: it commits nothing more, and what is there is as if it had never been.
func TestAStoppedRunIsFencedOff(t *testing.T) {
	t.Parallel()
	story := firstStory(t)
	for moment, there := range map[string]string{
		"after its first commit": "data/log/00000000000000000001.json",
		"in its build":           "data/builds/*",
	} {
		dir := projectDir(t)
		story.begin(t, dir)
		var stderr bytes.Buffer
		c := exec.Command(program, "demo", "--dir", dir, "--scale", crashScale, "--until", story.until, "--quiet")
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		awaitFile(t, filepath.Join(dir, there))
		stopForAnHour(t, c.Process, dir)
		demoJSON(t, nil, "--dir", dir, "--scale", crashScale, "--until", story.until)
		if contentHash(t, dir) != story.content {
			t.Errorf("stopped %s: the warehouse differs from an undisturbed one", moment)
		}
		if err := c.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != pipelines.ExitLocked || !strings.Contains(stderr.String(), "another process has taken over while this one was stopped") {
			t.Errorf("stopped %s: the first process ended with %v and said %q", moment, err, stderr.String())
		}
		lindung(t, nil, "verify", "--dir", dir)
		if contentHash(t, dir) != story.content {
			t.Errorf("stopped %s: after it went on the warehouse is another", moment)
		}
		lindung(t, nil, "gc", "--dir", dir, "--older-than", "0s") // the next command that works sweeps what it left
		if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func openLedger(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data", ledger.File)+"?_pragma=busy_timeout(1000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func awaitFile(t *testing.T, pattern string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if found, err := filepath.Glob(pattern); err != nil || len(found) > 0 {
			return
		}
	}
	t.Fatalf("there never was %s", pattern)
}

// stopForAnHour stops a process and makes every lease as old as if nobody had renewed it for an
// hour. One that was stopped while it wrote into the ledger, or held the folder's short lock, holds
// that as long as it stands still; it is given another moment.
func stopForAnHour(t *testing.T, p *os.Process, dir string) {
	t.Helper()
	for range 20 {
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		if !folderIsLocked(dir) {
			if _, err := openLedger(t, dir).Exec(`UPDATE leases SET expires = expires - 3600000`); err == nil {
				return
			}
		}
		if err := p.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the process is never outside of the ledger and the folder's lock")
}

func folderIsLocked(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "data", ".lock"))
	if err != nil {
		return false
	}
	defer f.Close() // which lets go of it
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil
}

// Of several that start at once one works at a time, and the others say who does.
func TestBuildsAtOnce(t *testing.T) {
	t.Parallel()
	story := firstStory(t)
	dir := projectDir(t)
	if out, err := exec.Command("cp", "-a", story.golden+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("copying a project: %v %s", err, out)
	}
	var worked, locked int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			out, err := exec.Command(program, "build", "--dir", dir, "--quiet").CombinedOutput()
			mu.Lock()
			defer mu.Unlock()
			var exit *exec.ExitError
			switch {
			case err == nil:
				worked++
			case errors.As(err, &exit) && exit.ExitCode() == pipelines.ExitLocked && bytes.Contains(out, []byte("(lindung build) holds it since")):
				locked++
			default:
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	if worked == 0 || locked == 0 {
		t.Errorf("%d worked, %d were told to wait", worked, locked)
	}
	var runs, published int
	row := openLedger(t, dir).QueryRow(`SELECT count(*), count(DISTINCT release) FROM runs WHERE command = 'build' AND state = 'succeeded'`)
	if err := row.Scan(&runs, &published); err != nil || runs != worked || published != worked {
		t.Errorf("%d worked; the ledger has %d runs with %d releases, %v", worked, runs, published, err)
	}
	lindung(t, nil, "verify", "--dir", dir)
}
