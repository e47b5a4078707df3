package pipelines

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/kp2mi/lindung/configs"
)

// FreeSpace is how many bytes a program without privileges may still write where a folder lies.
func FreeSpace(dir string) (int64, error) {
	free, _, err := diskSpace(dir)
	return free, err
}

// diskSpace is the free space where a folder lies, and all that there is.
func diskSpace(dir string) (free, size int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, fmt.Errorf("asking for free space in %s: %w", dir, err)
	}
	return int64(st.Bavail) * st.Bsize, int64(st.Blocks) * st.Bsize, nil //nolint:unconvert // its type differs between platforms
}

// roomToWork refuses to begin what would fill the disk: a run that ends for want of space has done its
// work for nothing, and other programs of the machine with it.
func (r *Runner) roomToWork(command string) error {
	reserve := r.Project.Run.DiskReserve
	if reserve <= 0 || !brings(command) {
		return nil
	}
	free, err := FreeSpace(r.Project.DataDir)
	if err != nil {
		return err
	}
	if free < int64(reserve) {
		return &Error{Code: ExitFailed, Message: fmt.Sprintf("%s are free in %s and run.disk_reserve in %s wants %s: nothing was begun, and the last release stays. Make room (lindung gc --dir %s shows what may go), lower keep_releases, or lower run.disk_reserve",
			inMiB(free), r.Project.DataDir, configs.ProjectFile, reserve, r.Project.Dir)}
	}
	return nil
}

func inMiB(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }

// fullDisk says what to do where an error means that the disk is full. What a child met arrives as
// words, and the ledger has words of its own for it.
func (r *Runner) fullDisk(err error) error {
	if err == nil {
		return nil
	}
	said := strings.ToLower(err.Error())
	if !strings.Contains(said, "no space left") && !strings.Contains(said, "disk is full") {
		return err
	}
	return &Error{Code: ExitCode(err), cause: err, Message: fmt.Sprintf("%s; the disk of %s is full: nothing half-done was kept, and readers keep the last release. Make room, at least a few MiB: lindung gc --dir %s, or lower keep_releases", err, r.Project.DataDir, r.Project.Dir)}
}
