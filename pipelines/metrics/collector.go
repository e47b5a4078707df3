package metrics

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// Hold is how long what was read is shown again: a scrape costs little, however many there are.
const Hold = 10 * time.Second

// A Collector reads the ledger and the project when somebody asks for metrics.
type Collector struct {
	// Ledger is read; the collector does not close it.
	Ledger *ledger.Ledger
	// State tells what the ledger does not know.
	State func(context.Context) (State, error)
	// Clock gives the time of the machine.
	Clock func() time.Time
	// Version is the program's.
	Version string
	// Log receives what could not be read.
	Log *slog.Logger

	mu    sync.Mutex
	read  time.Time
	shown []prometheus.Metric
}

// Describe names every metric that there may be.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range Families {
		to <- descriptions[f.Name]
	}
}

// Collect gives the metrics.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.metrics() {
		to <- m
	}
}

func (c *Collector) metrics() []prometheus.Metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Clock()
	if age := now.Sub(c.read); c.shown != nil && age >= 0 && age < Hold {
		return c.shown
	}
	s := &sheet{now: now}
	s.set("lindung_info", 1, c.Version)
	state, err := c.State(context.Background())
	c.note(s, "project", err)
	if err == nil {
		s.project(state)
	}
	c.note(s, "ledger", c.fromLedger(s, state))
	c.shown, c.read = s.metrics, now
	return c.shown
}

func (c *Collector) note(s *sheet, part string, err error) {
	s.set("lindung_read_success", number(err == nil), part)
	if err != nil {
		c.Log.Error("metrics could not be read whole", "part", part, "problem", err.Error())
	}
}

// fromLedger writes down what the ledger says. Feeds and jobs that are no more in the
// configuration are left out.
func (c *Collector) fromLedger(s *sheet, state State) error {
	totals, err := c.Ledger.Totals()
	if err != nil {
		return err
	}
	s.totals(totals, state)
	newest, good, err := c.Ledger.LastOfFeeds()
	if err != nil {
		return err
	}
	for _, f := range state.Feeds {
		s.time("lindung_feed_last_run_timestamp_seconds", newest[f.Name].Ended, f.Name)
		s.time("lindung_feed_last_success_timestamp_seconds", good[f.Name].Ended, f.Name)
	}
	running, err := c.Ledger.Runs(ledger.RunFilter{State: ledger.Running})
	if err != nil {
		return err
	}
	s.running(running)
	published, seconds, ok, err := c.Ledger.LastPublished()
	if err != nil {
		return err
	}
	if ok {
		s.time("lindung_build_last_success_timestamp_seconds", published.Ended)
		s.set("lindung_build_last_duration_seconds", seconds)
	}
	notices, err := c.Ledger.OpenNotices()
	if err != nil {
		return err
	}
	for _, n := range notices {
		s.set("lindung_alerts_open", float64(n.Count), n.Kind, n.Severity)
	}
	return errors.Join(c.queue(s), c.jobs(s, state), c.leases(s))
}

func (c *Collector) queue(s *sheet) error {
	open, err := c.Ledger.Unfinished()
	if err != nil {
		return err
	}
	count := map[string]float64{}
	oldest := time.Duration(0)
	for _, o := range open {
		count[o.State]++
		if o.State == ledger.Waiting {
			oldest = max(oldest, s.now.Sub(o.Due))
		}
	}
	for _, state := range []string{ledger.Waiting, ledger.Started} {
		s.set("lindung_queue_occurrences", count[state], state)
	}
	s.set("lindung_queue_oldest_wait_seconds", oldest.Seconds())
	return nil
}

func (c *Collector) jobs(s *sheet, state State) error {
	known, err := c.Ledger.Jobs()
	if err != nil {
		return err
	}
	for _, j := range state.Jobs {
		paused := slices.ContainsFunc(known, func(k ledger.Job) bool { return k.Job == j.Name && !k.Paused.IsZero() })
		s.set("lindung_job_paused", number(paused), j.Name)
	}
	return nil
}

func (c *Collector) leases(s *sheet) error {
	for _, name := range []string{ledger.Work, ledger.Serve} {
		holder, err := c.Ledger.Holder(name)
		if err != nil {
			return err
		}
		s.set("lindung_lease_held", number(holder != nil), name)
	}
	return nil
}
