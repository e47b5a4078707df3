package pipelines

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/producers"
)

// A survey finds out what holds of an installation at a time, from the log, the ledger and the
// releases: it changes nothing.
type survey struct {
	runner *Runner
	ledger *ledger.Ledger
	now    time.Time
	known  time.Time // the same, by the clock of the data: in a sample project it stands still
	free   func(dir string) (int64, error)
	noBeat error // why no heartbeat is sent

	snap     lake.Snapshot
	open     map[string]bool // jobs with an occurrence that waits or runs
	running  bool            // a run is under way
	found    []alerts.Condition
	unknown  map[string]bool // kinds of which nothing could be found out
	problems []error
}

// conditions gives what holds. A part that cannot be looked at is a condition itself, and the others go on.
func (k *survey) conditions() {
	k.unknown = map[string]bool{}
	var problem, ledgerProblem error
	if k.snap, problem = k.runner.Lake.Snapshot(time.Time{}); problem == nil {
		k.deliveries()
	} else {
		k.cannot("log", problem, alerts.DeliveryWithheld, alerts.Late, alerts.Volume)
	}
	if ledgerProblem = k.work(); ledgerProblem != nil {
		k.cannot("ledger", ledgerProblem, alerts.FeedFailed)
	}
	switch {
	case problem != nil || ledgerProblem != nil: // they are needed to judge what is published
		k.unknownToo(alerts.RunFailed, alerts.BuildFailed, alerts.ReleaseWithheld, alerts.ReleaseBehind, alerts.TargetUnreachable)
	default:
		if err := k.published(); err != nil {
			k.cannot("releases", err, alerts.RunFailed, alerts.BuildFailed, alerts.ReleaseWithheld, alerts.ReleaseBehind, alerts.TargetUnreachable)
		}
	}
	if err := k.disk(); err != nil {
		k.cannot("disk", err, alerts.DiskLow)
	}
	if err := k.told(); err != nil {
		k.cannot("ledger", err, alerts.Undeliverable, alerts.LetterUndeliverable, alerts.HeartbeatFailed)
	}
}

func (k *survey) add(c alerts.Condition) { k.found = append(k.found, c) }

// cannot writes down that a part cannot be looked at, and that nothing is known of some kinds.
func (k *survey) cannot(part string, err error, kinds ...string) {
	k.unknownToo(kinds...)
	k.problems = append(k.problems, err)
	words := partWords[part]
	k.add(alerts.Condition{Kind: alerts.Unreadable, Subject: part, Severity: alerts.Critical,
		TextID: words[0] + " tidak dapat dibaca", TextEN: words[1] + " cannot be read", Command: "lindung doctor"})
}

func (k *survey) unknownToo(kinds ...string) {
	for _, kind := range kinds {
		k.unknown[kind] = true
	}
	k.found = slices.DeleteFunc(k.found, func(c alerts.Condition) bool { return k.unknown[c.Kind] })
}

// deliveries looks at what came, and at what did not.
func (k *survey) deliveries() {
	r := k.runner
	for _, f := range r.ActiveFeeds() {
		title := datasetTitles()[f.Dataset]
		one := alerts.Condition{Subject: f.Name, Party: f.Source.Name, Severity: alerts.Warning}
		if held := withheldNow(k.snap, f.Name); held != nil {
			c, why := one, withheldFor(held.ReasonCode)
			c.Kind, c.Severity, c.Command = alerts.DeliveryWithheld, alerts.Error, "lindung quarantine note "+f.Name
			c.TextID = "Kiriman " + title.ID + " (" + f.Name + ") ditahan: " + why[0]
			c.TextEN = "The delivery of " + title.EN + " (" + f.Name + ") is withheld: " + why[1]
			k.add(c)
		}
		if f.Role != "authoritative" {
			continue
		}
		s := feedState(r.Project, k.snap, f, k.known)
		if !s.LateSince.IsZero() {
			c := one
			c.Kind, c.Command = alerts.Late, "lindung sources test "+f.Name
			c.TextID = "Kiriman " + title.ID + " (" + f.Name + ") terlambat: ditunggu " + alerts.Moment(s.LateSince, r.Project.TimeZone, "id") + ", " + s.Expected.ID
			c.TextEN = "The delivery of " + title.EN + " (" + f.Name + ") is late: awaited by " + alerts.Moment(s.LateSince, r.Project.TimeZone, "en") + ", " + s.Expected.EN
			k.add(c)
		}
		if n := len(s.Records); n > 0 && f.Volume.Side(s.Records[n-1]) != 0 {
			c, words := one, volumeWords[f.Volume.Side(s.Records[n-1])]
			c.Kind, c.Command = alerts.Volume, "lindung status"
			c.TextID = "Kiriman " + title.ID + " (" + f.Name + ") " + words[0] + ": " + alerts.Count(s.Records[n-1], "id") + " rekaman"
			c.TextEN = "The delivery of " + title.EN + " (" + f.Name + ") " + words[1] + ": " + alerts.Count(s.Records[n-1], "en") + " records"
			k.add(c)
		}
	}
}

