package pipelines

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms/privacy"
	"github.com/kp2mi/lindung/warehouse"
)

const unattendedFeed = `  %s:
    dataset: remittances
    role: authoritative
    part: %s
    connector: {kind: files, path: inbox, match: ["*.csv"]}
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: changes
    deletes: none
    expected: {by: "daily 07:00", late_after: 1h}
    volume: {min: 2, max: 10}
`

// An unattended project has two feeds of one source and one of another, a file channel, and a clock that
// its test sets. Nothing in it runs: what runs leave behind is written by hand.
type unattended struct {
	t      *testing.T
	dir    string
	book   string // what the file channel holds
	r      *Runner
	l      *ledger.Ledger
	w      *Watch
	free   int64
	unwell error
	runs   int
	seen   int // bytes of the book that were told already
}

// The morning on which everything was delivered.
var morning = time.Date(2026, 1, 15, 6, 0, 0, 0, time.FixedZone("WIB", 7*3600))

func newUnattended(t *testing.T, alertsYAML string, contact string, env map[string]string) *unattended {
	t.Helper()
	dir := t.TempDir()
	w := &unattended{t: t, dir: dir, book: filepath.Join(dir, "book.jsonl"), free: 100e9}
	source := func(name string, feeds ...string) {
		text := fmt.Sprintf("source: %s\ntitle: {id: Remitansi, en: Remittances}\norigin: sample\nproducer: Unit\ncontact: %q\nfeeds:\n", name, contact)
		for _, f := range feeds {
			text += fmt.Sprintf(unattendedFeed, f, f)
		}
		w.write("sources/"+name+".yaml", text)
	}
	source("bank", "bank_a", "bank_b")
	source("pos", "pos_c")
	w.write("lindung.yaml", "project: {name: Uji}\npublish:\n  share: {folder: share}\nalerts:\n"+alertsYAML)
	if _, err := lake.WriteMaster(filepath.Join(dir, "keys", "master.key")); err != nil {
		t.Fatal(err)
	}
	if err := privacy.WriteDemoKeys(filepath.Join(dir, "keys", "tokens.key")); err != nil {
		t.Fatal(err)
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	w.restart()
	for _, f := range []string{"bank_a", "bank_b", "pos_c"} {
		w.deliver(f, morning, lake.Delivery, 5)
	}
	t.Cleanup(func() {
		w.w.Wait()
		w.l.Close()
		_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error { // releases are read-only
			if err == nil && e.IsDir() {
				return os.Chmod(path, 0o755)
			}
			return err
		})
	})
	return w
}

const bookOnly = "  language: en\n  channels:\n    book: {file: book.jsonl, severity: info}\n"

func (w *unattended) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		w.t.Fatal(err)
	}
}

