package configs

import (
	"testing"
	"time"
)

func TestLateIsWhatDidNotComeSinceTheArrivalBefore(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	const day = 24 * time.Hour
	for _, tt := range []struct {
		by              string
		after           time.Duration
		last, now, late string
	}{
		{"", 0, "", "2024-03-20 09:00", ""},
		{"monthly 10", 3 * day, "2024-02-08 09:00", "2024-03-13 23:00", ""}, // within the grace
		{"monthly 10", 3 * day, "2024-02-08 09:00", "2024-03-14 00:00", "2024-03-14 00:00"},
		{"monthly 10", 3 * day, "2024-03-08 09:00", "2024-03-20 09:00", ""}, // early is in time
		{"monthly 10", 3 * day, "2024-02-13 09:00", "2024-03-20 09:00", "2024-03-14 00:00"},
		{"monthly 10", 0, "", "2024-03-20 09:00", "2024-03-11 00:00"}, // never came
		{"monthly 31", 0, "2024-01-15 09:00", "2024-03-01 00:00", "2024-03-01 00:00"},
		{"daily", 0, "2024-03-18 09:00", "2024-03-20 09:00", "2024-03-20 00:00"},
		{"daily", 0, "2024-03-19 09:00", "2024-03-20 09:00", ""},
		{"daily", 0, "2024-03-08 09:00", "2024-03-20 09:00", "2024-03-10 00:00"},            // silent since that day
		{"monthly 10", 3 * day, "2023-11-13 23:00", "2024-03-20 09:00", "2023-12-14 00:00"}, // the last was late for November
		{"monthly 10", 3 * day, "2023-11-14 01:00", "2024-03-20 09:00", "2024-01-14 00:00"}, // too late for November, so for December
		{"daily 07:00", 2 * time.Hour, "2024-03-19 08:00", "2024-03-20 08:59", ""},
		{"daily 07:00", 2 * time.Hour, "2024-03-19 08:00", "2024-03-20 09:00", "2024-03-20 09:00"},
		{"weekly mon", 0, "2024-03-11 12:00", "2024-03-19 00:00", "2024-03-19 00:00"}, // 11 and 18 March are Mondays
		{"weekly mon", 0, "2024-03-12 12:00", "2024-03-19 00:00", ""},
		{"weekly sun", 0, "2024-03-10 12:00", "2024-03-17 23:00", ""},
		{"quarterly 20", 0, "2024-01-15 12:00", "2024-04-20 12:00", ""},
		{"quarterly 20", 0, "2024-01-15 12:00", "2024-04-21 00:00", "2024-04-21 00:00"},
		{"yearly 03-31", 30 * day, "2023-04-15 12:00", "2024-05-01 00:00", "2024-05-01 00:00"},
		{"yearly 02-29", 0, "2023-03-15 12:00", "2024-02-29 23:00", ""},
	} {
		got := Expected{By: tt.by, LateAfter: tt.after}.Late(at(tt.now), at(tt.last), zone)
		if want := at(tt.late); !got.Equal(want) {
			t.Errorf("%s +%v, last %s, at %s: late since %v, want %v", tt.by, tt.after, tt.last, tt.now, got, want)
		}
	}
}

func TestACalendarInWordsAndItsDays(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	now := time.Date(2024, 3, 20, 9, 0, 0, 0, time.UTC) // a Wednesday
	for _, tt := range []struct {
		by                 string
		after              time.Duration
		id, en, last, next string
	}{
		{"", day, "", "", "0001-01-01 00:00", "0001-01-01 00:00"},
		{"daily", 0, "setiap hari", "every day", "2024-03-20 00:00", "2024-03-21 00:00"},
		{"daily 07:00", 12 * hour, "setiap hari pukul 07:00, tenggang 12 jam", "every day by 07:00, 12 hours of grace", "2024-03-20 07:00", "2024-03-21 07:00"},
		{"daily 10:00", 36 * hour, "setiap hari pukul 10:00, tenggang 36 jam", "every day by 10:00, 36 hours of grace", "2024-03-19 10:00", "2024-03-20 10:00"},
		{"weekly mon", 0, "setiap Senin", "every Monday", "2024-03-19 00:00", "2024-03-26 00:00"},
		{"weekly sun", 2 * day, "setiap Minggu, tenggang 2 hari", "every Sunday, 2 days of grace", "2024-03-18 00:00", "2024-03-25 00:00"},
		{"monthly 31", 0, "setiap bulan, paling lambat tanggal 31", "every month by day 31", "2024-03-01 00:00", "2024-04-01 00:00"},
		{"quarterly 90", 0, "90 hari sesudah akhir triwulan", "90 days after the end of a quarter", "2023-12-30 00:00", "2024-03-31 00:00"},
		{"yearly 03-05", day, "setiap tahun, paling lambat 5 Maret, tenggang 1 hari", "every year by 5 March, 1 day of grace", "2024-03-06 00:00", "2025-03-06 00:00"},
		{"yearly 12-31", 0, "setiap tahun, paling lambat 31 Desember", "every year by 31 December", "2024-01-01 00:00", "2025-01-01 00:00"},
	} {
		e := Expected{By: tt.by, LateAfter: tt.after}
		if got := e.Words(); got != (Label{tt.id, tt.en}) {
			t.Errorf("%s +%v reads %q", tt.by, tt.after, got)
		}
		last, next := e.Due(now, time.UTC)
		if got := last.Format("2006-01-02 15:04") + ", " + next.Format("2006-01-02 15:04"); got != tt.last+", "+tt.next {
			t.Errorf("%s is due %s, want %s, %s", tt.by, got, tt.last, tt.next)
		}
	}
}

func TestHeaderWordsCanBeRead(t *testing.T) {
	words := Headers()
	if words.Short["tgl"] != "tanggal" || !words.Fillers["pmi"] || len(words.Of("cases", "status")) == 0 {
		t.Errorf("%d fields, %d abbreviations, %d fillers", len(words.Fields), len(words.Short), len(words.Fillers))
	}
	if got := words.Of("exchange_rates", "unit")[0]; got != "nilai" {
		t.Errorf("the dataset's own words do not come first: %s", got)
	}
	if _, err := parseHeaderWords([]byte("kind,name,words\nfeild,a,b\n")); err == nil {
		t.Error("a kind that is not known is let through")
	}
}
