package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/warehouse"
)

// A soakHistory is what happened so far, as far as it is to be compared.
type soakHistory struct {
	head    int64 // of the log
	runs    map[string]bool
	figures map[string][]soakFigures // by feed, by commit
	release string                   // the newest
	asOf    time.Time                // its day
	shown   map[string]float64       // by it
	counted map[int64]bool           // occurrences
	decided map[string]map[int64]int // by job: how often each time was
	minutes []soakMinute             // at which the feed of placements is due after five
	ahead   int                      // the day on which the clock of the day before had been already
	counts  map[string]int           // of what happened, for whoever reads the log of the test
	fds     []int
	threads []int
}

// soakFigures are the numbers that hold from a commit on.
type soakFigures struct {
	no      int64
	numbers map[string]float64
}

type soakMinute struct {
	from   time.Time
	minute int
}

func newSoakHistory() *soakHistory {
	return &soakHistory{runs: map[string]bool{}, figures: map[string][]soakFigures{}, counted: map[int64]bool{},
		decided: map[string]map[int64]int{}, counts: map[string]int{}, minutes: []soakMinute{{from: soakBegin}}}
}

// numbers are what releases must show of what was taken from a source.
func (s *soakSource) numbers() map[string]float64 {
	n := map[string]float64{s.feed: float64(len(s.taken))}
	for _, r := range s.taken {
		switch s.feed {
		case "unit_placements":
			if !r.cancelled {
				n["PLC-01 "+r.on.In(jakarta()).Format("2006-01")]++
			}
		case "money_quarterly":
			n["amount"] += float64(r.amount)
		}
	}
	return n
}

// account looks at what a settled server did: each commit and each run that is new.
func (s *soak) account() {
	s.t.Helper()
	entries, err := s.lake.Entries() // its chain is whole, or this is an error
	s.must(err)
	if int64(len(entries)) < s.story.head {
		s.fail("the log had %d entries and has %d", s.story.head, len(entries))
	}
	for _, e := range entries[s.story.head:] {
		s.accountEntry(e)
	}
	s.steer(func(l *ledger.Ledger) error {
		runs, err := l.Runs(ledger.RunFilter{Limit: 200})
		for _, run := range runs {
			if err == nil && run.State != ledger.Running && !s.story.runs[run.ID] {
				s.story.runs[run.ID] = true
				err = s.accountRun(l, run)
			}
		}
		return err
	})
	s.newestRelease()
}

func (s *soak) source(feed string) *soakSource {
	return s.sources[slices.IndexFunc(s.sources, func(f *soakSource) bool { return f.feed == feed })]
}

func (s *soak) accountEntry(e lake.Entry) {
	s.t.Helper()
	f := s.source(e.Feed)
	s.story.head = e.No
	s.story.counts["commits: "+e.Kind]++
	var records, accepted, quarantined int64
	for _, o := range e.Objects {
		records, accepted, quarantined = records+o.Records, accepted+o.Accepted, quarantined+o.Quarantined
	}
	s.note("commit %d: %s of %s, %d records, %d accepted, %d quarantined", e.No, e.Kind, e.Feed, records, accepted, quarantined)
	if e.Kind == lake.Withheld {
		if f.bad == "" {
			s.fail("commit %d withholds what is right: %s", e.No, e.Reason)
		}
		return
	}
	switch {
	case f.bad != "":
		s.fail("commit %d takes a delivery although %s", e.No, f.bad)
	case records != accepted+quarantined || quarantined != int64(f.wrong):
		s.fail("commit %d has %d records, %d accepted and %d quarantined; %d were wrong", e.No, records, accepted, quarantined, f.wrong)
	case !f.pending():
		s.fail("commit %d of %s is no news", e.No, e.Feed)
	}
	f.commit()
	s.story.figures[e.Feed] = append(s.story.figures[e.Feed], soakFigures{e.No, f.numbers()})
}

