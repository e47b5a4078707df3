package metrics

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

var update = flag.Bool("update", false, "write golden files and the table of metrics in the documentation anew")

var now = time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func emptyLedger(t *testing.T) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.TempDir())
	check(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// sampleLedger has a run of two feeds, one of which the configuration does not have any more; a
// failed one; one under way; a queue; and a job that somebody paused.
func sampleLedger(t *testing.T) *ledger.Ledger {
	t.Helper()
	l := emptyLedger(t)
	first, err := l.Begin(ledger.Run{ID: "one", Command: "run", Trigger: ledger.Schedule, Started: ago(26 * time.Hour)})
	check(t, err)
	for _, f := range []ledger.Feed{
		{Feed: "penempatan", Outcome: "committed", Bytes: 4096, Accepted: 980, Quarantined: 20, Codes: map[string]int64{"unknown_code": 18, "not_a_date": 4}, Retries: 3, Seconds: 12.5},
		{Feed: "yang_lama", Outcome: "committed", Bytes: 1, Accepted: 1, Codes: map[string]int64{"unknown_code": 1}},
	} {
		f.RunID, f.Ended = first.ID, ago(25*time.Hour)
		check(t, l.FeedEnded(f, nil))
	}
	first.State, first.Release, first.Ended = ledger.Succeeded, "r000002", ago(25*time.Hour)
	check(t, l.End(first, []ledger.Step{{RunID: first.ID, No: 1, Step: "load", Seconds: 8}, {RunID: first.ID, No: 2, Step: "models", Seconds: 22}}))
	second, err := l.Begin(ledger.Run{ID: "two", Command: "run", Trigger: ledger.Schedule, Started: ago(2 * time.Hour)})
	check(t, err)
	check(t, l.FeedEnded(ledger.Feed{RunID: second.ID, Feed: "penempatan", Outcome: "failed", Retries: 4, Seconds: 300, Ended: ago(time.Hour)}, nil))
	second.State, second.Ended = ledger.Unavailable, ago(time.Hour)
	check(t, l.End(second, nil))
	_, err = l.Begin(ledger.Run{ID: "three", Command: "build", Trigger: ledger.Manual, Started: ago(90 * time.Second)})
	check(t, err)
	_, err = l.KnownJob("pagi", "a", ago(48*time.Hour))
	check(t, err)
	check(t, l.Decide("pagi", now, []ledger.Occurrence{
		{Job: "pagi", Due: ago(30 * time.Minute), Trigger: ledger.Schedule, State: ledger.Waiting},
		{Job: "pagi", Due: ago(49 * time.Hour), Trigger: ledger.Schedule, State: ledger.Skipped, Count: 2},
	}))
	check(t, l.Pause("pagi", "operator", "perawatan", now))
	_, err = l.Acquire(ledger.Serve, "lindung serve", now)
	check(t, err)
	return l
}

func sampleState(context.Context) (State, error) {
	return State{
		At: now,
		Feeds: []Feed{
			{Name: "penempatan", Source: "siskop2mi", Dataset: "placements", Role: "authoritative", LastDelivery: ago(25 * time.Hour), LateSince: ago(time.Hour), Quarantined: 20},
			{Name: "kasus", Source: "crm", Dataset: "cases", Role: "crosscheck"},
		},
		Commits: 41, Release: &Release{ID: "r000002", Origin: "real", AsOf: ago(25 * time.Hour), Behind: true},
		Targets: []Target{{Name: "dasbor", Behind: true}}, Disk: Disk{Free: 30 << 30, Size: 100 << 30},
		Jobs:     []Job{{Name: "pagi", NextDue: now.Add(22 * time.Hour)}, {Name: "sesudah"}},
		LastTick: ago(3 * time.Second),
	}, nil
}

func collector(l *ledger.Ledger) *Collector {
	return &Collector{Ledger: l, State: sampleState, Clock: func() time.Time { return now }, Version: "0.0.0-test", Log: slog.New(slog.DiscardHandler)}
}

func registered(t *testing.T, c *Collector) *prometheus.Registry {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	check(t, r.Register(c))
	return r
}

func exposition(t *testing.T, c *Collector) string {
	t.Helper()
	r := registered(t, c)
	families, err := r.Gather()
	check(t, err)
	for _, f := range families {
		var names []string
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !slices.Contains(names, l.GetName()) {
					names = append(names, l.GetName())
				}
			}
		}
		slices.Sort(names)
		want := declared(t, f.GetName())
		if !slices.Equal(names, slices.Sorted(slices.Values(want.Labels))) || strings.ToLower(f.GetType().String()) != want.Kind || f.GetHelp() != want.Help {
			t.Errorf("%s is %s %v, and declared as %s %v", f.GetName(), f.GetType(), names, want.Kind, want.Labels)
		}
	}
	scraped := httptest.NewRecorder()
	promhttp.HandlerFor(r, promhttp.HandlerOpts{}).ServeHTTP(scraped, httptest.NewRequest("GET", "/metrics", nil))
	return scraped.Body.String()
}

func declared(t *testing.T, name string) Family {
	t.Helper()
	i := slices.IndexFunc(Families, func(f Family) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("%s is not declared", name)
	}
	return Families[i]
}

