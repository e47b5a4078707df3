package pipelines

import (
	"os"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// maxRepeats is the largest delivery that is compared with what the lake has, row by row.
// A lookback brings some rows again at every pull; it is never large.
const maxRepeats = 50_000

// nothingButRepeats says whether every row of a delivery is in the lake already, in the
// same version, and none is taken away. Such a delivery is no news: committing it would make a
// release that says what the last one says. A snapshot is not asked, because there an old row
// may be one that comes back; of a feed that is swept, no row may come back that was withdrawn.
func (r *feedRun) nothingButRepeats(out *normalised) (bool, error) {
	snapshot := r.feed.Deletes == "absent_from_snapshot"
	if snapshot || r.report.Quarantined > 0 || r.report.Tombstones > 0 || r.report.Accepted > maxRepeats {
		return false, nil
	}
	fresh := map[string]map[transforms.Version]struct{}{}
	left := 0
	for period, rows := range out.store.periods {
		fresh[period] = map[transforms.Version]struct{}{}
		rows.Versions(func(v transforms.Version) bool { fresh[period][v] = struct{}{}; return true })
		left += len(fresh[period])
	}
	for _, f := range r.snap.Feed(r.feed.Name, r.lakeDataset()) {
		set := fresh[f.Period]
		if len(set) == 0 {
			continue
		}
		err := r.readVersions(f, func(v transforms.Version) {
			if _, ok := set[v]; ok {
				delete(set, v)
				left--
			}
		})
		if err != nil {
			return false, err
		}
	}
	if left > 0 || r.feed.Deletes != "key_sweep" {
		return left == 0, nil
	}
	return r.noneComesBack(out)
}

// noneComesBack says whether every delivered row is one that was never withdrawn.
func (r *feedRun) noneComesBack(out *normalised) (bool, error) {
	alive, err := r.lake.CurrentKeys(r.snap, r.feed.Name, r.lakeDataset())
	if err != nil {
		return false, err
	}
	for _, rows := range out.store.periods {
		back := false
		rows.Keys(func(key string) bool { _, known := alive[key]; back = !known; return known })
		if back {
			return false, nil
		}
	}
	return true, nil
}

func (r *feedRun) readVersions(f lake.File, yield func(transforms.Version)) error {
	return r.readFile(f, func(file *os.File, size int64) error { return transforms.ReadVersions(file, size, yield) })
}

// readFile opens a file of the lake for a reader of Parquet.
func (r *feedRun) readFile(f lake.File, read func(file *os.File, size int64) error) error {
	return readLakeFile(r.lake, f, read)
}

func readLakeFile(l *lake.Lake, f lake.File, read func(file *os.File, size int64) error) error {
	file, err := l.OpenFile(f)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return read(file, info.Size())
}
