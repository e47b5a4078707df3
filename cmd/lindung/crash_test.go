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
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors/samples"
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
	t.Parallel()
	kills := numberFrom(t, "LINDUNG_CRASHES", 2)
	random := seeded(t)
	first := firstStory(t)
	second := crashStory(t, first.golden, samples.Deliveries()[1].Format(time.DateOnly))
	for i := range kills {
		story := second
		if i%4 == 0 {
			story = first
		}
		at := time.Duration(random.Int64N(int64(story.takes)))
		t.Run(fmt.Sprintf("%02d until %s at %s", i, story.until, at.Round(time.Millisecond)), func(t *testing.T) {
			story.killedOnce(t, at)
		})
	}
}

// A story is a run to be killed: where it starts from, how far it goes, how long that
// takes and what comes out of it undisturbed.
type story struct {
	base, until, golden, content string
	takes                        time.Duration
}

func crashStory(t *testing.T, base, until string) story {
	s := story{base: base, until: until, golden: projectDir(t)}
	s.tell(t)
	return s
}

// tell makes what comes out of a story undisturbed.
func (s *story) tell(t *testing.T) {
	s.begin(t, s.golden)
	began := time.Now()
	demoJSON(t, nil, "--dir", s.golden, "--scale", crashScale, "--until", s.until)
	s.takes = time.Since(began)
	s.content = contentHash(t, s.golden)
}

// seeded makes the instants of a test: other ones each time, or those of LINDUNG_SEED again.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("LINDUNG_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("seed %d (repeat with LINDUNG_SEED)", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

var theFirstStory struct {
	once sync.Once
	story
}

// firstStory is the story of the first delivery. It is told once for all tests, which leave its
// golden folder as it is.
func firstStory(t *testing.T) story {
	theFirstStory.once.Do(func() {
		theFirstStory.story = story{until: samples.Deliveries()[0].Format(time.DateOnly), golden: filepath.Join(filepath.Dir(program), "first-story")}
		theFirstStory.tell(t)
	})
	if theFirstStory.content == "" {
		t.Fatal("the first delivery could not be made")
	}
	return theFirstStory.story
}

// begin lays out the folder that a run starts from.
func (s story) begin(t *testing.T, dir string) {
	t.Helper()
	switch {
	case s.base != "":
		if out, err := exec.Command("cp", "-a", s.base+"/.", dir).CombinedOutput(); err != nil {
			t.Fatalf("copying a project: %v %s", err, out)
		}
	case dir != s.golden:
		copyKeys(t, s.golden, dir)
	}
}

func (s story) killedOnce(t *testing.T, at time.Duration) {
	dir := projectDir(t)
	s.begin(t, dir)
	stop := watchReleases(t, filepath.Join(dir, "data", "releases"))
	defer stop()
	killDemo(t, dir, s.until, at)
	demoJSON(t, nil, "--dir", dir, "--scale", crashScale, "--until", s.until)
	if contentHash(t, dir) != s.content {
		t.Errorf("the warehouse after a kill at %s differs from an undisturbed one", at)
	}
	lindung(t, nil, "verify", "--dir", dir)
	if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// killDemo starts a demo and ends it, children and all, without warning.
func killDemo(t *testing.T, dir, until string, at time.Duration) {
	t.Helper()
	c := exec.Command(program, "demo", "--dir", dir, "--scale", crashScale, "--until", until, "--quiet")
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

// Ctrl-C ends a run within seconds, says so with its own exit code, and leaves nothing half done.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	dir := projectDir(t)
	c := exec.Command(program, "demo", "--dir", dir, "--scale", crashScale, "--quiet")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	asked := time.Now()
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	if took := time.Since(asked); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	until := samples.Deliveries()[0].Format(time.DateOnly)
	demoJSON(t, nil, "--dir", dir, "--scale", crashScale, "--until", until)
	if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