func (s *soak) accountRun(l *ledger.Ledger, run ledger.Run) error {
	s.t.Helper()
	s.story.counts["runs: "+run.State]++
	s.note("run %s %s: %s %s", run.ID, run.Job, run.State, run.Error)
	switch run.State {
	case ledger.Failed, ledger.Unavailable, ledger.Interrupted, ledger.Cancelled:
		if strings.Contains(run.Error, "took longer than timeout") && s.mayFail[run.Job] == "" {
			s.mayFail[run.Job], s.mayLag[run.Job] = "a machine that is too slow", "a machine that is too slow"
		}
		if run.Job == "report" && s.story.release == "" {
			s.mayFail[run.Job] = "there is no release yet"
		}
		if s.mayFail[run.Job] == "" {
			s.fail("run %s of %s: %s: %s", run.ID, run.Job, run.State, run.Error)
		}
	case ledger.Withheld:
		if run.Command != "run" || s.source(run.Job).bad == "" {
			s.fail("run %s of %s is withheld: %s", run.ID, run.Job, run.Error)
		}
	}
	_, feeds, _, err := l.Run(run.ID)
	for _, f := range feeds {
		if f.Outcome == pipelines.OutcomeNothingNew && s.source(f.Feed).pending() {
			s.fail("run %s found nothing new, and %s has news", run.ID, f.Feed)
		}
		if f.CommitNo > s.story.head {
			s.fail("run %s made commit %d, and the log ends with %d", run.ID, f.CommitNo, s.story.head)
		}
	}
	return err
}

// endOfDay holds what must be true each evening.
func (s *soak) endOfDay() {
	s.t.Helper()
	if s.story.ahead == s.day {
		for _, job := range []string{"unit_placements", "office_cases", "money_quarterly", "gate_arrivals", "build"} {
			s.mayLag[job] = "the clock had been ahead"
		}
	}
	for _, f := range s.sources {
		if f.pending() && s.mayLag[f.feed] == "" {
			s.fail("%s has news that were not taken: %d rows changed, %d wrong", f.feed, len(f.changed(0)), f.wrong)
		}
	}
	s.steer(func(l *ledger.Ledger) error { return errors.Join(s.decidedOnce(l), s.ledgerIsBounded(l)) })
	if left := leftovers(s.t, filepath.Join(s.dir, "data")); len(left) > 0 {
		s.fail("left behind: %v", left)
	}
	if copies, err := os.ReadDir(filepath.Join(s.dir, "data", "config")); err != nil || len(copies) > 2 {
		s.fail("%d copies of the configuration, %v", len(copies), err)
	}
	s.buildIsOfToday()
	open, err := os.ReadDir("/proc/self/fd")
	s.must(err)
	s.story.fds, s.story.threads = append(s.story.fds, len(open)), append(s.story.threads, runtime.NumGoroutine())
}

// newestRelease compares what readers get with what the sources said up to its commits.
func (s *soak) newestRelease() {
	s.t.Helper()
	releases := filepath.Join(s.dir, "data", "releases")
	before := s.story.release
	s.must(readCurrent(releases, &s.story.release))
	if s.story.release == before {
		return
	}
	dir := filepath.Join(releases, s.story.release)
	m, err := warehouse.ReadManifest(dir)
	s.must(err)
	want, shown := s.numbersAt(m.LogHead), s.numbersShown(filepath.Join(dir, warehouse.WarehouseFile))
	if !maps.Equal(want, shown) {
		s.fail("release %s of commit %d shows\n%v\nthe sources said\n%v", s.story.release, m.LogHead, shown, want)
	}
	s.restated(dir, shown)
	s.story.shown, s.story.asOf = shown, m.AsOf
	s.story.counts["releases"]++
	s.note("release %s of commit %d", s.story.release, m.LogHead)
}

// buildIsOfToday says that the build of a morning took what was there by then.
func (s *soak) buildIsOfToday() {
	s.t.Helper()
	weekday := s.at(0, 0).Weekday()
	if weekday != time.Monday && weekday != time.Thursday || s.mayLag["build"] != "" {
		return
	}
	m, err := warehouse.ReadManifest(filepath.Join(s.dir, "data", "releases", "current"))
	s.must(err)
	entries, err := s.lake.Entries()
	s.must(err)
	for _, e := range entries[m.LogHead:] {
		if e.Kind != lake.Withheld && e.KnownAt.Before(s.at(6, 0)) {
			s.fail("release %s ends with commit %d, and commit %d was there before", m.ReleaseID, m.LogHead, e.No)
		}
	}
}

