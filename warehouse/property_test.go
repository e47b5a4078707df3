package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// told is one row that some delivery brought, or the end of a key.
type told struct {
	key     string
	updated int // 0 is NULL
	commit  int
	row     int
	hash    int
	ends    bool
}

// TestClassifyAgreesWithAPlainReading compares the SQL account with one written row by row in Go, over random
// histories of versions, repetitions and tombstones.
func TestClassifyAgreesWithAPlainReading(t *testing.T) {
	ctx := context.Background()
	s, err := openSession(ctx, limits{threads: 2, memory: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := &build{s: s, columns: map[string][]Column{}, rows: map[string]int64{}, manifest: &Manifest{}}
	rapid.Check(t, func(rt *rapid.T) {
		history := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) told {
			return told{
				key: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "key"), updated: rapid.IntRange(0, 3).Draw(rt, "updated"),
				commit: rapid.IntRange(1, 4).Draw(rt, "commit"), row: rapid.IntRange(1, 3).Draw(rt, "row"),
				hash: rapid.IntRange(1, 2).Draw(rt, "hash"), ends: rapid.IntRange(0, 9).Draw(rt, "ends") < 2,
			}
		}), 0, 30).Draw(rt, "history")
		if err := tell(ctx, s, history); err != nil {
			rt.Fatal(err)
		}
		got := Conservation{Accepted: int64(len(rowsOf(history)))}
		if err := b.classify(ctx, "told", &got); err != nil {
			rt.Fatal(err)
		}
		if want := plainReading(history); got != want {
			rt.Fatalf("got  %+v\nwant %+v", got, want)
		}
		if got.Accepted != got.Current+got.Superseded+got.Duplicates+got.Tombstoned {
			rt.Fatalf("the account does not balance: %+v", got)
		}
	})
}

func rowsOf(history []told) (rows []told) {
	for _, h := range history {
		if !h.ends {
			rows = append(rows, h)
		}
	}
	return rows
}

// tell writes a history into the tables that classify reads.
func tell(ctx context.Context, s *session, history []told) error {
	statements := []string{
		"drop table if exists lake__ranked",
		"create or replace temp table lake_told (source varchar, row_key varchar, source_updated_at timestamptz, commit_no bigint, row_no bigint, row_hash bigint, object_id uuid)",
		"create or replace temp table lake_tombstones (source varchar, dataset varchar, row_key varchar, commit_no bigint)",
	}
	var rows, ends []string
	for _, h := range history {
		updated := "null"
		if h.updated > 0 {
			updated = fmt.Sprintf("'2025-01-0%d 00:00:00+00'", h.updated)
		}
		if h.ends {
			ends = append(ends, fmt.Sprintf("('s', 'told', '%s', %d)", h.key, h.commit))
		} else {
			rows = append(rows, fmt.Sprintf("('s', '%s', %s, %d, %d, %d, uuid())", h.key, updated, h.commit, h.row, h.hash))
		}
	}
	if len(rows) > 0 {
		statements = append(statements, "insert into lake_told values "+strings.Join(rows, ", "))
	}
	if len(ends) > 0 {
		statements = append(statements, "insert into lake_tombstones values "+strings.Join(ends, ", "))
	}
	return s.exec(ctx, statements...)
}

// plainReading is the rule in words: a version told again is a duplicate; of the versions of a key one is the
// newest and the others are superseded; the newest counts unless no row of the key came after its last end.
func plainReading(history []told) Conservation {
	c := Conservation{Accepted: int64(len(rowsOf(history)))}
	versions, lastRow, lastEnd := map[string][]string{}, map[string]int{}, map[string]int{}
	for _, h := range history {
		if h.ends {
			lastEnd[h.key] = max(lastEnd[h.key], h.commit)
			continue
		}
		lastRow[h.key] = max(lastRow[h.key], h.commit)
		version := fmt.Sprint(h.updated, "/", h.hash)
		if slices.Contains(versions[h.key], version) {
			c.Duplicates++
			continue
		}
		versions[h.key] = append(versions[h.key], version)
	}
	for key, v := range versions {
		c.Superseded += int64(len(v) - 1)
		if lastRow[key] > lastEnd[key] {
			c.Current++
		} else {
			c.Tombstoned++
		}
	}
	return c
}

func FuzzForbiddenIn(f *testing.F) {
	for _, seed := range []string{"select now()", "/* now() */ select 'random()' -- uuid()", "select a -- ' \n, current_date", "'", "/*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if strings.ContainsAny(query, "'-/*") {
			forbiddenIn(query) // must not hang or panic on unbalanced quotes and comments
			return
		}
		if forbiddenIn("select now(), "+query) == "" {
			t.Errorf("a clock goes unseen before %q", query)
		}
	})
}
