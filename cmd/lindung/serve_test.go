package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A server under test, its project, and the source that it pulls from.
type serving struct {
	t      *testing.T
	dir    string
	source *httptest.Server
	answer atomic.Value // of func(http.ResponseWriter, *http.Request)
	cmd    *exec.Cmd
	log    *lockedBuffer
	ended  chan error
	over   chan struct{} // closed when it has ended
}

// lockedBuffer is written by a child while the test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

const servedSource = `source: unit
title: {id: Unit, en: Unit}
origin: sample
producer: Unit
contact: data@contoh.example
schedule: {cron: "0 3 29 2 *", retries: 2, backoff: 1s}
feeds:
  unit_placements:
    dataset: placements
    role: authoritative
    connector: {kind: rest, url: "URL/placements", paging: {kind: page, param: page, items_path: data}, retry: {attempts: 1}}
    formats: [{kind: json, items_path: data}]
    key: [placement_id]
    version: source_updated_at
    delivery: changes
    deletes: flag
    fields: {placement_id: id, country: negara, completed_on: selesai, scheme: skema, source_updated_at: diperbarui}
`

const onePlacement = `{"id": "P-1", "negara": "Taiwan", "selesai": "2026-01-15", "skema": "P2P", "status": "completed", "diperbarui": "2026-01-16T09:00:00Z",
	"nik": "3201014107900000", "sex": "F", "birth_date": "1990-07-01", "province": "Jawa Barat"}`

func newServing(t *testing.T) *serving {
	s := &serving{t: t, dir: projectDir(t)}
	s.answers(onePage)
	s.source = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answer.Load().(func(http.ResponseWriter, *http.Request))(w, r)
	}))
	t.Cleanup(s.source.Close)
	files := map[string][]byte{
		"lindung.yaml":      []byte("project: {name: Uji}\nserve: {listen: \"\"}\n"),
		"sources/unit.yaml": []byte(strings.ReplaceAll(servedSource, "URL", s.source.URL)),
	}
	if err := writeProject(s.dir, files, true); err != nil {
		t.Fatal(err)
	}
	return s
}

// edit changes a file of the project.
func (s *serving) edit(file, from, to string) {
	s.t.Helper()
	path := filepath.Join(s.dir, file)
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte(from)) {
		s.t.Fatalf("%s has no %q, %v", file, from, err)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte(from), []byte(to), 1), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *serving) answers(f func(http.ResponseWriter, *http.Request)) { s.answer.Store(f) }

func onePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	items := onePlacement
	if r.URL.Query().Get("page") != "1" {
		items = ""
	}
	fmt.Fprintf(w, `{"data": [%s]}`, items)
}

// hangs answers when the test ends.
func hangs(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func (s *serving) start() {
	s.t.Helper()
	s.log = &lockedBuffer{}
	cmd := exec.Command(program, "serve", "--dir", s.dir)
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended, over := make(chan error, 1), make(chan struct{})
	go func() { ended <- cmd.Wait(); close(over) }()
	s.cmd, s.ended, s.over = cmd, ended, over
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGCONT)
		_ = cmd.Process.Kill()
	})
	s.awaitLog("scheduler started")
}

func (s *serving) awaitLog(text string) {
	s.t.Helper()
	s.await("the log to say "+text, func() bool { return strings.Contains(s.log.String(), text) })
}

func (s *serving) await(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if done() {
			return
		}
		select {
		case <-s.over:
			s.t.Fatalf("waited for %s; the scheduler ended and said\n%s", what, s.log)
		default:
		}
	}
	s.t.Fatalf("waited for %s; the scheduler says\n%s", what, s.log)
}

// end waits for the process and gives its exit code.
func (s *serving) end() int {
	s.t.Helper()
	select {
	case err := <-s.ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(time.Minute):
		s.t.Fatalf("the scheduler does not end; it says\n%s", s.log)
	}
	return -1
}

func (s *serving) signal(what os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(what); err != nil {
		s.t.Fatal(err)
	}
}

func (s *serving) do(args ...string) { lindung(s.t, nil, append(args, "--dir", s.dir)...) }

func (s *serving) runs(job string) (runs []ledger.Run) {
	s.t.Helper()
	if err := json.Unmarshal(lindung(s.t, nil, "runs", "list", "--job", job, "--dir", s.dir, "--output", "json"), &runs); err != nil {
		s.t.Fatal(err)
	}
	return runs
}

func (s *serving) states(job string) string {
	var states []string
	for _, r := range s.runs(job) {
		states = append(states, r.State)
	}
	return strings.Join(states, " ")
}

