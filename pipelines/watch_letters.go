package pipelines

import (
	"context"
	"fmt"
	"net/mail"
	"path/filepath"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/producers"
)

// Beginnings of the marks by which producers are told a thing once. A name that ends in / is the
// beginning of no other.
const (
	reminderMark = "alerts/reminder/" // of a feed: when its producer was reminded
	noteMark     = "alerts/note/"     // of a feed: the commit of the newest note that was sent
)

// lettersOfTick writes down what producers are to be told, and holds back what they were just told.
func (w *Watch) lettersOfTick(ctx context.Context, k *survey) error {
	if err := w.reminders(k); err != nil {
		return err
	}
	return w.notes(ctx, k)
}

// reminders reminds producers of what is late, once for each time, with one letter for all feeds of
// a source. Until they had time to answer, nobody here is told.
func (w *Watch) reminders(k *survey) error {
	if k.unknown[alerts.Late] {
		return nil
	}
	a := w.runner.Project.Alerts.Producers
	late := map[string]*alerts.Condition{}
	for i := range k.found {
		if k.found[i].Kind == alerts.Late {
			late[k.found[i].Subject] = &k.found[i]
		}
	}
	for _, s := range w.runner.Project.Sources {
		marks := map[string]ledger.Mark{}
		var items []*configs.Feed
		for _, f := range s.Feeds {
			name := reminderMark + f.Name + "/"
			mark, reminded, err := w.ledger.Mark(name)
			if err != nil {
				return err
			}
			c := late[f.Name]
			switch {
			case c == nil || !a.Remind:
				if reminded {
					if err := w.ledger.Forget(name); err != nil {
						return err
					}
				}
			case !w.mayWrite(s):
			case !reminded:
				marks[name], c.Held = ledger.Mark{At: k.now}, true
				items = append(items, f)
			default:
				// A clock that was set back must not hold it for ever.
				c.Held = !mark.At.After(k.now) && k.now.Sub(mark.At) < a.EscalateAfter
			}
		}
		if len(items) == 0 {
			continue
		}
		text := w.reminderText(s, items, late)
		m := alerts.Once(w.letter(k.now, s, alerts.MessageReminder, text), text.en) // which says what is awaited since when
		if err := w.ledger.PutAt(marks, alerts.Pack(m, a.Channel, s.Name)); err != nil {
			return err
		}
	}
	return nil
}

// notes sends the newest version of each return note that was issued since the last tick. What was
// issued before notes were sent at all is not sent afterwards.
func (w *Watch) notes(ctx context.Context, k *survey) error {
	a := w.runner.Project.Alerts.Producers
	if !a.Notes {
		return w.ledger.Forget(noteMark)
	}
	index := readNoteIndex(filepath.Join(w.runner.Project.DataDir, notesFolder, "index.json"))
	for _, f := range w.runner.ActiveFeeds() {
		var newest NoteLine
		if notes := index[f.Name].Notes; len(notes) > 0 {
			newest = notes[len(notes)-1]
		}
		name := noteMark + f.Name + "/"
		mark, known, err := w.ledger.Mark(name)
		if err != nil {
			return err
		}
		if known && newest.Commit <= mark.Number {
			continue
		}
		var letters []ledger.Message
		if known && w.mayWrite(f.Source) {
			m := alerts.Once(w.letter(k.now, f.Source, alerts.MessageNote, w.noteText(f, newest)), newest.ID)
			m.Attachments = []string{newest.Page}
			letters = append(letters, alerts.Pack(m, a.Channel, f.Name))
		}
		if err := w.ledger.PutAt(map[string]ledger.Mark{name: {At: k.now, Number: newest.Commit}}, letters...); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// mayWrite says whether there is somebody to write to. Addresses under the domains that are kept
// free for examples are nobody's; a project with sample data writes to no other.
func (w *Watch) mayWrite(s *configs.Source) bool {
	address, err := mail.ParseAddress(s.Contact)
	if err != nil {
		return false
	}
	return isExample(address.Address) == (w.runner.Project.Origin() == configs.OriginSample)
}

func isExample(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, kept := range []string{"example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"} {
		if domain == kept || strings.HasSuffix(domain, "."+kept) {
			return true
		}
	}
	return false
}

type letterText struct{ subject, id, en string }

// letter makes a letter to a producer: Indonesian first, English beneath.
func (w *Watch) letter(now time.Time, s *configs.Source, kind string, t letterText) alerts.Message {
	p := w.project()
	m := alerts.Message{Kind: kind, Project: p.Name, Mark: p.Mark, Made: now.UTC(), Language: "id", Subject: t.subject, Recipient: s.Contact}
	m.Text = fmt.Sprintf("Yth. %s,\n\n%s\n\nSurat ini dikirim oleh %s secara otomatis.\n\n--- English ---\n\n%s\n\nThis letter was sent automatically by %s.\n",
		s.Producer, t.id, p.Name, t.en, p.Name)
	if p.Mark != "" {
		m.Subject = "[DATA CONTOH] " + m.Subject
		m.Text = p.Mark + "\n\n" + m.Text
	}
	return m
}

func (w *Watch) reminderText(s *configs.Source, feeds []*configs.Feed, late map[string]*alerts.Condition) letterText {
	var id, en []string
	for _, f := range feeds {
		id, en = append(id, "- "+late[f.Name].TextID), append(en, "- "+late[f.Name].TextEN)
	}
	return letterText{
		subject: "Kiriman data ditunggu / Delivery awaited: " + s.Title.ID,
		id: "Yang berikut dari " + s.Title.ID + " belum kami terima:\n\n" + strings.Join(id, "\n") +
			"\n\nMohon dikirim lewat jalan yang sama. Bila kali ini memang tidak ada yang dikirim, mohon beri tahu kami.",
		en: "We have not received the following of " + s.Title.EN + ":\n\n" + strings.Join(en, "\n") +
			"\n\nPlease deliver it in the usual way. If there is nothing to deliver this time, please tell us.",
	}
}

func (w *Watch) noteText(f *configs.Feed, n NoteLine) letterText {
	title := datasetTitles()[f.Dataset]
	t := letterText{subject: "Nota pengembalian data / Data return note " + n.ID}
	switch {
	case n.Decision == producers.DeliveryWithheld:
		t.id, t.en = "Kiriman "+title.ID+" ditahan seluruhnya; data terakhir yang baik tetap berlaku.", "The whole delivery of "+title.EN+" is withheld; the last good data stay."
	case n.State == producers.NoteRepaired:
		t.id, t.en = "Semua masalah pada "+title.ID+" sudah selesai; nota ditutup. Terima kasih.", "Nothing of "+title.EN+" waits for repair any more; the note is closed. Thank you."
	default:
		t.id = title.ID + ": " + alerts.Count(n.Waiting, "id") + " rekaman dikembalikan untuk diperbaiki, " + alerts.Count(n.Repaired, "id") + " selesai sejak versi terdahulu."
		t.en = title.EN + ": records returned for repair: " + alerts.Count(n.Waiting, "en") + "; repaired since the version before: " + alerts.Count(n.Repaired, "en") + "."
	}
	t.id += "\n\nNota " + n.ID + " terlampir: apa yang salah, di mana, berapa banyak, dan apa yang harus diperbaiki. Nota tidak memuat isi rekaman."
	t.en += "\n\nThe note " + n.ID + " is attached: what is wrong, where, how many, and what to repair. It holds no value of any record."
	return t
}
