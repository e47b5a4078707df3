package pipelines

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/schedule"
)

// A timeWorld is a scheduler with time in the test's hands: runs take what the test says and
// end as it says.
type timeWorld struct {
	t interface {
		Helper()
		Fatal(args ...any)
	}
	dir     string
	s       *scheduler
	now     time.Time
	running map[int64]ledger.Occurrence
	ends    map[int64]time.Time
	takes   time.Duration
	outcome func(job string, attempt int) string
	ran     []string // job and time that it was due, as it began
	atOnce  int      // the most that ever ran together
}

const wib = 7 * 3600

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("WIB", wib))
	if err != nil {
		panic(err)
	}
	return t
}

func job(name string, s configs.Schedule) *Job {
	if s.Overlap == "" {
		s.Overlap = "skip"
	}
	if s.Catchup == "" {
		s.Catchup = "latest"
	}
	s.Limit = max(s.Limit, 1)
	calendar, err := schedule.ReadCalendar()
	if err != nil {
		panic(err)
	}
	j := &Job{Name: name, Rules: &s, After: s.After}
	if j.Times, err = schedule.New(&s, time.FixedZone("WIB", wib), calendar); err != nil {
		panic(err)
	}
	return j
}

func newTimeWorld(t *testing.T, start string, jobs ...*Job) *timeWorld {
	w := &timeWorld{t: t, dir: t.TempDir(), now: at(start), takes: time.Minute,
		outcome: func(string, int) string { return ledger.Succeeded }}
	w.restart(jobs...)
	t.Cleanup(func() { w.s.ledger.Close() })
	return w
}

func (w *timeWorld) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// restart is a new scheduler over the same ledger; what ran is cut off.
func (w *timeWorld) restart(jobs ...*Job) {
	if w.s != nil {
		w.check(w.s.ledger.Close())
	}
	l, err := ledger.Open(w.dir)
	w.check(err)
	if len(jobs) == 0 {
		jobs = w.s.jobs
	}
	w.s = &scheduler{ledger: l, jobs: jobs, atOnce: 2}
	w.running, w.ends = map[int64]ledger.Occurrence{}, map[int64]time.Time{}
	w.check(w.s.adopt(w.now))
	w.check(w.s.dropUnknown(w.now))
	w.tick()
}

// tick is what the server does every few seconds.
func (w *timeWorld) tick() {
	w.t.Helper()
	for id, end := range w.ends {
		if !end.After(w.now) {
			o := w.running[id]
			delete(w.running, id)
			delete(w.ends, id)
			w.check(w.s.ended(o, w.outcome(o.Job, o.Attempt), fmt.Sprint("run-", id, "-", o.Attempt), w.now))
		}
	}
	w.check(w.s.decide(w.now))
	ready, err := w.s.ready(w.now)
	w.check(err)
	for _, o := range ready {
		o, err := w.s.started(o, w.now)
		w.check(err)
		w.running[o.ID], w.ends[o.ID] = o, w.now.Add(w.takes)
		w.ran = append(w.ran, o.Job+" "+o.Due.In(w.now.Location()).Format("01-02 15:04"))
	}
	w.atOnce = max(w.atOnce, len(w.running))
}

// until lets time go by.
func (w *timeWorld) until(text string) {
	w.t.Helper()
	for end := at(text); w.now.Before(end); {
		w.now = w.now.Add(30 * time.Second)
		w.tick()
	}
}

// off lets time go by with no scheduler there.
func (w *timeWorld) off(text string) {
	w.now = at(text)
	w.restart()
}

func (w *timeWorld) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(w.ran, want) {
		t.Errorf("ran\n  %s\nwant\n  %s", strings.Join(w.ran, "\n  "), strings.Join(want, "\n  "))
	}
}

// skipped tells what was not run, and why.
func (w *timeWorld) skipped() (lines []string) {
	all, err := w.s.ledger.Occurrences("", time.Time{})
	w.check(err)
	for _, o := range all {
		if o.State == ledger.Skipped {
			line := o.Job + " " + o.Due.In(w.now.Location()).Format("01-02 15:04")
			if o.Count > 1 {
				line += fmt.Sprintf(" and %d more to %s", o.Count-1, o.Until.In(w.now.Location()).Format("01-02 15:04"))
			}
			lines = append(lines, line+": "+o.Reason)
		}
	}
	return lines
}

