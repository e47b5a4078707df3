package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// markFile says that a folder is being restored, and from what. As long as it is there the folder has
// no lindung.yaml, so that no command takes it for a project.
const markFile = ".lindung-restore"

// RestoreOptions say what to restore, and where to.
type RestoreOptions struct {
	Dir      string // the new project folder: empty, or not there
	Snapshot int64  // 0: the newest
	Keys     []lake.KeyFile
	Progress func(done, total int)
}

// A RestoreReport says what was restored.
type RestoreReport struct {
	Dir       string `json:"dir"`
	Snapshot  int64  `json:"snapshot"`
	TakenAt   string `json:"taken_at"`
	LogHead   int64  `json:"log_head"`
	Release   string `json:"release,omitempty"`
	Files     int    `json:"files"`
	Bytes     int64  `json:"bytes"`
	Keys      int    `json:"keys"`
	KeysDir   string `json:"keys_dir"`
	MasterKey string `json:"master_key"` // the id of the key that opens it
}

type restoring struct {
	RestoreOptions
	store      Store
	from       *copyOf
	data, keys string // folders
	report     *RestoreReport
}

// Restore makes a project of a backup, in a folder that holds nothing. The log and all that it names
// are checked before anything is written, and every file by its hash on the way. It can end anywhere, and goes
// on when it is run again; lindung.yaml comes last, and before it there is no project.
func Restore(ctx context.Context, store Store, o RestoreOptions) (*RestoreReport, error) {
	closeStore, err := store.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("restoring: %w", err)
	}
	defer closeStore()
	r := &restoring{RestoreOptions: o, store: store}
	if r.from, err = load(ctx, store, o.Snapshot); err == nil && r.from == nil {
		err = fmt.Errorf("%w: there is no backup in %s", ErrRefused, store.Place())
	}
	if err == nil {
		err = r.check(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("restoring: %w", err)
	}
	if err := r.restore(ctx); err != nil {
		return r.report, fmt.Errorf("restoring into %s: %w; run it again, and it goes on from there", o.Dir, err)
	}
	return r.report, nil
}

// check finds out whether there is a whole project to restore, and a place for it.
func (r *restoring) check(ctx context.Context) error {
	entries, err := r.from.entries(ctx, r.store)
	if err != nil {
		return err
	}
	if problems := r.from.lacks(entries); len(problems) > 0 {
		return errors.Join(problems...)
	}
	if err := r.checkKeys(); err != nil {
		return err
	}
	if r.Dir, err = filepath.Abs(r.Dir); err != nil {
		return err
	}
	r.data, r.keys = r.place(r.from.Data), r.place(r.from.Keys)
	c := r.from
	r.report = &RestoreReport{Dir: r.Dir, Snapshot: c.No, TakenAt: c.TakenAt.Format("2006-01-02T15:04:05Z07:00"), LogHead: c.LogHead, Release: c.Release,
		KeysDir: r.keys, MasterKey: c.MasterKey}
	mark, err := os.ReadFile(filepath.Join(r.Dir, markFile))
	if err == nil {
		if strings.TrimSpace(string(mark)) != c.sum {
			return fmt.Errorf("%w: %s is half restored from another backup or snapshot; remove it, or name another folder", ErrRefused, r.Dir)
		}
		return nil
	}
	for _, folder := range []string{r.Dir, r.data, r.keys} {
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if len(entries) > 0 && !(folder == r.keys && len(r.Keys) == 0) {
			return fmt.Errorf("%w: %s is not empty, and nothing is ever restored over what is there; name a new folder with --dir", ErrRefused, folder)
		}
	}
	return nil
}

func (r *restoring) place(folder string) string {
	if folder = filepath.FromSlash(folder); filepath.IsAbs(folder) {
		return folder
	}
	return filepath.Join(r.Dir, folder)
}

