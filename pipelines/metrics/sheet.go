package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A sheet is where the metrics of one reading are written.
type sheet struct {
	now     time.Time // of the machine
	metrics []prometheus.Metric
}

func (s *sheet) set(name string, value float64, labels ...string) {
	s.metrics = append(s.metrics, prometheus.MustNewConstMetric(descriptions[name], kinds[name], value, labels...))
}

// time sets a moment; one that never was is absent.
func (s *sheet) time(name string, at time.Time, labels ...string) {
	if !at.IsZero() {
		s.set(name, float64(at.UnixMicro())/1e6, labels...)
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (s *sheet) project(state State) {
	for _, f := range state.Feeds {
		s.set("lindung_feed_info", 1, f.Name, f.Source, f.Dataset, f.Role)
		if !f.LastDelivery.IsZero() {
			s.set("lindung_feed_newest_delivery_age_seconds", state.At.Sub(f.LastDelivery).Seconds(), f.Name)
		}
		late := 0.0
		if !f.LateSince.IsZero() {
			late = state.At.Sub(f.LateSince).Seconds()
		}
		s.set("lindung_feed_late_seconds", late, f.Name)
		s.set("lindung_feed_quarantined_records", float64(f.Quarantined), f.Name)
	}
	s.set("lindung_lake_commits_total", float64(state.Commits))
	if r := state.Release; r != nil {
		s.set("lindung_release_info", 1, r.ID, r.Origin)
		s.set("lindung_release_age_seconds", state.At.Sub(r.AsOf).Seconds())
		s.set("lindung_release_behind", number(r.Behind))
	}
	for _, t := range state.Targets {
		s.set("lindung_target_behind", number(t.Behind), t.Name)
	}
	s.set("lindung_data_disk_free_bytes", float64(state.Disk.Free))
	s.set("lindung_data_disk_size_bytes", float64(state.Disk.Size))
	s.time("lindung_scheduler_last_tick_timestamp_seconds", state.LastTick)
	for _, j := range state.Jobs {
		s.time("lindung_job_next_due_timestamp_seconds", j.NextDue, j.Name)
	}
}

func (s *sheet) running(runs []ledger.Run) {
	longest := time.Duration(0)
	for _, r := range runs {
		longest = max(longest, s.now.Sub(r.Started))
	}
	s.set("lindung_runs_in_progress", float64(len(runs)))
	s.set("lindung_run_in_progress_seconds", longest.Seconds())
}

type key struct{ name, label, detail string }

// counts are the ledger's totals by their names.
type counts map[key]float64

func (c counts) of(name, label, detail string) float64 { return c[key{name, label, detail}] }

// totals writes the counters. Those whose labels are known begin at zero, so that the first
// failure of a feed is an increase like any other.
func (s *sheet) totals(all []ledger.Total, state State) {
	have := counts{}
	for _, t := range all {
		have[key{t.Name, t.Label, t.Detail}] = t.Value
	}
	commands := map[string]bool{"run": true}
	for _, t := range all {
		if t.Name == ledger.TotalRuns {
			commands[t.Label] = true
		}
	}
	for command := range commands {
		for _, state := range []string{ledger.Succeeded, ledger.NothingNew, ledger.Withheld, ledger.Unavailable, ledger.Failed, ledger.Cancelled, ledger.Interrupted} {
			runs := have.of(ledger.TotalRuns, command, state)
			s.set("lindung_runs_total", runs, command, state)
			s.summary("lindung_run_duration_seconds", runs, have.of(ledger.TotalRunSeconds, command, state), command, state)
		}
	}
	feeds := map[string]bool{}
	for _, f := range state.Feeds {
		feeds[f.Name] = true
		for _, outcome := range []string{"committed", "nothing_new", "withheld", "failed"} {
			runs := have.of(ledger.TotalFeedRuns, f.Name, outcome)
			s.set("lindung_feed_runs_total", runs, f.Name, outcome)
			s.summary("lindung_feed_run_duration_seconds", runs, have.of(ledger.TotalFeedSeconds, f.Name, outcome), f.Name, outcome)
		}
		for _, result := range []string{"accepted", "quarantined"} {
			s.set("lindung_feed_records_total", have.of(ledger.TotalRecords, f.Name, result), f.Name, result)
		}
		s.set("lindung_feed_received_bytes_total", have.of(ledger.TotalBytes, f.Name, ""), f.Name)
		s.set("lindung_feed_retries_total", have.of(ledger.TotalRetries, f.Name, ""), f.Name)
	}
	for _, t := range all {
		if t.Name == ledger.TotalRejects && feeds[t.Label] {
			s.set("lindung_feed_rejects_total", t.Value, t.Label, t.Detail)
		}
	}
	for _, j := range state.Jobs {
		s.set("lindung_job_skipped_total", have.of(ledger.TotalSkipped, j.Name, ""), j.Name)
	}
}

func (s *sheet) summary(name string, count, sum float64, labels ...string) {
	s.metrics = append(s.metrics, prometheus.MustNewConstSummary(descriptions[name], uint64(count), sum, nil, labels...))
}