func (w *timeWorld) expectSkipped(t *testing.T, want ...string) {
	t.Helper()
	if got := w.skipped(); !slices.Equal(got, want) {
		t.Errorf("skipped\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestEachTimeRunsOnce(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:00", job("f", configs.Schedule{Cron: "0 6 * * *"}))
	w.until("2026-01-17 07:00")
	w.expect(t, "f 01-15 06:00", "f 01-16 06:00", "f 01-17 06:00")
	w.expectSkipped(t)
}

func TestWhatANewScheduleNeverDid(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 07:00", job("f", configs.Schedule{Cron: "0 6 * * *"}))
	w.until("2026-01-15 08:00")
	w.restart(job("f", configs.Schedule{Cron: "30 7 * * *"})) // 07:30 of today is over
	w.until("2026-01-15 09:00")
	w.expect(t)
	w.until("2026-01-16 08:00")
	w.expect(t, "f 01-16 07:30")
	w.expectSkipped(t)
}

func TestCatchup(t *testing.T) {
	for _, c := range []struct {
		catchup string
		limit   int
		ran     []string
		skipped []string
	}{
		{"none", 1, nil, []string{
			"f 01-15 06:00 and 2 more to 01-17 06:00: missed: the scheduler was not there, and a later time took its place (catchup: none)",
			"f 01-18 06:00: missed: the scheduler was not there (catchup: none)"}},
		{"latest", 1, []string{"f 01-18 06:00"}, []string{
			"f 01-15 06:00 and 2 more to 01-17 06:00: missed: the scheduler was not there, and a later time took its place (catchup: latest)"}},
		{"all", 2, []string{"f 01-17 06:00", "f 01-18 06:00"}, []string{
			"f 01-15 06:00 and 1 more to 01-16 06:00: missed: the scheduler was not there, and a later time took its place (catchup: all)"}},
		{"all", 9, []string{"f 01-15 06:00", "f 01-16 06:00", "f 01-17 06:00", "f 01-18 06:00"}, nil},
	} {
		t.Run(fmt.Sprint(c.catchup, c.limit), func(t *testing.T) {
			w := newTimeWorld(t, "2026-01-15 05:00", job("f", configs.Schedule{Cron: "0 6 * * *", Catchup: c.catchup, Limit: c.limit}))
			w.off("2026-01-18 12:00")
			w.until("2026-01-18 13:00")
			w.expect(t, c.ran...)
			w.expectSkipped(t, c.skipped...)
		})
	}
}

func TestOverlap(t *testing.T) {
	for overlap, want := range map[string][]string{
		"skip":  {"f 01-15 06:00", "f 01-15 06:30"},
		"queue": {"f 01-15 06:00", "f 01-15 06:15", "f 01-15 06:30"},
	} {
		t.Run(overlap, func(t *testing.T) {
			w := newTimeWorld(t, "2026-01-15 05:50", job("f", configs.Schedule{Cron: "*/15 6 * * *", Overlap: overlap}))
			w.takes = 20 * time.Minute
			w.until("2026-01-15 06:41")
			w.expect(t, want...)
		})
	}
}

func TestRetriesWaitLongerEachTime(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:59", job("f", configs.Schedule{Cron: "0 6 * * *", Retries: 3, Backoff: 10 * time.Minute}))
	var began []string
	w.outcome = func(_ string, attempt int) string {
		began = append(began, fmt.Sprint(attempt, " ended ", w.now.Format("15:04")))
		if attempt < 3 {
			return ledger.Unavailable
		}
		return ledger.NothingNew
	}
	w.until("2026-01-15 08:00")
	if want := []string{"1 ended 06:01", "2 ended 06:12", "3 ended 06:33"}; !slices.Equal(began, want) {
		t.Errorf("got %v, want %v", began, want)
	}
	w.outcome = func(string, int) string { return ledger.Withheld } // a gate says the same each time
	w.ran = nil
	w.until("2026-01-16 08:00")
	w.expect(t, "f 01-16 06:00")
}

func TestRetriesEnd(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:59", job("f", configs.Schedule{Cron: "0 6 * * *", Retries: 2, Backoff: time.Minute}))
	w.outcome = func(string, int) string { return ledger.Failed }
	w.until("2026-01-15 08:00")
	w.expect(t, "f 01-15 06:00", "f 01-15 06:00", "f 01-15 06:00")
	all, err := w.s.ledger.Occurrences("f", time.Time{})
	if err != nil || len(all) != 1 || all[0].State != ledger.Done || all[0].Reason != ledger.Failed || all[0].Attempt != 3 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestAfter(t *testing.T) {
	a, b := job("a", configs.Schedule{Cron: "0 6 * * *"}), job("b", configs.Schedule{Cron: "1 6 * * *", Retries: 1, Backoff: time.Hour})
	build := job("build", configs.Schedule{After: []string{"a", "b"}})
	report := job("report", configs.Schedule{Cron: "3 6 * * *", After: []string{"build"}})
	w := newTimeWorld(t, "2026-01-15 05:59", a, b, build, report)
	w.takes = 2 * time.Minute
	w.until("2026-01-15 07:00")
	// The build waits for both feeds; the report's time comes while the build still runs.
	w.expect(t, "a 01-15 06:00", "b 01-15 06:01", "build 01-15 06:03", "report 01-15 06:03")
	w.ran = nil
	w.outcome = func(j string, attempt int) string {
		switch {
		case j == "b" && attempt == 1:
			return ledger.Unavailable
		case j == "a":
			return ledger.NothingNew
		}
		return ledger.Succeeded
	}
	w.until("2026-01-16 08:00")
	// Nothing came, and b is tried again in an hour: the build follows that try, and no sooner.
	w.expect(t, "a 01-16 06:00", "b 01-16 06:01", "report 01-16 06:03", "b 01-16 06:01", "build 01-16 07:05")
}

// A clock that goes back between the end of a feed and the next look hides no news from the build.
func TestWhatFollowsDoesNotGoByTheClock(t *testing.T) {
	feed, build := job("f", configs.Schedule{Cron: "*/10 * * * *"}), job("build", configs.Schedule{After: []string{"f"}})
	w := newTimeWorld(t, "2026-01-15 05:59", feed, build)
	w.until("2026-01-15 06:05")
	w.expect(t, "f 01-15 06:00", "build 01-15 06:01")
	w.ran = nil
	w.check(w.s.ledger.Ask("f", w.now)) // somebody asks, and the clock is set back before it has ended
	w.tick()
	w.now = at("2026-01-15 05:30")
	for id := range w.ends {
		w.ends[id] = w.now
	}
	w.tick()
	w.tick()
	w.expect(t, "f 01-15 06:05", "build 01-15 05:30")
}

func TestPausedJobsAreSkippedWithTheReason(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:00", job("f", configs.Schedule{Cron: "0 6 * * *"}))
	w.check(w.s.ledger.Pause("f", "sari", "the source moves", w.now))
	w.until("2026-01-15 07:00")
	w.off("2026-01-16 07:00")
	w.check(w.s.ledger.Resume("f"))
	w.until("2026-01-17 07:00")
	w.expect(t, "f 01-17 06:00")
	w.expectSkipped(t, "f 01-15 06:00: paused by sari: the source moves", "f 01-16 06:00: paused by sari: the source moves")
}

func TestAClockThatGoesBackRunsNothingTwice(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:00", job("f", configs.Schedule{Cron: "0 6 * * *"}))
	w.until("2026-01-15 07:00")
	w.now = at("2026-01-15 04:00")
	w.until("2026-01-16 07:00")
	w.expect(t, "f 01-15 06:00", "f 01-16 06:00")
}

func TestARestartInTheMiddleTriesAgain(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:59", job("f", configs.Schedule{Cron: "0 6 * * *", Retries: 1, Backoff: 5 * time.Minute}))
	w.until("2026-01-15 06:00")
	w.restart()
	w.until("2026-01-15 07:00")
	w.expect(t, "f 01-15 06:00", "f 01-15 06:00")
	w.until("2026-01-16 06:00")
	w.restart()
	w.until("2026-01-16 06:05")
	w.restart() // killed in its second try too
	w.until("2026-01-16 08:00")
	w.expect(t, "f 01-15 06:00", "f 01-15 06:00", "f 01-16 06:00", "f 01-16 06:00")
}

func TestSourcesAreNotCrowded(t *testing.T) {
	one, two := &configs.Source{Name: "one"}, &configs.Source{Name: "two", Concurrency: 3}
	var jobs []*Job
	for i, s := range []*configs.Source{one, one, one, two, two} {
		j := job(fmt.Sprint("f", i), configs.Schedule{Cron: "0 6 * * *"})
		j.Feed = &configs.Feed{Name: j.Name, Source: s}
		jobs = append(jobs, j)
	}
	w := newTimeWorld(t, "2026-01-15 05:59", jobs...)
	w.takes = 10 * time.Minute
	w.until("2026-01-15 06:01")
	w.expect(t, "f0 01-15 06:00", "f3 01-15 06:00") // one of each source; two in all
	w.until("2026-01-15 07:00")
	if len(w.ran) != 5 || w.atOnce != 2 {
		t.Errorf("%d ran, %d at once", len(w.ran), w.atOnce)
	}
}

func TestAJobThatIsGoneLeavesTheQueue(t *testing.T) {
	w := newTimeWorld(t, "2026-01-15 05:59", job("f", configs.Schedule{Cron: "0 6 * * *", Retries: 1, Backoff: time.Hour}))
	w.outcome = func(string, int) string { return ledger.Unavailable }
	w.until("2026-01-15 06:10")
	w.restart(job("g", configs.Schedule{Cron: "0 7 * * *"}))
	w.expectSkipped(t, "f 01-15 06:00: the job is no longer in the configuration")
}

// Whatever happens to a scheduler, each time that it ever had is either in a run or skipped
// with its reason, never both and never twice; nothing runs together that must not.
func TestEveryTimeIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := []string{"*/20 * * * *", "0 6 * * *", "15 */3 * * *"}
		rules := configs.Schedule{
			Cron:    rapid.SampledFrom(lines).Draw(rt, "cron"),
			Overlap: rapid.SampledFrom([]string{"skip", "queue"}).Draw(rt, "overlap"),
			Catchup: rapid.SampledFrom([]string{"none", "latest", "all"}).Draw(rt, "catchup"),
			Limit:   rapid.IntRange(1, 4).Draw(rt, "limit"), Retries: rapid.IntRange(0, 2).Draw(rt, "retries"), Backoff: 7 * time.Minute,
		}
		dir := t.TempDir()
		w := &timeWorld{t: rt, dir: dir, now: at("2026-01-15 05:00"), takes: 3 * time.Minute, outcome: func(string, int) string {
			return rapid.SampledFrom([]string{ledger.Succeeded, ledger.NothingNew, ledger.Unavailable, ledger.Withheld}).Draw(rt, "outcome")
		}}
		j := job("f", rules)
		w.restart(j)
		defer func() { w.s.ledger.Close() }()
		start := w.now
		newest := w.now
		for range rapid.IntRange(1, 12).Draw(rt, "events") {
			step := time.Duration(rapid.IntRange(1, 180).Draw(rt, "minutes")) * time.Minute
			switch rapid.SampledFrom([]string{"run", "run", "off", "jump", "back", "kill", "pause"}).Draw(rt, "event") {
			case "run":
				w.takes = time.Duration(rapid.IntRange(1, 50).Draw(rt, "takes")) * time.Minute
				for end := w.now.Add(step); w.now.Before(end); w.tick() {
					w.now = w.now.Add(time.Minute)
				}
			case "off":
				w.now = w.now.Add(step)
				w.restart()
			case "jump":
				w.now = w.now.Add(step)
				w.tick()
			case "back":
				w.now = w.now.Add(-step)
				w.tick()
			case "kill":
				w.restart()
			case "pause":
				w.check(w.s.ledger.Pause("f", "x", "y", w.now))
				w.now = w.now.Add(step)
				w.tick()
				w.check(w.s.ledger.Resume("f"))
			}
			if w.now.After(newest) {
				newest = w.now
			}
			if len(w.running) > 1 {
				rt.Fatalf("%d runs of one job at once", len(w.running))
			}
		}
		times, _ := j.Times.Between(start, newest, 1e6)
		all, err := w.s.ledger.Occurrences("f", time.Time{})
		w.check(err)
		told := map[time.Time]int{}
		for _, o := range all {
			if o.State == ledger.Skipped && o.Reason == "" {
				rt.Fatalf("skipped without a reason: %+v", o)
			}
			if o.Count == 1 {
				told[o.Due.UTC()]++
				continue
			}
			some, _ := j.Times.Between(o.Due.Add(-time.Second), o.Until, 1e6)
			if len(some) != o.Count {
				rt.Fatalf("%d times are told as %d", len(some), o.Count)
			}
			for _, s := range some {
				told[s.UTC()]++
			}
		}
		if len(told) != len(times) {
			rt.Fatalf("%d times came, %d are told", len(times), len(told))
		}
		for _, s := range times {
			if told[s.UTC()] != 1 {
				rt.Fatalf("%v is told %d times", s, told[s.UTC()])
			}
		}
	})
}
