package pipelines

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/transforms/privacy"
	"github.com/kp2mi/lindung/warehouse"
)

// A VaultJob is what a child does to write the lake again under another token key. It alone has both
// keys at once: it reads the identifiers out of the landing, holds the map from old tokens to new ones
// in its memory, and ends with it.
type VaultJob struct {
	Dir    string    `json:"dir"`
	Config string    `json:"config,omitempty"` // a copy of the configuration; empty: the project's files
	Now    time.Time `json:"now"`
	Code   string    `json:"code"`
	TmpDir string    `json:"-"`
}

// A VaultResult is what the child made: files that count for nothing until the parent commits them.
type VaultResult struct {
	Key      string         `json:"key"`  // the id of the new one
	Head     int64          `json:"head"` // the newest entry that was looked at
	Rewrites []lake.Rewrite `json:"rewrites"`
	Files    int            `json:"files"`
	Tokens   int            `json:"tokens"`
	Unseen   int            `json:"unseen"`   // tokens of which no landed object gives the value any more
	Objects  int            `json:"objects"`  // landed objects that were read
	Unread   []string       `json:"unread"`   // objects that could not be read, and why
	Shredded int            `json:"shredded"` // objects of months that were shredded
}

// vault is the child at work.
type vault struct {
	job      VaultJob
	project  *configs.Project
	lake     *lake.Lake
	entries  []lake.Entry
	files    []lake.File // with tokens in them, each once
	rotation *privacy.Rotation
	event    func(Event)
	result   *VaultResult
}

func runVaultJob(ctx context.Context, job VaultJob, event func(Event)) (*VaultResult, error) {
	if err := closeToOthers(); err != nil {
		return nil, err
	}
	project, err := loadFrom(job.Dir, job.Config)
	if err != nil {
		return nil, err
	}
	v := &vault{job: job, project: project, event: event, result: &VaultResult{Rewrites: []lake.Rewrite{}, Unread: []string{}}}
	if v.lake, err = openLake(project); err != nil {
		return nil, err
	}
	if v.entries, err = v.lake.Entries(); err != nil {
		return nil, err
	}
	old, next, err := v.keys()
	if err != nil {
		return nil, err
	}
	v.result.Key, v.result.Head = next.ID(), int64(len(v.entries))
	v.rotation = privacy.NewRotation(old, next)
	defer v.rotation.Destroy()
	for _, step := range []func(context.Context) error{v.want, v.see, v.rewrite} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return v.result, nil
}

// keys gives the key that the lake's tokens are made with, and the one that they will be.
func (v *vault) keys() (old, next privacy.Keys, err error) {
	sample := v.project.Origin() != configs.OriginReal
	if old, err = privacy.LoadKeys(tokensPath(v.project), sample); err == nil {
		next, err = privacy.LoadKeys(nextTokensPath(v.project), sample)
	}
	if err == nil && old.ID() == next.ID() {
		err = fmt.Errorf("the new token key is the old one (%s); remove %s and begin again", old.ID(), nextTokensPath(v.project))
	}
	return old, next, err
}

// want takes down every token that any file of the log holds, those for as-of questions included.
func (v *vault) want(ctx context.Context) error {
	seen := map[string]bool{}
	for _, e := range v.entries {
		for _, f := range e.Files {
			d, ok := tokenDataset(f.Dataset)
			if !ok || seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			tokens := 0
			err := readLakeFile(v.lake, f, func(file *os.File, size int64) error {
				return d.ReadTokens(file, size, func(token [16]byte) { tokens++; v.rotation.Want(token) })
			})
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("reading the tokens of %s: %w", f.Path, err)
			}
			if tokens > 0 {
				v.files = append(v.files, f)
			}
		}
	}
	v.result.Tokens = v.rotation.Wanted()
	return nil
}

// tokenDataset is the shape of a dataset's files, as the lake calls the dataset, where they hold tokens.
func tokenDataset(name string) (transforms.Tokenised, bool) {
	name = strings.TrimPrefix(name, warehouse.CrosscheckPrefix)
	if name == withheldDataset {
		name = rejectsDataset
	}
	return transforms.LookupTokenised(name)
}

// see normalises every landed object once more, for the sake of its identifiers alone. An object that
// cannot be read is told; whether that matters is seen by the tokens that are missing.
func (v *vault) see(ctx context.Context) error {
	feeds := map[string]*feedRun{}
	done := map[string]bool{}
	for i, e := range v.entries {
		v.event(Event{Feed: e.Feed, Step: "read identifiers", Done: int64(i), Total: int64(len(v.entries))})
		for _, o := range e.Objects {
			name := e.Feed + "/" + o.Month + "/" + o.ID
			if done[name] {
				continue
			}
			done[name] = true
			r, err := v.feedOf(e.Feed, feeds)
			if err == nil {
				err = v.seeObject(ctx, r, e, o)
			}
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(err, lake.ErrShredded):
				v.result.Shredded++
			case err != nil:
				v.result.Unread = append(v.result.Unread, fmt.Sprintf("%s, object %s of commit %d: %v", e.Feed, o.ID, e.No, oneLine(err)))
			default:
				v.result.Objects++
			}
		}
	}
	v.result.Unseen = v.rotation.Missing()
	return nil
}

