package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

const exportSource = `source: money
title: {id: Remitansi, en: Remittances}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  money_quarterly:
    dataset: remittances
    role: authoritative
    connector:
      kind: rest
      method: POST
      url: "${env:EXPORT_URL}/exports"
      since_param: since
      export: {id_path: id, status_url: "${env:EXPORT_URL}/jobs/{id}", status_path: state, done: [ready], download_url: "${env:EXPORT_URL}/jobs/{id}/file", every: 10ms}
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: changes
    deletes: none
    units: {decimal: ".", scale: "1000000"}
    fields: {year: tahun, quarter: triwulan, country: negara, amount_usd: usd, channel: "=BI"}
`

// A run that is killed while a source prepares an export does not have it prepared again: the
// next run waits for the same job, and goes on from when that was asked for.
func TestAKilledRunLeavesItsExportToTheNext(t *testing.T) {
	t.Parallel()
	var jobs, asked atomic.Int64
	var since atomic.Value
	waiting := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /exports", func(w http.ResponseWriter, r *http.Request) {
		since.Store(r.FormValue("since"))
		fmt.Fprintf(w, `{"id": "j%d"}`, jobs.Add(1))
	})
	mux.HandleFunc("GET /jobs/{id}", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			close(waiting)
			<-r.Context().Done() // until the one who asks is gone
			return
		}
		fmt.Fprint(w, `{"state": "ready"}`)
	})
	mux.HandleFunc("GET /jobs/{id}/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "tahun,triwulan,negara,usd\n2023,4,Hong Kong,1\n2023,4,Jepang,4\n")
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	dir := projectDir(t)
	if err := writeProject(dir, emptyProject(), true); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "sources"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sources", "money.yaml"), []byte(exportSource), 0o644); err != nil {
		t.Fatal(err)
	}
	env := []string{"EXPORT_URL=" + server.URL}
	run := func(now string) []string { return []string{"run", "--no-build", "--dir", dir, "--now", now} }

	killed := exec.Command(program, run("2024-01-15T09:00:00Z")...)
	killed.Env = append(os.Environ(), env...)
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	_ = killed.Process.Signal(syscall.SIGKILL)
	_ = killed.Wait()
	notes := filepath.Join(dir, "data", "pulls")
	if info, err := os.Stat(filepath.Join(notes, "money_quarterly.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the note: %v, %v", info, err)
	}

	out := string(lindung(t, env, run("2024-01-15T10:00:00Z")...))
	if jobs.Load() != 1 || !strings.Contains(out, "commit 1") {
		t.Errorf("%d exports were asked for, want 1:\n%s", jobs.Load(), out)
	}
	if left, err := os.ReadDir(notes); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	lindung(t, env, run("2024-01-16T09:00:00Z")...)
	if got := since.Load(); jobs.Load() != 2 || got != "2024-01-15T09:00:00Z" {
		t.Errorf("%d exports, the last since %v: what changed after the first was asked for would be missing", jobs.Load(), got)
	}
	lindung(t, env, "verify", "--dir", dir)
}
