package warehouse

import (
	"database/sql/driver"
	"slices"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// The states of a feed's calendar.
const (
	OnTime     = "on_time"
	Late       = "late"
	Never      = "never"       // nothing has come yet
	NoCalendar = "no_calendar" // nobody has said when something should come
)

// The states of a delivery's size.
const (
	Within = "within"
	Low    = "low"
	High   = "high"
	NoBand = "no_band" // nobody has said how large a delivery usually is
)

// A FeedState is what a build is told of one feed that counts, at the release's as-of moment.
type FeedState struct {
	Feed, Source, Dataset, Producer string

	Expected         models.Text // its calendar in words; empty where it has none
	LastDelivery     time.Time   // zero: never
	LastDue, NextDue time.Time   // zero without a calendar
	LateSince        time.Time   // zero when it is not late

	Records  []int64 // of each delivery, oldest first
	Rejected int64   // of the newest delivery
	Min, Max int64   // the band; 0 is open
	Volume   string  // Within, Low, High or NoBand, of the newest delivery; empty before there is one
}

// freshness is the state of a feed's calendar. A feed that never came is that first, and late besides.
func (f FeedState) freshness() string {
	switch {
	case f.LastDelivery.IsZero():
		return Never
	case f.Expected.Empty():
		return NoCalendar
	case f.LateSince.IsZero():
		return OnTime
	}
	return Late
}

// size is the state of the newest delivery's number of records.
func (f FeedState) size() string {
	if len(f.Records) == 0 {
		return Never
	}
	return f.Volume
}

// newest is the number of records of the newest delivery, and the median of those before it.
func (f FeedState) newest() (records, median driver.Value) {
	n := len(f.Records)
	if n == 0 {
		return nil, nil
	}
	if before := slices.Sorted(slices.Values(f.Records[:n-1])); len(before) > 0 {
		median = (float64(before[(len(before)-1)/2]) + float64(before[len(before)/2])) / 2
	}
	return f.Records[n-1], median
}

// feedRules judges each feed by what it says of itself: its calendar, its band, and that its records are valid. A rule
// without a calendar, a band or a delivery is not run.
func (b *build) feedRules() {
	for _, f := range b.Feeds {
		judge := func(name, severity, dimension string, checked, offending int64, title, remedy models.Text) {
			b.record(CheckResult{Name: name + "_" + f.Feed, Severity: severity, Dimension: dimension, About: AboutData, Owner: f.Producer,
				Datasets: []string{f.Dataset}, Checked: checked, Offending: offending, Title: title, Remedy: remedy,
				Parts: []CheckPart{{f.Dataset, f.Source, offending > 0}}})
		}
		if !f.Expected.Empty() {
			judge("on_time", SeverityWarn, "timeliness", 0, truth(!f.LateSince.IsZero()),
				models.Text{ID: "Kiriman datang menurut kalendernya", EN: "Deliveries come by their calendar"},
				models.Text{ID: "Lihat meta.freshness; minta kiriman yang terlambat kepada produsennya.", EN: "See meta.freshness; ask the producer for what is late."})
		}
		if f.Volume == Within || f.Volume == Low || f.Volume == High {
			judge("volume", SeverityWarn, "completeness", 0, truth(f.Volume != Within),
				models.Text{ID: "Jumlah rekaman kiriman terbaru dalam batas lazimnya", EN: "The newest delivery has a usual number of records"},
				models.Text{ID: "Lihat meta.volume; tanyakan apakah kiriman itu utuh atau terkirim dua kali.", EN: "See meta.volume; ask whether the delivery is whole, or came twice."})
		}
		if n := len(f.Records); n > 0 && f.Records[n-1] > 0 {
			judge("records_valid", SeverityWarn, "validity", f.Records[n-1], f.Rejected,
				models.Text{ID: "Semua rekaman kiriman terbaru sah", EN: "All records of the newest delivery are valid"},
				models.Text{ID: "Lihat meta.rejects dan lindung quarantine; perbaiki di sumber.", EN: "See meta.rejects and lindung quarantine; correct them at the source."})
		}
	}
}

func truth(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func (b *build) freshnessTable() engineTable {
	return engineTable{
		schema: "meta", name: "freshness",
		about: models.Text{ID: "Kiriman tiap feed terhadap kalendernya, pada tanggal acuan.", EN: "Each feed's deliveries against its calendar, at the as-of moment."},
		columns: []engineColumn{
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("producer", "VARCHAR", "Unit penanggung jawab.", "The unit that answers for the data."),
			col("expected_id", "VARCHAR", "Kalender kiriman (Indonesia); kosong bila tidak ada.", "Its calendar in Indonesian; empty where it has none."),
			col("expected_en", "VARCHAR", "Kalender kiriman (Inggris); kosong bila tidak ada.", "Its calendar in English; empty where it has none."),
			col("last_delivery", "TIMESTAMPTZ", "Kiriman terakhir yang diterima; yang ditahan tidak dihitung.", "The last delivery that was taken; what was withheld is none."),
			col("last_due", "TIMESTAMPTZ", "Tenggat terakhir sebelum tanggal acuan.", "The last moment by which one was due."),
			col("next_due", "TIMESTAMPTZ", "Tenggat berikutnya.", "The next moment by which one is due."),
			col("days_late", "BIGINT", "Hari terlambat pada tanggal acuan; 0 bila tidak.", "Days late on the as-of day; 0 when it is not."),
			col("state", "VARCHAR", "on_time, late, never (belum pernah) atau no_calendar.", "on_time, late, never (nothing came yet) or no_calendar."),
		},
		rows: func(add adder) error {
			for _, f := range b.Feeds {
				var days int64
				if !f.LateSince.IsZero() {
					days = int64(dayOf(b.AsOf).Sub(dayOf(f.LateSince)).Hours() / 24)
				}
				if err := add(f.Feed, f.Source, f.Dataset, f.Producer, f.Expected.ID, f.Expected.EN, timeOrNull(f.LastDelivery),
					timeOrNull(f.LastDue), timeOrNull(f.NextDue), days, f.freshness()); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) volumeTable() engineTable {
	open := func(bound int64) driver.Value {
		if bound == 0 {
			return nil
		}
		return bound
	}
	return engineTable{
		schema: "meta", name: "volume",
		about: models.Text{ID: "Jumlah rekaman kiriman terbaru tiap feed terhadap batas lazimnya.", EN: "The size of each feed's newest delivery against its usual band."},
		columns: []engineColumn{
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("deliveries", "BIGINT", "Jumlah kiriman.", "Number of deliveries."),
			col("records", "BIGINT", "Rekaman pada kiriman terbaru.", "Records of the newest delivery."),
			col("rejected", "BIGINT", "Di antaranya yang dikarantina.", "Those of them that went to quarantine."),
			col("median_before", "DOUBLE", "Median rekaman kiriman sebelumnya.", "Median of the records of the deliveries before."),
			col("min_records", "BIGINT", "Batas bawah; kosong bila tidak ada.", "Lower end of the band; empty where it is open."),
			col("max_records", "BIGINT", "Batas atas; kosong bila tidak ada.", "Upper end of the band; empty where it is open."),
			col("state", "VARCHAR", "within, low, high, never (belum pernah) atau no_band.", "within, low, high, never (nothing came yet) or no_band."),
		},
		rows: func(add adder) error {
			for _, f := range b.Feeds {
				records, median := f.newest()
				if err := add(f.Feed, f.Source, f.Dataset, int64(len(f.Records)), records, f.Rejected, median, open(f.Min), open(f.Max), f.size()); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
