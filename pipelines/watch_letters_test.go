package pipelines

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

func TestTheDigestOfADay(t *testing.T) {
	w := newUnattended(t, bookOnly+"  digest: {at: \"07:30\", channel: book, language: id}\n", "data@contoh.example", nil)
	w.publish(morning)
	w.run(morning.Add(-time.Hour), "bank", "run", ledger.Succeeded, 0, map[string]string{"bank_a": OutcomeCommitted})
	w.tick(morning)
	w.tick(morning.Add(89 * time.Minute))
	w.tells("not yet")
	w.run(morning.Add(time.Hour), "bank", "run", ledger.Unavailable, ExitUnavailable, map[string]string{"bank_a": OutcomeFailed})
	w.tick(morning.Add(90 * time.Minute)) // the digest tells what this very look found
	w.restart()
	w.tick(morning.Add(91 * time.Minute))
	w.tells("at 7.30, once", "began feed_failed bank_a", "digest [DATA CONTOH] Uji: ringkasan 15 Januari 2026")
	text, err := os.ReadFile(w.book)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- run: 1 kali, sumber tidak terjangkau", "1 kali feed ditarik, 1 gagal; 1.200 rekaman diterima, 34 dikarantina", "Feed bank_a gagal", "- r000001, keadaan 15 Januari 2026 (0 hari lalu)", "ruang bebas 100,0 GB"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the digest lacks %q: %s", want, text)
		}
	}
	w.tick(morning.Add(4*24*time.Hour + 12*time.Hour)) // four days down
	w.told()
	w.tick(morning.Add(4*24*time.Hour + 13*time.Hour))
	w.tells("one digest for all of them")
	w.tick(morning.Add(-20 * 24 * time.Hour)) // the clock is set back
	w.tick(morning.Add(-19 * 24 * time.Hour))
	if got := strings.Join(w.told(), "|"); strings.Count(got, "ringkasan 27 Desember 2025") != 1 {
		t.Errorf("told %s", got)
	}
	if err := w.w.SendDigest(t.Context(), morning); err != nil {
		t.Fatal(err)
	}
	w.tells("now", "digest [DATA CONTOH] Uji: ringkasan 15 Januari 2026")
	d, err := w.w.Digest(morning.Add(2 * time.Hour))
	if err != nil || len(d.Runs) != 2 || d.Records.Failed != 1 {
		t.Errorf("on demand: %+v, %v", d, err)
	}
}

// mailing is a project whose producers are written to by a mail server.
func mailing(t *testing.T, contact string) (*unattended, *connectortest.MailServer) {
	t.Helper()
	server := connectortest.StartMail(t, "starttls")
	yaml := bookOnly + fmt.Sprintf("    post:\n      email: {host: 127.0.0.1, port: %d, user: lindung, password: \"${env:POST}\", from: lindung@contoh.example, to: [piket@contoh.example], ca: \"${file:ca.pem}\"}\n      kinds: [disk_low]\n"+
		"  producers: {channel: post, remind: true, notes: true, escalate_after: 24h}\n", server.Port)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(server.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newUnattended(t, strings.Replace(yaml, "ca.pem", ca, 1), contact, map[string]string{"POST": connectortest.MailPassword})
	w.publish(morning)
	return w, server
}

// A producer is reminded once, with one letter for all feeds of his source; here it is told a day later.
func TestProducersAreRemindedFirst(t *testing.T) {
	w, server := mailing(t, "data@contoh.example")
	eight := time.Date(2026, 1, 16, 8, 0, 0, 0, morning.Location())
	w.tick(eight)
	w.restart()
	w.tick(eight.Add(time.Minute))
	w.tells("nobody here")
	letters := server.Letters()
	if len(letters) != 2 {
		t.Fatalf("%d letters, want one for each source", len(letters))
	}
	header, text, _ := letters[0].Open(t)
	if letters[0].To[0] != "data@contoh.example" || len(letters[0].To) != 1 || !strings.Contains(header.Get("Subject"), "Kiriman_data_ditunggu") && !strings.Contains(header.Get("Subject"), "Kiriman data ditunggu") {
		t.Errorf("to %v: %v", letters[0].To, header)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "reminder.txt"))
	if diff := cmp.Diff(string(want), text); err != nil || diff != "" {
		t.Errorf("the letter (-want +got), %v:\n%s", err, diff)
	}
	w.deliver("pos_c", eight.Add(time.Hour), lake.Delivery, 5)
	w.publish(morning)
	w.tick(eight.Add(23 * time.Hour))
	w.tells("within the day")
	w.tick(eight.Add(24 * time.Hour))
	if got := strings.Join(w.told(), "|"); got != "began late bank_a,bank_b" {
		t.Errorf("after the day: %s", got)
	}
	w.tick(eight.Add(48 * time.Hour)) // what came is awaited again
	if n := len(server.Letters()); n != 3 {
		t.Errorf("%d letters, want one more for pos_c", n)
	}
}

