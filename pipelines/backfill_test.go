package pipelines

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPiecesOfAWindow(t *testing.T) {
	w := Window{at("2026-01-20 00:00"), at("2026-04-10 00:00")}
	for chunk, want := range map[string][]string{
		"":        {"01-20"},
		"month":   {"01-20", "02-01", "03-01", "04-01"},
		"quarter": {"01-20", "04-01"},
		"year":    {"01-20"},
	} {
		pieces, err := w.cut(chunk, w.From.Location())
		if err != nil || len(pieces) != len(want) {
			t.Errorf("%q: %v, %v", chunk, pieces, err)
			continue
		}
		for i, p := range pieces {
			if got := p.From.Format("01-02"); got != want[i] {
				t.Errorf("%q: piece %d begins on %s, want %s", chunk, i, got, want[i])
			}
		}
	}
	if weeks, err := w.cut("week", w.From.Location()); err != nil || weeks[1].From.Weekday() != time.Monday || len(weeks) != 12 {
		t.Errorf("weeks: %v, %v", weeks, err)
	}
	if _, err := w.cut("fortnight", w.From.Location()); ExitCode(err) != ExitUsage {
		t.Errorf("an unknown piece: %v", err)
	}
}

// The pieces of a window are the window: no gap, no overlap, none empty.
func TestPiecesAreTheWhole(t *testing.T) {
	jayapura, err := time.LoadLocation("Asia/Jayapura")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := at("2019-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 50_000).Draw(t, "hour")) * time.Hour)
		w := Window{from, from.Add(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "hours")) * time.Hour)}
		pieces, err := w.cut(rapid.SampledFrom([]string{"day", "week", "month", "quarter", "year"}).Draw(t, "chunk"), jayapura)
		if err != nil {
			t.Fatal(err)
		}
		at := w.From
		for _, p := range pieces {
			if !p.From.Equal(at) || !p.To.After(p.From) {
				t.Fatalf("a piece from %v to %v where %v was next", p.From, p.To, at)
			}
			at = p.To
		}
		if !at.Equal(w.To) {
			t.Fatalf("the pieces end at %v, the window at %v", at, w.To)
		}
	})
}
