package editions

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	writer   = Person{"penulis", 1001}
	approver = Person{"kepala", 1002}
	noon     = time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
)

func proposal(text string) Proposal {
	return Proposal{Kind: "monthly", Subject: "2025-12", Title: figures.Text{ID: "Laporan KPI – Desember 2025", EN: "KPI report – December 2025"}, Sample: true,
		Release: Release{ID: "r000001", Content: "abc", AsOf: noon, LogHead: 3, LogHash: "def", Newest: "r000001"},
		Files:   map[string][]byte{"2025-12.html": []byte(text), "2025-12.id.pdf": []byte("%PDF " + text)}, Figures: []byte("{}\n")}
}

func mustDraft(t *testing.T, b *Book, p Proposal) *Edition {
	t.Helper()
	e, err := b.Draft(p, writer, noon)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func wants(t *testing.T, err error, sentinel error, text string) {
	t.Helper()
	if err == nil || sentinel != nil && !errors.Is(err, sentinel) || !strings.Contains(err.Error(), text) {
		t.Errorf("%v; want …%s…", err, text)
	}
}

// A draft is noted on, approved by another person, and delivered; then nothing changes it.
func TestTheLifeOfAnEdition(t *testing.T) {
	b := Open(filepath.Join(t.TempDir(), "editions"))
	if all, err := b.List(); err != nil || len(all) != 0 {
		t.Fatalf("before anything: %v, %v", all, err)
	}
	_, err := b.Get("monthly-2025-12-1")
	wants(t, err, ErrUnknown, "nothing was drafted yet")
	e := mustDraft(t, b, proposal("satu"))
	if e.ID != "monthly-2025-12-1" || e.State != Draft || len(e.Files) != 2 || len(e.Kept) != 1 || e.Hash == "" {
		t.Fatalf("%+v", e)
	}
	wants(t, b.Deliverable(e), ErrRefused, "only approved editions are delivered")

	e, err = b.AddNote(e.ID, "Dit. Penempatan", "", []byte("Angka Taiwan benar."), approver, noon)
	if err != nil || len(e.Notes) != 1 || e.Notes[0].File.Name != "notes/2026-01-15-1-dit-penempatan.txt" {
		t.Fatalf("%v, %+v", err, e)
	}
	e, err = b.AddNote(e.ID, "BP3MI Jawa Timur", "surat.PDF", []byte("%PDF"), approver, noon.AddDate(0, 0, 1))
	if err != nil || e.Notes[1].File.Name != "notes/2026-01-16-2-bp3mi-jawa-timur.pdf" {
		t.Fatalf("%v, %+v", err, e)
	}
	_, err = b.Approve(e.ID, writer, noon)
	wants(t, err, ErrRefused, "penulis drafted edition monthly-2025-12-1: a second person approves it")
	_, err = b.Approve(e.ID, Person{"penulis", 4711}, noon) // the same account seen from another machine
	wants(t, err, ErrRefused, "a second person")
	_, err = b.Approve(e.ID, Person{"", 1001}, noon)
	wants(t, err, ErrRefused, "a second person")
	if e, err = b.Approve(e.ID, approver, noon.Add(time.Hour)); err != nil || e.State != Approved || e.Approval.Hash != e.Hash || e.Approval.By != approver {
		t.Fatalf("%v, %+v", err, e)
	}
	if again, err := b.Approve(e.ID, writer, noon.Add(2*time.Hour)); err != nil || *again.Approval != *e.Approval {
		t.Errorf("approving again changes something: %v, %+v", err, again.Approval)
	}
	_, err = b.AddNote(e.ID, "Dit. Penempatan", "", []byte("terlambat"), approver, noon)
	wants(t, err, ErrRefused, "notes are for drafts")

	for range 2 {
		if e, err = b.Delivered(e.ID, "arsip", "/srv/arsip", approver, noon); err != nil || len(e.Deliveries) != 1 {
			t.Fatalf("%v, %+v", err, e)
		}
	}
	if e.Delivery("arsip", "/srv/lain") != nil || e.Delivery("arsip", "/srv/arsip") == nil {
		t.Error("a delivery is of its place")
	}
	entries, _, err := b.readLog()
	if err != nil || len(entries) != 5 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// A correction is a new edition, with notes on what changed since the one before.
func TestANewEditionSaysWhatChanged(t *testing.T) {
	b := Open(t.TempDir())
	first := mustDraft(t, b, proposal("satu"))
	second := mustDraft(t, b, proposal("dua"))
	if first, _ = b.Get(first.ID); second.No != 2 || first.State != Replaced {
		t.Fatalf("%+v, %+v", first, second)
	}
	_, err := b.Approve(first.ID, approver, noon)
	wants(t, err, ErrRefused, "a later one came after")
	if _, err := b.Approve(second.ID, approver, noon); err != nil {
		t.Fatal(err)
	}
	_, err = b.Draft(proposal("tiga"), writer, noon)
	wants(t, err, ErrRefused, "edition monthly-2025-12-2 was approved meanwhile")
	p := proposal("tiga")
	old, now, delta := 3.0, 4.0, 1.0
	p.After, p.Release.Newest = second.ID, "r000003"
	p.Revisions = []figures.Restatement{{Address: figures.Address{KPI: "PLC-01", Measure: "services", Period: "2025-12"}, Old: &old, New: &now, Delta: &delta,
		Why: figures.Text{ID: "Kiriman baru: unit (commit 3).", EN: "New deliveries: unit (commit 3)."}},
		{Address: figures.Address{KPI: "PLC-01", Measure: "services", Period: "2025-11"}, Old: &old}}
	third := mustDraft(t, b, p)
	text, err := os.ReadFile(b.Path(third, RevisionsText))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{figures.SampleMark, "Laporan KPI – Desember 2025, edisi 3, sesudah monthly-2025-12-2; menurut rilis r000003.", "PLC-01.services/2025-12: 3 → 4\n    Kiriman baru: unit (commit 3).",
		"PLC-01.services/2025-11: 3 → [x]", "New deliveries: unit (commit 3)."} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the notes lack %q:\n%s", want, text)
		}
	}
	if last, err := b.LastApproved("monthly", "2025-12"); err != nil || last.ID != second.ID {
		t.Errorf("%v, %v", last, err)
	}
	// The approved one is what it was.
	if second, err = b.Get(second.ID); err != nil || second.State != Approved {
		t.Errorf("%v, %+v", err, second)
	}
	p = proposal("nyata")
	p.Sample, p.After = false, second.ID
	_, err = b.Draft(p, writer, noon)
	wants(t, err, ErrRefused, "sample and real data never share a folder")
}

