package pipelines

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/warehouse"
)

// A copyStore is a place that releases are copied to; see connectors.FolderStore and
// connectors.S3Store.
type copyStore interface {
	Place() string
	Open(ctx context.Context) (close func(), err error)
	Read(ctx context.Context, name string) ([]byte, error)
	Has(ctx context.Context, f connectors.StoredFile) (bool, error)
	Put(ctx context.Context, f connectors.StoredFile, content io.ReadSeeker) error
	Swap(ctx context.Context, name string, old, content []byte) error
	Show(ctx context.Context, from string, files []connectors.StoredFile) error
	Folders(ctx context.Context, name string) ([]string, error)
	Remove(ctx context.Context, folder, first string) error
}

// What a place looks like:
//
//	releases/r000001/…  whole copies, each with its manifest written last
//	current.json        which of them counts; replaced in one step, and only forwards
//	current/…           its files under names that never change, for people and tools
const (
	copiesFolder  = "releases"
	pointerFile   = "current.json"
	currentFolder = "current"
	pointerFormat = 1
)

var copyName = regexp.MustCompile(`^r[0-9]{6,}$`)

// A pointer says which release counts in a place, and what belongs to it.
type pointer struct {
	Format      int                     `json:"format"`
	Release     string                  `json:"release"`
	Path        string                  `json:"path"`
	Publication int64                   `json:"publication"` // grows with every publication, also a rollback
	Series      string                  `json:"series"`      // which project's publications these are
	Origin      string                  `json:"origin"`
	Banner      string                  `json:"banner,omitempty"`
	What        string                  `json:"what"`
	AsOf        time.Time               `json:"as_of"`
	Files       []connectors.StoredFile `json:"files"` // below path and below current/; the manifest is the last
}

// A copier brings one project's releases to one place.
type copier struct {
	target   *configs.Target
	store    copyStore
	releases *warehouse.Releases
	history  []warehouse.Publication // of the project
	takeOver bool
	seen     *pointer // what this project put there last; nil: nothing yet
	event    func(Event)
	report   *TargetReport
}

// copy makes the place show what readers of the project get. It can end anywhere, and
// is taken up where it ended.
func (c *copier) copy(ctx context.Context) error {
	closeStore, err := c.store.Open(ctx)
	if err != nil {
		return err
	}
	defer closeStore()
	there, text, err := c.pointer(ctx)
	if err != nil {
		return err
	}
	now := c.history[len(c.history)-1]
	if err := c.judge(there, now); err != nil {
		return err
	}
	var wanted *pointer
	for _, id := range c.missing(there, now) {
		if wanted, err = c.copyRelease(ctx, id, now); err != nil {
			return err
		}
	}
	content, err := json.MarshalIndent(wanted, "", "  ")
	if err != nil {
		return err
	}
	if content = append(content, '\n'); !bytes.Equal(content, text) {
		if err := c.store.Swap(ctx, pointerFile, text, content); err != nil {
			return superseded(err)
		}
		c.report.Outcome = OutcomeCopied
	}
	if err := c.show(ctx); err != nil {
		return err
	}
	keep := c.target.Keep
	if there != nil && there.Series != now.Series {
		keep = 0 // taken over: the other project's releases do not stay beside this one's
	}
	return c.prune(ctx, now.Release, keep)
}

func superseded(err error) error {
	if errors.Is(err, connectors.ErrSuperseded) {
		return gatef("%v: another program publishes to the same place; run: lindung publish", err)
	}
	return err
}

