package editions

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// lock keeps other processes out until it is given back. The folder itself is locked: whoever may
// read it can wait for it, whatever account made it.
func (b *Book) lock() (unlock func(), err error) {
	if err := b.makeFolder(b.dir); err != nil {
		return nil, err
	}
	f, err := os.Open(b.dir)
	if err != nil {
		return nil, fmt.Errorf("opening the editions: %w", err)
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil && !errors.Is(err, unix.ENOTSUP) && !errors.Is(err, unix.ENOLCK) {
		return nil, errors.Join(fmt.Errorf("locking the editions: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// makeFolder makes a folder to last. It takes over who may write from the folder that it lies in:
// those who review and approve have accounts of their own, and are let in once, at the top.
func (b *Book) makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := b.madeFolder(dir); err != nil {
		return fmt.Errorf("making the folder %s: %w", dir, err)
	}
	return nil
}

func (b *Book) madeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if dir != b.dir {
		top, err := os.Stat(b.dir)
		if err != nil {
			return err
		}
		if err := os.Chmod(dir, top.Mode().Perm()|top.Mode()&fs.ModeSetgid); err != nil {
			return err
		}
	}
	return syncFolder(filepath.Dir(dir))
}

// create makes a file that is never written again, whole or not at all, and never in the place of
// another.
func (b *Book) create(path string, content []byte) error {
	tmp, err := b.write(path, content, 0o444)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := b.at("before link"); err != nil {
		return err
	}
	if err := os.Link(tmp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// replace makes a file in the place of an older one of its name, in one step.
func (b *Book) replace(path string, content []byte) error {
	tmp, err := b.write(path, content, 0o644)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return syncFolder(filepath.Dir(path))
}

// write writes a file beside its place and syncs it; one that cannot be synced is discarded.
func (b *Book) write(path string, content []byte, mode fs.FileMode) (tmp string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (b *Book) at(point string) error {
	if b.step == nil {
		return nil
	}
	return b.step(point)
}
