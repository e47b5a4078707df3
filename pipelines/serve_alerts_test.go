package pipelines

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
)

// The scheduler's loop looks once a minute, whatever else goes on, and goes on when looking does not work.
func TestTheSchedulerWatches(t *testing.T) {
	w := newUnattended(t, bookOnly, "data@contoh.example", nil)
	w.publish(morning)
	now := time.Date(2026, 1, 16, 7, 59, 0, 0, morning.Location())
	s, err := Serve(ServeOptions{Dir: w.dir, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.outlook.watch.Wait(); s.Close() })
	tick := func(after time.Duration) {
		t.Helper()
		now = now.Add(after)
		s.outlook.watch.free = func(string) (int64, error) { return w.free, nil }
		if err := s.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.outlook.watch.Wait()
	}
	tick(0)
	w.tells("on time")
	tick(59 * time.Second)
	w.tells("not a minute later, and too early")
	tick(time.Second)
	w.tells("late", "began late bank_a,bank_b; began late pos_c")
	tick(-time.Hour) // the clock went back: it looks at once
	w.deliver("pos_c", now, lake.Delivery, 5)
	if err := s.take(s.project); err != nil { // the configuration was read again
		t.Fatal(err)
	}
	w.free = 1
	tick(time.Minute)
	w.tells("after a reload", "began disk_low data")
	s.outlook.watch.ledger.Close()
	if s.tick(t.Context()); s.outlook.problem != nil {
		t.Errorf("it looked before a minute was over: %v", s.outlook.problem)
	}
	now = now.Add(time.Minute)
	if err := s.watchOver(t.Context(), now, errors.New("x")); err == nil || s.outlook.problem == nil {
		t.Errorf("a ledger that cannot be written is no problem: %v", err)
	}
}
