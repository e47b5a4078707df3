package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestJudgingIsOneStep(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, dir)
	n := Notice{Key: "late/f", Kind: "late", Subject: "f", Party: "s", Severity: "warning", TextID: "a", TextEN: "b", Command: "c",
		Since: noon, Last: noon, Times: 2, Gone: noon, Sent: noon, Ended: noon, Acked: noon, AckedBy: "siti", AckUntil: noon.Add(time.Hour), AckWhy: "d"}
	m := Message{Key: "k", Channel: "mail", Recipient: "r", Subject: "f", Content: "{}", Made: noon}
	check(t, l.Judge(noon, func(book []Notice) ([]Notice, []Message) {
		if len(book) != 0 {
			t.Errorf("book: %+v", book)
		}
		return []Notice{n}, []Message{m, m}
	}))
	check(t, l.Close())
	l = opened(t, dir)
	all, err := l.Notices()
	check(t, err)
	if len(all) != 1 || all[0] != n || all[0].Open() {
		t.Errorf("got %+v, want %+v", all, n)
	}
	waiting, err := l.Undelivered()
	check(t, err)
	if m.ID = 1; len(waiting) != 1 || waiting[0] != m {
		t.Errorf("got %+v, want %+v once", waiting, m)
	}
	// A message that the ledger cannot take leaves the notices as they were.
	check(t, l.exec(`CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'disk is full'); END`))
	err = l.Judge(noon, func(book []Notice) ([]Notice, []Message) {
		changed := book[0]
		changed.Times = 99
		return []Notice{changed}, []Message{{Key: "k2", Made: noon}}
	})
	all, _ = l.Notices()
	if err == nil || !strings.Contains(err.Error(), "disk is full") || all[0].Times != 2 {
		t.Errorf("got %v, %+v", err, all)
	}
}

// After the clock was set back, what was written down under the wrong one is of now.
func TestTimesThatAreStillToCome(t *testing.T) {
	l := opened(t, t.TempDir())
	later := noon.Add(1000 * time.Hour)
	put := func(n Notice) {
		check(t, l.Judge(later, func([]Notice) ([]Notice, []Message) { return []Notice{n}, nil }))
	}
	put(Notice{Key: "a", Since: later, Last: later, Sent: later, Acked: later, AckUntil: later})
	put(Notice{Key: "b", Since: noon.Add(-time.Hour), Last: later, Gone: later, Ended: later})
	check(t, l.Judge(noon, func(book []Notice) ([]Notice, []Message) {
		a, b := book[0], book[1]
		if !a.Since.Equal(noon) || !a.Sent.Equal(noon) || !a.AckUntil.Equal(later) || !a.Gone.IsZero() || !b.Since.Equal(noon.Add(-time.Hour)) || !b.Ended.Equal(noon) {
			t.Errorf("got %+v", book)
		}
		return nil, nil
	}))
}

func TestMessagesWaitUntilTheyAreDelivered(t *testing.T) {
	l := opened(t, t.TempDir())
	mark := Mark{At: noon, Number: 7, Error: "e"}
	check(t, l.PutAt(map[string]Mark{"note/a/": mark, "note/ab/": {}, "other": {}}, Message{Key: "1", Channel: "chat", Made: noon}, Message{Key: "2", Channel: "chat", Recipient: "x", Made: noon}, Message{Key: "3", Channel: "mail", Made: noon}))
	for id := range int64(3) {
		check(t, l.Attempted(id+1, noon, "away", noon.Add(time.Hour)))
	}
	check(t, l.Attempted(3, noon, "", time.Time{}))
	check(t, l.Hasten("chat"))
	waiting, err := l.Undelivered()
	check(t, err)
	got := ""
	for _, m := range waiting {
		got += fmt.Sprintln(m.Key, m.Attempts, m.Error, m.NotBefore.IsZero())
	}
	if got != "1 1 away true\n2 1 away false\n" {
		t.Errorf("got %s", got)
	}
	check(t, l.Forget("note/a/"))
	_, known, err := l.Mark("note/a/")
	_, other, _ := l.Mark("note/ab/")
	if known || !other || err != nil {
		t.Errorf("forgotten: %v, and the other is there: %v; %v", !known, other, err)
	}
	check(t, l.SetMark("other", mark))
	if got, known, err := l.Mark("other"); got != mark || !known || err != nil {
		t.Errorf("got %+v", got)
	}
	if _, err := l.Prune(noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if waiting, err := l.Undelivered(); len(waiting) != 0 || err != nil {
		t.Errorf("old messages stay: %+v, %v", waiting, err)
	}
}

func TestOnlyWhatHoldsIsAcknowledged(t *testing.T) {
	l := opened(t, t.TempDir())
	if err := l.Ack("late/f", "siti", "x", noon, noon); !errors.Is(err, ErrNoNotice) || err.Error() != "late/f: nothing of that name holds at present; see lindung alerts list" {
		t.Errorf("got %v", err)
	}
}

// The newest run of each command and job counts, unless it still runs or somebody stopped it.
func TestLastRuns(t *testing.T) {
	l := opened(t, t.TempDir())
	for i, r := range []Run{
		{Command: "run", Job: "a", State: Failed}, {Command: "run", Job: "a", State: Succeeded}, {Command: "run", Job: "a", State: Cancelled}, {Command: "run", Job: "a"},
		{Command: "run", Job: "b", State: Failed}, {Command: "run", State: NothingNew}, {Command: "report", State: Interrupted}, {Command: "build"},
	} {
		r.ID, r.Started = fmt.Sprint(i), noon.Add(time.Duration(i)*time.Minute)
		state := r.State
		r, err := l.Begin(r)
		check(t, err)
		if r.State = state; state != "" {
			r.Ended = r.Started
			check(t, l.End(r, nil))
		}
	}
	last, err := l.LastRuns()
	check(t, err)
	var got []string
	for _, r := range last {
		got = append(got, r.ID)
	}
	if strings.Join(got, " ") != "1 4 5 6" {
		t.Errorf("got %v", got)
	}
}
