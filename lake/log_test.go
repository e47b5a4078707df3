package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// delivery lands text, writes n rows for the period, and gives the entry for both.
func delivery(t testing.TB, l *Lake, at, text, period string, n int) Entry {
	t.Helper()
	o := land(t, l, at[:7], text)
	f, err := l.WriteFile("placements", "siskop2mi", period, someRows(n, uint64(len(text))))
	check(t, err)
	return Entry{Kind: Delivery, RunID: "r1", Feed: "siskop2mi_placements", Source: "siskop2mi", Dataset: "placements", Origin: "sample",
		KnownAt: day(at), NormaliserVersion: 1,
		Objects:  []ObjectRecord{{ID: FormatID(o.ID), Name: "page-1.json", Month: at[:7], Bytes: o.Bytes, Records: int64(n), Accepted: int64(n)}},
		Files:    []File{f},
		Position: json.RawMessage(fmt.Sprintf(`{"since":%q}`, at)),
	}
}

func commit(t testing.TB, l *Lake, e Entry) Entry {
	t.Helper()
	e, err := l.Commit(e)
	check(t, err)
	return e
}

// threeCommits gives a lake with three deliveries.
func threeCommits(t testing.TB) *Lake {
	l := newLake(t)
	for i, at := range []string{"2024-01-15", "2025-01-31", "2026-01-15"} {
		commit(t, l, delivery(t, l, at, strings.Repeat("x", i+1), "2023-12", 50+i))
	}
	return l
}

// An entry is of the oldest format that holds it, so that what an older program can read stays so.
func TestAnEntryIsOfTheOldestFormatThatHoldsIt(t *testing.T) {
	l := threeCommits(t)
	e := delivery(t, l, "2026-02-15", "headers", "2023-12", 50)
	e.Headers = []Header{{Objects: "loket-#.csv", Columns: []HeaderColumn{{Name: "NIK", Form: "16 digits"}, {Name: "Catatan"}}}}
	commit(t, l, e)
	entries, err := l.Entries()
	check(t, err)
	last := entries[len(entries)-1]
	if entries[0].Format != 1 || last.Format != 2 || len(last.Headers) != 1 || last.Headers[0].Columns[0].Form != "16 digits" {
		t.Errorf("formats %d and %d, headers %v", entries[0].Format, last.Format, last.Headers)
	}
	e = delivery(t, l, "2026-03-15", "foot", "2023-12", 50)
	e.Objects[0].LeftOut = []LeftOut{{Rule: "stop_at", Place: "line 17", Rows: 2}}
	commit(t, l, e)
	entries, err = l.Entries()
	check(t, err)
	if last = entries[len(entries)-1]; last.Format != 3 || len(last.Objects[0].LeftOut) != 1 || last.Objects[0].LeftOut[0] != e.Objects[0].LeftOut[0] {
		t.Errorf("format %d, left out %v", last.Format, last.Objects[0].LeftOut)
	}
	e = delivery(t, l, "2026-04-15", "too many problems", "2023-12", 50)
	e.Kind, e.Files, e.Position, e.Reason, e.ReasonCode = Withheld, nil, nil, "2 of 3 records have problems", "too_many_problems"
	commit(t, l, e)
	entries, err = l.Entries()
	check(t, err)
	if last = entries[len(entries)-1]; last.Format != 4 || last.ReasonCode != "too_many_problems" {
		t.Errorf("format %d, reason code %q", last.Format, last.ReasonCode)
	}
	raw, err := os.ReadFile(l.entryPath(1))
	check(t, err)
	if strings.Contains(string(raw), "reason") || strings.Contains(string(raw), "headers") || strings.Contains(string(raw), "left_out") {
		t.Error("an entry without headers speaks of them")
	}
}

func TestCommitNumbersAndChainsEntries(t *testing.T) {
	l := threeCommits(t)
	entries, err := l.Entries()
	check(t, err)
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, e := range entries {
		data, err := os.ReadFile(l.entryPath(int64(i + 1)))
		check(t, err)
		if e.No != int64(i+1) || e.Format != 1 || (e.Prev == "") != (i == 0) {
			t.Errorf("entry %d: no %d, format %d, prev %q", i+1, e.No, e.Format, e.Prev)
		}
		if i < 2 && entries[i+1].Prev != entryHash(data) {
			t.Errorf("entry %d does not follow entry %d", i+2, i+1)
		}
		var any map[string]any
		if err := json.Unmarshal(data, &any); err != nil {
			t.Errorf("entry %d is no JSON for other tools: %v", i+1, err)
		}
	}
	no, hash, err := l.Head()
	check(t, err)
	check(t, l.Holds(no, hash))
	if no != 3 {
		t.Errorf("head %d", no)
	}
	if no, hash, err := newLake(t).Head(); no != 0 || hash != "" || err != nil {
		t.Errorf("head of an empty log: %d %q %v", no, hash, err)
	}
}

