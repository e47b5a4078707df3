package pipelines

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/openlineage"
	"github.com/kp2mi/lindung/pipelines/openlineage/openlineagetest"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// listening makes a project with a section lineage.
func listening(t *testing.T, section string) *Runner {
	t.Helper()
	dir := t.TempDir()
	err := os.WriteFile(filepath.Join(dir, configs.ProjectFile), []byte("project: {name: Uji}\nlineage: "+section+"\n"), 0o600)
	if err = errors.Join(err, os.Mkdir(filepath.Join(dir, "sources"), 0o700)); err != nil {
		t.Fatal(err)
	}
	p, err := configs.Load(dir, configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Runner{Project: p, Code: "v1"}
}

var listened = ledger.Run{ID: "20260115T020000Z-000000", Command: "run", Trigger: ledger.Manual, State: ledger.Running, Started: time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)}

func ends(state string) ledger.Run {
	run := listened
	run.State, run.Ended = state, listened.Started.Add(time.Minute)
	return run
}

// Whoever hangs is waited for once, at the end, and not for long; the file has everything all the same.
func TestListenersThatHangHoldUpNothing(t *testing.T) {
	release := make(chan struct{})
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(release)
	var logged bytes.Buffer
	r := listening(t, "{file: events.jsonl, url: "+server.URL+"/lineage, timeout: 300ms, allow_plain_http: true}")
	r.Log = slog.New(slog.NewTextHandler(&logged, nil))
	began := time.Now()
	r.lineage = r.beginLineage(listened)
	for range 200 {
		r.lineage.tell(r.lineage.teller.Began(r.lineage.run))
	}
	r.lineage.runEnded(ends(ledger.Succeeded))
	if took := time.Since(began); took > 200*time.Millisecond {
		t.Errorf("telling took %s", took)
	}
	report := r.endLineage()
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the run was held up for %s", took)
	}
	if report.Told != 404 || report.Lost != 202 || !strings.Contains(report.Problem, server.URL) {
		t.Errorf("got %+v", report)
	}
	if n := asked.Load(); n > giveUpAfter {
		t.Errorf("it was asked %d times", n)
	}
	if n := strings.Count(logged.String(), "lineage events were lost"); n != 1 {
		t.Errorf("logged %d times: %s", n, logged.String())
	}
	raw, err := os.ReadFile(filepath.Join(r.Project.Dir, "events.jsonl"))
	if err != nil || bytes.Count(raw, []byte("\n")) != 202 {
		t.Errorf("%v, %d lines in the file", err, bytes.Count(raw, []byte("\n")))
	}
	if r.lineage != nil || r.endLineage() != nil {
		t.Error("the run is told no more")
	}
}

// After some failures in a row nothing more is tried; one that passes costs one event.
func TestListenersAreGivenUp(t *testing.T) {
	var asked atomic.Int64
	fails := func(n int64) bool { return n == 1 }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if fails(asked.Add(1)) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	tell := func() *LineageReport {
		asked.Store(0)
		r := listening(t, "{url: "+server.URL+", allow_plain_http: true}")
		r.lineage = r.beginLineage(listened)
		for range 8 {
			r.lineage.tell(r.lineage.teller.Began(r.lineage.run))
		}
		r.lineage.runEnded(ends(ledger.Failed))
		return r.endLineage()
	}
	if got := tell(); got.Told != 10 || got.Lost != 1 || !strings.HasSuffix(got.Problem, "it answered 503 Service Unavailable") {
		t.Errorf("got %+v", got)
	}
	fails = func(int64) bool { return true }
	if got := tell(); got.Told != 10 || got.Lost != 10 || asked.Load() != giveUpAfter {
		t.Errorf("got %+v, asked %d times", got, asked.Load())
	}
}