// Names, labels, words and values of every metric, as Prometheus reads them. Rules, dashboards
// and people rest on them: one that changes here changes for all of them.
func TestWhatPrometheusReads(t *testing.T) {
	l := sampleLedger(t)
	check(t, noticed(l))
	c := collector(l)
	got := exposition(t, c)
	for _, f := range Families {
		if !strings.Contains(got, "# TYPE "+f.Name+" "+f.Kind+"\n") {
			t.Errorf("the sample has no %s", f.Name)
		}
	}
	const golden = "testdata/metrics.golden"
	if *update {
		check(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("go test ./pipelines/metrics -update, when this is meant (-want +got):\n%s", diff)
	}
	if strings.Contains(got, "yang_lama") {
		t.Error("a feed that is not in the configuration is shown")
	}
	problems, err := testutil.GatherAndLint(registered(t, c))
	check(t, err)
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// A project in which nothing happened yet has every counter that a rule might ask for, at zero,
// and no moment that never was.
func TestBeforeTheFirstRun(t *testing.T) {
	c := collector(emptyLedger(t))
	c.State = func(context.Context) (State, error) {
		return State{At: now, Feeds: []Feed{{Name: "kasus", Source: "crm", Dataset: "cases", Role: "authoritative"}}}, nil
	}
	got := exposition(t, c)
	for _, want := range []string{
		`lindung_feed_runs_total{feed="kasus",outcome="failed"} 0`, `lindung_feed_retries_total{feed="kasus"} 0`,
		`lindung_feed_late_seconds{feed="kasus"} 0`, `lindung_queue_oldest_wait_seconds 0`, `lindung_lease_held{lease="serve"} 0`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("there is no %s", want)
		}
	}
	for _, never := range []string{"timestamp_seconds", "lindung_release_", "lindung_build_", "delivery_age"} {
		if strings.Contains(got, never) {
			t.Errorf("%s is shown", never)
		}
	}
}

func TestCountersStayWhenOldRunsAreForgotten(t *testing.T) {
	l := sampleLedger(t)
	before := exposition(t, collector(l))
	if n, err := l.Prune(now); n != 2 || err != nil {
		t.Fatalf("%d runs forgotten, %v", n, err)
	}
	after := exposition(t, collector(l))
	for line := range strings.Lines(before) {
		if strings.Contains(line, "_total") && !strings.Contains(after, line) {
			t.Errorf("lost: %s", line)
		}
	}
}

// A scrape costs a reading at most every few seconds.
func TestAReadingIsShownAgainForAWhile(t *testing.T) {
	c := collector(emptyLedger(t))
	at, readings := now, 0
	c.Clock = func() time.Time { return at }
	c.State = func(ctx context.Context) (State, error) { readings++; return sampleState(ctx) }
	for _, step := range []struct {
		later time.Duration
		want  int
	}{{0, 1}, {Hold - time.Millisecond, 1}, {time.Millisecond, 2}, {-time.Hour, 3}} { // a clock that is set back
		at = at.Add(step.later)
		testutil.CollectAndCount(c)
		if readings != step.want {
			t.Errorf("at %v: %d readings, want %d", at, readings, step.want)
		}
	}
}

// What cannot be read is absent, and a metric says so; the rest is there.
func TestAProjectThatCannotBeRead(t *testing.T) {
	var said bytes.Buffer
	c := collector(sampleLedger(t))
	c.Log = slog.New(slog.NewTextHandler(&said, nil))
	c.State = func(context.Context) (State, error) { return State{}, errors.New("the commit log is broken") }
	got := exposition(t, c)
	for _, want := range []string{`lindung_read_success{part="project"} 0`, `lindung_read_success{part="ledger"} 1`, `lindung_runs_total{command="run",state="succeeded"} 1`} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(got, "lindung_feed_late_seconds") || !strings.Contains(said.String(), "the commit log is broken") {
		t.Errorf("feeds are shown, or nothing was said: %s", said.String())
	}
	check(t, c.Ledger.Close())
	c.State = sampleState
	c.read = time.Time{}
	got = exposition(t, c)
	if !strings.Contains(got, `lindung_read_success{part="ledger"} 0`+"\n") || !strings.Contains(got, `lindung_feed_late_seconds{feed="penempatan"} 3600`+"\n") {
		t.Errorf("without the ledger: %s", got)
	}
}

// noticed puts notices into a ledger as another program would, whatever else is known of each.
func noticed(l *ledger.Ledger) error {
	db, err := sql.Open("sqlite", l.Path())
	if err != nil {
		return err
	}
	defer db.Close()
	for _, n := range []map[string]string{
		{"key": "late/penempatan", "kind": "feed_late", "severity": "warning"}, {"key": "late/kasus", "kind": "feed_late", "severity": "warning"},
		{"key": "disk", "kind": "disk_low", "severity": "critical"}, {"key": "old", "kind": "feed_failed", "severity": "warning", "ended": "2026-01-14T00:00:00.000000Z"},
	} {
		columns, err := db.Query(`SELECT name FROM pragma_table_info('notices')`)
		if err != nil {
			return err
		}
		var names, marks []string
		var values []any
		for columns.Next() {
			var name string
			if err := columns.Scan(&name); err != nil {
				return err
			}
			names, marks, values = append(names, name), append(marks, "?"), append(values, n[name])
		}
		if err := columns.Close(); err != nil {
			return err
		}
		if _, err := db.Exec(`INSERT INTO notices (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...); err != nil {
			return err
		}
	}
	return nil
}
