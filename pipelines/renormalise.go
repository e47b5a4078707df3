package pipelines

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

var zeroTime time.Time

// renormalise runs the present normaliser over all that a feed ever landed. One entry
// replaces the feed's files; every new file keeps the commit and the knowledge time of
// the delivery that brought its rows, so that history reads the same.
func (r *feedRun) renormalise(ctx context.Context) (*FeedResult, error) {
	entry := r.newEntry(lake.Renormalise)
	later, err := r.acceptedLater()
	if err != nil {
		return nil, err
	}
	for _, dataset := range []string{r.lakeDataset(), rejectsDataset} {
		for _, f := range r.snap.Feed(r.feed.Name, dataset) {
			entry.Replaces = append(entry.Replaces, f.Ref())
		}
	}
	if len(entry.Replaces) == 0 {
		r.report.Outcome = OutcomeNothingNew
		return &FeedResult{Report: r.report}, nil
	}
	for _, e := range r.snap.Deliveries(r.feed.Name) {
		if err := r.renormaliseDelivery(ctx, e, later, &entry); err != nil {
			return nil, err
		}
	}
	r.report.Outcome = OutcomeCommitted
	return &FeedResult{Report: r.report, Entries: []lake.Entry{entry}}, nil
}

// A knowledge is the commit that first brought a row.
type knowledge struct {
	no int64
	at time.Time
}

// renormaliseDelivery decodes one delivery again: first the records that were accepted
// with it, then, for each later replay, the records that were accepted by that.
func (r *feedRun) renormaliseDelivery(ctx context.Context, e lake.Entry, later map[recordRef]knowledge, entry *lake.Entry) error {
	var objects []landedObject
	for _, o := range e.Objects {
		objects = append(objects, landedFrom(o))
	}
	groups := map[knowledge]bool{{e.No, e.KnownAt}: true}
	for _, k := range later {
		groups[k] = true
	}
	m := r.mapping
	m.ObservedAt = e.KnownAt
	for _, k := range sortedKnowledge(groups) {
		first := k.no == e.No
		out, err := r.normaliseObjects(ctx, objects, m, func(id [16]byte, rowNo int64) bool {
			since, replayed := later[recordRef{id, rowNo}]
			return (first && !replayed) || (replayed && since == k)
		})
		if err != nil {
			return err
		}
		if out.taken() == 0 {
			continue
		}
		files, err := r.writeFiles(ctx, out)
		if err != nil {
			return err
		}
		for _, f := range files {
			f.CommitNo, f.KnownAt = k.no, k.at
			entry.Files = append(entry.Files, f)
		}
	}
	return nil
}

func (n *normalised) taken() int64 {
	var total int64
	for _, o := range n.objects {
		total += o.Records
	}
	return total
}

func sortedKnowledge(groups map[knowledge]bool) []knowledge {
	var list []knowledge
	for k := range groups {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b knowledge) int { return int(a.no - b.no) })
	return list
}

// acceptedLater finds the records that came out of quarantine by a replay.
func (r *feedRun) acceptedLater() (map[recordRef]knowledge, error) {
	later := map[recordRef]knowledge{}
	for _, e := range r.snap.Entries {
		if e.Kind != lake.Replay || e.Feed != r.feed.Name {
			continue
		}
		for _, f := range r.snap.Feed(r.feed.Name, r.lakeDataset()) {
			if f.CommitNo != e.No {
				continue
			}
			err := r.readOrigins(f, func(object [16]byte, rowNo int64) {
				later[recordRef{object, rowNo}] = knowledge{e.No, e.KnownAt}
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return later, nil
}

func (r *feedRun) readOrigins(f lake.File, yield func(object [16]byte, rowNo int64)) error {
	return r.readFile(f, func(file *os.File, size int64) error { return transforms.ReadOrigins(file, size, yield) })
}