// A run that was killed tells nothing; the next one tells it.
func TestInterruptedRunsAreToldByTheNext(t *testing.T) {
	r := listening(t, "{file: events.jsonl}")
	killed, other := ends(ledger.Interrupted), ends(ledger.Interrupted)
	killed.ID, killed.Error, other.Command = "20260114T020000Z-000000", "the process ended", "gc"
	r.dead = []ledger.Run{killed, other}
	r.lineage = r.beginLineage(listened)
	r.lineage.runEnded(ends(ledger.Cancelled))
	if got := r.endLineage(); got.Told != 3 || got.Lost != 0 {
		t.Fatalf("got %+v", got)
	}
	raw, err := os.ReadFile(filepath.Join(r.Project.Dir, "events.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	check, err := openlineagetest.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for line := range strings.Lines(string(raw)) {
		if err := check.Check([]byte(line)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		_, id, _ := strings.Cut(line, `"id":"`)
		told = append(told, line[14:19]+" "+id[:8])
	}
	if got := strings.Join(told, ", "); got != "ABORT 20260114, START 20260115, ABORT 20260115" {
		t.Errorf("told: %s", got)
	}
}

func TestCommandsThatBringNothingAreNotTold(t *testing.T) {
	for _, command := range []string{"gc", "publish", "report", "freeze"} {
		run := listened
		run.Command = command
		if listening(t, "{file: events.jsonl}").beginLineage(run) != nil {
			t.Errorf("%s is told", command)
		}
	}
	if (&Runner{Project: &configs.Project{}}).beginLineage(listened) != nil {
		t.Error("nobody asked")
	}
}

func TestEndsAreWordedForListeners(t *testing.T) {
	for state, want := range map[string]string{ledger.Succeeded: "COMPLETE", ledger.NothingNew: "COMPLETE", ledger.Failed: "FAIL", ledger.Withheld: "FAIL",
		ledger.Unavailable: "FAIL", ledger.Cancelled: "ABORT", ledger.Interrupted: "ABORT"} {
		if got := endedRun(ends(state)).End.Type; got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
	for _, c := range []struct {
		message string
		code    int
		want    string
	}{{"", 0, "COMPLETE"}, {"too many rejects", ExitGate, "FAIL"}, {"away", ExitUnavailable, "FAIL"}, {"stopped", ExitCode(context.Canceled), "ABORT"}, {"odd", ExitCode(errors.New("odd")), "FAIL"}} {
		if got := endedWith(time.Time{}, "x", c.message, c.code).Type; got != c.want {
			t.Errorf("%s: %s, want %s", c.message, got, c.want)
		}
	}
}

func TestAFileLiesInTheProject(t *testing.T) {
	r := listening(t, "{file: log/events.jsonl}")
	sinks, _, err := lineageSinks(r.Project)
	if want := filepath.Join(r.Project.Dir, "log", "events.jsonl"); err != nil || len(sinks) != 1 || sinks[0].Place() != want {
		t.Errorf("got %v, %v", sinks, err)
	}
}

// Where a source is, is told without what opens it.
func TestSourcesAreToldByTheirPlace(t *testing.T) {
	for connector, want := range map[string]openlineage.Place{
		"{kind: files, path: inbox}": {Name: "source.office.office_cases"},
		"{kind: rest, url: 'https://api.example.go.id:8443/v1/cases?unit=rahasia'}":                                                             {Namespace: "https://api.example.go.id:8443", Name: "office.office_cases"},
		"{kind: postgres, host: db.example.go.id, port: 5433, database: siskop, user: u, password: rahasia, table: public.kasus, tls: disable}": {Namespace: "postgres://db.example.go.id:5433", Name: "siskop.public.kasus"},
		"{kind: postgres, url: 'postgres://u:rahasia@db.example.go.id/siskop', query: select 1}":                                                {Namespace: "postgres://db.example.go.id", Name: "office.office_cases"},
		"{kind: sftp, host: sftp.example.go.id, user: u, password: rahasia}":                                                                    {Namespace: "sftp://sftp.example.go.id:22", Name: "office.office_cases"},
		"{kind: s3, endpoint: 'https://s3.example.go.id', bucket: kiriman, access_key: a, secret_key: rahasia}":                                 {Namespace: "s3://kiriman", Name: "office.office_cases"},
		"{kind: rest, url: 'https://${env:NO_SUCH_HOST}/cases'}":                                                                                {Name: "source.office.office_cases"},
	} {
		if got := sourcePlace(feedWith(t, connector)); got != want {
			t.Errorf("%s: %+v, want %+v", connector, got, want)
		}
	}
}

func feedWith(t *testing.T, connector string) *configs.Feed {
	t.Helper()
	dir := t.TempDir()
	text := `source: office
title: {id: Kantor, en: Office}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  office_cases:
    dataset: cases
    role: authoritative
    connector: ` + connector + `
    formats: [{kind: csv}]
    key: [case_id]
    delivery: changes
    deletes: none
`
	for name, content := range map[string]string{configs.ProjectFile: "project: {name: Uji}\n", "sources/office.yaml": text} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755), os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	p, err := configs.Load(dir, configs.Options{AllowMissingSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	return p.Sources[0].Feeds[0]
}

// A table is told with the nearest facts and datasets that it is made of, and not at all where the
// lake has nothing for it.
func TestTablesAreToldWithWhatTheyAreMadeOf(t *testing.T) {
	lineage := warehouse.Lineage{
		"stg_a": {"lake_a", "lake_tombstones"}, "stg_b": {"lake_b"}, "dim_a": {"stg_a"},
		"fct_a": {"stg_a", "dim_status"}, "fct_b": {"stg_b"}, "fct_c": {"fct_a", "run"},
		"mart_available_months": {"fct_a", "fct_b", "fct_c"}, "mart_available_periods": {"mart_available_months"},
		"mart_a": {"fct_c", "dim_a"}, "kpi_a": {"mart_a", "mart_available_periods"}, "kpi_b": {"fct_b", "mart_available_periods"},
	}
	m := &warehouse.Manifest{Lineage: lineage}
	var models []sql.Model
	for _, one := range []struct {
		name  string
		layer sql.Layer
	}{{"dim_a", sql.Core}, {"fct_a", sql.Core}, {"fct_b", sql.Core}, {"fct_c", sql.Core}, {"mart_a", sql.Marts}, {"kpi_a", sql.KPIs}, {"kpi_b", sql.KPIs}} {
		models = append(models, sql.Model{Name: one.name, Layer: one.layer})
		m.Tables = append(m.Tables, warehouse.TableHash{Name: one.name, Rows: 1})
	}
	var got []string
	for _, table := range lineageTables(models, m, []string{"a"}) {
		got = append(got, table.Name+" of "+strings.Join(append(table.Datasets, table.Tables...), "+"))
	}
	if want := "fct_a of a, fct_c of fct_a, kpi_a of a+fct_c"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}