func (s *serving) refused(code int, text string, args ...string) {
	s.t.Helper()
	out, err := exec.Command(program, append(args, "--dir", s.dir)...).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != code || !strings.Contains(string(out), text) {
		s.t.Errorf("lindung %s: %v\n%s\nwant exit code %d and ...%s", strings.Join(args, " "), err, out, code, text)
	}
}

// A feed that is due brings its rows; the build follows it, and the report the build. The
// scheduler ends when it is told to.
func TestServe(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.refused(pipelines.ExitUsage, "no scheduler is running", "schedule", "run-now", "unit_placements")
	s.start()
	s.refused(pipelines.ExitLocked, "(lindung serve) holds it since", "serve")
	s.do("schedule", "run-now", "unit_placements")
	s.await("the report", func() bool { return s.states("report") == "succeeded" })
	if found, _ := filepath.Glob(filepath.Join(s.dir, "reports", "*-r000001.html")); len(found) != 1 {
		t.Errorf("reports: %v", found)
	}
	if got := strings.TrimSpace(string(lindung(t, nil, "kpi", "value", "PLC-01", "2026-01", "--dir", s.dir))); got != "1" {
		t.Errorf("PLC-01 2026-01 is %s", got)
	}
	s.do("run", "--no-build") // between runs of the scheduler, others may work
	s.do("schedule", "pause", "build", "--why", "uji")
	if out := string(lindung(t, nil, "schedule", "list", "--dir", s.dir)); !strings.Contains(out, ": uji") || !strings.Contains(out, "The scheduler runs as process") {
		t.Errorf("schedule list says\n%s", out)
	}
	s.do("schedule", "resume", "build")
	s.signal(syscall.SIGTERM)
	if code := s.end(); code != 0 {
		t.Errorf("it ended with %d and said\n%s", code, s.log)
	}
	s.start() // the lease is free
}

// A run that hangs can be cancelled, is known to who waits for it, and keeps others out.
func TestServeCancel(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.answers(hangs)
	s.start()
	s.do("schedule", "run-now", "unit_placements")
	s.await("the run", func() bool { return s.states("unit_placements") == "running" })
	s.refused(pipelines.ExitLocked, "holds it since", "run")
	s.do("runs", "cancel", s.runs("unit_placements")[0].ID)
	s.await("its end", func() bool { return s.states("unit_placements") == "cancelled" })
	if run := s.runs("unit_placements")[0]; !strings.Contains(run.Error, "cancelled with lindung runs cancel") {
		t.Errorf("its error is %q", run.Error)
	}
	s.answers(onePage)
	s.do("runs", "retry", s.runs("unit_placements")[0].ID)
	if run := s.runs("unit_placements")[0]; run.State != "succeeded" || run.Trigger != ledger.Retry || run.Attempt != 2 {
		t.Errorf("the retry is %+v", run)
	}
}

// A source that is away is asked again; one that stays away ends the occurrence.
func TestServeRetries(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	s.start()
	s.do("schedule", "run-now", "unit_placements")
	s.await("three tries", func() bool { return s.states("unit_placements") == "unavailable unavailable unavailable" })
	runs := s.runs("unit_placements")
	if runs[0].Attempt != 3 || runs[0].RetryOf != runs[1].ID || runs[2].Attempt != 1 {
		t.Errorf("tries: %+v", runs)
	}
	time.Sleep(6 * time.Second)
	if n := len(s.runs("unit_placements")); n != 3 {
		t.Errorf("%d tries", n)
	}
}

