package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/warehouse"
)

// crashScale is the smallest world whose planted flaws stay under the thresholds.
const crashScale = smallScale

// A run that is killed at any instant leaves nothing half done: after the next run the
// warehouse equals an undisturbed one, and a reader that polled the current release all
// the while saw whole releases only, and never an older one after a newer.
//
// LINDUNG_CRASHES sets the number of kills (make crash: 200).
func TestKilledAtRandomInstants(t *testing.T) {
	kills := 20
	if s := os.Getenv("LINDUNG_CRASHES"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("LINDUNG_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("seed %d (repeat with LINDUNG_SEED)", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	golden := t.TempDir()
	began := time.Now()
	demoJSON(t, nil, "--dir", golden, "--scale", crashScale)
	whole := time.Since(began)
	want := contentHash(t, golden)
	for i := range kills {
		at := time.Duration(random.Int64N(int64(whole)))
		t.Run(fmt.Sprintf("%02d at %s", i, at.Round(time.Millisecond)), func(t *testing.T) {
			killedOnce(t, golden, at, want)
		})
	}
}

func killedOnce(t *testing.T, golden string, at time.Duration, want string) {
	dir := t.TempDir()
	copyKeys(t, golden, dir)
	stop := watchReleases(t, filepath.Join(dir, "data", "releases"))
	defer stop()
	killDemo(t, dir, at)
	demoJSON(t, nil, "--dir", dir, "--scale", crashScale)
	if got := contentHash(t, dir); got != want {
		t.Errorf("the warehouse after a kill at %s differs from an undisturbed one", at)
	}
	lindung(t, nil, "verify", "--dir", dir)
	if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// killDemo starts a demo and ends it, children and all, without warning.
func killDemo(t *testing.T, dir string, at time.Duration) {
	t.Helper()
	c := exec.Command(program, "demo", "--dir", dir, "--scale", crashScale, "--quiet")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(at)
	_ = c.Process.Signal(syscall.SIGKILL)
	_ = c.Wait()
}

// leftovers are temporary files that a finished run must not leave.
func leftovers(t *testing.T, data string) []string {
	t.Helper()
	var left []string
	for _, place := range []string{"tmp", "builds"} {
		entries, err := os.ReadDir(filepath.Join(data, place))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		for _, e := range entries {
			left = append(left, place+"/"+e.Name())
		}
	}
	return left
}

// watchReleases polls the current release as a reader would: it resolves the pointer
// once, then opens the file and asks it. stop ends it and reports what it saw.
func watchReleases(t *testing.T, releases string) (stop func()) {
	var done atomic.Bool
	finished := make(chan struct{})
	var problem atomic.Value
	go func() {
		defer close(finished)
		newest := ""
		for !done.Load() {
			if err := readCurrent(releases, &newest); err != nil {
				problem.Store(err)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return func() {
		done.Store(true)
		<-finished
		if err, ok := problem.Load().(error); ok {
			t.Errorf("a reader saw: %v", err)
		}
	}
}

func readCurrent(releases string, newest *string) error {
	id, err := os.Readlink(filepath.Join(releases, "current"))
	if errors.Is(err, fs.ErrNotExist) {
		if *newest != "" {
			return fmt.Errorf("no release after %s had been there", *newest)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if id < *newest {
		return fmt.Errorf("release %s after %s", id, *newest)
	}
	if id == *newest {
		return nil
	}
	*newest = id
	raw, err := os.ReadFile(filepath.Join(releases, id, "manifest.json"))
	if err != nil {
		return err
	}
	var m struct{ Figures int64 }
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	db, err := warehouse.OpenRead(filepath.Join(releases, id, warehouse.WarehouseFile))
	if err != nil {
		return err
	}
	defer db.Close()
	var n int64
	if err := db.QueryRow("select count(*) from figures").Scan(&n); err != nil {
		return err
	}
	if n != m.Figures {
		return fmt.Errorf("release %s has %d figures, its manifest says %d", id, n, m.Figures)
	}
	return nil
}
