package backups

import (
	"path/filepath"
	"testing"

	"github.com/kp2mi/lindung/reports/editions"
)

// Editions of reports, with the log of who did what, come back as they were; nothing could make them again.
func TestEditionsAreKept(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	s.take()
	book := editions.Open(filepath.Join(s.Project.DataDir, editionsFolder))
	p := editions.Proposal{Kind: "monthly", Subject: "2023-12", Files: map[string][]byte{"2023-12.html": []byte("<p>1</p>")}, Figures: []byte("{}\n"),
		Release: editions.Release{ID: "r000001", Newest: "r000001"}}
	writer, other := editions.Person{Name: "penulis", UID: 1001}, editions.Person{Name: "kepala", UID: 1002}
	e, err := book.Draft(p, writer, s.Now)
	s.check(err)
	_, err = book.AddNote(e.ID, "Unit", "", []byte("baik"), other, s.Now)
	s.check(err)
	_, err = book.Approve(e.ID, other, s.Now)
	s.check(err)
	if report := s.take(); report.Snapshot != 2 || len(report.Problems) > 0 {
		t.Fatalf("an edition is new to the backup: %+v", report)
	}
	dir := filepath.Join(t.TempDir(), "new")
	_, err = s.restore(s.store(), dir)
	s.check(err)
	restored := editions.Open(filepath.Join(dir, "data", editionsFolder))
	back, err := restored.Get(e.ID)
	s.check(err)
	if changed, err := restored.Changed(back); err != nil || len(changed) > 0 || back.State != editions.Approved || len(back.Notes) != 1 || back.Approval.By != other {
		t.Errorf("%v, %v, %+v", err, changed, back)
	}
}
