package backups

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kp2mi/lindung/lake"
)

// KeysOptions say where the keys go.
type KeysOptions struct {
	Folder    string // the project's keys
	Data      string // the project's data, where no archive belongs
	File      string // the archive
	Recipient string // age1…: who can open it; "" leaves it in clear
	Backup    string // the folder of the backup; "" when that is no folder
	Armored   bool   // as text, which can be printed
	Beside    bool   // it may lie where the backup lies
}

// Keys writes the project's keys into an archive apart from the backup. The archive is replaced whole,
// so that the key of a month that was destroyed on purpose is gone from it too: were each kept by
// itself, raw data would outlive their erasure in copies.
func Keys(o KeysOptions) (files int, err error) {
	if err := o.apart(); err != nil {
		return 0, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(o.File), ".tmp-*")
	if err != nil {
		return 0, fmt.Errorf("archiving the keys: %w", err)
	}
	defer os.Remove(tmp.Name())
	files, err = lake.ArchiveKeys(tmp, o.Folder, o.Recipient, o.Armored)
	if err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(tmp.Name(), o.File); err != nil {
		return 0, fmt.Errorf("archiving the keys: %w", err)
	}
	return files, syncFolder(filepath.Dir(o.File))
}

// apart refuses a place where whoever finds the data finds the keys too.
func (o KeysOptions) apart() error {
	file, err := resolved(o.File)
	if err != nil {
		return fmt.Errorf("archiving the keys: %w", err)
	}
	for _, folder := range []string{o.Data, o.Folder} {
		if inside(file, folder) {
			return fmt.Errorf("%w: %s lies in %s; an archive of keys belongs on another medium", ErrRefused, o.File, folder)
		}
	}
	if o.Beside || o.Backup == "" {
		return nil
	}
	const remedy = "name another medium, or say that it may be so with --keys-beside-data"
	if inside(file, o.Backup) {
		return fmt.Errorf("%w: %s lies in the backup, so that whoever finds the one has the other; %s", ErrRefused, o.File, remedy)
	}
	if o.Recipient == "" && sameDevice(filepath.Dir(file), o.Backup) {
		return fmt.Errorf("%w: %s would hold the keys in clear on the disk that the backup is on; encrypt it with --recipient age1…, %s", ErrRefused, o.File, remedy)
	}
	return nil
}

// resolved is where a file that may not be there yet really lies.
func resolved(file string) (string, error) {
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return "", err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(file)), nil
}

func inside(file, folder string) bool {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	folder, err := filepath.Abs(folder)
	return err == nil && strings.HasPrefix(file, folder+string(filepath.Separator))
}

func sameDevice(a, b string) bool {
	device := func(path string) (uint64, bool) {
		info, err := os.Stat(path)
		if err != nil {
			return 0, false
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		return uint64(st.Dev), ok //nolint:unconvert // its type differs between platforms
	}
	da, oka := device(a)
	db, okb := device(b)
	return oka && okb && da == db
}

// Prepare makes sure that a folder is fit for a backup of a project: there (a share that is not
// mounted is noticed), apart from the project's data, closed to others, and empty or a backup already.
// open says that others can read it, because the file system does not let that be changed.
func Prepare(folder, data, keys string) (open bool, err error) {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%w: %s is not there; is the disk or the share mounted? A new folder: mkdir -m 700 %s", ErrRefused, folder, folder)
	}
	if err != nil {
		return false, err
	}
	there, err := resolved(filepath.Join(folder, headFile))
	if err != nil {
		return false, err
	}
	for _, own := range []string{data, keys} {
		if inside(there, own) {
			return false, fmt.Errorf("%w: %s lies in %s, which it is to be a copy of", ErrRefused, folder, own)
		}
	}
	found, err := os.ReadDir(folder)
	if err != nil {
		return false, err
	}
	for _, f := range found {
		switch f.Name() {
		case headFile, objectsFolder, snapshotsFolder, ".lindung.lock", "lost+found":
		default:
			if !strings.HasPrefix(f.Name(), ".part-") {
				return false, fmt.Errorf("%w: %s holds %s, which is no part of a backup; name a folder of its own", ErrRefused, folder, f.Name())
			}
		}
	}
	if info.Mode().Perm()&0o077 == 0 {
		return false, nil
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		return true, nil
	}
	info, err = os.Stat(folder)
	return err == nil && info.Mode().Perm()&0o077 != 0, err
}
