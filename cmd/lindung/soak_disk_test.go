package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// soakDisk holds all that a year of such a project comes to.
const soakDisk = "size=256m"

// mountDisk gives the data folder a disk of its own, which only root may do. Without it the disk is
// never full in the story.
func (s *soak) mountDisk() {
	data := filepath.Join(s.dir, "data")
	s.must(os.Mkdir(data, 0o750))
	switch err := syscall.Mount("tmpfs", data, "tmpfs", 0, soakDisk); {
	case err == nil:
		s.disk = data
		s.t.Cleanup(func() { _ = syscall.Unmount(data, syscall.MNT_DETACH) })
	case os.Getenv("CI") == "true" && os.Getuid() == 0:
		s.fail("a disk to be filled: %v", err)
	default:
		s.t.Logf("the disk is never full in this story: %v", err)
	}
}

func (s *soak) ballast() string { return filepath.Join(s.disk, "ballast") }

// fillDisk leaves so little that something of the morning's work does not fit any more.
func (s *soak) fillDisk() {
	if s.disk == "" {
		return
	}
	var fs syscall.Statfs_t
	s.must(syscall.Statfs(s.disk, &fs))
	left := int64(s.random.IntN(300)) << 10
	f, err := os.Create(s.ballast())
	s.must(err)
	s.must(syscall.Fallocate(int(f.Fd()), 0, 0, max(int64(fs.Bavail)*fs.Bsize-left, 4096)))
	s.must(f.Close())
	s.full = true
	s.anyMayFail("the disk is full")
	s.note("the disk is full but for %d bytes", left)
}

// emptyDisk lets it have room again. A lease that could not be given back has run out meanwhile.
func (s *soak) emptyDisk() {
	if !s.full {
		return
	}
	s.must(os.Remove(s.ballast()))
	s.full = false
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "data", ledger.File))
	s.must(err)
	_, err = db.Exec(`UPDATE leases SET expires = 0`)
	s.must(errors.Join(err, db.Close()))
	s.note("the disk has room again")
}
