package figures

import (
	"context"
	"fmt"
)

// A Score is how many of the rules about some data passed in a release.
type Score struct {
	Passed int64 `json:"passed"`
	Run    int64 `json:"run"`
}

// Percent is the share of the rules that passed; only where some were run.
func (s Score) Percent() float64 { return 100 * float64(s.Passed) / float64(s.Run) }

// Quality is what a release says about the data that it was made from.
type Quality struct {
	Release Score
	KPIs    map[string]Score // by code: the rules about the datasets that it comes from
	Sources []SourceQuality  // by name
}

// SourceQuality is a source's score and the states of its feeds.
type SourceQuality struct {
	Source    string
	Score     Score
	Freshness map[string]int64 // feeds by state: on_time, late, never, no_calendar
	DaysLate  int64            // of the feed that is latest
	Volume    map[string]int64 // feeds by state: within, low, high, never, no_band
}

// Quality reads the scores of a release; nil where it was made before there were any.
func (r *Release) Quality(ctx context.Context) (*Quality, error) {
	var tables int64
	const exist = `select count(*) from information_schema.tables where table_schema = 'meta' and table_name in ('quality', 'freshness', 'volume')`
	if err := r.db.QueryRowContext(ctx, exist).Scan(&tables); err != nil {
		return nil, fmt.Errorf("reading the release's tables: %w", err)
	}
	if tables < 3 {
		return nil, nil
	}
	q := &Quality{KPIs: map[string]Score{}}
	rows, err := records(ctx, r.db, "the scores of quality (meta.quality)", "select * from meta.quality where dimension = '' order by scope, member")
	if err != nil {
		return nil, err
	}
	scores := map[string]Score{}
	for _, row := range rows {
		score := Score{row.number("rules_passed"), row.number("rules_run")}
		switch row.text("scope") {
		case "release":
			q.Release = score
		case "kpi":
			q.KPIs[row.text("member")] = score
		case "source":
			scores[row.text("member")] = score
		}
	}
	rows, err = records(ctx, r.db, "the states of the feeds (meta.freshness, meta.volume)", `select source, freshness.state as freshness,
		freshness.days_late, volume.state as volume from meta.freshness inner join meta.volume using (feed, source) order by source, feed`)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name := row.text("source")
		if n := len(q.Sources); n == 0 || q.Sources[n-1].Source != name {
			q.Sources = append(q.Sources, SourceQuality{Source: name, Score: scores[name], Freshness: map[string]int64{}, Volume: map[string]int64{}})
		}
		s := &q.Sources[len(q.Sources)-1]
		s.Freshness[row.text("freshness")]++
		s.Volume[row.text("volume")]++
		s.DaysLate = max(s.DaysLate, row.number("days_late"))
	}
	return q, nil
}
