package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A server runs for a month of days in which everything happens that happens in a year: sources
// publish late, correct, break, change their columns and go away; clocks jump, the machine sleeps,
// processes are killed. After each day the log, the releases and the ledger must say what the
// sources said, no more and no less.
//
// LINDUNG_SOAK_DAYS sets the number of days (make soak: 365), LINDUNG_SEED repeats a story. Time is
// the test's own; the children that pull and build are real.
func TestSoak(t *testing.T) {
	days := numberFrom(t, "LINDUNG_SOAK_DAYS", 30)
	s := newSoak(t, uint64(numberFrom(t, "LINDUNG_SEED", int(time.Now().UnixNano()>>20))))
	s.open()
	defer func() { s.close() }()
	s.settle(3, 0, "the first time: there is no past")
	for s.day < days {
		s.oneDay()
	}
	s.wholeAtLast()
}

func numberFrom(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

const soakProject = `project: {name: Uji}
keep_releases: 3
run: {disk_reserve: 100KiB}
serve:
  concurrency: 2
  keep_runs: 240h
  build: {cron: "0 6 * * mon,thu"}
  report: {cron: "0 7 1 * *"}
`

const soakSources = `source: %[1]s
title: {id: %[1]s, en: %[1]s}
origin: sample
producer: Unit
contact: data@contoh.example
schedule: {cron: "0 5 * * *", timeout: 12s, retries: 2, backoff: 20m}
feeds:
  %[2]s:
    role: authoritative
    thresholds: {max_rejects: 100000, max_reject_share: 0.5}
`

var soakFeeds = map[string]string{
	"unit_placements": `    dataset: placements
    connector: {kind: rest, url: "URL/unit_placements", paging: {kind: page, param: page, items_path: data}, retry: {attempts: 1}}
    formats: [{kind: json, items_path: data}]
    key: [placement_id]
    version: source_updated_at
    delivery: changes
    deletes: flag
    fields: {placement_id: id, country: negara, completed_on: selesai, scheme: skema, source_updated_at: diperbarui}
`,
	"office_cases": `    dataset: cases
    connector: {kind: rest, url: "URL/office_cases", sweep_url: "URL/office_cases/keys", paging: {kind: none, items_path: data}, retry: {attempts: 1}}
    formats: [{kind: json, items_path: data}]
    key: [case_id]
    version: source_updated_at
    delivery: changes
    deletes: key_sweep
    shrink_limit: 0.5
    fields: {case_id: id, received_at: at, category: kind, status: state, country: negara, source_updated_at: changed}
`,
	"money_quarterly": `    dataset: remittances
    connector: {kind: files, path: uang, match: ["*.csv"]}
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: snapshot
    deletes: absent_from_snapshot
    shrink_limit: 0.5
    units: {decimal: "."}
    fields: {year: tahun, quarter: triwulan, country: negara, amount_usd: usd, channel: "=BI"}
`,
	"gate_arrivals": `    dataset: arrivals
    connector: {kind: files, path: tiba, match: ["*.csv"]}
    formats: [{kind: csv}]
    key: [arrival_id]
    version: source_updated_at
    delivery: changes
    deletes: none
    fields: {arrival_id: id, country: negara, arrived_on: tiba, source_updated_at: diperbarui}
`}

// A soakClock is the time of the story. It goes on by itself, and is set.
type soakClock struct {
	mu        sync.Mutex
	at, since time.Time
}

func (c *soakClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.since))
}

func (c *soakClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since = at, time.Now()
}

// A soak is a story, the server that it happens to, and what is known of both.
type soak struct {
	t       *testing.T
	seed    uint64
	random  *rand.Rand
	dir     string
	clock   *soakClock
	lake    *lake.Lake
	server  *pipelines.Server
	reload  chan os.Signal
	log     *lockedBuffer
	sources []*soakSource
	day     int
	events  []string
	mayFail map[string]string // by job: why a run of today may fail
	mayLag  map[string]string // by job: why what it is about may be missing at the end of today
	disk    string            // the data folder, where it is a disk of its own that can be filled
	full    bool              // it is
	killIn  atomic.Int64      // after how long the next child is to be killed; 0: not at all

	story *soakHistory
}

