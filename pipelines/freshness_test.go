package pipelines

import (
	"fmt"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// What a build is told of a feed comes from the log and from the feed's own words, at the build's moment.
func TestHowAFeedStands(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	entry := func(no int64, kind, known string, records, rejected int64) lake.Entry {
		return lake.Entry{No: no, Kind: kind, Feed: "loket_cases", KnownAt: at(known), Objects: []lake.ObjectRecord{
			{Records: records - 1, Quarantined: rejected}, {Records: 1}}}
	}
	snap := lake.Snapshot{Entries: []lake.Entry{
		entry(1, lake.Delivery, "2025-11-05 08:00", 40, 3), entry(2, lake.Delivery, "2025-12-05 08:00", 90, 1),
		entry(3, lake.Replay, "2025-12-20 08:00", 7, 0), entry(4, lake.Withheld, "2026-01-09 08:00", 900, 400),
	}}
	source := &configs.Source{Name: "loket", Producer: "Direktorat"}
	cases := &configs.Feed{Name: "loket_cases", Source: source, Dataset: "cases", Role: "authoritative",
		Expected: configs.Expected{By: "monthly 10", LateAfter: 72 * time.Hour}, Volume: configs.Volume{Min: 10, Max: 80}}
	source.Feeds = []*configs.Feed{cases,
		{Name: "loket_old", Source: source, Dataset: "cases", Role: "alternative"}, {Name: "loket_other", Source: source, Dataset: "cases", Role: "crosscheck"},
		{Name: "loket_loans", Source: source, Dataset: "loans", Role: "authoritative"}}
	project := &configs.Project{TimeZone: zone, Sources: []*configs.Source{source}}

	states := feedStates(project, snap, at("2026-01-15 09:00"))
	if len(states) != 2 || states[1].Feed != "loket_loans" || states[1].Volume != "" || states[1].Records != nil || !states[1].LastDelivery.IsZero() {
		t.Fatalf("feeds that count: %+v", states)
	}
	s := states[0]
	got := fmt.Sprintln(s.Feed, s.Source, s.Dataset, s.Producer, s.Expected.EN, s.Records, s.Rejected, s.Min, s.Max, s.Volume)
	if want := fmt.Sprintln("loket_cases loket cases Direktorat every month by day 10, 3 days of grace [40 90] 1 10 80", warehouse.High); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	for what, pair := range map[string][2]time.Time{
		"last delivery": {s.LastDelivery, at("2025-12-05 08:00")}, "late since": {s.LateSince, at("2026-01-14 00:00")},
		"last due": {s.LastDue, at("2026-01-11 00:00")}, "next due": {s.NextDue, at("2026-02-11 00:00")},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
	if s := feedStates(project, snap, at("2026-01-12 09:00"))[0]; !s.LateSince.IsZero() {
		t.Errorf("late since %v within the grace", s.LateSince)
	}
	for volume, want := range map[configs.Volume]string{{}: warehouse.NoBand, {Min: 91}: warehouse.Low, {Min: 90, Max: 90}: warehouse.Within, {Max: 89}: warehouse.High} {
		cases.Volume = volume
		if got := feedStates(project, snap, at("2026-01-15 09:00"))[0].Volume; got != want {
			t.Errorf("%+v: %s, want %s", volume, got, want)
		}
	}
}
