package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// RotateMaster puts a new master key in the place of the one at path and closes every month's key
// for it. What was landed is not touched: objects are named by the same secret and closed by the same
// months' keys. The file holds both keys until the last month's key is closed for the new one, so that
// everything opens at every moment; ended early, it is taken up where it ended. It returns the new
// key and how many months' keys it opens. Nobody else may be landing meanwhile.
func RotateMaster(path string) (Master, int, error) { return rotateMaster(path, nil) }

func rotateMaster(path string, hook func(point string) error) (Master, int, error) {
	m, err := LoadMaster(path)
	if err != nil {
		return Master{}, 0, err
	}
	r := rotation{fs: newFsys(hook), path: path, master: m}
	if err := r.run(); err != nil {
		return Master{}, 0, fmt.Errorf("rotating the master key: %w; everything opens as before: run it again, and it goes on from there", err)
	}
	return r.master, r.months, nil
}

type rotation struct {
	fs     *fsys
	path   string
	master Master
	months int
}

func (r *rotation) run() error {
	if r.master.before == nil {
		next, err := age.GenerateX25519Identity()
		if err != nil {
			return err
		}
		r.master.was = append(r.master.was, r.master.ID())
		r.master.before, r.master.identity = r.master.identity, next
		if err := r.fs.replace("master", r.path, r.master.text(), masterMode); err != nil {
			return err
		}
	}
	folder := filepath.Join(r.master.folder, "landing")
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == folder {
			return fs.SkipAll
		}
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".key") {
			return err
		}
		r.months++
		return r.reseal(path)
	})
	if err != nil {
		return err
	}
	r.master.before = nil
	return r.fs.replace("master", r.path, r.master.text(), masterMode)
}

func (r *rotation) reseal(path string) error {
	sealed, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	key, err := openMonthKey(sealed, r.master)
	if err != nil {
		return fmt.Errorf("opening %s: %w; restore it from an archive of keys", path, err)
	}
	again, err := sealMonthKey(key, r.master)
	if err != nil {
		return err
	}
	return r.fs.replace("landing key", path, again, monthKeyMode)
}

// replace puts data in the place of a small file, as a whole or not at all.
func (s *fsys) replace(what, target string, data []byte, mode os.FileMode) error {
	t, err := s.create(what, filepath.Dir(target), privateMode)
	if err != nil {
		return err
	}
	if _, err = t.Write(data); err == nil {
		err = t.finish(mode)
	}
	if err == nil {
		err = s.at(what, "rename")
	}
	if err == nil {
		err = os.Rename(t.file.Name(), target)
	}
	if err != nil {
		t.discard()
		return fmt.Errorf("writing %s: %w", target, err)
	}
	if err := s.at(what, "folder sync"); err != nil {
		return fmt.Errorf("writing %s: %w", target, err)
	}
	return syncFolder(filepath.Dir(target))
}