// restart is another process that goes on with the same files.
func (w *unattended) restart() {
	w.t.Helper()
	if w.w != nil {
		w.w.Wait()
		if err := w.l.Close(); err != nil {
			w.t.Fatal(err)
		}
	}
	project, err := ValidateProject(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.r, err = OpenProject(project, Options{Now: morning}); err != nil {
		w.t.Fatal(err)
	}
	if w.l, err = ledger.Open(project.DataDir); err != nil {
		w.t.Fatal(err)
	}
	w.w = NewWatch(w.r, w.l)
	w.w.free = func(string) (int64, error) { return w.free, nil }
}

// deliver commits an entry of a feed.
func (w *unattended) deliver(feed string, at time.Time, kind string, records int64) {
	w.t.Helper()
	f, _ := w.r.Project.Feed(feed)
	landed, err := w.r.Lake.Land(f.Source.Name, "2026-01", strings.NewReader(feed+at.String()+kind), 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	w.runs++
	e := lake.Entry{Kind: kind, Feed: feed, Source: f.Source.Name, Dataset: f.Dataset, Origin: "sample", RunID: fmt.Sprint("run", w.runs), KnownAt: at, NormaliserVersion: 1,
		Objects: []lake.ObjectRecord{{ID: lake.FormatID(landed.ID), Name: feed + ".csv", Month: "2026-01", Bytes: landed.Bytes, Records: records, Accepted: records}}}
	if kind == lake.Withheld {
		e.Reason, e.ReasonCode = "too many: kenari", producers.TooManyProblems
	}
	if _, err := w.r.Lake.Commit(e); err != nil {
		w.t.Fatal(err)
	}
}

// run writes a run into the ledger, with what became of its feeds.
func (w *unattended) run(at time.Time, job, command, state string, exit int, feeds map[string]string) {
	w.t.Helper()
	w.runs++
	r, err := w.l.Begin(ledger.Run{ID: fmt.Sprint("run", w.runs), Command: command, Trigger: ledger.Schedule, Job: job, Started: at, KnownAt: at, Fence: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	if state == ledger.Running {
		return
	}
	for feed, outcome := range feeds {
		f, _ := w.r.Project.Feed(feed)
		err := w.l.FeedEnded(ledger.Feed{RunID: r.ID, Feed: feed, Source: f.Source.Name, Dataset: f.Dataset, Outcome: outcome, ExitCode: exit, Error: "kenari", Ended: at, Accepted: 1200, Quarantined: 34}, nil)
		if err != nil {
			w.t.Fatal(err)
		}
	}
	r.State, r.Ended, r.ExitCode, r.Error = state, at.Add(time.Minute), exit, "kenari"
	if err := w.l.End(r, nil); err != nil {
		w.t.Fatal(err)
	}
}

// publish makes a release of all that is committed, without DuckDB.
func (w *unattended) publish(at time.Time) {
	w.t.Helper()
	id, err := w.r.Releases.NextID()
	if err != nil {
		w.t.Fatal(err)
	}
	head, _, err := w.r.Lake.Head()
	if err != nil {
		w.t.Fatal(err)
	}
	build := filepath.Join(w.dir, "build")
	m := &warehouse.Manifest{Format: warehouse.StateFormat, ReleaseID: id, Origin: "sample", ContentHash: id, AsOf: at, LogHead: head}
	w.write("build/warehouse.duckdb", id)
	if err := errors.Join(warehouse.Seal(build, m), w.r.Releases.Publish(build, m)); err != nil {
		w.t.Fatal(err)
	}
	note := CopiedNote{Place: filepath.Join(w.dir, "share"), Release: id, Publication: 1}
	if all, err := w.r.Releases.Publications(); err == nil {
		note.Publication = all[len(all)-1].No
	}
	if err := w.r.noteCopied("share", note); err != nil {
		w.t.Fatal(err)
	}
}

// tick looks once, and waits for what is delivered because of it.
func (w *unattended) tick(at time.Time) {
	w.t.Helper()
	if err := w.w.Tick(w.t.Context(), at, w.unwell); err != nil {
		w.t.Fatal(err)
	}
	w.w.Wait()
}

// told lists what the book was told since the last time: a line for each message.
func (w *unattended) told() (lines []string) {
	w.t.Helper()
	text, err := os.ReadFile(w.book)
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	if strings.Contains(string(text), "kenari") {
		w.t.Fatalf("the text of an error or a reason was told: %s", text)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text[w.seen:])), "\n") {
		if line != "" {
			lines = append(lines, messageLine(w.t, line))
		}
	}
	w.seen = len(text)
	return lines
}

func (w *unattended) tells(when string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.told()); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

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

// flaky is a web server that is away until it is told to be there.
type flaky struct {
	*httptest.Server
	sync.Mutex
	up  bool
	got []string
}

func newFlaky(t *testing.T) *flaky {
	f := &flaky{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.Lock()
		defer f.Unlock()
		if !f.up {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		f.got = append(f.got, r.Method+" "+r.Header.Get("Idempotency-Key"))
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *flaky) set(up bool) {
	f.Lock()
	defer f.Unlock()
	f.up = up
}

func (f *flaky) count() int {
	f.Lock()
	defer f.Unlock()
	return len(f.got)
}

// What cannot be delivered waits, is told on the other channels, and arrives once when it can.
func TestAChannelThatIsAway(t *testing.T) {
	f := newFlaky(t)
	w := newUnattended(t, bookOnly+"    chat: {webhook: {url: \"${env:CHAT}\", allow_plain_http: true}}\n    lost: {webhook: {url: \"${env:NOT_THERE}\"}}\n", "data@contoh.example",
		map[string]string{"CHAT": f.URL + "/kenari"})
	w.publish(morning)
	w.free = 1e9
	at := morning
	w.tick(at)
	w.tells("first", "began disk_low data")
	w.tick(at.Add(time.Minute))
	w.tells("refused: told at once", "began undeliverable chat")
	for _, after := range []time.Duration{2, 4, 8} {
		w.tick(at.Add(after * time.Minute))
	}
	w.tells("without its secret, after some attempts", "began undeliverable lost")
	f.set(true)
	w.restart()
	w.tick(at.Add(time.Hour))
	w.tick(at.Add(time.Hour + time.Minute))
	w.tick(at.Add(time.Hour + 11*time.Minute))
	w.tells("well again", "recovered undeliverable chat")
	if got := f.count(); got != 2 { // the disk and the other channel; of itself it is not told
		t.Errorf("%d messages arrived on chat, want 2", got)
	}
	seen := map[string]bool{}
	for _, id := range f.got {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}
	state, err := w.w.State(false)
	if err != nil || len(state.Waiting) == 0 || state.Waiting[0].Channel != "lost" || !strings.Contains(state.Waiting[0].Problem, "${env:NOT_THERE}") {
		t.Errorf("state %+v, %v", state, err)
	}
	// A channel that is taken out takes its messages along.
	w.write("lindung.yaml", "project: {name: Uji}\nalerts:\n"+bookOnly)
	w.restart()
	w.tick(at.Add(7 * time.Hour))
	if state, err = w.w.State(false); err != nil || len(state.Waiting) != 0 {
		t.Errorf("state %+v, %v", state, err)
	}
}

func TestTheHeartbeatBeatsWhileAllIsWell(t *testing.T) {
	f := newFlaky(t)
	f.set(true)
	w := newUnattended(t, bookOnly+"  heartbeat: {url: \"${env:BEAT}\", every: 5m, method: post, allow_plain_http: true}\n", "data@contoh.example", map[string]string{"BEAT": f.URL})
	w.publish(morning)
	beats := func(when string, at time.Time, want int) {
		t.Helper()
		before := f.count()
		w.tick(at)
		if got := f.count() - before; got != want {
			t.Errorf("%s: %d beats, want %d", when, got, want)
		}
	}
	beats("at once", morning, 1)
	beats("a minute later", morning.Add(time.Minute), 0)
	beats("when it is due, a tick being early", morning.Add(5*time.Minute-3*time.Second), 1)
	w.restart()
	beats("after a restart", morning.Add(6*time.Minute), 0)
	w.unwell = errors.New("the loop stands still")
	beats("while the scheduler is not well", morning.Add(20*time.Minute), 0)
	w.unwell = nil
	beats("well again", morning.Add(21*time.Minute), 1)
	beats("the clock was set back", morning.Add(-time.Hour), 1)
	f.set(false)
	for i := range time.Duration(3) {
		w.tick(morning.Add((30 + 5*i) * time.Minute))
	}
	w.tick(morning.Add(46 * time.Minute))
	w.tells("nobody answers", "began heartbeat_failed heartbeat")
	w.write("lindung.yaml", "project: {name: Uji}\nalerts:\n"+bookOnly+"  heartbeat: {url: \"${env:NOT_THERE}\"}\n")
	w.restart()
	w.tick(morning.Add(80 * time.Minute))
	w.tick(morning.Add(26 * time.Hour))
	if got := strings.Join(w.told(), "|"); !strings.Contains(got, "repeated heartbeat_failed heartbeat") {
		t.Errorf("without its secret: told %s", got)
	}
}

func TestTheDigestOfADay(t *testing.T) {
	w := newUnattended(t, bookOnly+"  digest: {at: \"07:30\", channel: book, language: id}\n", "data@contoh.example", nil)
	w.publish(morning)
	w.run(morning.Add(-time.Hour), "bank", "run", ledger.Succeeded, 0, map[string]string{"bank_a": OutcomeCommitted})
	w.tick(morning)
	w.tick(morning.Add(89 * time.Minute))
	w.tells("not yet")
	w.run(morning.Add(time.Hour), "bank", "run", ledger.Unavailable, ExitUnavailable, map[string]string{"bank_a": OutcomeFailed})
	w.tick(morning.Add(90 * time.Minute)) // the digest tells what this very look found
	w.restart()
	w.tick(morning.Add(91 * time.Minute))
	w.tells("at 7.30, once", "began feed_failed bank_a", "digest [DATA CONTOH] Uji: ringkasan 15 Januari 2026")
	text, err := os.ReadFile(w.book)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- run: 1 kali, sumber tidak terjangkau", "1 kali feed ditarik, 1 gagal; 1.200 rekaman diterima, 34 dikarantina", "Feed bank_a gagal", "- r000001, keadaan 15 Januari 2026 (0 hari lalu)", "ruang bebas 100,0 GB"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the digest lacks %q: %s", want, text)
		}
	}
	w.tick(morning.Add(4*24*time.Hour + 12*time.Hour)) // four days down
	w.told()
	w.tick(morning.Add(4*24*time.Hour + 13*time.Hour))
	w.tells("one digest for all of them")
	w.tick(morning.Add(-20 * 24 * time.Hour)) // the clock is set back
	w.tick(morning.Add(-19 * 24 * time.Hour))
	if got := strings.Join(w.told(), "|"); strings.Count(got, "ringkasan 27 Desember 2025") != 1 {
		t.Errorf("told %s", got)
	}
	if err := w.w.SendDigest(t.Context(), morning); err != nil {
		t.Fatal(err)
	}
	w.tells("now", "digest [DATA CONTOH] Uji: ringkasan 15 Januari 2026")
	d, err := w.w.Digest(morning.Add(2 * time.Hour))
	if err != nil || len(d.Runs) != 2 || d.Records.Failed != 1 {
		t.Errorf("on demand: %+v, %v", d, err)
	}
}

// mailing is a project whose producers are written to by a mail server.
func mailing(t *testing.T, contact string) (*unattended, *connectortest.MailServer) {
	t.Helper()
	server := connectortest.StartMail(t, "starttls")
	yaml := bookOnly + fmt.Sprintf("    post:\n      email: {host: 127.0.0.1, port: %d, user: lindung, password: \"${env:POST}\", from: lindung@contoh.example, to: [piket@contoh.example], ca: \"${file:ca.pem}\"}\n      kinds: [disk_low]\n"+
		"  producers: {channel: post, remind: true, notes: true, escalate_after: 24h}\n", server.Port)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(server.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newUnattended(t, strings.Replace(yaml, "ca.pem", ca, 1), contact, map[string]string{"POST": connectortest.MailPassword})
	w.publish(morning)
	return w, server
}

// A producer is reminded once, with one letter for all feeds of his source; here it is told a day later.
func TestProducersAreRemindedFirst(t *testing.T) {
	w, server := mailing(t, "data@contoh.example")
	eight := time.Date(2026, 1, 16, 8, 0, 0, 0, morning.Location())
	w.tick(eight)
	w.restart()
	w.tick(eight.Add(time.Minute))
	w.tells("nobody here")
	letters := server.Letters()
	if len(letters) != 2 {
		t.Fatalf("%d letters, want one for each source", len(letters))
	}
	header, text, _ := letters[0].Open(t)
	if letters[0].To[0] != "data@contoh.example" || len(letters[0].To) != 1 || !strings.Contains(header.Get("Subject"), "Kiriman_data_ditunggu") && !strings.Contains(header.Get("Subject"), "Kiriman data ditunggu") {
		t.Errorf("to %v: %v", letters[0].To, header)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "reminder.txt"))
	if diff := cmp.Diff(string(want), text); err != nil || diff != "" {
		t.Errorf("the letter (-want +got), %v:\n%s", err, diff)
	}
	w.deliver("pos_c", eight.Add(time.Hour), lake.Delivery, 5)
	w.publish(morning)
	w.tick(eight.Add(23 * time.Hour))
	w.tells("within the day")
	w.tick(eight.Add(24 * time.Hour))
	if got := strings.Join(w.told(), "|"); got != "began late bank_a,bank_b" {
		t.Errorf("after the day: %s", got)
	}
	w.tick(eight.Add(48 * time.Hour)) // what came is awaited again
	if n := len(server.Letters()); n != 3 {
		t.Errorf("%d letters, want one more for pos_c", n)
	}
}

// In a project with sample data nobody real is written to, and nobody waits for an answer.
func TestASampleProjectWritesToNobodyReal(t *testing.T) {
	w, server := mailing(t, "data@kementerian.go.id")
	w.tick(time.Date(2026, 1, 16, 8, 0, 0, 0, morning.Location()))
	w.tells("told here at once", "began late bank_a,bank_b; began late pos_c")
	if n := len(server.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
	for address, want := range map[string]bool{"a@contoh.example": true, "a@Example.ORG": true, "a@x.test": true, "a@example.go.id": false, "a@contohexample": false} {
		if isExample(address) != want {
			t.Errorf("%s", address)
		}
	}
	real := &Watch{runner: &Runner{Project: &configs.Project{Sources: []*configs.Source{{Name: "s", Origin: configs.OriginReal}}}}}
	for contact, want := range map[string]bool{"data@kementerian.go.id": true, "data@contoh.example": false, "Bagian Data": false} {
		if got := real.mayWrite(&configs.Source{Contact: contact}); got != want {
			t.Errorf("with real data, %s: %v", contact, got)
		}
	}
}

// Notes that are issued from now on are sent, each once, with their page; a letter that does not
// arrive is told here.
func TestReturnNotesAreSent(t *testing.T) {
	w, server := mailing(t, "data@contoh.example")
	page := func(id string) string { return "notes/bank_a/" + id + ".html" }
	issue := func(lines ...NoteLine) {
		t.Helper()
		text := `{"bank_a": {"through_commit": 99, "notes": [`
		for i, n := range lines {
			if i > 0 {
				text += ","
			}
			text += fmt.Sprintf(`{"id": %q, "state": %q, "decision": "records_returned", "feed": "bank_a", "commit": %d, "waiting": %d, "repaired": 2, "page": %q}`, n.ID, n.State, n.Commit, n.Waiting, page(n.ID))
			w.write("data/"+page(n.ID), "<!doctype html>"+n.ID)
		}
		w.write("data/notes/index.json", text+"]}}")
	}
	issue(NoteLine{ID: "old", State: "open", Commit: 2, Waiting: 7})
	w.tick(morning)
	issue(NoteLine{ID: "old", State: "superseded", Commit: 2}, NoteLine{ID: "middle", State: "superseded", Commit: 5}, NoteLine{ID: "new", State: "open", Commit: 6, Waiting: 1234})
	w.tick(morning.Add(time.Minute))
	w.restart()
	w.tick(morning.Add(2 * time.Minute))
	letters := server.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters, want the newest version alone", len(letters))
	}
	_, text, attached := letters[0].Open(t)
	if attached["new.html"] != "<!doctype html>new" || !strings.Contains(text, "1.234 rekaman dikembalikan untuk diperbaiki, 2 selesai") ||
		!strings.HasPrefix(text, alerts.SampleMark) || strings.Join(letters[0].To, "") != "data@contoh.example" {
		t.Errorf("the letter: %s %v", text, attached)
	}
	server.Refuse("data@contoh.example", 550, "no such mailbox")
	issue(NoteLine{ID: "closed", State: "repaired", Commit: 8})
	w.tick(morning.Add(3 * time.Minute))
	w.tick(morning.Add(4 * time.Minute))
	w.tells("it does not arrive", "began letter_undeliverable bank_a")
	server.Refuse("data@contoh.example", 0, "")
	w.tick(morning.Add(6*time.Hour + 4*time.Minute))
	if n := len(server.Letters()); n != 2 {
		t.Errorf("%d letters after the mailbox is there again", n)
	}
	// Two processes that notice a note at the same time write it down once.
	issue(NoteLine{ID: "both", State: "open", Commit: 9, Waiting: 1})
	for range 2 {
		if err := w.l.SetMark(noteMark+"bank_a/", ledger.Mark{Number: 8}); err != nil {
			t.Fatal(err)
		}
		w.tick(morning.Add(7 * time.Hour))
	}
	if n := len(server.Letters()); n != 3 {
		t.Errorf("%d letters, want one more", n)
	}
}

func TestATestMessage(t *testing.T) {
	w := newUnattended(t, bookOnly, "data@contoh.example", nil)
	if err := w.w.TestChannel(t.Context(), "book", morning); err != nil {
		t.Fatal(err)
	}
	w.tells("a test", "test [DATA CONTOH] Uji: test of the channel book")
	if err := w.w.TestChannel(t.Context(), "boook", morning); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), `did you mean "book"?`) {
		t.Errorf("got %v", err)
	}
	if err := w.w.SendDigest(t.Context(), morning); ExitCode(err) != ExitUsage {
		t.Errorf("got %v", err)
	}
}

// messageLine says what a message of the book tells, in short.
func messageLine(t *testing.T, line string) string {
	t.Helper()
	var m alerts.Message
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		t.Fatal(err)
	}
	if m.Kind != alerts.MessageAlerts {
		return m.Kind + " " + m.Subject
	}
	var parts []string
	for _, e := range m.Entries {
		parts = append(parts, e.Event+" "+e.Kind+" "+strings.Join(e.Subjects, ","))
	}
	return strings.Join(parts, "; ")
}
