package warehouse

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// Each feed is told by its calendar and its band; what nobody has said makes no rule.
func TestStatesOfFeeds(t *testing.T) {
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, jakarta)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	monthly := models.Text{ID: "setiap bulan", EN: "every month"}
	for _, tc := range []struct {
		name                    string
		feed                    FeedState
		freshness, volume, rule string // feed and dimension of the rules, failed ones with !
	}{
		{"on time and within", FeedState{Expected: monthly, LastDelivery: at("2026-01-09 08:00"), Records: []int64{10, 30, 20, 25}, Min: 5, Max: 40, Volume: Within},
			"setiap bulan|2026-01-09T01:00:00Z|0|on_time", "4|25|0|20|5|40|within", "on_time timeliness, volume completeness, records_valid validity"},
		{"late by the days since", FeedState{Expected: monthly, LastDelivery: at("2025-11-09 08:00"), LateSince: at("2026-01-11 00:00"), Records: []int64{10, 30, 4}, Min: 5, Volume: Low},
			"setiap bulan|2025-11-09T01:00:00Z|4|late", "3|4|0|20|5|NULL|low", "on_time timeliness!, volume completeness!, records_valid validity"},
		{"late since a moment of the same day", FeedState{Expected: monthly, LastDelivery: at("2026-01-14 08:00"), LateSince: at("2026-01-15 07:00"), Records: []int64{3}, Max: 2, Volume: High},
			"setiap bulan|2026-01-14T01:00:00Z|0|late", "1|3|0|NULL|NULL|2|high", "on_time timeliness!, volume completeness!, records_valid validity"},
		{"never came, and should have", FeedState{Expected: monthly, LateSince: at("2026-01-11 00:00")}, "setiap bulan|NULL|4|never", "0|NULL|0|NULL|NULL|NULL|never", "on_time timeliness!"},
		{"never came, and nobody waits", FeedState{}, "|NULL|0|never", "0|NULL|0|NULL|NULL|NULL|never", ""},
		{"without a calendar or a band", FeedState{LastDelivery: at("2025-01-09 08:00"), Records: []int64{7, 8}, Rejected: 2, Volume: NoBand},
			"|2025-01-09T01:00:00Z|0|no_calendar", "2|8|2|7|NULL|NULL|no_band", "records_valid validity!"},
		{"an empty delivery", FeedState{LastDelivery: at("2025-01-09 08:00"), Records: []int64{0}, Volume: NoBand}, "|2025-01-09T01:00:00Z|0|no_calendar", "1|0|0|NULL|NULL|NULL|no_band", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.feed.Feed, tc.feed.Source, tc.feed.Dataset, tc.feed.Producer = "f", "siskop2mi", "placements", "Unit"
			w := newWorld(t)
			m := w.build(func(s *BuildSpec) { s.Feeds = []FeedState{tc.feed} })
			db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
			if got := ask(t, db, "select expected_id, last_delivery, days_late, state from meta.freshness"); got != tc.freshness {
				t.Errorf("freshness: %s, want %s", got, tc.freshness)
			}
			if got := ask(t, db, "select deliveries, records, rejected, median_before, min_records, max_records, state from meta.volume"); got != tc.volume {
				t.Errorf("volume: %s, want %s", got, tc.volume)
			}
			var rules []string
			for _, c := range m.Checks {
				name, of := strings.CutSuffix(c.Name, "_f")
				if !of {
					continue
				}
				if len(c.Parts) != 1 || c.Parts[0] != (CheckPart{"placements", "siskop2mi", !c.Passed()}) || c.Owner != "Unit" || c.Severity != SeverityWarn {
					t.Errorf("%+v", c)
				}
				rules = append(rules, name+" "+c.Dimension+map[bool]string{false: "!"}[c.Passed()])
			}
			if got := strings.Join(rules, ", "); got != tc.rule {
				t.Errorf("rules: %s, want %s", got, tc.rule)
			}
		})
	}
}

// What a delivery holds that is not valid is counted, and fails its rule.
func TestInvalidRecordsOfTheNewestDelivery(t *testing.T) {
	w := newWorld(t)
	m := w.build(func(s *BuildSpec) {
		s.Feeds = []FeedState{{Feed: "f", Source: "s", Dataset: "placements", Records: []int64{100, 50}, Rejected: 2}}
	})
	for _, c := range m.Checks {
		if c.Name == "records_valid_f" {
			if c.Offending != 2 || c.Checked != 50 {
				t.Errorf("%d of %d", c.Offending, c.Checked)
			}
			return
		}
	}
	t.Error("no rule")
}