// In a project with sample data nobody real is written to, and nobody waits for an answer.
func TestASampleProjectWritesToNobodyReal(t *testing.T) {
	w, server := mailing(t, "data@kementerian.go.id")
	w.tick(time.Date(2026, 1, 16, 8, 0, 0, 0, morning.Location()))
	w.tells("told here at once", "began late bank_a,bank_b; began late pos_c")
	if n := len(server.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
	for address, want := range map[string]bool{"a@contoh.example": true, "a@Example.ORG": true, "a@x.test": true, "a@example.go.id": false, "a@contohexample": false} {
		if isExample(address) != want {
			t.Errorf("%s", address)
		}
	}
	real := &Watch{runner: &Runner{Project: &configs.Project{Sources: []*configs.Source{{Name: "s", Origin: configs.OriginReal}}}}}
	for contact, want := range map[string]bool{"data@kementerian.go.id": true, "data@contoh.example": false, "Bagian Data": false} {
		if got := real.mayWrite(&configs.Source{Contact: contact}); got != want {
			t.Errorf("with real data, %s: %v", contact, got)
		}
	}
}

// Notes that are issued from now on are sent, each once, with their page; a letter that does not
// arrive is told here.
func TestReturnNotesAreSent(t *testing.T) {
	w, server := mailing(t, "data@contoh.example")
	page := func(id string) string { return "notes/bank_a/" + id + ".html" }
	issue := func(lines ...NoteLine) {
		t.Helper()
		text := `{"bank_a": {"through_commit": 99, "notes": [`
		for i, n := range lines {
			if i > 0 {
				text += ","
			}
			text += fmt.Sprintf(`{"id": %q, "state": %q, "decision": "records_returned", "feed": "bank_a", "commit": %d, "waiting": %d, "repaired": 2, "page": %q}`, n.ID, n.State, n.Commit, n.Waiting, page(n.ID))
			w.write("data/"+page(n.ID), "<!doctype html>"+n.ID)
		}
		w.write("data/notes/index.json", text+"]}}")
	}
	issue(NoteLine{ID: "old", State: "open", Commit: 2, Waiting: 7})
	w.tick(morning)
	issue(NoteLine{ID: "old", State: "superseded", Commit: 2}, NoteLine{ID: "middle", State: "superseded", Commit: 5}, NoteLine{ID: "new", State: "open", Commit: 6, Waiting: 1234})
	w.tick(morning.Add(time.Minute))
	w.restart()
	w.tick(morning.Add(2 * time.Minute))
	letters := server.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters, want the newest version alone", len(letters))
	}
	_, text, attached := letters[0].Open(t)
	if attached["new.html"] != "<!doctype html>new" || !strings.Contains(text, "1.234 rekaman dikembalikan untuk diperbaiki, 2 selesai") ||
		!strings.HasPrefix(text, alerts.SampleMark) || strings.Join(letters[0].To, "") != "data@contoh.example" {
		t.Errorf("the letter: %s %v", text, attached)
	}
	server.Refuse("data@contoh.example", 550, "no such mailbox")
	issue(NoteLine{ID: "closed", State: "repaired", Commit: 8})
	w.tick(morning.Add(3 * time.Minute))
	w.tick(morning.Add(4 * time.Minute))
	w.tells("it does not arrive", "began letter_undeliverable bank_a")
	server.Refuse("data@contoh.example", 0, "")
	w.tick(morning.Add(6*time.Hour + 4*time.Minute))
	if n := len(server.Letters()); n != 2 {
		t.Errorf("%d letters after the mailbox is there again", n)
	}
	// Two processes that notice a note at the same time write it down once.
	issue(NoteLine{ID: "both", State: "open", Commit: 9, Waiting: 1})
	for range 2 {
		if err := w.l.SetMark(noteMark+"bank_a/", ledger.Mark{Number: 8}); err != nil {
			t.Fatal(err)
		}
		w.tick(morning.Add(7 * time.Hour))
	}
	if n := len(server.Letters()); n != 3 {
		t.Errorf("%d letters, want one more", n)
	}
}
