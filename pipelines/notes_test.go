package pipelines

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/transforms/privacy"
)

// A noteStep is one entry of a feed's log, in short: an object as NAME#CONTENT (@COMMIT where its rows
// were made anew), each reject as ROW:KEY:CODE, the keys of the rows that were taken.
type noteStep struct{ kind, object, rejects, keys string }

// noteWorld is a lake to which the entries of a made-up feed are written.
type noteWorld struct {
	t       *testing.T
	r       *Runner
	feed    *configs.Feed
	entries []lake.Entry
	live    []string // refs of the rejects that count
}

func newNoteWorld(t *testing.T, feed configs.Feed, connector string) *noteWorld {
	t.Helper()
	dir := t.TempDir()
	master, err := lake.WriteMaster(filepath.Join(dir, "keys", "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := lake.Open(filepath.Join(dir, "data"), master)
	if err != nil {
		t.Fatal(err)
	}
	source := &configs.Source{Name: "unit", Producer: "Bidang", Contact: "data@example.org", Origin: configs.OriginSample}
	feed.Name, feed.Dataset, feed.Source, feed.Connector.Kind = "unit_placements", "placements", source, connector
	project := &configs.Project{Name: "Uji", DataDir: filepath.Join(dir, "data"), KeysDir: filepath.Join(dir, "keys"),
		TimeZone: time.FixedZone("WIB", 7*3600), Sources: []*configs.Source{source}}
	if err := privacy.WriteDemoKeys(tokensPath(project)); err != nil {
		t.Fatal(err)
	}
	return &noteWorld{t: t, r: &Runner{Project: project, Lake: l, hold: &hold{}}, feed: &feed}
}

// add writes an entry. A replay or a renormalisation replaces all rejects by those that it names.
func (w *noteWorld) add(s noteStep) {
	w.t.Helper()
	e := lake.Entry{No: int64(len(w.entries)) + 1, Kind: s.kind, Feed: w.feed.Name, Source: "unit", Dataset: "placements", Origin: "sample",
		RunID: fmt.Sprint("run", len(w.entries)+1), KnownAt: time.Date(2024, 1, 1+len(w.entries), 9, 0, 0, 0, time.UTC)}
	object, first, _ := strings.Cut(s.object, "@")
	name, content, _ := strings.Cut(object, "#")
	id := [16]byte{1}
	copy(id[1:], content)
	o := lake.ObjectRecord{ID: lake.FormatID(id), Name: name, Month: "2024-01"}
	var rejects []transforms.Reject
	for _, one := range strings.Fields(s.rejects) {
		part := strings.Split(one, ":")
		reject := transforms.Reject{Object: id, Place: "line " + part[0], Problems: []transforms.Problem{{Code: part[2], Column: "country", Message: "country: KANARI"}}}
		if _, err := fmt.Sscan(part[0], &reject.RowNo); err != nil {
			w.t.Fatal(err)
		}
		if part[1] != "" {
			reject.Key = transforms.RecordToken(privacy.NewTokenizer(privacy.DemoKeys()), part[1])
		}
		rejects = append(rejects, reject)
	}
	dataset := rejectsDataset
	if s.kind == lake.Withheld {
		dataset = withheldDataset
	}
	if len(rejects) > 0 {
		e.Files = append(e.Files, w.write(dataset, transforms.NewRejectRows("placements", w.feed.Name, "unit", "2024-01", rejects)))
	}
	keys := strings.Fields(s.keys)
	if len(keys) > 0 { // any rows have keys; these hold little else
		e.Files = append(e.Files, w.write("placements", transforms.NewTombstoneRows("unit", "placements", w.feed.Name, "2024-01", keys, id)))
	}
	o.Quarantined, o.Accepted = int64(len(rejects)), int64(len(keys))
	o.Records = o.Quarantined + o.Accepted
	switch s.kind {
	case lake.Delivery, lake.Withheld:
		e.Objects = []lake.ObjectRecord{o}
	default:
		e.Replaces, w.live = w.live, nil
	}
	if s.kind == lake.Withheld {
		e.Reason, e.ReasonCode = "unit_placements: 2 of 3 records have problems, more than max_rejects: 1; nothing of this delivery was taken", producers.TooManyProblems
	}
	for i, f := range e.Files {
		if f.Dataset == rejectsDataset {
			if f.CommitNo = e.No; first != "" {
				_, err := fmt.Sscan(first, &f.CommitNo)
				e.Files[i].CommitNo = f.CommitNo
				if err != nil {
					w.t.Fatal(err)
				}
			}
			w.live = append(w.live, f.Ref())
		}
	}
	w.entries = append(w.entries, e)
}

func (w *noteWorld) write(dataset string, rows transforms.Rows) lake.File {
	w.t.Helper()
	f, err := w.r.Lake.WriteFile(dataset, "unit", "2024-01", rows)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

func (w *noteWorld) notes(entries []lake.Entry) []*producers.Note {
	w.t.Helper()
	notes, err := w.r.notesOf(w.feed, entries)
	if err != nil {
		w.t.Fatal(err)
	}
	return notes
}

// What a record waits for, and what answers it.
func TestWhatAnswersANote(t *testing.T) {
	changes := configs.Feed{Delivery: "changes", Deletes: "none"}
	whole := configs.Feed{Delivery: "snapshot", Deletes: "absent_from_snapshot"}
	parts := configs.Feed{Delivery: "snapshot", Deletes: "none"}
	for _, tt := range []struct {
		name      string
		feed      configs.Feed
		connector string
		steps     []noteStep
		want      []string // versions: id, state, waiting/earlier/repaired
	}{
		{"nothing wrong, no note", changes, "rest", []noteStep{{lake.Delivery, "p1#a", "", "K1"}}, nil},
		{"the record comes again", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code 2:K2:not_a_date", "K3"},
			{lake.Delivery, "p1#b", "", "K9 K1"},
			{lake.Delivery, "p1#c", "", "K2"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/1/1", "1-v3 repaired 0/0/1"}},
		{"other records say nothing about it", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code 2::totals_row", "K3"},
			{lake.Delivery, "p1#b", "", "K4"},
		}, []string{"1-v1 open 2/0/0"}},
		{"it comes again and is still wrong", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", "K3"},
			{lake.Delivery, "p1#b", "7:K1:not_a_date", "K4"},
			{lake.Delivery, "p1#c", "", "K1"},
		}, []string{"1-v1 open 1/0/0", "1-v2 open 1/0/0", "1-v3 repaired 0/0/1"}},
		{"other problems come while it waits", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", ""},
			{lake.Delivery, "p1#b", "1:K2:unknown_code", "K1"},
		}, []string{"1-v1 open 1/0/0", "1-v2 open 1/0/1"}},
		{"a file that is sent again under its name", changes, "sftp", []noteStep{
			{lake.Delivery, "jan.csv#a", "1:K1:unknown_code 2::totals_row", ""},
			{lake.Delivery, "feb.csv#b", "", "K5"},
			{lake.Delivery, "jan.csv#c", "", "K1"},
		}, []string{"1-v1 open 2/0/0", "1-v2 repaired 0/0/2"}},
		{"and still has its row of totals", changes, "files", []noteStep{
			{lake.Delivery, "jan.csv#a", "1:K1:unknown_code 2::totals_row", ""},
			{lake.Delivery, "jan.csv#c", "2::totals_row", "K1"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/0/1"}},
		{"a part of a snapshot", parts, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1::totals_row", ""},
			{lake.Delivery, "p2#b", "", "K5"},
			{lake.Delivery, "p1#c", "", "K1"},
		}, []string{"1-v1 open 1/0/0", "1-v2 repaired 0/0/1"}},
		{"the whole", whole, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code 2::totals_row", ""},
			{lake.Delivery, "p2#b", "3:K3:unknown_code", "K5"},
			{lake.Delivery, "p3#c", "", "K5"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/0/2", "1-v3 repaired 0/0/1"}},
		{"a closed note is not opened again", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", ""},
			{lake.Delivery, "p1#b", "", "K1"},
			{lake.Delivery, "p1#c", "1:K1:unknown_code", ""},
		}, []string{"1-v1 open 1/0/0", "1-v2 repaired 0/0/1", "3-v1 open 1/0/0"}},
		{"withheld, withheld again as it was, and corrected", changes, "rest", []noteStep{
			{lake.Withheld, "p1#a", "1:K1:unknown_code 2:K2:unknown_code", ""},
			{lake.Withheld, "p1#a", "1:K1:unknown_code 2:K2:unknown_code", ""},
			{lake.Delivery, "p1#b", "2:K2:unknown_code", "K1"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/0/1"}},
		{"withheld while others wait", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", ""},
			{lake.Withheld, "p1#b", "1:K7:unknown_code 2:K8:unknown_code", ""},
			{lake.Delivery, "p1#c", "", "K7 K8"},
		}, []string{"1-v1 open 1/0/0", "1-v2 open 3/1/0", "1-v3 open 1/1/2"}},
		{"withheld and without rejects", whole, "rest", []noteStep{
			{lake.Withheld, "p1#a", "", ""},
			{lake.Delivery, "p1#b", "", "K1"},
		}, []string{"1-v1 open 0/0/0", "1-v2 repaired 0/0/0"}},
		{"a replay", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code 2:K2:unknown_code", ""},
			{lake.Replay, "p1#a", "2:K2:unknown_code", "K1"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/1/1"}},
		{"a replay does not bring back what was answered", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code 2:K2:unknown_code", ""},
			{lake.Delivery, "p1#b", "", "K2"},
			{lake.Replay, "p1#a", "2:K2:unknown_code", "K1"},
		}, []string{"1-v1 open 2/0/0", "1-v2 open 1/1/1", "1-v3 repaired 0/0/1"}},
		{"a newer normaliser refuses more", changes, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", "K2"},
			{lake.Renormalise, "p1#a", "1:K1:unknown_code 2:K2:negative_amount", ""},
		}, []string{"1-v1 open 1/0/0", "1-v2 open 2/1/0"}},
		{"which is nothing that waits where a later whole took its place", whole, "rest", []noteStep{
			{lake.Delivery, "p1#a", "", "K1 K2"},
			{lake.Delivery, "p1#b", "", "K1"},
			{lake.Renormalise, "p1#a@1", "2:K2:negative_amount", ""},
		}, nil},
		{"a whole that is withheld speaks for all before it", whole, "rest", []noteStep{
			{lake.Delivery, "p1#a", "1:K1:unknown_code", "K2"},
			{lake.Withheld, "p1#b", "1:K1:unknown_code 2:K2:unknown_code", ""},
		}, []string{"1-v1 open 1/0/0", "1-v2 open 2/0/0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newNoteWorld(t, tt.feed, tt.connector)
			for _, s := range tt.steps {
				w.add(s)
			}
			notes := w.notes(w.entries)
			var got []string
			for i, n := range notes {
				id := strings.TrimLeft(strings.TrimPrefix(n.ID, "unit_placements-"), "0")
				got = append(got, fmt.Sprintf("%s %s %d/%d/%d", id, n.State, n.Counts.Waiting, n.Counts.Earlier, n.Counts.Repaired))
				if supersedes := n.Version > 1; supersedes && n.Supersedes != notes[i-1].ID || !supersedes && n.Supersedes != "" {
					t.Errorf("%s supersedes %q", n.ID, n.Supersedes)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("versions\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			w.holdsAtEveryCommit(notes)
		})
	}
}

// holdsAtEveryCommit checks that what comes later changes no version, and that no message gets in.
func (w *noteWorld) holdsAtEveryCommit(notes []*producers.Note) {
	w.t.Helper()
	for upTo := range w.entries {
		earlier := w.notes(w.entries[:upTo+1])
		for i, n := range earlier {
			if was, is := noteText(w.t, n), noteText(w.t, notes[i]); was != is {
				w.t.Errorf("after commit %d, %s was\n%s\nand is\n%s", upTo+1, n.ID, was, is)
			}
		}
	}
	for _, n := range notes {
		if strings.Contains(noteText(w.t, n), "KANARI") {
			w.t.Errorf("%s holds a message about a record", n.ID)
		}
	}
}

func noteText(t *testing.T, n *producers.Note) string {
	t.Helper()
	var b bytes.Buffer
	if err := n.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := n.WritePage(&b, time.UTC); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a delivery was withheld for is told by its code; an entry of a log from before there were
// codes says that it was withheld.
func TestReasonsForWithholdingAreToldApart(t *testing.T) {
	w := newNoteWorld(t, configs.Feed{}, "files")
	for code, want := range map[string]string{producers.Shrunk: producers.Shrunk, producers.TooManyProblems: producers.TooManyProblems, "": producers.Unspecified} {
		fold := newNoteFold(w.r.Lake, w.feed, w.r.recordTokens())
		if err := fold.apply(lake.Entry{No: 1, Kind: lake.Withheld, Reason: "cannot be read, more than max_rejects", ReasonCode: code}); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(fold).held; got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
}

func TestAProducersNameOfAColumn(t *testing.T) {
	f := &configs.Feed{Dataset: "placements", Version: "diubah", Fields: map[string]string{"country": "negara", "scheme": "=PTP"}}
	for column, want := range map[string]string{
		"country": "negara", "scheme": "", "completed_on": "completed_on", "period": "", "source_updated_at": "diubah",
	} {
		if got := theirColumn(f, column); got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}