func newSoak(t *testing.T, seed uint64) *soak {
	t.Logf("seed %d (repeat with LINDUNG_SEED)", seed)
	s := &soak{t: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)), dir: projectDir(t), clock: &soakClock{},
		reload: make(chan os.Signal, 1), log: &lockedBuffer{}, mayFail: map[string]string{}, mayLag: map[string]string{}, story: newSoakHistory()}
	mux := http.NewServeMux()
	files := map[string][]byte{"lindung.yaml": []byte(soakProject)}
	for _, feed := range []string{"unit_placements", "office_cases", "money_quarterly", "gate_arrivals"} {
		source := newSoakSource(feed)
		s.sources = append(s.sources, source)
		mux.Handle("/"+feed, source)
		mux.Handle("/"+feed+"/", source)
	}
	s.mountDisk()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for _, source := range s.sources {
		name, _, _ := strings.Cut(source.feed, "_")
		files["sources/"+name+".yaml"] = []byte(fmt.Sprintf(soakSources, name, source.feed) + strings.ReplaceAll(soakFeeds[source.feed], "URL", server.URL))
	}
	s.must(writeProject(s.dir, files, true))
	for _, inbox := range []string{"uang", "tiba"} {
		s.must(os.Mkdir(filepath.Join(s.dir, inbox), 0o755))
	}
	return s
}

// fail ends the test with what is needed to see why.
func (s *soak) fail(format string, args ...any) {
	s.t.Helper()
	log := s.log.String()
	s.t.Fatalf("LINDUNG_SEED=%d, day %d (%s): %s\nof this day:\n  %s\nthe log ends:\n%s", s.seed, s.day, s.clock.now().In(jakarta()).Format("Mon 2006-01-02 15:04"),
		fmt.Sprintf(format, args...), strings.Join(s.events, "\n  "), log[max(0, len(log)-4000):])
}

func (s *soak) must(err error) {
	s.t.Helper()
	if err != nil {
		s.fail("%v", err)
	}
}

func (s *soak) note(format string, args ...any) {
	s.events = append(s.events, s.clock.now().In(jakarta()).Format("15:04 ")+fmt.Sprintf(format, args...))
}

func (s *soak) chance(percent int) bool { return s.random.IntN(100) < percent }

// soakBegin is a Tuesday.
var soakBegin = time.Date(2025, 12, 30, 0, 0, 0, 0, jakarta())

func (s *soak) at(hour, minute int) time.Time {
	return soakBegin.AddDate(0, 0, s.day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

func (s *soak) open() {
	s.t.Helper()
	s.clock.set(s.at(3, 0))
	r, err := pipelines.Open(pipelines.Options{Dir: s.dir, Now: s.clock.now()})
	s.must(err)
	s.lake = r.Lake
	s.reopen()
}

// reopen begins a new server over what the one before left.
func (s *soak) reopen() {
	s.t.Helper()
	server, err := pipelines.Serve(pipelines.ServeOptions{Dir: s.dir, Code: version, Clock: s.clock.now, Reload: s.reload,
		Log: slog.New(slog.NewTextHandler(s.log, nil)), Worker: &pipelines.Worker{Command: s.child, Stderr: s.log}})
	s.must(err)
	s.server = server
}

func (s *soak) close() {
	if s.server != nil {
		s.must(s.server.Close())
		s.server = nil
	}
}

// child starts a worker, which may be killed in the middle.
func (s *soak) child() *exec.Cmd {
	if in := time.Duration(s.killIn.Swap(0)); in > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), in)
		s.t.Cleanup(cancel)
		return exec.CommandContext(ctx, program, "worker")
	}
	return exec.Command(program, "worker")
}

// settle lets the server do what is due at a time of the day, and looks at what came of it.
func (s *soak) settle(hour, minute int, why string) {
	s.t.Helper()
	s.clock.set(s.at(hour, minute))
	s.note("settle: %s", why)
	err := s.server.Settle(context.Background())
	if s.full { // then nobody can write down what was done
		s.note("it says: %v", err)
		return
	}
	s.must(err)
	s.account()
}

// steer does something with the ledger, as the commands do.
func (s *soak) steer(do func(l *ledger.Ledger) error) {
	s.t.Helper()
	l, err := ledger.Open(filepath.Join(s.dir, "data"))
	s.must(err)
	s.must(do(l))
	s.must(l.Close())
}

func (s *soak) runNow(job string) {
	s.t.Helper()
	s.note("run-now %s", job)
	s.steer(func(l *ledger.Ledger) error { return l.Ask(job, s.clock.now()) })
}

// oneDay is a day: sources publish in the night, the feeds run at five, and again when they failed;
// the build at six. In the afternoon people are about.
func (s *soak) oneDay() {
	s.day++
	s.events, s.mayFail, s.mayLag = nil, map[string]string{}, map[string]string{}
	s.killIn.Store(0)
	s.clock.set(s.at(4, 0))
	for _, source := range s.sources {
		s.night(source)
	}
	if s.day > 2 && s.chance(6) {
		s.sleep()
	}
	s.early()
	s.settle(5, 10, "the feeds")
	s.between()
	s.settle(5, 45, "their second try")
	s.settle(6, 30, "their third try, and the build")
	s.afternoon()
	s.endOfDay()
}