func TestAChangedFileInvalidates(t *testing.T) {
	for name, change := range map[string]func(b *Book, e *Edition) error{
		"2025-12.html": func(b *Book, e *Edition) error { return overwrite(b.Path(e, "2025-12.html"), "sati") },
		"figures.json": func(b *Book, e *Edition) error { return overwrite(b.Path(e, FiguresFile), "[]\n") },
		"2025-12.id.pdf (missing)": func(b *Book, e *Edition) error {
			return os.Remove(b.Path(e, "2025-12.id.pdf"))
		},
		"notes/2026-01-15-1-unit.txt": func(b *Book, e *Edition) error { return overwrite(b.Path(e, e.Notes[0].File.Name), "lain\n") },
	} {
		t.Run(name, func(t *testing.T) {
			b := Open(t.TempDir())
			e := mustDraft(t, b, proposal("satu"))
			e, err := b.AddNote(e.ID, "Unit", "", []byte("baik"), writer, noon)
			if err != nil {
				t.Fatal(err)
			}
			if err := change(b, e); err != nil {
				t.Fatal(err)
			}
			_, err = b.Approve(e.ID, approver, noon)
			wants(t, err, ErrRefused, "edition monthly-2025-12-1 is not what was drafted: "+name+" changed")
		})
	}
	b := Open(t.TempDir())
	e := mustDraft(t, b, proposal("satu"))
	e, err := b.Approve(e.ID, approver, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := overwrite(b.Path(e, "2025-12.html"), "sati"); err != nil {
		t.Fatal(err)
	}
	wants(t, b.Deliverable(e), ErrRefused, "2025-12.html changed; restore it from a backup")
	_, err = b.Delivered(e.ID, "arsip", "/srv", approver, noon)
	wants(t, err, ErrRefused, "2025-12.html changed")
}

func overwrite(path, text string) error {
	if err := os.Chmod(path, 0o644); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// The log is a chain: an entry that was changed, taken out or put in is noticed.
func TestTheLogIsAChain(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *Book) error
		want   string
	}{
		"changed": {func(b *Book) error {
			text, err := os.ReadFile(b.path("log", nameOf(1)))
			return errors.Join(err, overwrite(b.path("log", nameOf(1)), strings.Replace(string(text), "penulis", "penulip", 1)))
		}, "it does not follow from the entry before"},
		"half":      {func(b *Book) error { return overwrite(b.path("log", nameOf(2)), `{"format":1,`) }, "it is damaged"},
		"taken out": {func(b *Book) error { return os.Remove(b.path("log", nameOf(1))) }, "entry 1 was expected there"},
		"newer": {func(b *Book) error {
			return overwrite(b.path("log", nameOf(2)), `{"format":2,"no":2}`)
		}, "written by a newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			b := Open(t.TempDir())
			e := mustDraft(t, b, proposal("satu"))
			if _, err := b.Approve(e.ID, approver, noon); err != nil {
				t.Fatal(err)
			}
			if err := c.change(b); err != nil {
				t.Fatal(err)
			}
			_, err := b.List()
			wants(t, err, nil, c.want)
			_, err = b.Draft(proposal("dua"), writer, noon)
			wants(t, err, nil, c.want)
		})
	}
}