// pointer reads what the place shows now; nil when it is empty.
func (c *copier) pointer(ctx context.Context) (*pointer, []byte, error) {
	text, err := c.store.Read(ctx, pointerFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	p := &pointer{}
	if err := json.Unmarshal(text, p); err != nil || !p.plausible() {
		return nil, nil, gatef("%s in %s is not one that this program wrote: name another place, or remove it there", pointerFile, c.store.Place())
	}
	return p, text, nil
}

// plausible says whether a pointer could be one of ours: what it names is read and copied, and anybody who may write
// to the place could have written it.
func (p *pointer) plausible() bool {
	return copyName.MatchString(p.Release) && p.Path == path.Join(copiesFolder, p.Release) && len(p.Files) > 0 &&
		!slices.ContainsFunc(p.Files, func(f connectors.StoredFile) bool { return !fs.ValidPath(f.Name) || f.Name == "." })
}

// judge refuses a place that holds what must not be replaced, or mixed with this.
func (c *copier) judge(there *pointer, now warehouse.Publication) error {
	place := c.store.Place()
	switch {
	case there == nil && c.seen != nil && !c.takeOver:
		return gatef("%s holds nothing, although release %s was copied there: is the share mounted, and the bucket the right one? If it was emptied on purpose: lindung publish --target %s --take-over",
			place, c.seen.Release, c.target.Name)
	case there == nil:
		return nil
	case there.Format > pointerFormat:
		return gatef("%s was written by a newer version of the program; use that one, or a newer one", place)
	case there.Origin != now.Origin:
		return gatef("%s holds %s data and this project has %s data; they never share a place: name another one", place, there.Origin, now.Origin)
	case there.What != c.target.What:
		return gatef("%s holds what: %s and the target says what: %s; those who may read the one may not always read the other: name another place, or empty it",
			place, there.What, c.target.What)
	case c.takeOver:
		return nil
	case there.Series != now.Series:
		return gatef("%s holds the releases of another project, or of this one before its releases were made anew; name another place, or replace them: lindung publish --target %s --take-over",
			place, c.target.Name)
	case there.Publication > now.No:
		return gatef("%s shows publication %d and this project knows only %d: is it an older copy of the project? Nothing is taken back there; if it must be: lindung publish --target %s --take-over",
			place, there.Publication, now.No, c.target.Name)
	}
	return nil
}

// missing names the releases to bring: those published since the place was last brought
// up to date, as far as they stay there, and the one that counts now, last.
func (c *copier) missing(there *pointer, now warehouse.Publication) []string {
	var ids []string
	if there != nil && there.Series == now.Series {
		for _, p := range c.history {
			if p.No > there.Publication && p.Release != now.Release && !slices.Contains(ids, p.Release) {
				ids = append(ids, p.Release)
			}
		}
	}
	slices.SortFunc(ids, byNumber)
	ids = ids[max(0, len(ids)-c.target.Keep):]
	return append(ids, now.Release)
}

// copyRelease brings one release, its manifest last, and gives the pointer to it.
func (c *copier) copyRelease(ctx context.Context, id string, now warehouse.Publication) (*pointer, error) {
	one, err := c.releases.Get(id)
	if err != nil {
		return nil, err
	}
	switch {
	case one.Pruned && id == now.Release:
		return nil, gatef("the DuckDB files of release %s are gone; run: lindung build", id)
	case one.Pruned:
		return nil, nil // its tables are gone here too
	}
	files, manifest, err := one.Files(c.target.What == configs.PublishOpen)
	if err != nil {
		return nil, err
	}
	p := &pointer{Format: pointerFormat, Release: id, Path: path.Join(copiesFolder, id), Publication: now.No, Series: now.Series,
		Origin: now.Origin, Banner: one.Manifest.Banner, What: c.target.What, AsOf: one.Manifest.AsOf}
	for _, f := range files {
		p.Files = append(p.Files, connectors.StoredFile{Name: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
	}
	sum := sha256.Sum256(manifest)
	last := connectors.StoredFile{Name: warehouse.ManifestFile, Bytes: int64(len(manifest)), SHA256: hex.EncodeToString(sum[:])}
	p.Files = append(p.Files, last)
	whole, err := c.complete(ctx, p.Path, manifest)
	if err != nil || whole {
		return p, err
	}
	for i, f := range p.Files[:len(p.Files)-1] {
		c.event(Event{Step: "copy to " + c.target.Name, Object: f.Name, Done: int64(i), Total: int64(len(p.Files))})
		if err := c.copyFile(ctx, p.Path, f, filepath.Join(one.Dir, filepath.FromSlash(f.Name))); err != nil {
			return nil, err
		}
	}
	last.Name = path.Join(p.Path, last.Name)
	if err := c.store.Put(ctx, last, bytes.NewReader(manifest)); err != nil {
		return nil, err
	}
	c.report.Copied = append(c.report.Copied, id)
	return p, nil
}

// complete says whether a release lies in the place whole. One of another project that has
// the same name is removed: that is what taking over means.
func (c *copier) complete(ctx context.Context, folder string, manifest []byte) (bool, error) {
	there, err := c.store.Read(ctx, path.Join(folder, warehouse.ManifestFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case bytes.Equal(there, manifest):
		return true, nil
	case !c.takeOver:
		return false, gatef("%s in %s is not this project's; name another place, or replace it: lindung publish --target %s --take-over",
			folder, c.store.Place(), c.target.Name)
	}
	return false, c.store.Remove(ctx, folder, warehouse.ManifestFile)
}

func (c *copier) copyFile(ctx context.Context, folder string, f connectors.StoredFile, from string) error {
	f.Name = path.Join(folder, f.Name)
	if there, err := c.store.Has(ctx, f); err != nil || there {
		return err
	}
	content, err := os.Open(from)
	if err != nil {
		return err
	}
	defer content.Close()
	if err := c.store.Put(ctx, f, content); err != nil {
		return err
	}
	c.report.Bytes += f.Bytes
	return nil
}

// show makes current/ be what the pointer says. When the pointer moved on meanwhile, it
// follows: whoever is slower repairs what it may have undone.
func (c *copier) show(ctx context.Context) error {
	for range 5 {
		p, text, err := c.pointer(ctx)
		if err != nil {
			return err
		}
		if p == nil {
			return gatef("%s lost its %s while it was written; run: lindung publish", c.store.Place(), pointerFile)
		}
		shown, err := c.shows(ctx, p)
		if err != nil {
			return err
		}
		if !shown {
			c.event(Event{Step: "copy to " + c.target.Name, Object: currentFolder})
			if err := c.store.Show(ctx, p.Path, p.Files); err != nil {
				return err
			}
			c.report.Outcome = OutcomeCopied
		}
		_, after, err := c.pointer(ctx)
		if err != nil {
			return err
		}
		if bytes.Equal(text, after) {
			return nil
		}
	}
	return gatef("%s is being changed again and again by another program; stop one of them, and run: lindung publish", c.store.Place())
}

// shows says whether current/ is what the pointer says, by the manifest that comes last.
func (c *copier) shows(ctx context.Context, p *pointer) (bool, error) {
	text, err := c.store.Read(ctx, path.Join(currentFolder, warehouse.ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	want := p.Files[len(p.Files)-1]
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]) == want.SHA256, nil
}

// prune removes the oldest releases of the place, never the one that counts.
func (c *copier) prune(ctx context.Context, current string, keep int) error {
	folders, err := c.store.Folders(ctx, copiesFolder)
	if err != nil {
		return err
	}
	folders = slices.DeleteFunc(folders, func(id string) bool { return !copyName.MatchString(id) })
	slices.SortFunc(folders, byNumber)
	for i, id := range folders {
		if i >= len(folders)-keep || id == current {
			continue
		}
		if err := c.store.Remove(ctx, path.Join(copiesFolder, id), warehouse.ManifestFile); err != nil {
			return err
		}
		c.report.Removed = append(c.report.Removed, id)
	}
	return nil
}

// byNumber orders r999999 before r1000000.
func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare([]byte(a), []byte(b))
}
