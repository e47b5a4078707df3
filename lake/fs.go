package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// tmpPrefix marks a file that is still being written. Readers never look at one, and
// Sweep removes those that a crash left behind.
const tmpPrefix = ".tmp-"

func isTmp(name string) bool { return strings.HasPrefix(name, tmpPrefix) }

// fsys does every durable write of the lake, so that the order of its steps stands in one
// place: the bytes reach the disk before they get their name, and the name reaches the
// disk before anybody is told.
type fsys struct {
	// hook, when set, is called before each step with the step's name. Tests kill the
	// process there, or return the error that the disk would have given.
	hook func(point string) error

	mu      sync.Mutex
	durable map[string]bool // folders whose own name is known to be on disk
}

func newFsys(hook func(point string) error) *fsys {
	return &fsys{hook: hook, durable: map[string]bool{}}
}

func (s *fsys) at(what, step string) error {
	if s.hook == nil {
		return nil
	}
	return s.hook(what + ":" + step)
}

// adopt takes a folder as the ground that the lake stands on: made when it is missing,
// otherwise taken as durable. What lies above it belongs to somebody else.
func (s *fsys) adopt(dir string, mode os.FileMode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ground(filepath.Clean(dir), mode)
}

func (s *fsys) ground(dir string, mode os.FileMode) error {
	if _, err := os.Stat(dir); err == nil {
		s.durable[dir] = true
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := s.ground(parent, mode); err != nil {
			return err
		}
	}
	return s.mkdir(dir, mode)
}

// mkdirAll makes dir and what is missing between it and adopted ground, and makes their
// names durable. A folder that another process made a moment ago may not be on disk yet;
// hence the sync of every parent, once per process and folder.
func (s *fsys) mkdirAll(dir string, mode os.FileMode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mkdir(filepath.Clean(dir), mode)
}

func (s *fsys) mkdir(dir string, mode os.FileMode) error {
	parent := filepath.Dir(dir)
	if s.durable[dir] || parent == dir {
		return nil
	}
	if err := s.mkdir(parent, mode); err != nil {
		return err
	}
	if err := s.at("folder", "make"); err != nil {
		return fmt.Errorf("making folder %s: %w", dir, err)
	}
	if err := os.Mkdir(dir, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making folder %s: %w", dir, err)
	}
	if err := s.at("folder", "sync"); err != nil {
		return fmt.Errorf("making folder %s durable: %w", dir, err)
	}
	if err := syncFolder(parent); err != nil {
		return fmt.Errorf("making folder %s durable: %w", dir, err)
	}
	s.durable[dir] = true
	return nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

// A tmpFile is a file without its final name. Either install gives it one, or discard
// removes it; after any error only discard is left, since a file whose write or sync has
// gone wrong once cannot be trusted again.
type tmpFile struct {
	fs   *fsys
	file *os.File
	what string
}

// create starts a file in dir, which is made when it is missing.
func (s *fsys) create(what, dir string, mode os.FileMode) (*tmpFile, error) {
	if err := s.mkdirAll(dir, mode); err != nil {
		return nil, err
	}
	if err := s.at(what, "create"); err != nil {
		return nil, fmt.Errorf("creating a file in %s: %w", dir, err)
	}
	f, err := os.CreateTemp(dir, tmpPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("creating a file in %s: %w", dir, err)
	}
	return &tmpFile{fs: s, file: f, what: what}, nil
}

// Write appends to the file.
func (t *tmpFile) Write(p []byte) (int, error) {
	if err := t.fs.at(t.what, "write"); err != nil {
		return 0, err
	}
	return t.file.Write(p)
}

// discard removes the file. What it cannot remove, Sweep removes later.
func (t *tmpFile) discard() {
	t.file.Close()
	os.Remove(t.file.Name())
}

// install syncs the file and links it to target, unless target exists already: link(2)
// never replaces, so two writers cannot both believe that the name is theirs. The file is
// gone from its temporary name afterwards, whatever happened.
func (t *tmpFile) install(target string, mode os.FileMode) (existed bool, err error) {
	if err := t.finish(mode); err != nil {
		t.discard()
		return false, fmt.Errorf("writing %s: %w", target, err)
	}
	if err := t.fs.at(t.what, "link"); err != nil {
		t.discard()
		return false, fmt.Errorf("linking %s: %w", target, err)
	}
	err = os.Link(t.file.Name(), target)
	if existed = errors.Is(err, fs.ErrExist); err != nil && !existed {
		t.discard()
		return false, fmt.Errorf("linking %s: %w; the data folder must be on a local file system with hard links (ext4, xfs, btrfs)", target, err)
	}
	// Also when the name was there: whoever linked it may not have come to this line.
	err = t.fs.at(t.what, "folder sync")
	if err == nil {
		err = syncFolder(filepath.Dir(target))
	}
	if err != nil {
		t.discard()
		return existed, fmt.Errorf("making the name of %s durable: %w; whether it is on disk is not known until the next start", target, err)
	}
	if err := t.fs.at(t.what, "remove"); err != nil {
		return existed, fmt.Errorf("removing the temporary name of %s: %w", target, err)
	}
	os.Remove(t.file.Name())
	if err := t.fs.at(t.what, "done"); err != nil {
		return existed, fmt.Errorf("writing %s: %w", target, err)
	}
	return existed, nil
}

// finish brings the bytes to the disk. A failed sync is final: the kernel may forget the
// pages that it could not write, and a second sync would then report success.
func (t *tmpFile) finish(mode os.FileMode) error {
	if err := t.file.Chmod(mode); err != nil {
		return err
	}
	if err := t.fs.at(t.what, "sync"); err != nil {
		return err
	}
	if err := t.file.Sync(); err != nil {
		return err
	}
	if err := t.fs.at(t.what, "close"); err != nil {
		return err
	}
	return t.file.Close()
}

// put writes data under target durably, unless target exists.
func (s *fsys) put(what, target string, data []byte, folder, mode os.FileMode) (existed bool, err error) {
	t, err := s.create(what, filepath.Dir(target), folder)
	if err != nil {
		return false, err
	}
	if _, err := t.Write(data); err != nil {
		t.discard()
		return false, fmt.Errorf("writing %s: %w", target, err)
	}
	return t.install(target, mode)
}
