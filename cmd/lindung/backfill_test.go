package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/pipelines"
)

// A long backfill is pulled month by month. One that was stopped goes on with the month that is
// not done, and asks for no other again.
func TestBackfillGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.edit("sources/unit.yaml", "retries: 2", "retries: 0")
	s.edit("sources/unit.yaml", "items_path: data}, retry", "items_path: data}, window: {from_param: from, to_param: before}, retry")
	var asked []string
	s.answers(func(w http.ResponseWriter, r *http.Request) {
		from := r.URL.Query().Get("from")
		if r.URL.Query().Get("page") == "1" {
			asked = append(asked, from+" "+r.URL.Query().Get("before"))
		}
		if from == "2026-01-31T17:00:00Z" && len(asked) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		onePage(w, r)
	})
	args := []string{"backfill", "unit_placements", "--from", "2026-01", "--to", "2026-03", "--chunk", "month"}
	var plan pipelines.BackfillReport
	read := func(args ...string) {
		t.Helper()
		plan = pipelines.BackfillReport{}
		if err := json.Unmarshal(lindung(t, nil, append(args, "--dir", s.dir, "--output", "json")...), &plan); err != nil {
			t.Fatal(err)
		}
	}
	read(append(args, "--dry-run")...)
	if len(plan.Chunks) != 3 || len(asked) != 0 {
		t.Fatalf("the plan is %+v, and the source was asked %v", plan, asked)
	}
	s.refused(pipelines.ExitUnavailable, "2026-02-01  2026-02-28  waiting  unavailable", args...)
	read(append(args, "--dry-run")...)
	if !plan.Resumed || plan.Chunks[0].State != "done" || plan.Chunks[1].State != "waiting" {
		t.Errorf("after it stopped the plan is %+v", plan)
	}
	read(args...)
	// Days begin at midnight in Jakarta, also where a source is told so in UTC.
	want := "2025-12-31T17:00:00Z 2026-01-31T17:00:00Z, 2026-01-31T17:00:00Z 2026-02-28T17:00:00Z, 2026-01-31T17:00:00Z 2026-02-28T17:00:00Z, 2026-02-28T17:00:00Z 2026-03-31T17:00:00Z"
	if got := strings.Join(asked, ", "); got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	if plan.Ended.IsZero() || plan.Build == nil || !plan.Build.Published || len(plan.Runs) != 2 {
		t.Errorf("at the end: %+v", plan)
	}
	read(append(args, "--dry-run")...)
	if plan.Resumed {
		t.Error("a backfill that is done is gone on with")
	}
}