func (r *restoring) restore(ctx context.Context) error {
	for folder, mode := range map[string]fs.FileMode{r.Dir: 0o755, r.data: 0o750, r.keys: 0o700, filepath.Join(r.data, "landing"): 0o700} {
		if err := os.MkdirAll(folder, mode); err != nil {
			return err
		}
		if err := os.Chmod(folder, mode); err != nil {
			return err
		}
	}
	if err := writeWhole(filepath.Join(r.Dir, markFile), []byte(r.from.sum+"\n"), 0o600); err != nil {
		return err
	}
	if err := r.restoreData(ctx); err != nil {
		return err
	}
	if err := r.restoreKeys(); err != nil {
		return err
	}
	for _, k := range r.from.Config {
		if k.Path != configs.ProjectFile {
			if err := r.file(ctx, r.Dir, k); err != nil {
				return err
			}
		}
	}
	if err := r.releases(); err != nil {
		return err
	}
	for _, folder := range []string{r.data, r.keys, r.Dir} {
		if err := syncFolders(folder); err != nil {
			return err
		}
	}
	for _, k := range r.from.Config {
		if k.Path == configs.ProjectFile {
			if err := r.file(ctx, r.Dir, k); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(filepath.Join(r.Dir, markFile)); err != nil {
		return err
	}
	return syncFolder(r.Dir)
}

// restoreData brings the files below the data folder, the log's after all the others.
func (r *restoring) restoreData(ctx context.Context) error {
	paths := slices.SortedFunc(maps.Keys(r.from.files), func(a, b string) int {
		if la, lb := strings.HasPrefix(a, "log/"), strings.HasPrefix(b, "log/"); la != lb {
			if la {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	for i, path := range paths {
		if r.Progress != nil {
			r.Progress(i, len(paths))
		}
		if err := r.file(ctx, r.data, r.from.files[path]); err != nil {
			return err
		}
	}
	return nil
}

// file brings one file to its place: whole, with the content that was kept, or not at all.
func (r *restoring) file(ctx context.Context, folder string, k Kept) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	to := filepath.Join(folder, filepath.FromSlash(k.Path))
	r.report.Files++
	if there, err := os.Open(to); err == nil {
		got := &hashed{}
		_, err := io.Copy(got, there)
		there.Close()
		if err == nil && got.check(k) == nil {
			return nil // it came when this was run before
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(to), ".tmp-restore")
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	got := &hashed{to: out}
	err = r.store.Fetch(ctx, k.object().Name, got)
	if err == nil {
		err = got.check(k)
	}
	if err = errors.Join(err, out.Chmod(k.Mode), out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("%s: %w", k.Path, err)
	}
	r.report.Bytes += k.Bytes
	return os.Rename(tmp, to)
}

// restoreKeys puts keys in their place.
func (r *restoring) restoreKeys() error {
	for _, k := range r.Keys {
		to := filepath.Join(r.keys, filepath.FromSlash(k.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := writeWhole(to, k.Data, 0o600); err != nil {
			return err
		}
		r.report.Keys++
	}
	return nil
}

// checkKeys refuses keys that do not open this backup.
func (r *restoring) checkKeys() error {
	if len(r.Keys) == 0 {
		return nil
	}
	master, err := lake.MasterOf(r.Keys)
	if err == nil && !master.Replaces(r.from.MasterKey) {
		err = fmt.Errorf("%w: the keys are those of master key %s and this backup needs %s; name the archive that was made with it", ErrRefused, master.ID(), r.from.MasterKey)
	}
	return err
}

// releases closes the releases to writing, as they were, and points at the current one.
func (r *restoring) releases() error {
	dir := filepath.Join(r.data, "releases")
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	for _, f := range found {
		if !f.IsDir() {
			continue
		}
		mode := fs.FileMode(0o555)
		if strings.HasPrefix(f.Name(), "_") {
			mode = 0o755
		}
		if err := chmodFolders(filepath.Join(dir, f.Name()), mode); err != nil {
			return err
		}
	}
	releases, err := warehouse.OpenReleases(dir)
	if err != nil {
		return err
	}
	_, err = releases.Repair()
	return err
}

func chmodFolders(dir string, mode fs.FileMode) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return os.Chmod(path, mode)
	})
}

// syncFolders makes the names in a folder, and in those below it, last.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncFolder(path)
	})
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeWhole puts a small file there as a whole or not at all, and in the place of what was there.
func writeWhole(path string, content []byte, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