func TestABrokenLogIsNamedWithItsRemedy(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, l *Lake)
		want   string
	}{
		{"missing", func(t *testing.T, l *Lake) { check(t, os.Remove(l.entryPath(2))) }, "entry 2 (log/00000000000000000002.json) is missing, while entry 3 is there"},
		{"first missing", func(t *testing.T, l *Lake) { check(t, os.Remove(l.entryPath(1))) }, "entry 1 (log/00000000000000000001.json) is missing, while entry 2 is there"},
		{"altered", func(t *testing.T, l *Lake) { edit(t, l.entryPath(2), `"rows":51`, `"rows":52`) }, "entry 2 (log/00000000000000000002.json) cannot be read: its checksum does not match its content"},
		{"newest altered", func(t *testing.T, l *Lake) { edit(t, l.entryPath(3), `"rows":52`, `"rows":53`) }, "entry 3 (log/00000000000000000003.json) cannot be read: its checksum"},
		{"rewritten", func(t *testing.T, l *Lake) { forge(t, l, 2, func(e *Entry) { e.Reason = "changed" }) }, "entry 3 (log/00000000000000000003.json) does not follow entry 2 as that is now"},
		{"renamed", func(t *testing.T, l *Lake) { check(t, os.Rename(l.entryPath(3), l.entryPath(4))) }, "entry 3 (log/00000000000000000003.json) is missing"},
		{"swapped", func(t *testing.T, l *Lake) {
			check(t, os.Remove(l.entryPath(3)))
			check(t, os.Link(l.entryPath(2), l.entryPath(3)))
		}, "entry 3 (log/00000000000000000003.json) calls itself 2"},
		{"cut off", func(t *testing.T, l *Lake) {
			check(t, os.Chmod(l.entryPath(2), 0o600)) // entries are read-only, to their writer too
			check(t, os.Truncate(l.entryPath(2), 20))
		}, "entry 2 (log/00000000000000000002.json) cannot be read: it is cut off"},
		{"newer", func(t *testing.T, l *Lake) { forgeNewer(t, l.entryPath(3)) }, "entry 3: the log entry has a newer format than this program reads: format 7, and this program reads up to 5; use the version of lindung that wrote it, or a newer one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := threeCommits(t)
			c.damage(t, l)
			_, err := l.Entries()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v\nwant ...%s...", err, c.want)
			}
			if newer := c.name == "newer"; errors.Is(err, ErrNewerFormat) != newer || errors.Is(err, ErrBrokenLog) == newer {
				t.Errorf("%v is of the wrong kind", err)
			}
			if _, err := l.Commit(Entry{}); err == nil {
				t.Error("a broken log took an entry")
			}
			if _, err := l.Sweep(); err == nil {
				t.Error("a broken log was the ground to delete on")
			}
			if r, err := l.Verify(t.Context(), nil); err != nil || r.OK() {
				t.Errorf("verify found nothing: %v", err)
			}
		})
	}
}

func TestALogThatWasCutOffIsFoundByANotedHead(t *testing.T) {
	l := threeCommits(t)
	no, hash, err := l.Head()
	check(t, err)
	check(t, os.Remove(l.entryPath(3)))
	if _, err := l.Entries(); err != nil {
		t.Fatalf("the rest is a chain: %v", err)
	}
	if err := l.Holds(no, hash); !errors.Is(err, ErrBrokenLog) || !strings.Contains(err.Error(), "entry 3 is gone, the log ends at 2") {
		t.Errorf("got %v", err)
	}
	forge(t, l, 2, func(e *Entry) { e.Reason = "changed" })
	if err := l.Holds(2, hash); !errors.Is(err, ErrBrokenLog) || !strings.Contains(err.Error(), "the log was rewritten") {
		t.Errorf("got %v", err)
	}
}