// withheldNow is the entry by which a feed's newest delivery is withheld; nil when it is not.
func withheldNow(snap lake.Snapshot, feed string) *lake.Entry {
	var held *lake.Entry
	for i := range snap.Entries {
		if e := &snap.Entries[i]; e.Feed == feed {
			if held = nil; e.Kind == lake.Withheld {
				held = e
			}
		}
	}
	return held
}

// datasetTitles are what people call the datasets.
var datasetTitles = sync.OnceValue(func() map[string]configs.Label {
	titles := map[string]configs.Label{}
	for _, d := range configs.Datasets() {
		titles[d.Name] = d.Title
	}
	return titles
})

// work looks at what became of the feeds and jobs. What is to be tried again has not failed yet.
func (k *survey) work() error {
	unfinished, err := k.ledger.Unfinished()
	if err != nil {
		return err
	}
	k.open = map[string]bool{}
	for _, o := range unfinished {
		k.open[o.Job] = true
	}
	running, err := k.ledger.Runs(ledger.RunFilter{State: ledger.Running, Limit: 1})
	if err != nil {
		return err
	}
	k.running = len(running) > 0
	newest, _, err := k.ledger.LastOfFeeds()
	if err != nil {
		return err
	}
	runs := map[string]ledger.Run{}
	for _, f := range k.runner.ActiveFeeds() {
		last, ran := newest[f.Name]
		if !ran || last.Outcome != OutcomeFailed {
			continue
		}
		if _, asked := runs[last.RunID]; !asked {
			if runs[last.RunID], _, _, err = k.ledger.Run(last.RunID); err != nil {
				return err
			}
		}
		why := failureWords(last.ExitCode)
		k.add(alerts.Condition{Kind: alerts.FeedFailed, Subject: f.Name, Party: f.Source.Name, Severity: alerts.Error,
			TextID: "Feed " + f.Name + " gagal: " + why[0], TextEN: "The feed " + f.Name + " failed: " + why[1],
			Command: "lindung runs show " + last.RunID, Tentative: k.retried(runs[last.RunID])})
	}
	return nil
}

func (k *survey) retried(r ledger.Run) bool { return r.Job != "" && k.open[r.Job] }

// published looks at the releases, and at the runs that were to make and to copy them.
func (k *survey) published() error {
	last, err := k.ledger.LastRuns()
	if err != nil {
		return err
	}
	waiting, err := k.waitForRelease()
	if err != nil {
		return err
	}
	targets, err := k.runner.Targets()
	if err != nil {
		return err
	}
	copied := true
	for _, t := range targets {
		if t.Behind {
			copied = false
			k.add(alerts.Condition{Kind: alerts.TargetUnreachable, Subject: t.Target, Severity: alerts.Error,
				TextID: "Rilis terbaru belum tersalin ke tujuan " + t.Target, TextEN: "The newest release has not been copied to the target " + t.Target,
				Command: "lindung publish --target " + t.Target, Tentative: k.running})
		}
	}
	if len(waiting) > 0 && k.known.Sub(waiting[0].KnownAt) >= k.runner.Project.Alerts.ReleaseBehind {
		n := int64(len(waiting))
		k.add(alerts.Condition{Kind: alerts.ReleaseBehind, Subject: "release", Severity: alerts.Warning,
			TextID: alerts.Count(n, "id") + " catatan belum masuk rilis", TextEN: "The release lacks commits: " + alerts.Count(n, "en"),
			Command: "lindung build", Tentative: k.running})
	}
	for _, r := range last {
		if c, bad, err := k.judgeRun(r, len(waiting) > 0, copied); err != nil {
			return err
		} else if bad {
			c.Tentative = k.retried(r)
			k.add(c)
		}
	}
	return nil
}

// waitForRelease lists the entries that the release that counts lacks, oldest first.
func (k *survey) waitForRelease() ([]lake.Entry, error) {
	current, err := k.runner.Releases.Current()
	if err != nil {
		return nil, err
	}
	var head int64
	if current != nil {
		head = current.Manifest.LogHead
	}
	at := slices.IndexFunc(k.snap.Entries, func(e lake.Entry) bool { return e.No > head })
	if at < 0 {
		return nil, nil
	}
	return k.snap.Entries[at:], nil
}

