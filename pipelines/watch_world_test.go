package pipelines

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/lake"
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
