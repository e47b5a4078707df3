package samples

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFillKeepsBothMargins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, c := rapid.IntRange(1, 8).Draw(t, "rows"), rapid.IntRange(1, 8).Draw(t, "columns")
		table := make([][]int, r)
		seed := newTable(r, c)
		for i := range table {
			table[i] = make([]int, c)
			for j := range table[i] {
				table[i][j] = rapid.IntRange(0, 400).Draw(t, "cell")
				seed[i][j] = rapid.Float64Range(0, 5).Draw(t, "seed")
			}
		}
		rows, cols := rowSums(table), columnSums(table)
		got := fill(seed, nil, rows, cols)
		if !slices.Equal(rowSums(got), rows) || !slices.Equal(columnSums(got), cols) {
			t.Fatalf("margins %v %v became %v %v", rows, cols, rowSums(got), columnSums(got))
		}
		for _, line := range got {
			if slices.Min(line) < 0 {
				t.Fatalf("a count is below zero: %v", got)
			}
		}
	})
}

func TestFillSharesOutWhereSeedsVanish(t *testing.T) {
	for _, seed := range []float64{0, 1.1125369292536007e-308} {
		if got := fill([][]float64{{seed}}, nil, []int{400}, []int{400}); got[0][0] != 400 {
			t.Errorf("a seed of %v gives %v, want 400", seed, got)
		}
	}
}

func TestFillTakesWhatIsFixed(t *testing.T) {
	got := fill([][]float64{{1, 1}, {1, 1}}, [][]int{{7, free}, {free, free}}, []int{10, 10}, []int{9, 11})
	if want := [][]int{{7, 3}, {2, 8}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestApportionGivesAllOfIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 40).Draw(t, "weights")
		total := rapid.IntRange(0, 100000).Draw(t, "total")
		got := apportion(weights, total)
		if sum(weights) > 0 && sum(got) != total {
			t.Fatalf("%v shared out as %v, which is not %d", weights, got, total)
		}
		if sum(weights) == 0 {
			return
		}
		for i, n := range got {
			if exact := weights[i] / sum(weights) * float64(total); float64(n) < exact-1.001 || float64(n) > exact+1.001 {
				t.Fatalf("share %d of %v is %d, more than one away from %v", i, weights, n, exact)
			}
		}
	})
}

func TestSpreadMissesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		s := newSpread(n, rapid.IntRange(0, 9).Draw(t, "attribute"), rapid.Uint64().Draw(t, "offset"))
		hit := make([]bool, n)
		for x := range n {
			if hit[s.at(x)] {
				t.Fatalf("two members of %d go to place %d", n, s.at(x))
			}
			hit[s.at(x)] = true
		}
	})
}

func TestCalendar(t *testing.T) {
	first := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range 40000 {
		d := first.AddDate(0, 0, n)
		y, m, day := civil(dayNumber(d.Year(), int(d.Month()), d.Day()))
		if y != d.Year() || m != int(d.Month()) || day != d.Day() || dayNumber(y, m, day) != int(d.Unix()/86400) && d.Unix() >= 0 {
			t.Fatalf("%s came back as %d-%d-%d", d.Format(time.DateOnly), y, m, day)
		}
	}
	moment := time.Date(2024, 2, 29, 23, 4, 5, 0, zone)
	if got, want := string(appendStamp(nil, moment.Unix())), moment.Format(time.RFC3339); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBirthDatesOfAGroupDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, birthDays).Draw(t, "n")
		before := 1 << 40
		for i := range n {
			b := birthDay(2024, i, n)
			if b >= before {
				t.Fatalf("person %d of %d is not older than the one before", i, n)
			}
			before = b
		}
	})
}

func TestDotted(t *testing.T) {
	for n, want := range map[int]string{7: "7", 999: "999", 1000: "1.000", 22376: "22.376", 2010580: "2.010.580"} {
		same(t, "dotted", dotted(n), want)
	}
}

func FuzzParsePlace(f *testing.F) {
	f.Add("2025-01-31T09:00:00+07:00", "SP-2025-0000012")
	f.Add("", "")
	f.Add("2025-01-31T09:00:00Z", "x")
	f.Fuzz(func(t *testing.T, since, id string) {
		p, err := parsePlace(since, id)
		if err == nil && since != "" && id == "" && !p.before(place{p.updated + 1, 0}) {
			t.Errorf("a place at %q leaves out what came in that second", since)
		}
	})
}