// A draft may end at any step: it is there whole or not at all, and the next one goes on.
func TestADraftMayEndAnywhere(t *testing.T) {
	stopped := errors.New("power cut")
	for stop := 1; ; stop++ {
		b := Open(t.TempDir())
		first := mustDraft(t, b, proposal("satu"))
		steps := 0
		b.step = func(string) error {
			if steps++; steps == stop {
				return stopped
			}
			return nil
		}
		_, err := b.Draft(proposal("dua"), writer, noon)
		b.step = nil
		if err == nil {
			if stop < 6 {
				t.Errorf("only %d steps", stop-1)
			}
			return
		}
		if !errors.Is(err, stopped) {
			t.Fatal(err)
		}
		all, err := b.List()
		if err != nil || len(all) != 1 || all[0].ID != first.ID || all[0].State != Draft {
			t.Fatalf("stopped at %d: %v, %+v", stop, err, all)
		}
		next := mustDraft(t, b, proposal("dua"))
		if changed, err := b.Changed(next); err != nil || len(changed) > 0 || next.No < 2 {
			t.Fatalf("stopped at %d: %v, %v, %+v", stop, err, changed, next)
		}
	}
}

// Several people write at once, and nothing is lost.
func TestManyWriteAtOnce(t *testing.T) {
	dir := t.TempDir()
	e := mustDraft(t, Open(dir), proposal("satu"))
	const people = 8
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			b := Open(dir)
			if _, err := b.AddNote(e.ID, fmt.Sprintf("Unit %d", i), "", []byte("baik"), Person{fmt.Sprint("u", i), 2000 + i}, noon); err != nil {
				t.Error(err)
			}
			p := proposal("x")
			p.Subject = fmt.Sprintf("2025-%02d", i+1)
			if _, err := b.Draft(p, writer, noon); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b := Open(dir)
	editions, err := b.List()
	if err != nil || len(editions) != people+1 {
		t.Fatalf("%d editions, %v", len(editions), err)
	}
	e, err = b.Get(e.ID)
	if err != nil || len(e.Notes) != people {
		t.Fatalf("%d notes, %v", len(e.Notes), err)
	}
	if changed, err := b.Changed(e); err != nil || len(changed) > 0 {
		t.Errorf("%v, %v", changed, err)
	}
	files, err := b.Files()
	if err != nil || len(files) != 3*len(editions)+people+len(editions)+people {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// Who may write at the top may write below: people who review have accounts of their own.
func TestFoldersFollowTheTop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "editions")
	if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, 0o775|os.ModeSetgid)); err != nil {
		t.Fatal(err)
	}
	b := Open(dir)
	e := mustDraft(t, b, proposal("satu"))
	e, err := b.AddNote(e.ID, "Unit", "", []byte("baik"), writer, noon)
	if err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{"log": 0o775, e.ID: 0o775, e.ID + "/notes": 0o775, e.ID + "/2025-12.html": 0o444} {
		if info, err := os.Stat(b.path(path)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestWhatCannotBeDraftedOrNoted(t *testing.T) {
	b := Open(t.TempDir())
	e := mustDraft(t, b, proposal("satu"))
	for want, change := range map[string]func(*Proposal){
		"the kind":                 func(p *Proposal) { p.Kind = "../x" },
		"the subject":              func(p *Proposal) { p.Subject = "2025/12" },
		"it has no file":           func(p *Proposal) { p.Files = nil },
		`be called "figures.json"`: func(p *Proposal) { p.Files["figures.json"] = nil },
		`be called ".hidden"`:      func(p *Proposal) { p.Files[".hidden"] = nil },
		`be called "a/b.html"`:     func(p *Proposal) { p.Files["a/b.html"] = nil },
	} {
		p := proposal("dua")
		change(&p)
		_, err := b.Draft(p, writer, noon)
		wants(t, err, nil, want)
	}
	for want, note := range map[string][3]string{
		"name the unit": {" – ", "", "baik"}, "the note is empty": {"Unit", "", " \n"}, "no text in UTF-8": {"Unit", "", "\xff"}, `the ending ".x y"`: {"Unit", "a.x y", "baik"},
	} {
		_, err := b.AddNote(e.ID, note[0], note[1], []byte(note[2]), writer, noon)
		wants(t, err, nil, want)
	}
}

func TestTheIndex(t *testing.T) {
	b := Open(t.TempDir())
	e := mustDraft(t, b, proposal("satu"))
	if _, err := b.Approve(e.ID, approver, noon); err != nil {
		t.Fatal(err)
	}
	p := proposal("dua")
	p.After = e.ID
	if _, err := b.Draft(p, writer, noon.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	path, err := b.WriteIndex(time.FixedZone("WIB", 7*3600))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/index.html"
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(golden, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(got) != string(want) {
		t.Errorf("the index differs from %s (%v); look at it and run go test -update", golden, err)
	}
	for _, name := range []string{"penulis", "kepala"} {
		if strings.Contains(string(got), name) {
			t.Errorf("the index names %s", name)
		}
	}
	if entries, err := os.ReadDir(b.Dir()); err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".tmp") }) {
		t.Errorf("%v, %v", entries, err)
	}
}
