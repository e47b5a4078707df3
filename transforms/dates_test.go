package transforms

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func jakarta() *time.Location { return zones["Asia/Jakarta"] }

func dayText(days int32) string {
	y, m, d := civilFromDays(days)
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

func TestParseDate(t *testing.T) {
	tests := []struct{ text, order, want string }{
		{"2024-01-31", "", "2024-01-31"},
		{"2024-02-29", "", "2024-02-29"},
		{"31/01/2024", "", "2024-01-31"},
		{"31-01-2024", "dmy", "2024-01-31"},
		{"31.01.2024", "", "2024-01-31"},
		{"3/4/2024", "", "2024-04-03"},
		{"3/4/2024", "mdy", "2024-03-04"},
		{"2024/4/3", "mdy", "2024-04-03"},
		{"17 Agustus 2023", "", "2023-08-17"},
		{"17 agt 2023", "", "2023-08-17"},
		{"1 Nopember 2024", "", "2024-11-01"},
		{"Senin, 15 Januari 2024", "", "2024-01-15"},
		{"15-Jan-2024", "", "2024-01-15"},
		{"2024-Mei-05", "", "2024-05-05"},
		{"January 15, 2024", "", "2024-01-15"},
		{"20240131", "ymd", "2024-01-31"},
		{"31012024", "dmy", "2024-01-31"},
		{"2024-01-31T00:00:00", "", "2024-01-31"},
		{"2024-01-31 23:59:59", "", "2024-01-31"},
		{"2024-01-31T20:00:00Z", "", "2024-02-01"}, // already February in Jakarta

		{"31-02-2025", "", ImpossibleDate},
		{"2023-02-29", "", ImpossibleDate},
		{"13/25/2024", "mdy", "" + ImpossibleDate},
		{"25/13/2024", "", ImpossibleDate},
		{"0001-01-01", "", ImpossibleDate},
		{"2024-00-10", "", ImpossibleDate},
		{"15/01/24", "", NotADate},
		{"45292", "", NotADate},
		{"20240131", "", NotADate},
		{"Januari 2024", "", NotADate},
		{"kemarin", "", NotADate},
		{"3/4/2024", "ymd", NotADate},
		{"", "", NotADate},
	}
	for _, tt := range tests {
		days, f := parseDate(tt.text, tt.order, jakarta())
		got := f.code
		if got == "" {
			got = dayText(days)
		}
		if got != tt.want {
			t.Errorf("parseDate(%q, %q) = %s, want %s", tt.text, tt.order, got, tt.want)
		}
	}
}

func TestParseTimestamp(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2024-01-31T13:45:00+07:00", "2024-01-31T06:45:00Z"},
		{"2024-01-31T06:45:00Z", "2024-01-31T06:45:00Z"},
		{"2024-01-31T06:45:00.123456Z", "2024-01-31T06:45:00.123456Z"},
		{"2024-01-31T06:45:00.1234567Z", "2024-01-31T06:45:00.123456Z"},
		{"2024-01-31 13:45", "2024-01-31T06:45:00Z"},
		{"2024-01-31 13:45:30 WITA", "2024-01-31T05:45:30Z"},
		{"31/01/2024 13:45", "2024-01-31T06:45:00Z"},
		{"31 Januari 2024 pukul 13:45 WIB", "2024-01-31T06:45:00Z"},
		{"31 Januari 2024 13.45 WIB", "2024-01-31T06:45:00Z"},
		{"2024-01-31T13:45:00+0700", "2024-01-31T06:45:00Z"},
		{"2024-01-31", "2024-01-30T17:00:00Z"},
		{"2024-01-31T24:45:00Z", ImpossibleDate},
		{"2024-02-30T10:00:00Z", ImpossibleDate},
		{"2024-01-31T10:00:00+99:00", NotADate},
		{"1706655600", NotADate},
		{"10:00", NotADate},
	}
	for _, tt := range tests {
		us, f := parseTimestamp(tt.text, "", jakarta())
		got := f.code
		if got == "" {
			got = time.UnixMicro(us).UTC().Format(time.RFC3339Nano)
		}
		if got != tt.want {
			t.Errorf("parseTimestamp(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

// The calendar arithmetic agrees with the standard library on every day from 1900 to 2100.
func TestCivilDaysAgreeWithTime(t *testing.T) {
	for day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() <= 2100; day = day.AddDate(0, 0, 1) {
		want := int32(day.Unix() / 86400)
		if day.Unix() < 0 {
			want = int32((day.Unix() - 86399) / 86400)
		}
		got := daysFromCivil(day.Year(), int(day.Month()), day.Day())
		if got != want {
			t.Fatalf("daysFromCivil(%s) = %d, want %d", day.Format("2006-01-02"), got, want)
		}
		if back := dayText(got); back != day.Format("2006-01-02") {
			t.Fatalf("civilFromDays(%d) = %s, want %s", got, back, day.Format("2006-01-02"))
		}
	}
}

// However a moment is written, it is the same moment.
func TestTimestampFormsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(t, "seconds"), 0)
		for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "02/01/2006 15:04:05Z07:00"} {
			for _, zone := range []*time.Location{time.UTC, jakarta(), zones["Asia/Jayapura"]} {
				text := at.In(zone).Format(layout)
				if us, f := parseTimestamp(text, "", jakarta()); f.code != "" || us != at.UnixMicro() {
					t.Fatalf("parseTimestamp(%q) = %d %s, want %d", text, us, f.code, at.UnixMicro())
				}
			}
		}
		if us, f := parseTimestamp(at.In(jakarta()).Format("2006-01-02 15:04:05"), "", jakarta()); f.code != "" || us != at.UnixMicro() {
			t.Fatalf("a time without offset is not read in the feed's zone: %d, want %d", us, at.UnixMicro())
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"2024-01-31", "31/01/2024", "17 Agustus 2023", "2024-01-31T23:00:00Z", "20240131", "45292", "15/01/24", "//", "٣١", "Senin, "} {
		f.Add(seed, "dmy")
	}
	f.Fuzz(func(t *testing.T, text, order string) {
		days, why := parseDate(text, order, jakarta())
		if why.code != "" {
			if why.code != NotADate && why.code != ImpossibleDate {
				t.Fatalf("%q gives code %s", text, why.code)
			}
			return
		}
		again, why := parseDate(dayText(days), order, jakarta())
		if why.code != "" || again != days {
			t.Fatalf("%q read as %s, which reads as %d %s", text, dayText(days), again, why.code)
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{"2024-01-31T13:45:00+07:00", "31 Januari 2024 13.45 WIB", "2024-01-31 13:45", "T:", " :00", "2024-01-31T06:45:00.9Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		us, why := parseTimestamp(text, "", jakarta())
		if why.code != "" {
			return
		}
		canonical := time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.000000Z")
		if again, why := parseTimestamp(canonical, "", jakarta()); why.code != "" && us > -2e15 || why.code == "" && again != us {
			t.Fatalf("%q read as %s, which reads as %d %s", text, canonical, again, why.code)
		}
	})
}