func (s *soak) numbersAt(head int64) map[string]float64 {
	all := map[string]float64{}
	for _, states := range s.story.figures {
		var last map[string]float64
		for _, state := range states {
			if state.no <= head {
				last = state.numbers
			}
		}
		maps.Copy(all, last)
	}
	maps.DeleteFunc(all, func(_ string, n float64) bool { return n == 0 })
	return all
}

const soakNumbers = `select 'PLC-01 ' || period, value from figures
	where kpi = 'PLC-01' and measure = 'services' and period_type = 'month' and breakdown = 'total' and value > 0
union all select 'unit_placements', count(*) from fct_placements
union all select 'office_cases', count(*) from fct_cases
union all select 'gate_arrivals', count(*) from fct_arrivals
union all select 'money_quarterly', count(*) from fct_remittances
union all select 'amount', coalesce(sum(amount_usd), 0) from fct_remittances`

func (s *soak) numbersShown(file string) map[string]float64 {
	s.t.Helper()
	db, err := warehouse.OpenRead(file)
	s.must(err)
	defer db.Close()
	found, err := db.Query(soakNumbers)
	s.must(err)
	defer found.Close()
	shown := map[string]float64{}
	for found.Next() {
		var name string
		var n sql.NullFloat64
		s.must(found.Scan(&name, &n))
		if n.Float64 > 0 {
			shown[name] = n.Float64
		}
	}
	s.must(found.Err())
	return shown
}

// restated holds a release to naming the figures that the one before gave otherwise, and no others.
// A month that still went on then is not restated: it grows.
func (s *soak) restated(dir string, now map[string]float64) {
	s.t.Helper()
	var list struct {
		Restatements []struct{ Figure string }
	}
	raw, err := os.ReadFile(filepath.Join(dir, "restatements.json"))
	s.must(err)
	s.must(json.Unmarshal(raw, &list))
	named := map[string]bool{}
	for _, r := range list.Restatements {
		named[r.Figure] = true
	}
	for name, was := range s.story.shown {
		month, isFigure := strings.CutPrefix(name, "PLC-01 ")
		began, err := parseMonth(month)
		if !isFigure || err != nil || began.AddDate(0, 1, 0).After(s.story.asOf) {
			continue
		}
		if named["PLC-01.services/"+month] != (was != now[name]) {
			s.fail("%s was %g and is %g; the restatements name it: %t", name, was, now[name], was == now[name])
		}
	}
}

// wholeAtLast mends everything, and holds the end to what was said.
func (s *soak) wholeAtLast() {
	s.day++
	s.events, s.mayFail, s.mayLag = nil, map[string]string{}, map[string]string{}
	s.clock.set(s.at(4, 0))
	for _, f := range s.sources {
		f.bad, f.paused = "", min(f.paused, s.day)
		s.tidy(f)
		s.publishes(f, 0)
	}
	s.settle(29, 10, "the feeds, a day later")
	s.settle(29, 50, "their second try")
	s.runNow("build")
	s.settle(31, 30, "the last build")
	s.day++
	s.endOfDay()
	for _, f := range s.sources {
		if f.pending() {
			s.fail("%s is not taken", f.feed)
		}
	}
	if head := s.numbersAt(s.story.head); !maps.Equal(head, s.story.shown) {
		s.fail("the last release shows\n%v\nthe sources said\n%v", s.story.shown, head)
	}
	lindung(s.t, nil, "verify", "--dir", s.dir)
	s.nothingGrows()
	s.t.Logf("%d days: %v", s.day, s.story.counts)
}

// nothingGrows compares what the process holds open at the end with what it held in its first days.
func (s *soak) nothingGrows() {
	const few = 5
	for what, days := range map[string][]int{"open files": s.story.fds, "goroutines": s.story.threads} {
		if n := len(days); n > 2*few && slices.Min(days[n-few:]) > slices.Max(days[:few])+few {
			s.fail("%s grow: %v", what, days)
		}
	}
}
