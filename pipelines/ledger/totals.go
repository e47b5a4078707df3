package ledger

import "database/sql"

// A Total is a counter that only grows, whatever is forgotten.
type Total struct {
	Name   string // runs, run_seconds, feed_runs, records, quarantined, …
	Label  string // a command, a feed or a source
	Detail string // an outcome, a code
	Value  float64
}

// The names of totals. Label is the command of runs, else the feed.
const (
	TotalRuns        = "runs"        // detail: state
	TotalRunSeconds  = "run_seconds" // detail: state
	TotalFeedRuns    = "feed_runs"   // detail: outcome
	TotalFeedSeconds = "feed_seconds"
	TotalRecords     = "records" // detail: accepted, quarantined
	TotalRejects     = "rejects" // detail: problem code
	TotalBytes       = "bytes"
	TotalRetries     = "retries"
	TotalSkipped     = "skipped" // occurrences that never ran; label: job
)

func add(tx *sql.Tx, name, label, detail string, value float64) error {
	if value == 0 {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO totals (name, label, detail, value) VALUES (?, ?, ?, ?)
		ON CONFLICT (name, label, detail) DO UPDATE SET value = value + excluded.value`, name, label, detail, value)
	return err
}

func countRun(tx *sql.Tx, r Run) error {
	if err := add(tx, TotalRuns, r.Command, r.State, 1); err != nil {
		return err
	}
	return add(tx, TotalRunSeconds, r.Command, r.State, r.Ended.Sub(r.Started).Seconds())
}

func countFeed(tx *sql.Tx, f Feed) error {
	for _, t := range []Total{
		{TotalFeedRuns, f.Feed, f.Outcome, 1}, {TotalFeedSeconds, f.Feed, f.Outcome, f.Seconds},
		{TotalRecords, f.Feed, "accepted", float64(f.Accepted)}, {TotalRecords, f.Feed, "quarantined", float64(f.Quarantined)},
		{TotalBytes, f.Feed, "", float64(f.Bytes)}, {TotalRetries, f.Feed, "", float64(f.Retries)},
	} {
		if err := add(tx, t.Name, t.Label, t.Detail, t.Value); err != nil {
			return err
		}
	}
	for code, n := range f.Codes {
		if err := add(tx, TotalRejects, f.Feed, code, float64(n)); err != nil {
			return err
		}
	}
	return nil
}

// Totals lists all counters.
func (l *Ledger) Totals() ([]Total, error) {
	return rows(l.db, func(r *sql.Rows, t *Total) error { return r.Scan(&t.Name, &t.Label, &t.Detail, &t.Value) },
		`SELECT name, label, detail, value FROM totals ORDER BY name, label, detail`)
}
