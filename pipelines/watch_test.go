package pipelines

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

func TestAFailureIsToldWhenItIsNotTriedAgain(t *testing.T) {
	w := newUnattended(t, bookOnly, "data@contoh.example", nil)
	w.publish(morning)
	w.tick(morning)
	w.tells("all is well")
	w.run(morning, "bank", "run", ledger.Failed, ExitFailed, map[string]string{"bank_a": OutcomeFailed, "bank_b": OutcomeCommitted})
	retry := ledger.Occurrence{Job: "bank", Due: morning, Trigger: ledger.Schedule, State: ledger.Waiting, Attempt: 1, Decided: morning, RunID: "run4"}
	if _, err := w.l.KnownJob("bank", "x", morning); err != nil {
		t.Fatal(err)
	}
	if err := w.l.Decide("bank", morning, []ledger.Occurrence{retry}); err != nil {
		t.Fatal(err)
	}
	w.tick(morning.Add(time.Minute))
	w.tells("it is to be tried again")
	open, err := w.l.Unfinished()
	if err != nil {
		t.Fatal(err)
	}
	open[0].State = ledger.Done
	if err := w.l.Update(open[0]); err != nil {
		t.Fatal(err)
	}
	w.run(morning.Add(5*time.Minute), "bank", "run", ledger.Unavailable, ExitUnavailable, map[string]string{"bank_a": OutcomeFailed, "bank_b": OutcomeFailed})
	w.run(morning.Add(5*time.Minute), "pos", "run", ledger.Failed, ExitFailed, map[string]string{"pos_c": OutcomeFailed})
	w.tick(morning.Add(10 * time.Minute))
	w.tells("one message, one line for a source", "began feed_failed bank_a,bank_b; began feed_failed pos_c")
	w.restart()
	w.tick(morning.Add(11 * time.Minute))
	w.tells("a restart repeats nothing")
	w.run(morning.Add(12*time.Minute), "bank", "run", ledger.NothingNew, 0, map[string]string{"bank_a": OutcomeNothingNew, "bank_b": OutcomeNothingNew})
	w.tick(morning.Add(13 * time.Minute))
	w.restart()
	w.tick(morning.Add(24 * time.Minute))
	w.tells("a restart forgets nothing", "recovered feed_failed bank_a,bank_b")
}

func TestWhatADeliveryIs(t *testing.T) {
	w := newUnattended(t, bookOnly, "data@contoh.example", nil)
	w.deliver("bank_a", morning.Add(time.Minute), lake.Withheld, 5)
	w.deliver("bank_b", morning.Add(time.Minute), lake.Delivery, 11)
	w.publish(morning)
	w.tick(morning.Add(2 * time.Minute))
	w.tells("withheld, and too large", "began withheld bank_a; began volume bank_b")
	w.deliver("bank_a", morning.Add(3*time.Minute), lake.Delivery, 1)
	w.deliver("bank_b", morning.Add(3*time.Minute), lake.Delivery, 10)
	w.publish(morning)
	w.tick(morning.Add(4 * time.Minute))
	w.tells("taken, and too small", "began volume bank_a")
	w.tick(morning.Add(14 * time.Minute))
	w.tells("later", "recovered withheld bank_a; recovered volume bank_b")
	w.deliver("bank_a", morning.Add(20*time.Minute), lake.Delivery, 5)
	w.publish(morning)
	w.tick(time.Date(2026, 1, 16, 7, 59, 0, 0, morning.Location()))
	w.tells("within the grace")
	w.tick(time.Date(2026, 1, 16, 8, 0, 0, 0, morning.Location()))
	w.tells("too late", "began late bank_a,bank_b; began late pos_c")
}

func TestWhatAReleaseIs(t *testing.T) {
	w := newUnattended(t, bookOnly+"  release_behind: 2h\n  disk_low: 10GB\n", "data@contoh.example", nil)
	for _, c := range []struct {
		what string
		do   func()
		want []string
	}{
		{"a gate keeps it back", func() { w.run(morning, "build", "build", ledger.Withheld, ExitGate, nil) }, []string{"began release_withheld release"}},
		{"the build fails", func() { w.run(morning.Add(time.Minute), "build", "build", ledger.Failed, ExitFailed, nil) }, []string{"began build_failed release"}},
		{"a feed's job ends before its feed begins", func() { w.run(morning.Add(time.Minute), "bank_a", "run", ledger.Failed, ExitFailed, nil) }, []string{"began run_failed bank_a"}},
		{"somebody's command fails before his eyes", func() { w.run(morning.Add(time.Minute), "", "renormalise", ledger.Failed, ExitFailed, nil) }, nil},
		{"a report fails", func() { w.run(morning.Add(2*time.Minute), "report", "report", ledger.Failed, ExitFailed, nil) }, []string{"began run_failed report"}},
		{"a run is killed", func() { w.run(morning.Add(2*time.Minute), "", "freeze", ledger.Interrupted, 0, nil) }, []string{"began run_failed freeze"}},
		{"another was, days ago", func() { w.run(morning.Add(-48*time.Hour), "", "replay", ledger.Interrupted, 0, nil) }, nil},
		{"a job failed that is no longer there", func() { w.run(morning.Add(2*time.Minute), "gone", "run", ledger.Failed, ExitFailed, nil) }, nil},
		{"the disk is full", func() { w.free = 9e9 }, []string{"began disk_low data"}},
	} {
		c.do()
		w.tick(morning.Add(10 * time.Minute))
		w.tells(c.what, c.want...)
	}
	w.tick(morning.Add(2*time.Hour - time.Minute))
	w.told()
	w.tick(morning.Add(2 * time.Hour))
	w.tells("commits wait", "began release_behind release")
	w.run(morning.Add(2*time.Hour), "build", "build", ledger.Succeeded, 0, nil)
	w.run(morning.Add(2*time.Hour), "bank_a", "run", ledger.NothingNew, 0, nil)
	w.run(morning.Add(2*time.Hour), "report", "report", ledger.Succeeded, 0, nil)
	w.run(morning.Add(2*time.Hour), "", "freeze", ledger.Succeeded, 0, nil)
	w.free = 10e9
	w.publish(morning)
	w.tick(morning.Add(2*time.Hour + time.Minute))
	w.tick(morning.Add(3 * time.Hour))
	w.tells("all is well again", "recovered disk_low data; recovered build_failed release; recovered run_failed bank_a; recovered run_failed freeze; recovered run_failed report; recovered release_behind release")
	// A target that lacks the newest release, but not while a run may be about to copy it.
	if err := w.r.noteCopied("share", CopiedNote{Place: "x", Release: "r000000"}); err != nil {
		t.Fatal(err)
	}
	w.run(morning.Add(3*time.Hour), "bank_a", "run", ledger.Running, 0, nil)
	w.tick(morning.Add(3 * time.Hour))
	w.tells("a run is under way")
	if _, err := w.l.CloseDead(2, morning.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.tick(morning.Add(4 * time.Hour))
	w.tells("it was killed, and the target waits", "began target_unreachable share; began run_failed bank_a")
	// What cannot be looked at is told, and what was known of it stays.
	if err := os.WriteFile(filepath.Join(w.r.Project.DataDir, "releases", "_pub", fmt.Sprintf("%020d", 9)), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := w.w.Tick(t.Context(), morning.Add(5*time.Hour), nil); err == nil {
		t.Error("a broken folder of releases is no error")
	}
	w.w.Wait()
	w.tells("the releases cannot be read", "began unreadable releases")
}
