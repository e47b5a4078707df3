package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, dir string) *Ledger {
	t.Helper()
	l, err := Open(dir)
	check(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// TestMain lets the test be a second process: it takes the work lease of a folder, says so, and
// holds it until its input ends; then it says whether the lease is still its own.
func TestMain(m *testing.M) {
	dir := os.Getenv("LINDUNG_TEST_LEASE")
	if dir == "" {
		os.Exit(m.Run())
	}
	l, err := Open(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	lease, err := l.Acquire(Work, "other", noon)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held", lease.Fence())
	bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println("check", errors.Is(lease.Check(), ErrLost), lease.Check())
}

type other struct {
	cmd   *exec.Cmd
	in    interface{ Write([]byte) (int, error) }
	lines *bufio.Scanner
}

func otherProcess(t *testing.T, dir string) *other {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LINDUNG_TEST_LEASE="+dir)
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	o := &other{cmd: cmd, in: in, lines: bufio.NewScanner(out)}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line := o.line(); !strings.HasPrefix(line, "held") {
		t.Fatalf("the other process says %q", line)
	}
	return o
}

func (o *other) line() string {
	o.lines.Scan()
	return o.lines.Text()
}

func TestALeaseIsHeldByOneProcess(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	o := otherProcess(t, dir)
	_, err := l.Acquire(Work, "lindung run", noon)
	var held *HeldError
	if !errors.As(err, &held) || held.PID != o.cmd.Process.Pid {
		t.Fatalf("got %v", err)
	}
	if got, want := err.Error(), fmt.Sprintf("process %d (other) holds it since 2026-01-15T12:00:00Z", held.PID); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := l.Acquire(Serve, "lindung serve", noon); err != nil {
		t.Errorf("another lease: %v", err)
	}
}

func TestAKilledHolderHoldsNothing(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	o := otherProcess(t, dir)
	check(t, o.cmd.Process.Kill())
	_ = o.cmd.Wait()
	lease, err := l.Acquire(Work, "lindung run", noon)
	if err != nil || lease.Fence() != 2 {
		t.Fatalf("got %+v, %v", lease, err)
	}
}

// A holder that is stopped, for an hour say, finds the work in other hands when it goes on.
func TestAStoppedHolderIsFencedOff(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	o := otherProcess(t, dir)
	check(t, o.cmd.Process.Signal(syscall.SIGSTOP))
	if _, err := l.Acquire(Work, "lindung run", noon); err == nil {
		t.Fatal("the lease was taken before its term was over")
	}
	hourPasses(t, l)
	lease, err := l.Acquire(Work, "lindung run", noon)
	check(t, err)
	check(t, o.cmd.Process.Signal(syscall.SIGCONT))
	_, err = o.in.Write([]byte("\n"))
	check(t, err)
	if line := o.line(); !strings.HasPrefix(line, "check true another process has taken over while this one was stopped: process ") {
		t.Errorf("the stopped process says %q", line)
	}
	check(t, lease.Check())
}

// hourPasses makes every lease as old as if an hour had gone by.
func hourPasses(t *testing.T, l *Ledger) {
	t.Helper()
	check(t, l.exec(`UPDATE leases SET expires = expires - ?`, time.Hour.Milliseconds()))
}

func TestALeaseThatNobodyWantedIsStillOurs(t *testing.T) {
	l := opened(t, t.TempDir())
	lease, err := l.Acquire(Work, "lindung run", noon)
	check(t, err)
	hourPasses(t, l)
	check(t, lease.Check())
	check(t, lease.Release())
	if err := lease.Check(); !errors.Is(err, ErrLost) {
		t.Errorf("a lease given back: %v", err)
	}
	if h, err := l.Holder(Work); h != nil || err != nil {
		t.Errorf("holder %v, %v", h, err)
	}
}

// Of many that start at once, one gets the lease.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var won, refused int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			l, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Close()
			_, err = l.Acquire(Work, "lindung run", noon)
			var held *HeldError
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.As(err, &held):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 || refused != 7 {
		t.Errorf("%d won, %d were refused", won, refused)
	}
}

func TestRunsAreKept(t *testing.T) {
	l := opened(t, t.TempDir())
	first, err := l.Begin(Run{ID: "a", Command: "run", Trigger: Manual, Started: noon, KnownAt: noon, Fence: 1})
	check(t, err)
	second, err := l.Begin(Run{ID: "a", Command: "run", Trigger: Retry, RetryOf: first.ID, Started: noon.Add(time.Minute), KnownAt: noon, Fence: 2})
	check(t, err)
	if second.ID != "a-2" {
		t.Errorf("the second run of that name is called %q", second.ID)
	}
	f := Feed{RunID: "a", Feed: "f", Source: "s", Dataset: "cases", Outcome: "committed", CommitNo: 7, Records: 10, Accepted: 8, Quarantined: 2,
		Codes: map[string]int64{"code.unknown": 2}, Seconds: 1.5, Ended: noon.Add(time.Second)}
	check(t, l.FeedEnded(f, []Step{{RunID: "a", Feed: "f", No: 1, Step: "pull", Seconds: 1}}))
	first.State, first.Ended, first.Release = Succeeded, noon.Add(2*time.Second), "r000001"
	check(t, l.End(first, []Step{{RunID: "a", No: 1, Step: "marts", Seconds: 2}}))

	run, feeds, steps, err := l.Run("a")
	check(t, err)
	if run != first || len(feeds) != 1 || feeds[0].Codes["code.unknown"] != 2 || len(steps) != 2 {
		t.Errorf("got %+v %+v %+v", run, feeds, steps)
	}
	if _, _, _, err := l.Run("b"); !errors.Is(err, ErrNoRun) {
		t.Errorf("an unknown run: %v", err)
	}
	dead, err := l.CloseDead(3, noon.Add(time.Hour))
	check(t, err)
	if len(dead) != 1 || dead[0].ID != "a-2" {
		t.Errorf("closed %+v", dead)
	}
	all, err := l.Runs(RunFilter{State: Interrupted})
	check(t, err)
	if len(all) != 1 || !all[0].Ended.Equal(noon.Add(time.Hour)) {
		t.Errorf("interrupted: %+v", all)
	}
	if byFeed, err := l.Runs(RunFilter{Feed: "f", Limit: 5}); err != nil || len(byFeed) != 1 {
		t.Errorf("of the feed: %+v, %v", byFeed, err)
	}
}

func TestCountersOutliveWhatIsForgotten(t *testing.T) {
	l := opened(t, t.TempDir())
	for i := range 3 {
		r, err := l.Begin(Run{ID: "x", Command: "build", Trigger: Manual, Started: noon.AddDate(0, i, 0), KnownAt: noon})
		check(t, err)
		r.State, r.Ended = Failed, r.Started.Add(time.Second)
		check(t, l.End(r, nil))
	}
	n, err := l.Prune(noon.AddDate(0, 1, 1))
	if n != 2 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	totals, err := l.Totals()
	check(t, err)
	if want := (Total{TotalRuns, "build", Failed, 3}); totals[1] != want {
		t.Errorf("got %+v, want %+v", totals, want)
	}
}

func TestEachOccurrenceIsDecidedOnce(t *testing.T) {
	l := opened(t, t.TempDir())
	_, err := l.KnownJob("f", "one", noon)
	check(t, err)
	due := Occurrence{Job: "f", Due: noon.Add(time.Hour), Trigger: Schedule, State: Waiting, Decided: noon.Add(time.Hour)}
	for range 2 {
		check(t, l.Decide("f", due.Due, []Occurrence{due}))
	}
	open, err := l.Unfinished()
	check(t, err)
	if len(open) != 1 {
		t.Fatalf("waiting: %+v", open)
	}
	open[0].State, open[0].RunID = Started, "r"
	check(t, l.Update(open[0]))
	check(t, l.Decide("f", noon.Add(30*time.Minute), nil)) // a clock that went back
	j, err := l.KnownJob("f", "one", noon)
	if err != nil || !j.Decided.Equal(due.Due) {
		t.Errorf("decided up to %v, %v", j.Decided, err)
	}
	j, err = l.KnownJob("f", "two", noon.Add(2*time.Hour))
	if err != nil || !j.Decided.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("a changed schedule begins at %v, %v", j.Decided, err)
	}
}

func TestPausesLastOverRestarts(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	if err := l.Pause("f", "somebody", "the source moves", noon); err == nil {
		t.Error("an unknown job was paused")
	}
	_, err := l.KnownJob("f", "one", noon)
	check(t, err)
	check(t, l.Pause("f", "somebody", "the source moves", noon))
	again := opened(t, dir)
	j, err := again.KnownJob("f", "one", noon.Add(time.Hour))
	if err != nil || !j.Paused.Equal(noon) || j.PauseWhy != "the source moves" {
		t.Errorf("got %+v, %v", j, err)
	}
	check(t, again.Resume("f"))
	jobs, err := l.Jobs()
	if err != nil || len(jobs) != 1 || !jobs[0].Paused.IsZero() {
		t.Errorf("got %+v, %v", jobs, err)
	}
}

func TestALedgerOfANewerProgramIsRefused(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	check(t, l.exec(`PRAGMA user_version = 99`))
	l.Close()
	if _, err := Open(dir); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTheOwnerAndItsGroupMayReadIt(t *testing.T) {
	l := opened(t, t.TempDir())
	info, err := os.Stat(l.Path())
	if err != nil || info.Mode().Perm()&0o007 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