// feedOf binds a feed with the map in the place of its tokenizer.
func (v *vault) feedOf(name string, feeds map[string]*feedRun) (*feedRun, error) {
	if r, ok := feeds[name]; ok {
		return r, nil
	}
	feed, err := findFeed(v.project, name)
	if err != nil {
		return nil, err
	}
	job := FeedJob{Dir: v.job.Dir, Feed: name, Now: v.job.Now, Code: v.job.Code, TmpDir: v.job.TmpDir, Config: v.job.Config}
	r, err := bindFeedRun(v.project, feed, job, v.event, discard())
	if err != nil {
		return nil, err
	}
	r.lake, r.env.Tokens = v.lake, v.rotation
	feeds[name] = r
	return r, nil
}

func (v *vault) seeObject(ctx context.Context, r *feedRun, e lake.Entry, o lake.ObjectRecord) error {
	m := r.mapping
	m.ObservedAt = e.KnownAt
	n, err := r.dataset.Bind(r.env, m)
	if err != nil {
		return err
	}
	object := landedFrom(o)
	var wrong error
	err = r.decodeObject(ctx, object, func(b *formats.Batch) bool {
		rows := r.dataset.NewRows()
		if _, wrong = n.Normalise(b, object.id, rows); wrong != nil {
			return false
		}
		// What is accepted today may have been in quarantine once, under the token of its key.
		rows.Keys(func(key string) bool { transforms.RecordToken(v.rotation, key); return true })
		return true
	})
	return errors.Join(err, wrong)
}

// rewrite writes every file with tokens again. Each is read back like any other.
func (v *vault) rewrite(ctx context.Context) error {
	for i, f := range v.files {
		v.event(Event{Step: "write under the new key", Object: f.Dataset + "/" + f.Period, Done: int64(i), Total: int64(len(v.files))})
		if err := ctx.Err(); err != nil {
			return err
		}
		d, _ := tokenDataset(f.Dataset)
		var rows transforms.Rows
		err := readLakeFile(v.lake, f, func(file *os.File, size int64) (err error) {
			rows, err = d.Retokenise(file, size, v.rotation.Next)
			return err
		})
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.Path, err)
		}
		written, err := v.lake.WriteFile(f.Dataset, f.Source, f.Period, rows)
		if err != nil {
			return err
		}
		if err := v.lake.VerifyFile(written); err != nil {
			return fmt.Errorf("second reading of %s: %w", written.Path, err)
		}
		if err := onlyTokensDiffer(d, f, written); err != nil {
			return fmt.Errorf("%s written again as %s: %w; nothing was changed. This is a fault of the program: report it", f.Path, written.Path, err)
		}
		v.result.Rewrites = append(v.result.Rewrites, lake.Rewrite{From: f.Path, File: written})
	}
	v.result.Files = len(v.files)
	slices.SortFunc(v.result.Rewrites, func(a, b lake.Rewrite) int { return strings.Compare(a.From, b.From) })
	return nil
}

// settleTokens puts a new token key in its place when the log says that tokens are made with it: a crash
// may have come between the entry and this.
func (r *Runner) settleTokens() error {
	next, err := privacy.LoadKeys(nextTokensPath(r.Project), r.Project.Origin() != configs.OriginReal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	key, err := r.Lake.TokenKey()
	if err != nil || key != next.ID() {
		return err
	}
	return privacy.Adopt(nextTokensPath(r.Project), tokensPath(r.Project))
}

// onlyTokensDiffer compares what the columns of two files add up to: under another key the tokens are others, the
// hash over each row with them, and nothing else.
func onlyTokensDiffer(d transforms.Tokenised, old, written lake.File) error {
	if old.Rows != written.Rows {
		return fmt.Errorf("%d rows of %d", written.Rows, old.Rows)
	}
	tokens := append(d.TokenColumns(), "row_hash")
	was := map[string]lake.ColumnSum{}
	for _, c := range old.Columns {
		was[c.Name] = c
	}
	for _, c := range written.Columns {
		before, there := was[c.Name]
		delete(was, c.Name)
		switch {
		case !there && c.Nulls == written.Rows: // a column that is younger than the file
		case !there || before.Nulls != c.Nulls || before.Sum != c.Sum && !slices.Contains(tokens, c.Name):
			return fmt.Errorf("column %s says another thing", c.Name)
		}
	}
	if len(was) > 0 {
		return fmt.Errorf("column %s is no more in this version of the program", slices.Sorted(maps.Keys(was))[0])
	}
	return nil
}
