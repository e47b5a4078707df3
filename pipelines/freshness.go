package pipelines

import (
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// feedStates tells a build how the feeds that count stand at a time.
func feedStates(p *configs.Project, snap lake.Snapshot, at time.Time) (states []warehouse.FeedState) {
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if f.Role == "authoritative" {
				states = append(states, feedState(p, snap, f, at))
			}
		}
	}
	return states
}

func feedState(p *configs.Project, snap lake.Snapshot, f *configs.Feed, at time.Time) warehouse.FeedState {
	words := f.Expected.Words()
	state := warehouse.FeedState{Feed: f.Name, Source: f.Source.Name, Dataset: f.Dataset, Producer: f.Source.Producer,
		Expected: sql.Text{ID: words.ID, EN: words.EN}, LastDelivery: lastDelivery(snap, f), Min: f.Volume.Min, Max: f.Volume.Max}
	state.LastDue, state.NextDue = f.Expected.Due(at, p.TimeZone)
	state.LateSince = f.Expected.Late(at, state.LastDelivery, p.TimeZone)
	for _, e := range snap.Deliveries(f.Name) {
		if e.Kind != lake.Delivery {
			continue
		}
		var records, rejected int64
		for _, o := range e.Objects {
			records, rejected = records+o.Records, rejected+o.Quarantined
		}
		state.Records, state.Rejected = append(state.Records, records), rejected
	}
	switch n := len(state.Records); {
	case n == 0:
	case f.Volume == configs.Volume{}:
		state.Volume = warehouse.NoBand
	default:
		state.Volume = [...]string{warehouse.Low, warehouse.Within, warehouse.High}[1+f.Volume.Side(state.Records[n-1])]
	}
	return state
}