// A scheduler that is killed leaves a run that nobody ended. The next one says so, and does it again.
func TestServeIsKilled(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.answers(hangs)
	s.start()
	s.do("schedule", "run-now", "unit_placements")
	s.await("the run", func() bool { return s.states("unit_placements") == "running" })
	s.signal(syscall.SIGKILL)
	s.end()
	s.answers(onePage)
	s.start()
	s.await("the second try", func() bool { return s.states("unit_placements") == "succeeded interrupted" })
	s.await("the report", func() bool { return s.states("report") == "succeeded" })
	if left := leftovers(t, filepath.Join(s.dir, "data")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Told to stop in the middle of a run that does not end, it ends the run, says so, and takes it
// up again when it is back, without counting the try.
func TestServeStopsWithinHalfAMinute(t *testing.T) {
	s := newServing(t)
	s.answers(hangs)
	s.start()
	s.do("schedule", "run-now", "unit_placements")
	s.await("the run", func() bool { return s.states("unit_placements") == "running" })
	began := time.Now()
	s.signal(syscall.SIGTERM)
	if code := s.end(); code != 0 || time.Since(began) > 30*time.Second {
		t.Errorf("it ended with %d after %s and said\n%s", code, time.Since(began), s.log)
	}
	s.answers(onePage)
	s.start()
	s.await("the second run", func() bool { return s.states("unit_placements") == "succeeded cancelled" })
	if run := s.runs("unit_placements")[0]; run.Attempt != 1 {
		t.Errorf("it is counted as try %d", run.Attempt)
	}
}

// A run that ends while the ledger cannot be written is written down when it can be again, and
// the job runs the next time.
func TestServeWritesDownLate(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	db := openLedger(t, s.dir)
	exec := func(statement string) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TRIGGER full BEFORE UPDATE ON occurrences WHEN new.state <> 'running' BEGIN SELECT raise(FAIL, 'database or disk is full'); END`)
	s.do("schedule", "run-now", "unit_placements")
	s.awaitLog("the scheduler cannot go on as it should")
	exec(`DROP TRIGGER full`)
	s.await("its end", func() bool {
		var done int
		return db.QueryRow(`SELECT count(*) FROM occurrences WHERE job = 'unit_placements' AND state = 'done'`).Scan(&done) == nil && done == 1
	})
	s.do("schedule", "run-now", "unit_placements")
	s.await("the next run", func() bool { return s.states("unit_placements") == "nothing_new succeeded" })
}

// A configuration that is not valid is refused, and runs go on with the one before, whatever
// the files say meanwhile.
func TestServeReloads(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	source := filepath.Join(s.dir, "sources", "unit.yaml")
	good, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text []byte) {
		if err := os.WriteFile(source, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(append(good, []byte("colour: red\n")...))
	s.signal(syscall.SIGHUP)
	s.awaitLog("the configuration was not taken; the one before still holds")
	s.awaitLog(`unknown key \"colour\"`)
	if err := askNow(s.dir, "unit_placements"); err != nil {
		t.Fatal(err)
	}
	s.await("a run with the configuration before", func() bool { return strings.Contains(s.log.String(), "state=succeeded") })
	write(bytes.Replace(good, []byte("29 2 *"), []byte("1 1 *"), 1))
	s.signal(syscall.SIGHUP)
	s.awaitLog("configuration read again")
	if out := string(lindung(t, nil, "schedule", "list", "--dir", s.dir)); !strings.Contains(out, "0 3 1 1 *") {
		t.Errorf("schedule list says\n%s", out)
	}
}

// askNow puts a job into the queue of a project whose files cannot be read.
func askNow(dir, job string) error {
	l, err := ledger.Open(filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	defer l.Close()
	return l.Ask(job, time.Now())
}

// A schedule with a window pulls that much time before its own again, and leaves the feed's place.
func TestServePullsAWindow(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.edit("sources/unit.yaml", "retries: 2", "window: 30d, retries: 2")
	s.edit("sources/unit.yaml", "items_path: data}, retry", "items_path: data}, window: {from_param: from, to_param: before}, retry")
	var asked atomic.Value
	s.answers(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.Query().Get("from") + " " + r.URL.Query().Get("before"))
		onePage(w, r)
	})
	s.start()
	s.do("schedule", "run-now", "unit_placements")
	s.await("the run", func() bool { return s.states("unit_placements") == "succeeded" })
	from, before, _ := strings.Cut(asked.Load().(string), " ")
	begin, err := time.Parse(time.RFC3339, from)
	end, err2 := time.Parse(time.RFC3339, before)
	if run := s.runs("unit_placements")[0]; err != nil || err2 != nil || end.Sub(begin) != 30*24*time.Hour || !end.Equal(run.Due) {
		t.Errorf("asked for %s; the run is %+v", asked.Load(), run)
	}
	s.edit("sources/unit.yaml", "delivery: changes\n    deletes: flag", "delivery: snapshot\n    deletes: absent_from_snapshot")
	s.refused(pipelines.ExitUsage, `"window" does not go with "deletes: absent_from_snapshot"`, "validate")
}

// A scheduler that was stopped for an hour finds another one at work, and leaves it to that.
func TestServeWasStopped(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	first := &serving{t: t, dir: s.dir, cmd: s.cmd, log: s.log, ended: s.ended}
	stopForAnHour(t, s.cmd.Process, s.dir)
	s.start()
	first.signal(syscall.SIGCONT)
	if code := first.end(); code != pipelines.ExitLocked || !strings.Contains(first.log.String(), "another process has taken over") {
		t.Errorf("the first one ended with %d and said\n%s", code, first.log)
	}
	s.do("schedule", "run-now", "unit_placements")
	s.await("a run of the second", func() bool { return strings.HasPrefix(s.states("unit_placements"), "succeeded") })
}
