package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"
)

// A FolderStore keeps copies of releases in a folder, such as one on a mounted share.
//
// A file is there whole or not at all: it is written under another name, synced, read
// back, and renamed. One program at a time writes, where the file system has locks;
// where it has none, what a writer replaces is still only what it has read.
type FolderStore struct {
	Dir  string // exists: a share that is not mounted is noticed
	Copy bool   // current/ is a copy even where the file system has symbolic links

	step func(string) error // tests stop here; nil otherwise
}

// What lies in the folder only while something is written, and the lock.
const (
	partPrefix = ".part-"
	newCurrent = ".current.new"
	oldCurrent = ".current.old"
	folderLock = ".lindung.lock"
)

// Place is the folder as people name it.
func (s *FolderStore) Place() string { return s.Dir }

// Open makes sure that the folder is there and takes its lock, until close is called.
func (s *FolderStore) Open(context.Context) (close func(), err error) {
	info, err := os.Stat(s.Dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is not a folder")
	}
	if err != nil {
		return nil, s.unavailable("opening", "", fmt.Errorf("%w; is the share mounted, and may this account write there?", bare(err)))
	}
	lock := flock.New(filepath.Join(s.Dir, folderLock), flock.SetPermissions(0o644))
	taken, err := lock.TryLock()
	switch {
	case errors.Is(err, unix.ENOLCK), errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EINVAL):
		return func() { _ = lock.Close() }, nil // a file system without locks
	case err != nil:
		return nil, s.unavailable("opening", "", bare(err))
	case !taken:
		return nil, s.unavailable("opening", "", errors.New("another program is writing there; try again when it has ended"))
	}
	return func() { _ = lock.Close() }, nil
}

// Read reads a small file. A file that is not there is [fs.ErrNotExist].
func (s *FolderStore) Read(_ context.Context, name string) ([]byte, error) {
	f, err := os.Open(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, s.unavailable("reading", name, bare(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, int64(maxSmall)))
	if err != nil {
		return nil, s.unavailable("reading", name, bare(err))
	}
	return content, nil
}

// Has says whether a file is there with the content that f names.
func (s *FolderStore) Has(ctx context.Context, f StoredFile) (bool, error) {
	info, err := os.Lstat(s.path(f.Name))
	if err != nil || info.Size() != f.Bytes {
		return false, nil
	}
	got, err := s.sum(ctx, s.path(f.Name))
	if err != nil {
		return false, s.unavailable("reading", f.Name, bare(err))
	}
	return f.sameContent(got) == nil, nil
}

// Put stores a file, whole and as f names it, or not at all.
func (s *FolderStore) Put(ctx context.Context, f StoredFile, content io.ReadSeeker) error {
	return s.put(ctx, f, content, 0o444) // nobody writes it again
}

func (s *FolderStore) put(ctx context.Context, f StoredFile, content io.ReadSeeker, mode fs.FileMode) error {
	if err := makeFolder(filepath.Dir(s.path(f.Name))); err != nil {
		return s.unavailable("writing", f.Name, bare(err))
	}
	if err := s.write(ctx, s.path(f.Name), f, content, mode); err != nil {
		return s.unavailable("writing", f.Name, bare(err))
	}
	return nil
}

// Swap replaces a small file that holds old (nil: that is not there) by another content.
func (s *FolderStore) Swap(ctx context.Context, name string, old, content []byte) error {
	have, err := s.Read(ctx, name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case (err == nil) != (old != nil) || !bytes.Equal(have, old):
		return fmt.Errorf("writing %s: %w", s.path(name), ErrSuperseded)
	}
	// Some shares refuse to rename over a file that is read-only.
	return s.put(ctx, nameOf(name, describe(content)), bytes.NewReader(content), 0o644)
}

func nameOf(name string, f StoredFile) StoredFile {
	f.Name = name
	return f
}

// Show makes current/ be the files that lie under from, in one step: readers find all
// of one release or all of another.
func (s *FolderStore) Show(ctx context.Context, from string, files []StoredFile) error {
	if err := s.show(ctx, from, files); err != nil {
		return s.unavailable("making current/ show "+from+" in", "", bare(err))
	}
	return nil
}

func (s *FolderStore) show(ctx context.Context, from string, files []StoredFile) error {
	for _, leftover := range []string{newCurrent, oldCurrent} {
		if err := os.RemoveAll(s.path(leftover)); err != nil {
			return err
		}
	}
	linked := false
	if !s.Copy {
		err := os.Symlink(from, s.path(newCurrent))
		if linked = err == nil; !linked && !withoutLinks(err) {
			return err
		}
	}
	if !linked {
		for _, f := range files {
			if err := s.copyTo(ctx, path.Join(newCurrent, f.Name), path.Join(from, f.Name), f); err != nil {
				return err
			}
		}
	}
	if err := s.at("before current"); err != nil {
		return err
	}
	if err := s.replaceCurrent(); err != nil {
		return err
	}
	return syncFolder(s.Dir)
}

// withoutLinks says that a file system has no symbolic links.
func withoutLinks(err error) bool {
	return errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS)
}

