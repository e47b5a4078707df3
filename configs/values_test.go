package configs

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseSize(t *testing.T) {
	for in, want := range map[string]Size{
		"0": 0, "17": 17, "1B": 1, "1KiB": 1024, "512MiB": 512 << 20, "2GiB": 2 << 30, "2 GiB": 2 << 30, "1TiB": 1 << 40,
		"10MB": 10_000_000, "1.5GiB": 3 << 29, "2gib": 2 << 30, "9007199254740993": 9007199254740993,
	} {
		if got, err := ParseSize(in); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "GiB", "-1GiB", "2 gigabytes", "1e9", "1.0001KiB", "99999999TiB", "1 2", "0x10", "١GiB"} {
		if got, err := ParseSize(in); err == nil {
			t.Errorf("%q is taken for %d", in, got)
		}
	}
}

func TestASizeIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := Size(rapid.Int64Range(0, 1<<62).Draw(t, "size"))
		if got, err := ParseSize(size.String()); err != nil || got != size {
			t.Fatalf("%d is written %s and read %d (%v)", int64(size), size, int64(got), err)
		}
	})
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for in, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "48h": 2 * day, "30d": 30 * day, "1d12h": 36 * time.Hour, "1h30m": 90 * time.Minute, "0s": 0, "0d": 0, "250ms": 250 * time.Millisecond,
	} {
		if got, err := ParseDuration(in); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "5", "-48h", "+48h", "1d-2h", "2 days", "30D", "d", "99999999999999999999d", "1000000d", "9999999h"} {
		if got, err := ParseDuration(in); err == nil {
			t.Errorf("%q is taken for %v", in, got)
		}
	}
}

// Two spans overlap exactly when some month lies in both, and what they share is exactly those months.
func TestOverlapIsTheMonthsInBoth(t *testing.T) {
	var months []string
	for year := 2023; year <= 2025; year++ {
		for m := 1; m <= 12; m++ {
			months = append(months, fmt.Sprintf("%d-%02d", year, m))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		span := func(name string) PeriodRange {
			from := rapid.IntRange(0, 35).Draw(t, name+" from")
			to := rapid.IntRange(from, 35).Draw(t, name+" to")
			p := PeriodRange{From: months[from], To: months[to]}
			if rapid.Bool().Draw(t, name+" open before") {
				p.From = ""
			}
			if rapid.Bool().Draw(t, name+" open after") {
				p.To = ""
			}
			return p
		}
		p, q := span("p"), span("q")
		both, overlaps := p.overlap(q)
		if back, also := q.overlap(p); back != both || also != overlaps {
			t.Fatalf("%v with %v is %v, the other way round %v", p, q, both, back)
		}
		shared := 0
		for _, m := range months {
			in := p.Contains(m) && q.Contains(m)
			if in {
				shared++
			}
			if in != (overlaps && both.Contains(m)) {
				t.Fatalf("%v and %v share %v (%v); month %s says otherwise", p, q, both, overlaps, m)
			}
		}
		if overlaps != (shared > 0) {
			t.Fatalf("%v and %v: overlap %v, %d months shared", p, q, overlaps, shared)
		}
	})
}

func TestSuggestFindsWhatWasMeant(t *testing.T) {
	known := []string{"connector", "country", "contact", "key", "keys", "rest", "placements"}
	for word, want := range map[string]string{
		"conector": "connector", "Country": "country", "contry": "country", "kyes": "keys", "rset": "rest",
		"placement": "placements", "zzz": "", "": "", "x": "", "colour": "",
	} {
		if got := Suggest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func ExampleParseSize() {
	size, _ := ParseSize("1.5GiB")
	fmt.Println(int64(size), size)
	// Output: 1610612736 1536MiB
}
