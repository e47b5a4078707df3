package pipelines

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/metrics"
	"github.com/kp2mi/lindung/transforms/privacy"
)

const watchedSource = `source: kantor
title: {id: Kantor, en: Office}
origin: real
producer: Unit
contact: data@example.org
feeds:
  aduan:
    dataset: cases
    role: authoritative
    connector: {kind: files, path: inbox}
    formats: [{kind: csv}]
    key: [case_id]
    delivery: changes
    deletes: none
    expected: {by: "daily 07:00", late_after: 1h}
  aduan_lain:
    dataset: cases
    role: alternative
    connector: {kind: files, path: other}
    formats: [{kind: csv}]
    key: [case_id]
    delivery: changes
    deletes: none
`

// A watched project is served on a port of this machine, by a clock that the test turns.
type watched struct {
	*Health
	dir, at string

	mu  sync.Mutex
	now time.Time
}

func (w *watched) turn(to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = to
}

func watching(t *testing.T, ctx context.Context, now time.Time) (*watched, <-chan error) {
	t.Helper()
	w := &watched{dir: t.TempDir(), now: now}
	for name, text := range map[string]string{"lindung.yaml": "project: {name: Pantau}\n", "sources/kantor.yaml": watchedSource} {
		path := filepath.Join(w.dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	must(t, os.MkdirAll(filepath.Join(w.dir, "keys"), 0o700))
	_, err := lake.WriteMaster(filepath.Join(w.dir, "keys", "master.key"))
	must(t, err)
	must(t, privacy.WriteKeys(filepath.Join(w.dir, "keys", "tokens.key")))
	r, err := Open(Options{Dir: w.dir, Now: now, Code: "0.0.0-test"})
	must(t, err)
	l, err := ledger.Open(r.Project.DataDir)
	must(t, err)
	t.Cleanup(func() { l.Close() })
	lease, err := l.Acquire(ledger.Serve, "lindung serve", now)
	must(t, err)
	w.Health = &Health{Runner: func() *Runner { return r }, Ledger: l, Pulse: &Pulse{}, Lease: lease.Check, Log: slog.New(slog.DiscardHandler),
		Jobs:  func() []metrics.Job { return []metrics.Job{{Name: "aduan", NextDue: now.Add(time.Hour)}} },
		Clock: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }}
	address, ended, err := w.Listen(ctx, "127.0.0.1:0")
	must(t, err)
	w.at = "http://" + address
	return w, ended
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says asks for a path and checks the answer's status, and that it holds everything in want.
func (w *watched) says(t *testing.T, path string, status int, want ...string) string {
	t.Helper()
	answer, err := http.Get(w.at + path)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode != status {
		t.Errorf("%s answers %d, want %d: %s", path, answer.StatusCode, status, text)
	}
	for _, s := range want {
		if !strings.Contains(string(text), s) {
			t.Errorf("%s does not say %q: %s", path, s, text)
		}
	}
	return string(text)
}

// Alive means that the loop comes round; ready, that the next run can do its work. Each says what
// is wrong, and gets well again by itself.
func TestHealthSaysWhatIsWrong(t *testing.T) {
	now := time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithCancel(t.Context())
	w, ended := watching(t, ctx, now)

	w.says(t, "/healthz", 503, "scheduler: its loop has not begun")
	w.Pulse.Beat(now)
	w.says(t, "/healthz", 200, "scheduler: ok")
	w.turn(now.Add(silence + time.Second))
	w.says(t, "/healthz", 503, "scheduler: its loop last came round 2m1s ago, at 2026-01-15T03:00:00Z")
	w.Pulse.Beat(now.Add(silence))
	w.says(t, "/healthz", 200)

	w.says(t, "/readyz", 200, "configuration: ok\nledger: ok\nlake: ok\nlease: ok\n")
	source := filepath.Join(w.dir, "sources", "kantor.yaml")
	must(t, os.WriteFile(source, []byte(strings.Replace(watchedSource, "delivery:", "dlivery:", 1)), 0o644))
	w.says(t, "/readyz", 200) // what was found is held for a while
	w.turn(now.Add(time.Hour))
	w.says(t, "/readyz", 503, `configuration: sources/kantor.yaml:13:5: unknown key "dlivery"`, "ledger: ok")
	must(t, os.WriteFile(source, []byte(watchedSource), 0o644))
	w.turn(now.Add(2 * time.Hour))
	w.says(t, "/readyz", 200)

	w.Lease = func() error { return fmt.Errorf("%w: process 7", ledger.ErrLost) }
	w.says(t, "/readyz", 503, "lease: another process has taken over: process 7")
	must(t, w.Ledger.Close())
	w.says(t, "/readyz", 503, "ledger: writing to the ledger")

	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if _, err := http.Get(w.at + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

// What the metrics say of a project is what lindung status says: how late a feed is by its
// expected arrival, how old its newest delivery, how much of the log a release lacks.
func TestMetricsOfAProject(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	came := time.Date(2026, 1, 14, 6, 0, 0, 0, zone)
	w, _ := watching(t, t.Context(), came)
	w.Pulse.Beat(came)
	w.says(t, "/metrics", 200, `lindung_info{version="0.0.0-test"} 1`, `lindung_lake_commits_total 0`,
		`lindung_feed_info{dataset="cases",feed="aduan",role="authoritative",source="kantor"} 1`, `lindung_job_paused{job="aduan"} 0`)
	_, err := w.Runner().Lake.Commit(lake.Entry{Kind: lake.Delivery, Feed: "aduan", Source: "kantor", Dataset: "cases", Origin: "real", KnownAt: came})
	must(t, err)
	w.turn(came.Add(26*time.Hour + 30*time.Minute)) // half past eight the next day: due at seven, late from eight
	text := w.says(t, "/metrics", 200, `lindung_lake_commits_total 1`, `lindung_feed_late_seconds{feed="aduan"} 1800`,
		`lindung_feed_newest_delivery_age_seconds{feed="aduan"} 95400`, `lindung_feed_quarantined_records{feed="aduan"} 0`,
		`lindung_lease_held{lease="serve"} 1`, `lindung_read_success{part="project"} 1`, `lindung_job_next_due_timestamp_seconds{job="aduan"} 1.7683488e+09`)
	for _, not := range []string{"aduan_lain", "lindung_release_", "lindung_data_disk_free_bytes 0\n"} {
		if strings.Contains(text, not) {
			t.Errorf("the metrics hold %q", not)
		}
	}
}

// An address that is taken is said at once, with the setting.
func TestAnAddressThatIsTaken(t *testing.T) {
	w, _ := watching(t, t.Context(), time.Now())
	_, _, err := w.Listen(t.Context(), strings.TrimPrefix(w.at, "http://"))
	if err == nil || !strings.Contains(err.Error(), "serve.listen in lindung.yaml") {
		t.Errorf("got %v", err)
	}
}
