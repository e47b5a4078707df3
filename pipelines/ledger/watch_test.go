package ledger

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheLastRunThatPublished(t *testing.T) {
	l := opened(t, t.TempDir())
	if _, _, ok, err := l.LastPublished(); ok || err != nil {
		t.Fatalf("an empty ledger: ok %v, %v", ok, err)
	}
	at := time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)
	for i, release := range []string{"r000001", "r000002", ""} {
		r, err := l.Begin(Run{ID: "run", Command: "run", Trigger: Manual, Started: at.AddDate(0, 0, i)})
		if err != nil {
			t.Fatal(err)
		}
		r.State, r.Release, r.Ended = Succeeded, release, r.Started.Add(time.Minute)
		steps := []Step{{RunID: r.ID, No: 1, Step: "load", Seconds: 2.5}, {RunID: r.ID, No: 2, Step: "models", Seconds: 4}, {RunID: r.ID, Feed: "penempatan", No: 1, Step: "pull", Seconds: 99}}
		if err := l.End(r, steps); err != nil {
			t.Fatal(err)
		}
	}
	r, seconds, ok, err := l.LastPublished()
	if err != nil || !ok || r.Release != "r000002" || !r.Ended.Equal(at.AddDate(0, 0, 1).Add(time.Minute)) || seconds != 6.5 {
		t.Errorf("got %+v, %v s, %v, %v", r, seconds, ok, err)
	}
}

func TestOpenNoticesAreCounted(t *testing.T) {
	l := opened(t, t.TempDir())
	at := time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)
	err := l.Judge(at, func([]Notice) ([]Notice, []Message) {
		return []Notice{{Key: "late/a", Kind: "late", Severity: "warning"}, {Key: "late/b", Kind: "late", Severity: "warning"},
			{Key: "late/c", Kind: "late", Severity: "warning", Ended: at}, {Key: "disk_low/data", Kind: "disk_low", Severity: "critical"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	open, err := l.OpenNotices()
	if err != nil || len(open) != 2 || open[0] != (NoticeCount{"disk_low", "critical", 1}) || open[1] != (NoticeCount{"late", "warning", 2}) {
		t.Errorf("got %+v, %v", open, err)
	}
}

func TestALedgerThatCannotBeWritten(t *testing.T) {
	l := opened(t, t.TempDir())
	if err := l.Writable(); err != nil {
		t.Fatal(err)
	}
	if err := l.exec(`PRAGMA query_only = 1`); err != nil {
		t.Fatal(err)
	}
	if err := l.Writable(); err == nil || !strings.Contains(err.Error(), filepath.Base(l.Path())) {
		t.Errorf("got %v", err)
	}
}