func (s *FolderStore) copyTo(ctx context.Context, to, from string, f StoredFile) error {
	in, err := os.Open(s.path(from))
	if err != nil {
		return err
	}
	defer in.Close()
	if err := makeFolder(filepath.Dir(s.path(to))); err != nil {
		return err
	}
	return s.write(ctx, s.path(to), f, in, 0o444)
}

// replaceCurrent puts the prepared current in the place of the present one. A link is
// renamed over a link. Folders are exchanged, which is one step too; where the file
// system cannot, the old one is moved away first, and for that instant there is none.
func (s *FolderStore) replaceCurrent() error {
	present, prepared, old := s.path(currentFolder), s.path(newCurrent), s.path(oldCurrent)
	was, err := os.Lstat(present)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(prepared, present)
	}
	if err != nil {
		return err
	}
	is, err := os.Lstat(prepared)
	if err != nil {
		return err
	}
	if !was.IsDir() && !is.IsDir() {
		return os.Rename(prepared, present)
	}
	err = unix.Renameat2(unix.AT_FDCWD, prepared, unix.AT_FDCWD, present, unix.RENAME_EXCHANGE)
	if err == nil {
		return os.RemoveAll(prepared)
	}
	if err := os.Rename(present, old); err != nil {
		return err
	}
	if err := s.at("between folders"); err != nil {
		return err
	}
	if err := os.Rename(prepared, present); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// Folders lists the folders in a folder, in the order of their names.
func (s *FolderStore) Folders(_ context.Context, name string) ([]string, error) {
	entries, err := os.ReadDir(s.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.unavailable("listing", name, bare(err))
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() {
			found = append(found, e.Name())
		}
	}
	slices.Sort(found)
	return found, nil
}

// Remove removes a folder, the file that vouches for the others first.
func (s *FolderStore) Remove(_ context.Context, folder, first string) error {
	err := os.Remove(s.path(path.Join(folder, first)))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = os.RemoveAll(s.path(folder))
	}
	if err != nil {
		return s.unavailable("removing", folder, bare(err))
	}
	return nil
}

// write writes a file beside its place, syncs it, reads it back, and renames it.
func (s *FolderStore) write(ctx context.Context, to string, f StoredFile, content io.ReadSeeker, mode fs.FileMode) (err error) {
	part := filepath.Join(filepath.Dir(to), partPrefix+filepath.Base(to))
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	_, err = io.Copy(out, whileAlive{ctx, content})
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	got, err := s.sum(ctx, part)
	if err != nil {
		return err
	}
	if err := f.sameContent(got); err != nil {
		return err
	}
	if err := s.at("before rename"); err != nil {
		return err
	}
	if err := os.Rename(part, to); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}

func (s *FolderStore) sum(ctx context.Context, path string) (StoredFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return StoredFile{}, err
	}
	defer f.Close()
	return sumOf(ctx, f)
}

func (s *FolderStore) path(name string) string { return filepath.Join(s.Dir, filepath.FromSlash(name)) }

func (s *FolderStore) at(point string) error {
	if s.step == nil {
		return nil
	}
	return s.step(point)
}

func (s *FolderStore) unavailable(doing, name string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, errOtherContent) {
		return fmt.Errorf("%s %s: %w", doing, s.path(name), err)
	}
	return fmt.Errorf("%s %s: %w: %w", doing, s.path(name), ErrUnavailable, err)
}

// bare is the reason of a file error: the message names the file in its own way.
func bare(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) && !strings.Contains(pathError.Path, partPrefix) {
		return pathError.Err
	}
	return err
}

// makeFolder makes a folder, and those that it lies in, to last: what is in a folder that a power cut took is gone too.
func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := makeFolder(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// syncFolder makes what was renamed in a folder last. Some shares cannot sync a folder.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EBADF) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
