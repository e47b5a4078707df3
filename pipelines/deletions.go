package pipelines

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// deletions finds the rows that this delivery says no longer exist and turns them into
// tombstones. It gives a reason to withhold a snapshot, or a list of keys, that shrank beyond
// its band: a half-written export looks just like a mass deletion.
func (r *feedRun) deletions(out *normalised) (*withholding, error) {
	var present map[string]struct{}
	switch r.feed.Deletes {
	case "absent_from_snapshot":
		present = out.store.keys
	case "key_sweep":
		if len(out.keySets) == 0 {
			return nil, nil
		}
		var err error
		if present, err = r.sweptKeys(out.keySets); err != nil {
			return nil, err
		}
	default:
		return nil, nil
	}
	alive, err := r.lake.CurrentKeys(r.snap, r.feed.Name, r.lakeDataset())
	if err != nil {
		return nil, err
	}
	var gone []string
	for key := range alive {
		if _, ok := present[key]; !ok {
			gone = append(gone, key)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	if limit := r.feed.ShrinkLimit; float64(len(gone)) > limit*float64(len(alive)) {
		return &withholding{producers.Shrunk, fmt.Sprintf("%s: %d of %d known rows are absent from this delivery, more than shrink_limit: %g; nothing of it was taken and the previous data stay. If the source really dropped them, raise shrink_limit in %s for one run",
			r.feed.Name, len(gone), len(alive), limit, r.feed.Source.File)}, nil
	}
	slices.Sort(gone)
	r.report.Tombstones = int64(len(gone))
	period := r.job.Now.In(r.project.TimeZone).Format("2006-01")
	out.tombstones = transforms.NewTombstoneRows(r.feed.Source.Name, r.lakeDataset(), r.feed.Name, period, gone, r.lastObject(out))
	return nil, nil
}

func (r *feedRun) lastObject(out *normalised) [16]byte {
	id, _ := lake.ParseID(out.objects[len(out.objects)-1].ID)
	return id
}

// sweptKeys reads the lists of keys that a key sweep brought.
func (r *feedRun) sweptKeys(objects []landedObject) (map[string]struct{}, error) {
	keys := map[string]struct{}{}
	for _, o := range objects {
		err := r.decodeObject(context.Background(), o, func(b *formats.Batch) bool {
			columns := r.keyColumns(b.Header())
			for row := range b.Len() {
				parts := make([]string, len(columns))
				for i, c := range columns {
					if c >= 0 {
						parts[i] = strings.TrimSpace(b.Cell(row, c))
					}
				}
				keys[strings.Join(parts, "|")] = struct{}{}
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// keyColumns finds the feed's key in a header; -1 where it is absent.
func (r *feedRun) keyColumns(header []string) []int {
	columns := make([]int, len(r.feed.Key))
	for i, name := range r.feed.Key {
		theirs := name
		if mapped, ok := r.feed.Fields[name]; ok {
			theirs = mapped
		}
		columns[i] = slices.Index(header, theirs)
	}
	return columns
}
