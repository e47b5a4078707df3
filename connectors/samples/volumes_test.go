package samples

import (
	"slices"
	"testing"
)

// A band holds what its own world sends at every delivery, and not what a world of another size does.
func TestVolumesFitTheirWorldAndNoOther(t *testing.T) {
	small, large := New(Options{Seed: 1, Scale: 0.02}), New(Options{Seed: 2, Scale: 0.4})
	bands, others := small.Volumes(), large.Volumes()
	if len(bands) < 15 || len(others) != len(bands) {
		t.Fatalf("%d and %d feeds have bands", len(bands), len(others))
	}
	last := Deliveries()[len(Deliveries())-1]
	for feed, l := range small.Ledger(last).Feeds {
		band, ok := bands[feed]
		if feed == FeedRemittances {
			if ok {
				t.Errorf("%s does not grow with the world", feed)
			}
			continue
		}
		if most := (l.Records + l.Repeated) / len(Deliveries()); band.Min < 1 || band.Max < most {
			t.Errorf("%s: band %+v, and the largest delivery has %d records at least", feed, band, most)
		}
	}
	for feed, band := range bands {
		r := registerFeeds[feed]
		if r == nil {
			continue
		}
		versions, since := small.versions(r), int64(0)
		var sent []int
		for _, moment := range Deliveries() {
			n := len(versions(since, momentOf(moment)))
			since = momentOf(moment)
			if sent = append(sent, n); n > 0 && (n < band.Min || n > band.Max) {
				t.Errorf("%s: a delivery of %d records is outside %+v", feed, n, band)
			}
		}
		if most := slices.Max(sent); most >= others[feed].Min && feed != "tata_kelola_vacancies" { // which begin with a few
			t.Errorf("%s: %d records are in the band of a world twenty times as large: %+v", feed, most, others[feed])
		}
	}
}
