package samples

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
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

// The dirt of no delivery is more than its source's YAML allows, however small the world.
func TestNoWorldIsTooDirty(t *testing.T) {
	allowed := map[string]float64{}
	for _, name := range []string{"bp3mi_units", "siskop2mi", "pengaduan", "remitansi"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "configs", "sources", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var source struct {
			Feeds map[string]struct {
				Thresholds struct {
					Share float64 `yaml:"max_reject_share"`
				}
			}
		}
		if err := yaml.Unmarshal(text, &source); err != nil {
			t.Fatal(err)
		}
		for feed, f := range source.Feeds {
			allowed[feed] = f.Thresholds.Share
		}
	}
	for _, scale := range []float64{0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.01, 0.015, 0.02, 0.03, 0.05} {
		w, before := New(Options{Seed: 1, Scale: scale}), map[string][2]int{}
		for _, moment := range Deliveries() {
			for feed, l := range w.Ledger(moment).Feeds {
				rejected := 0
				for _, n := range l.Rejects {
					rejected += n
				}
				came := [2]int{rejected, l.Records + l.Repeated}
				now, all := came[0]-before[feed][0], came[1]-before[feed][1]
				if before[feed] = came; float64(now) > allowed[feed]*float64(all) {
					t.Errorf("%s at scale %g: %d of %d records of a delivery have problems, and %g is allowed", feed, scale, now, all, allowed[feed])
				}
			}
		}
	}
}
