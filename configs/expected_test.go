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
