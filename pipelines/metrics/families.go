package metrics

import "github.com/prometheus/client_golang/prometheus"

// The kinds of metrics.
const (
	Counter = "counter" // only grows, also when the program starts anew: the ledger keeps it
	Gauge   = "gauge"
	Summary = "summary" // how many, and their sum: NAME_count and NAME_sum
)

// A Family is the declaration of one metric.
type Family struct {
	Name   string
	Kind   string
	Help   string
	Labels []string
}

// Families declare every metric of the product. Go's own and those of the process are beside them.
var Families = []Family{
	{"lindung_info", Gauge, "The program that runs; the value is always 1.", []string{"version"}},
	{"lindung_read_success", Gauge, "Whether the ledger and the project could be read for these metrics; what could not is absent.", []string{"part"}},

	{"lindung_runs_total", Counter, "Runs that ended, by command and by how they ended.", []string{"command", "state"}},
	{"lindung_run_duration_seconds", Summary, "How long runs took, by command and by how they ended.", []string{"command", "state"}},
	{"lindung_runs_in_progress", Gauge, "Runs under way.", nil},
	{"lindung_run_in_progress_seconds", Gauge, "How long the longest of the runs under way has been going; 0 when there is none.", nil},

	{"lindung_feed_info", Gauge, "The feeds that are switched on; the value is always 1.", []string{"feed", "source", "dataset", "role"}},
	{"lindung_feed_runs_total", Counter, "Runs of a feed, by outcome: committed, nothing_new, withheld, failed.", []string{"feed", "outcome"}},
	{"lindung_feed_run_duration_seconds", Summary, "How long runs of a feed took, by outcome.", []string{"feed", "outcome"}},
	{"lindung_feed_records_total", Counter, "Records that a feed brought, by what became of them: accepted, quarantined.", []string{"feed", "result"}},
	{"lindung_feed_rejects_total", Counter, "Problems of quarantined records, by code; a record may have several.", []string{"feed", "code"}},
	{"lindung_feed_received_bytes_total", Counter, "What a feed's source gave, deliveries that came again included.", []string{"feed"}},
	{"lindung_feed_retries_total", Counter, "Requests to a feed's source that were made again after a passing failure.", []string{"feed"}},
	{"lindung_feed_last_run_timestamp_seconds", Gauge, "When a feed last ran, whatever came of it.", []string{"feed"}},
	{"lindung_feed_last_success_timestamp_seconds", Gauge, "When a feed last ran and its outcome was committed or nothing_new.", []string{"feed"}},
	{"lindung_feed_newest_delivery_age_seconds", Gauge, "How long ago a feed's newest delivery became known; absent when there was none.", []string{"feed"}},
	{"lindung_feed_late_seconds", Gauge, "How long a feed has been waiting for a delivery that should have come; 0 when it is not late.", []string{"feed"}},
	{"lindung_feed_quarantined_records", Gauge, "Records of a feed that are in quarantine now.", []string{"feed"}},

	{"lindung_lake_commits_total", Counter, "Commits in the log.", nil},
	{"lindung_build_last_success_timestamp_seconds", Gauge, "When a build was last published.", nil},
	{"lindung_build_last_duration_seconds", Gauge, "How long the newest published build took.", nil},
	{"lindung_release_info", Gauge, "The release that readers get; the value is always 1.", []string{"release", "origin"}},
	{"lindung_release_age_seconds", Gauge, "How old the knowledge in the release is that readers get.", nil},
	{"lindung_release_behind", Gauge, "Whether the log has commits that the release does not have.", nil},
	{"lindung_target_behind", Gauge, "Whether a place that releases are copied to waits for the current one.", []string{"target"}},

	{"lindung_scheduler_last_tick_timestamp_seconds", Gauge, "When the scheduler last came round.", nil},
	{"lindung_lease_held", Gauge, "Whether some process holds the lease: work to change the data, serve to schedule.", []string{"lease"}},
	{"lindung_queue_occurrences", Gauge, "Occurrences of jobs that wait or run.", []string{"state"}},
	{"lindung_queue_oldest_wait_seconds", Gauge, "How long the oldest waiting occurrence has been due; 0 when none waits.", nil},
	{"lindung_job_next_due_timestamp_seconds", Gauge, "When a job is due next.", []string{"job"}},
	{"lindung_job_paused", Gauge, "Whether somebody paused a job.", []string{"job"}},
	{"lindung_job_skipped_total", Counter, "Occurrences of a job that never ran.", []string{"job"}},

	{"lindung_alerts_open", Gauge, "Notices to people that have not ended, by kind and severity.", []string{"kind", "severity"}},
	{"lindung_data_disk_free_bytes", Gauge, "Free space on the disk of the data folder.", nil},
	{"lindung_data_disk_size_bytes", Gauge, "Size of the disk of the data folder.", nil},
}

var descriptions = func() map[string]*prometheus.Desc {
	all := map[string]*prometheus.Desc{}
	for _, f := range Families {
		all[f.Name] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	return all
}()

var kinds = func() map[string]prometheus.ValueType {
	all := map[string]prometheus.ValueType{}
	for _, f := range Families {
		all[f.Name] = prometheus.GaugeValue
		if f.Kind == Counter {
			all[f.Name] = prometheus.CounterValue
		}
	}
	return all
}()
