package pipelines

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// maxBuffered is how many typed rows a feed run keeps in memory before it writes the
// fullest partitions: memory does not grow with the delivery.
const maxBuffered = 500_000

// rowStore gathers typed rows by partition and writes the partitions as Parquet, each
// verified by a second reader. Files are garbage until an entry of the log names them.
type rowStore struct {
	run      *feedRun
	dataset  string
	periods  map[string]transforms.Rows
	buffered int
	keys     map[string]struct{} // the delivered keys, kept only where absence means deletion
	group    errgroup.Group
	mu       sync.Mutex
	files    []lake.File
}

func newRowStore(r *feedRun) *rowStore {
	s := &rowStore{run: r, dataset: r.lakeDataset(), periods: map[string]transforms.Rows{}}
	if r.feed.Deletes == "absent_from_snapshot" {
		s.keys = map[string]struct{}{}
	}
	s.group.SetLimit(runtime.GOMAXPROCS(0))
	return s
}

// add takes rows in the source's order.
func (s *rowStore) add(rows transforms.Rows) error {
	if s.keys != nil {
		rows.Keys(func(key string) bool { s.keys[key] = struct{}{}; return true })
	}
	s.buffered += rows.Len()
	for _, p := range rows.Split() {
		if have := s.periods[p.Period]; have != nil {
			have.Append(p.Rows)
		} else {
			s.periods[p.Period] = p.Rows
		}
	}
	if s.buffered > maxBuffered {
		s.flush(maxBuffered / 2)
	}
	return nil
}

// flush hands the fullest partitions to the writers until at most keep rows are left.
func (s *rowStore) flush(keep int) {
	order := make([]string, 0, len(s.periods))
	for p := range s.periods {
		order = append(order, p)
	}
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.periods[b].Len(), s.periods[a].Len()), cmp.Compare(a, b))
	})
	for _, p := range order {
		if s.buffered <= keep {
			return
		}
		rows := s.periods[p]
		delete(s.periods, p)
		s.buffered -= rows.Len()
		s.group.Go(func() error { return s.write(s.dataset, p, rows) })
	}
}

func (s *rowStore) write(dataset, period string, rows lake.Rows) error {
	s.run.event(Event{Step: "write", Object: dataset + "/" + period})
	f, err := s.run.lake.WriteFile(dataset, s.run.feed.Source.Name, period, rows)
	if err != nil {
		return err
	}
	if err := s.run.lake.VerifyFile(f); err != nil {
		return fmt.Errorf("second reading of %s: %w; nothing was committed. This is a fault of the program or of the disk: run lindung verify and report it", f.Path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = append(s.files, f)
	return nil
}

// finish writes what is left and gives all files in a fixed order.
func (s *rowStore) finish(ctx context.Context) ([]lake.File, error) {
	s.flush(0)
	if err := s.group.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(s.files, func(a, b lake.File) int { return cmp.Compare(a.Path, b.Path) })
	return s.files, nil
}

// writeFiles writes rows, rejects and tombstones of a feed's run.
func (r *feedRun) writeFiles(ctx context.Context, out *normalised) ([]lake.File, error) {
	files, err := out.store.finish(ctx)
	if err != nil {
		return nil, err
	}
	more, err := r.writeRejects(out, rejectsDataset)
	return append(files, more...), err
}

// Where the lake keeps what did not become a row. The rejects of a withheld delivery lie
// apart: nothing of that delivery counts, not even its problems.
const (
	rejectsDataset    = "rejects"
	withheldDataset   = "withheld"
	tombstonesDataset = lake.Tombstones
)

// writeRejects writes a delivery's rejects as the given dataset, and its tombstones.
func (r *feedRun) writeRejects(out *normalised, rejects string) ([]lake.File, error) {
	var files []lake.File
	period := r.job.Now.In(r.project.TimeZone).Format("2006-01")
	sets := map[string]transforms.Rows{}
	if len(out.rejects) > 0 {
		sets[rejects] = transforms.NewRejectRows(r.lakeDataset(), r.feed.Name, r.feed.Source.Name, period, out.rejects)
	}
	if out.tombstones != nil {
		sets[tombstonesDataset] = out.tombstones
	}
	for _, name := range []string{rejects, tombstonesDataset} {
		rows, ok := sets[name]
		if !ok {
			continue
		}
		f, err := r.lake.WriteFile(name, r.feed.Source.Name, period, rows)
		if err != nil {
			return nil, err
		}
		if err := r.lake.VerifyFile(f); err != nil {
			return nil, fmt.Errorf("second reading of %s: %w", f.Path, err)
		}
		files = append(files, f)
	}
	return files, nil
}