// judgeRun says what the newest run of a command or job means, apart from what is told of its feeds
// and of the targets already.
func (k *survey) judgeRun(r ledger.Run, behind, copied bool) (c alerts.Condition, bad bool, err error) {
	if !slices.Contains([]string{ledger.Failed, ledger.Interrupted, ledger.Withheld, ledger.Unavailable}, r.State) || !k.matters(r) {
		return c, false, nil
	}
	_, feeds, _, err := k.ledger.Run(r.ID)
	if err != nil {
		return c, false, err
	}
	if slices.ContainsFunc(feeds, func(f ledger.Feed) bool { return f.Outcome == OutcomeFailed || f.Outcome == OutcomeWithheld }) {
		return c, false, nil
	}
	builds := r.Command == jobBuild || r.Job == "" && (r.Command == "run" || r.Command == "backfill")
	why := failureWords(r.ExitCode)
	c = alerts.Condition{Severity: alerts.Error, Command: "lindung runs show " + r.ID}
	switch name := r.Job; {
	case builds && behind && r.State == ledger.Withheld:
		c.Kind, c.Subject, c.TextID, c.TextEN = alerts.ReleaseWithheld, "release", "Rilis ditahan oleh pemeriksaan; rilis sebelumnya tetap berlaku", "The release is withheld by a check; the one before stays"
	case builds && behind && r.State != ledger.Interrupted:
		c.Kind, c.Subject, c.TextID, c.TextEN = alerts.BuildFailed, "release", "Rilis gagal dibangun: "+why[0], "Building the release failed: "+why[1]
	case r.State == ledger.Unavailable && !copied, r.Job == "" && r.State != ledger.Interrupted:
		return c, false, nil // a target's condition says it; and whoever runs a command himself sees how it ends
	default:
		if name == "" {
			name = r.Command
		}
		if r.State == ledger.Interrupted {
			why = [2]string{"terputus sebelum selesai", "it ended before it was done"}
		}
		c.Kind, c.Subject, c.TextID, c.TextEN = alerts.RunFailed, name, "Pekerjaan "+name+" gagal: "+why[0], "The job "+name+" failed: "+why[1]
	}
	return c, true, nil
}

// matters says whether how a run ended still says something: its job may be gone by now, and a command
// that somebody gave by hand may never be given again.
func (k *survey) matters(r ledger.Run) bool {
	if r.Job == "" {
		return k.now.Sub(r.Ended) < byHand
	}
	return r.Job == jobBuild || r.Job == jobReport || slices.ContainsFunc(k.runner.ActiveFeeds(), func(f *configs.Feed) bool { return f.Name == r.Job })
}

// byHand is how long a command that was given by hand is told of.
const byHand = 24 * time.Hour

func (k *survey) disk() error {
	low := int64(k.runner.Project.Alerts.DiskLow)
	free, err := k.free(k.runner.Project.DataDir)
	if err != nil || free >= low {
		return err
	}
	// The amount changes with every look; the digest says it.
	k.add(alerts.Condition{Kind: alerts.DiskLow, Subject: "data", Severity: alerts.Critical,
		TextID: "Ruang bebas di samping data kurang dari " + alerts.Gigabytes(low, "id"), TextEN: "Less than " + alerts.Gigabytes(low, "en") + " of space is free beside the data",
		Command: "lindung doctor"})
	return nil
}

// told looks at the telling itself.
func (k *survey) told() error {
	waiting, err := k.ledger.Undelivered()
	if err != nil {
		return err
	}
	for _, m := range waiting {
		refused := strings.HasPrefix(m.Error, alerts.ErrRefused.Error())
		if m.Attempts < fewAttempts && !refused {
			continue
		}
		c := alerts.Condition{Kind: alerts.Undeliverable, Subject: m.Channel, Severity: alerts.Error, Command: "lindung alerts test " + m.Channel,
			TextID: "Saluran " + m.Channel + " tidak menerima pesan; pesannya disimpan", TextEN: "The channel " + m.Channel + " takes no messages; they are kept"}
		if m.Recipient != "" {
			c.Kind, c.Subject, c.Command = alerts.LetterUndeliverable, m.Subject, "lindung sources list"
			c.TextID, c.TextEN = "Surat kepada produsen data "+m.Subject+" tidak sampai", "Mail to the producer of "+m.Subject+" does not arrive"
		}
		k.add(c)
	}
	beat, known, err := k.ledger.Mark(heartbeatMark)
	if k.noBeat != nil || known && beat.Number >= fewAttempts && k.runner.Project.Alerts.Heartbeat != nil {
		k.add(alerts.Condition{Kind: alerts.HeartbeatFailed, Subject: "heartbeat", Severity: alerts.Warning, Command: "lindung alerts list",
			TextID: "Detak tidak sampai ke alamatnya", TextEN: "The heartbeat does not reach its address"})
	}
	return err
}

// fewAttempts is after how many of them a delivery that fails is worth telling.
const fewAttempts = 3

var withheldWords = map[string][2]string{
	producers.TooManyProblems: {"terlalu banyak rekaman bermasalah", "too many records have problems"},
	producers.Shrunk:          {"jauh lebih sedikit baris daripada sebelumnya", "far fewer rows than before"},
	producers.Unreadable:      {"tidak dapat dibaca", "it cannot be read"},
	producers.Unexpected:      {"ada berkas dengan nama yang tidak disepakati", "it has a file with a name that was not agreed"},
	producers.TooLarge:        {"jauh lebih besar daripada yang disepakati", "it is far larger than agreed"},
	producers.Unspecified:     {"alasannya ada dalam nota", "the note says why"},
}

func withheldFor(code string) [2]string {
	if words, ok := withheldWords[code]; ok {
		return words
	}
	return withheldWords[producers.Unspecified]
}