func TestTwoCommittersAndOneNumber(t *testing.T) {
	dir := t.TempDir()
	first := openLake(t, dir, nil)
	base := delivery(t, first, "2024-01-15", "x", "2023-12", 5)
	base.Files = nil
	const committers, each = 6, 15
	var wg sync.WaitGroup
	won := make([][]int64, committers)
	for c := range committers {
		l := openLake(t, dir, nil) // as another process would
		wg.Go(func() {
			for len(won[c]) < each {
				e := base
				e.RunID = fmt.Sprintf("%d-%d", c, len(won[c]))
				got, err := l.Commit(e)
				if errors.Is(err, ErrConflict) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				won[c] = append(won[c], got.No)
			}
		})
	}
	wg.Wait()
	entries, err := first.Entries()
	check(t, err)
	winner := map[int64]string{}
	for c, numbers := range won {
		for i, no := range numbers {
			if winner[no] != "" {
				t.Errorf("number %d was won twice", no)
			}
			winner[no] = fmt.Sprintf("%d-%d", c, i)
		}
	}
	if len(entries) != committers*each {
		t.Fatalf("%d entries of %d", len(entries), committers*each)
	}
	for _, e := range entries {
		if winner[e.No] != e.RunID {
			t.Errorf("entry %d is of %s and was won by %s", e.No, e.RunID, winner[e.No])
		}
	}
	noTmp(t, first)
}

func TestCommitOnTopOfWhatWasSeen(t *testing.T) {
	l := newLake(t)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	mine, theirs := delivery(t, l, "2024-01-15", "x", "2023-12", 5), delivery(t, l, "2024-01-15", "xy", "2023-12", 6)
	mine.No = s.Head + 1
	commit(t, l, theirs)
	if _, err := l.Commit(mine); !errors.Is(err, ErrConflict) {
		t.Errorf("committed on top of an entry that nobody saw: %v", err)
	}
	mine.No = 2
	commit(t, l, mine)
}

// Work that rests on what a feed was when it began is refused once somebody else brought the
// feed further, and other feeds do not matter.
func TestCommitAfterWhatTheFeedWas(t *testing.T) {
	l := threeCommits(t)
	other := delivery(t, l, "2026-02-01", "other", "2023-12", 5)
	other.Feed = "loket"
	if _, err := l.CommitAfter(other, 0); err != nil {
		t.Errorf("the first entry of another feed: %v", err)
	}
	late := delivery(t, l, "2026-02-02", "late", "2023-12", 5)
	if _, err := l.CommitAfter(late, 2); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "entry 3 (run r1) brought the feed further than entry 2") {
		t.Errorf("work that rests on entry 2: %v", err)
	}
	e, err := l.CommitAfter(late, 3)
	if err != nil || e.No != 5 {
		t.Errorf("work that rests on entry 3: %+v, %v", e, err)
	}
}

func TestEntriesThatTheLogRefuses(t *testing.T) {
	l := newLake(t)
	first := commit(t, l, delivery(t, l, "2024-01-15", "x", "2023-12", 5))
	for _, c := range []struct {
		name   string
		change func(*Entry)
		want   string
	}{
		{"kind", func(e *Entry) { e.Kind = "edit" }, `kind "edit" is none of delivery, replay, renormalise, withheld`},
		{"feed", func(e *Entry) { e.Feed = "" }, `feed "": use a lower-case letter first`},
		{"time", func(e *Entry) { e.KnownAt = time.Time{} }, "it has no knowledge time"},
		{"position", func(e *Entry) { e.Position = json.RawMessage("{") }, "its position is not JSON"},
		{"object id", func(e *Entry) { e.Objects[0].ID = "zz" }, "2 characters where an id has 32"},
		{"object month", func(e *Entry) { e.Objects[0].Month = "2024" }, "write it as 2024-01"},
		{"object absent", func(e *Entry) { e.Objects[0].ID = strings.Repeat("ab", 16) }, "no such file"},
		{"no reason code", func(e *Entry) { e.Kind = Withheld }, "a withheld delivery, and nothing else, has a reason code"},
		{"reason code", func(e *Entry) { e.ReasonCode = "shrunk" }, "a withheld delivery, and nothing else, has a reason code"},
		{"accounting", func(e *Entry) { e.Objects[0].Quarantined = 1 }, "records were accepted or quarantined and only"},
		{"file absent", func(e *Entry) { e.Files[0].SHA256 = strings.Repeat("ab", 32); e.Files[0].Path = repath(e.Files[0]) }, "no such file"},
		{"file cut off", func(e *Entry) { e.Files[0].Bytes++ }, "bytes where"},
		{"file elsewhere", func(e *Entry) { e.Files[0].Path = "lake/../../secret.parquet" }, "is not where a file of placements"},
		{"file of another source", func(e *Entry) { e.Source = "other" }, "is of source siskop2mi and the entry of other"},
		{"file twice", func(e *Entry) { e.Files = append(e.Files, e.Files[0]) }, "counts already"},
		{"file of the future", func(e *Entry) { e.Files[0].CommitNo = 9 }, "names entry 9 as its delivery, which is still to come"},
		{"file that counts", func(e *Entry) { e.Files = first.Files; e.Files[0].CommitNo = 1 }, "@1 counts already"},
		{"replaces nothing", func(e *Entry) { e.Replaces = []string{"lake/x.parquet"} }, "it replaces lake/x.parquet, which does not count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := delivery(t, l, "2025-01-31", "second", "2023-12", 7)
			c.change(&e)
			if _, err := l.Commit(e); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want ...%s...", err, c.want)
			}
		})
	}
	if no, _, _ := l.Head(); no != 1 {
		t.Errorf("head %d after refusals only", no)
	}
}

func TestAnEntryIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		e := Entry{
			No: rapid.Int64Min(1).Draw(t, "no"), Prev: text.Draw(t, "prev"), Kind: Delivery, Feed: text.Draw(t, "feed"), Reason: text.Draw(t, "reason"),
			KnownAt:  time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "known")),
			Objects:  []ObjectRecord{{Name: text.Draw(t, "name"), Meta: rapid.MapOf(text, text).Draw(t, "meta"), Bytes: rapid.Int64().Draw(t, "bytes")}},
			Files:    []File{{Path: text.Draw(t, "path"), Columns: []ColumnSum{{Name: text.Draw(t, "column")}}}},
			Replaces: rapid.SliceOf(text).Draw(t, "replaces"),
			Position: json.RawMessage(rapid.SampledFrom([]string{`{"a":1,"b":"<>&"}`, ` [ 1, 2 ]`, `"x"`, `1e400`, `null`, ``}).Draw(t, "position")),
		}
		data, err := encodeEntry(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeEntry(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := encodeEntry(got)
		if err != nil || string(again) != string(data) {
			t.Fatalf("%v\n%s\n%s", err, data, again)
		}
		if got.No != e.No || !got.KnownAt.Equal(e.KnownAt) || got.Objects[0].Bytes != e.Objects[0].Bytes || len(got.Objects[0].Meta) != len(e.Objects[0].Meta) {
			t.Fatalf("wrote %+v\nread %+v", e, got)
		}
	})
}

func TestUnchangedEntriesAreNotReadAgain(t *testing.T) {
	l := threeCommits(t)
	before, err := l.Entries()
	check(t, err)
	again, err := l.Entries()
	check(t, err)
	if !reflect.DeepEqual(before, again) || &before[0].Files[0] != &again[0].Files[0] {
		t.Error("an entry was read twice")
	}
}

func FuzzDecodeEntry(f *testing.F) {
	data, err := encodeEntry(Entry{No: 1, Kind: Delivery, Feed: "f", Source: "s", Dataset: "d", KnownAt: day("2024-01-15"), Position: json.RawMessage(`{"a":1}`)})
	check(f, err)
	f.Add(data)
	f.Add([]byte(`{"format":2}`))
	f.Add(seal([]byte(`{"format":1`)))
	f.Add(seal([]byte(`{"format":1,"format":1`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, seal(data)} {
			e, err := decodeEntry(data)
			if err != nil {
				continue
			}
			if again, err := encodeEntry(e); err != nil || string(again) != string(data) {
				t.Errorf("accepted %q, writes %q (%v)", data, again, err)
			}
		}
	})
}

// seal gives body a right checksum, so that the decoder behind it is reached.
func seal(body []byte) []byte {
	return fmt.Appendf(nil, "%s%s%s%s", body, sealOpen, entryHash(body), sealClose)
}

func edit(t testing.TB, path, old, new string) {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s does not hold %s", path, old)
	}
	overwrite(t, path, []byte(strings.Replace(string(data), old, new, 1)))
}

func overwrite(t testing.TB, path string, data []byte) {
	t.Helper()
	check(t, os.Remove(path))
	check(t, os.WriteFile(path, data, 0o600))
}

// forge rewrites an entry with a right checksum of its own, as somebody with the program could.
func forge(t testing.TB, l *Lake, no int64, change func(*Entry)) {
	t.Helper()
	data, err := os.ReadFile(l.entryPath(no))
	check(t, err)
	e, err := decodeEntry(data)
	check(t, err)
	change(&e)
	data, err = encodeEntry(e)
	check(t, err)
	overwrite(t, l.entryPath(no), data)
}

func forgeNewer(t testing.TB, path string) {
	t.Helper()
	overwrite(t, path, seal([]byte(`{"format":7,"no":3,"later":"field"`)))
}

func repath(f File) string {
	return filepath.ToSlash(filepath.Dir(f.Path)) + "/" + f.SHA256[:32] + fileSuffix
}
