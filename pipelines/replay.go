package pipelines

import (
	"cmp"
	"context"
	"os"
	"slices"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/transforms"
)

// A recordRef names one record: the object it came in and its number there.
type recordRef struct {
	object [16]byte
	rowNo  int64
}

// replay takes up the records of a feed that are in quarantine, with the mapping, lists
// and normaliser of today. Those that pass become known now; the others stay, with their
// present problems. The entry replaces the feed's open reject files.
func (r *feedRun) replay(ctx context.Context) (*FeedResult, error) {
	open, replaced, err := r.openRejects()
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		r.report.Outcome = OutcomeNothingNew
		return &FeedResult{Report: r.report}, nil
	}
	objects := r.objectsOf(open)
	out, err := r.normaliseObjects(ctx, objects, r.mapping, func(id [16]byte, rowNo int64) bool {
		_, ok := open[recordRef{id, rowNo}]
		return ok
	})
	if err != nil {
		return nil, err
	}
	if r.report.Accepted == 0 {
		r.report.Outcome = OutcomeNothingNew
		return &FeedResult{Report: r.report}, nil
	}
	entry := r.newEntry(lake.Replay)
	entry.Replaces = replaced
	if entry.Files, err = r.writeFiles(ctx, out); err != nil {
		return nil, err
	}
	r.report.Outcome = OutcomeCommitted
	return &FeedResult{Report: r.report, Entries: []lake.Entry{entry}}, nil
}

// openRejects reads which records of the feed are in quarantine, and which files say so.
func (r *feedRun) openRejects() (map[recordRef]struct{}, []string, error) {
	open := map[recordRef]struct{}{}
	var files []string
	for _, f := range r.snap.Feed(r.feed.Name, rejectsDataset) {
		rows, err := readRejects(r.lake, f)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			open[recordRef{row.Object, row.RowNo}] = struct{}{}
		}
		files = append(files, f.Ref())
	}
	return open, files, nil
}

// objectsOf finds the landed objects that hold the given records, in the order in which
// they were committed.
func (r *feedRun) objectsOf(refs map[recordRef]struct{}) []landedObject {
	wanted := map[string]bool{}
	for ref := range refs {
		wanted[lake.FormatID(ref.object)] = true
	}
	var objects []landedObject
	for _, e := range r.snap.Deliveries(r.feed.Name) {
		for _, o := range e.Objects {
			if wanted[o.ID] {
				delete(wanted, o.ID)
				objects = append(objects, landedFrom(o))
			}
		}
	}
	return objects
}

// landedFrom makes an object of the log ready to be decoded again, with its counts at zero.
func landedFrom(o lake.ObjectRecord) landedObject {
	id, _ := lake.ParseID(o.ID)
	o.Records, o.Accepted, o.Quarantined = 0, 0, 0
	return landedObject{record: o, id: id}
}

func readRejects(l *lake.Lake, f lake.File) (rows []transforms.RejectRow, err error) {
	err = readLakeFile(l, f, func(file *os.File, size int64) error {
		rows, err = transforms.ReadRejects(file, size)
		return err
	})
	return rows, err
}

// A QuarantineRow is one problem of one record in quarantine.
type QuarantineRow struct {
	Feed     string `json:"feed"`
	Commit   int64  `json:"commit"`
	Withheld bool   `json:"withheld,omitempty"` // the whole delivery was kept out
	Object   string `json:"object"`
	Name     string `json:"name"`
	RowNo    int64  `json:"row_no"`
	Place    string `json:"place"`
	Code     string `json:"code"`
	Column   string `json:"column"`
	Message  string `json:"message"`
}

// Quarantine lists what is in quarantine, of one feed or of all: by commit, object and place.
func (r *Runner) Quarantine(feed string) ([]QuarantineRow, error) {
	if feed != "" {
		if _, err := findFeed(r.Project, feed); err != nil {
			return nil, err
		}
	}
	snap, err := r.Lake.Snapshot(zeroTime)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, e := range snap.Entries {
		for _, o := range e.Objects {
			names[o.ID] = o.Name
		}
	}
	var list []QuarantineRow
	for _, f := range snap.Files {
		withheld := f.Dataset == withheldDataset && f.CommitNo == lastCommit(snap, f.Feed)
		if f.Dataset != rejectsDataset && !withheld || feed != "" && f.Feed != feed {
			continue
		}
		rows, err := readRejects(r.Lake, f)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			id := lake.FormatID(row.Object)
			list = append(list, QuarantineRow{Feed: row.Feed, Commit: f.CommitNo, Withheld: withheld, Object: id, Name: names[id],
				RowNo: row.RowNo, Place: row.Place, Code: row.Code, Column: row.Column, Message: row.Message})
		}
	}
	slices.SortStableFunc(list, func(a, b QuarantineRow) int {
		return cmp.Or(cmp.Compare(a.Commit, b.Commit), cmp.Compare(a.Name, b.Name), cmp.Compare(a.RowNo, b.RowNo))
	})
	return list, nil
}

// QuarantineSizes counts the records in quarantine by feed. A record with several problems, or
// kept out of several deliveries, is one.
func (r *Runner) QuarantineSizes() (map[string]int64, error) {
	rows, err := r.Quarantine("")
	if err != nil {
		return nil, err
	}
	type record struct {
		feed, object string
		rowNo        int64
	}
	seen, sizes := map[record]bool{}, map[string]int64{}
	for _, q := range rows {
		if one := (record{q.Feed, q.Object, q.RowNo}); !seen[one] {
			seen[one] = true
			sizes[q.Feed]++
		}
	}
	return sizes, nil
}

// lastCommit is the newest entry that took or withheld a delivery of a feed. An older
// withheld delivery is moot: a later one took its place.
func lastCommit(snap lake.Snapshot, feed string) int64 {
	for _, e := range slices.Backward(snap.Entries) {
		if e.Feed == feed && (e.Kind == lake.Delivery || e.Kind == lake.Withheld) {
			return e.No
		}
	}
	return 0
}

// Replay takes up the quarantined records of a feed, or of all feeds.
func (r *Runner) Replay(ctx context.Context, feed string) (*RunReport, error) {
	return r.overFeeds(ctx, "replay", func(f *configs.Feed) bool { return feed == "" || f.Name == feed })
}

// Renormalise runs the present normaliser over every landed object of a dataset.
func (r *Runner) Renormalise(ctx context.Context, dataset string) (*RunReport, error) {
	if _, ok := transforms.Lookup(dataset); !ok {
		return nil, usagef("dataset %q is not known%s", dataset, nearest(dataset, names(transforms.Datasets(), transforms.Dataset.Name)))
	}
	return r.overFeeds(ctx, "renormalise", func(f *configs.Feed) bool { return f.Dataset == dataset })
}

func (r *Runner) overFeeds(ctx context.Context, kind string, choose func(*configs.Feed) bool) (*RunReport, error) {
	feeds := slices.DeleteFunc(r.ActiveFeeds(), func(f *configs.Feed) bool { return !choose(f) })
	if len(feeds) == 0 {
		return nil, usagef("%s: no active feed fits", kind)
	}
	return r.record(ctx, ledger.Run{Command: kind}, func(ctx context.Context, report *RunReport) error {
		problems, err := r.runFeeds(ctx, kind, feeds, FeedJob{}, report)
		if err != nil {
			return err
		}
		if err := r.issueNotes(ctx, report); err != nil {
			problems = append(problems, err)
		}
		return worst(problems)
	})
}
