package pipelines

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/producers"
)

// digestOfTick writes down the summary of the day when it is due. Days on which nothing ran here get
// none afterwards: the next one covers them.
func (w *Watch) digestOfTick(k *survey) error {
	d := w.runner.Project.Alerts.Digest
	if d.Channel == "" {
		return w.ledger.Forget(digestMark)
	}
	last, known, err := w.ledger.Mark(digestMark)
	switch {
	case err != nil:
		return err
	case !known, last.At.After(k.now): // from now on; or the clock was set back
		return w.ledger.SetMark(digestMark, ledger.Mark{At: k.now})
	}
	due := d.Of(k.now.In(w.runner.Project.TimeZone))
	if due.After(k.now) {
		due = d.Of(k.now.In(w.runner.Project.TimeZone).AddDate(0, 0, -1))
	}
	if !last.At.Before(due) {
		return nil
	}
	digest, err := w.digest(k, last.At)
	if err != nil {
		return err
	}
	m, err := digest.Message(d.Language, w.runner.Project.TimeZone)
	if err != nil {
		return err
	}
	m = alerts.Once(m, due.Format(time.DateOnly))
	return w.ledger.PutAt(map[string]ledger.Mark{digestMark: {At: k.now}}, alerts.Pack(m, d.Channel, ""))
}

// Digest makes the summary of the day before a time.
func (w *Watch) Digest(now time.Time) (alerts.Digest, error) {
	return w.digest(w.survey(now), now.AddDate(0, 0, -1))
}

// SendDigest sends the summary of the day before a time to its channel, now.
func (w *Watch) SendDigest(ctx context.Context, now time.Time) error {
	d := w.runner.Project.Alerts.Digest
	if d.Channel == "" {
		return usagef("lindung.yaml says nothing of a digest; add digest: under alerts:, or look at it with --print")
	}
	digest, err := w.Digest(now)
	if err != nil {
		return err
	}
	m, err := digest.Message(d.Language, w.runner.Project.TimeZone)
	if err != nil {
		return err
	}
	m.ID = alerts.Pack(m, d.Channel, "").Key
	return w.sendNow(ctx, d.Channel, m)
}

// digest sums up what happened since a time, and how things stand.
func (w *Watch) digest(k *survey, since time.Time) (alerts.Digest, error) {
	p := w.project()
	d := alerts.Digest{Project: p.Name, Mark: p.Mark, From: since, To: k.now, Low: int64(w.runner.Project.Alerts.DiskLow)}
	runs, err := w.ledger.Runs(ledger.RunFilter{Since: since})
	if err != nil {
		return d, err
	}
	for _, r := range runs {
		if r.State != ledger.Running {
			d.Runs = counted(d.Runs, r.Command, r.State)
		}
	}
	slices.SortStableFunc(d.Runs, func(a, b alerts.RunCount) int { return strings.Compare(a.Command, b.Command) })
	feeds, err := w.ledger.Feeds(since)
	if err != nil {
		return d, err
	}
	for _, f := range feeds {
		d.Records.Feeds++
		d.Records.Accepted += f.Accepted
		d.Records.Quarantined += f.Quarantined
		if f.Outcome == OutcomeFailed {
			d.Records.Failed++
		}
	}
	if err := w.digestNotices(&d, k.now); err != nil {
		return d, err
	}
	index := readNoteIndex(filepath.Join(w.runner.Project.DataDir, notesFolder, "index.json"))
	for _, f := range w.runner.ActiveFeeds() {
		if notes := index[f.Name].Notes; len(notes) > 0 && notes[len(notes)-1].State == producers.NoteOpen && notes[len(notes)-1].Waiting > 0 {
			d.Waiting = append(d.Waiting, alerts.Waiting{Feed: f.Name, Records: notes[len(notes)-1].Waiting})
		}
	}
	current, err := w.runner.Releases.Current()
	if err != nil {
		return d, err
	}
	if current != nil {
		d.Release, d.AsOf, d.Behind = current.ID, current.Manifest.AsOf, k.snap.Head-current.Manifest.LogHead
	}
	d.Free, err = w.free(w.runner.Project.DataDir)
	return d, err
}

func counted(all []alerts.RunCount, command, state string) []alerts.RunCount {
	i := slices.IndexFunc(all, func(c alerts.RunCount) bool { return c.Command == command && c.State == state })
	if i < 0 {
		return append(all, alerts.RunCount{Command: command, State: state, Runs: 1})
	}
	all[i].Runs++
	return all
}

// digestNotices sorts what holds by who has to do something about it.
func (w *Watch) digestNotices(d *alerts.Digest, now time.Time) error {
	book, err := w.ledger.Notices()
	if err != nil {
		return err
	}
	for _, n := range book {
		switch {
		case !n.Open():
		case now.Before(n.AckUntil):
			d.Acked = append(d.Acked, n)
		case n.Kind == alerts.Late:
			d.Late = append(d.Late, n)
		default:
			d.Problems = append(d.Problems, n)
		}
	}
	unsent, err := w.ledger.Undelivered()
	d.Unsent = len(unsent)
	return err
}
