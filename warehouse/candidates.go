package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// CandidateName is what a candidate is called that nobody gave a name.
const CandidateName = "candidate"

// Candidates is a folder of complete builds that were never published: what a release would be, to be compared
// and thrown away. Each is a directory like a release's, called by its name; readers of releases never see it.
// Whoever changes the folder holds the project's lock.
type Candidates struct{ dir string }

// droppedPrefix is what a candidate is called on its way out.
const droppedPrefix = ".dropped-"

var (
	candidateName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)
	likeRelease   = regexp.MustCompile(`^r[0-9]+$`)
)

// OpenCandidates opens the folder; it need not exist.
func OpenCandidates(dir string) *Candidates { return &Candidates{dir: dir} }

// CheckCandidateName refuses a name that could be taken for a release.
func CheckCandidateName(name string) error {
	if !candidateName.MatchString(name) || name == currentLink {
		return fmt.Errorf("candidate %q: a name is 2 to 31 lower case letters, digits and '-', begins with a letter and is neither %q nor a release's id", name, currentLink)
	}
	if likeRelease.MatchString(name) {
		return fmt.Errorf("candidate %q: that is how releases are called; choose another name", name)
	}
	return nil
}

// Keep makes a sealed build directory a candidate, in the place of an earlier one of the same name.
func (c *Candidates) Keep(buildDir string, m *Manifest) error {
	if err := CheckCandidateName(m.ReleaseID); err != nil {
		return err
	}
	if err := checkSealed(buildDir, m); err != nil {
		return fmt.Errorf("keeping candidate %s: %w", m.ReleaseID, err)
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return fmt.Errorf("keeping candidate %s: %w", m.ReleaseID, err)
	}
	if err := c.remove(m.ReleaseID); err != nil {
		return fmt.Errorf("keeping candidate %s: %w", m.ReleaseID, err)
	}
	if err := os.Rename(buildDir, filepath.Join(c.dir, m.ReleaseID)); err != nil {
		return fmt.Errorf("keeping candidate %s: %w", m.ReleaseID, err)
	}
	return nil
}

// Get returns a candidate by its name.
func (c *Candidates) Get(name string) (*Release, error) {
	names, err := c.names()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		return nil, c.unknown(name, names)
	}
	dir := filepath.Join(c.dir, name)
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, fmt.Errorf("candidate %s: %w; build it again", name, err)
	}
	return &Release{ID: name, Dir: dir, Manifest: m}, nil
}

func (c *Candidates) unknown(name string, names []string) error {
	there := "there is none"
	if len(names) > 0 {
		there = "there is " + strings.Join(names, ", ")
	}
	return fmt.Errorf("no candidate is called %s (%s); make one with lindung build --candidate, see the releases with lindung releases", name, there)
}

// Drop removes a candidate.
func (c *Candidates) Drop(name string) error {
	names, err := c.names()
	if err != nil {
		return err
	}
	if !slices.Contains(names, name) {
		return c.unknown(name, names)
	}
	if err := c.remove(name); err != nil {
		return fmt.Errorf("dropping candidate %s: %w", name, err)
	}
	return nil
}

// Sweep removes the candidates that can no longer be compared with what they were built against, because that
// release has lost its DuckDB files or is not there, and what a crash left of removed ones.
func (c *Candidates) Sweep(releases *Releases) (removed []string, err error) {
	left, err := filepath.Glob(filepath.Join(c.dir, droppedPrefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("sweeping candidates: %w", err)
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return nil, fmt.Errorf("sweeping candidates: %w", err)
		}
	}
	names, err := c.names()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		one, err := c.Get(name)
		if err == nil && one.Manifest.Base != "" {
			var base *Release
			if base, err = releases.Get(one.Manifest.Base); err == nil && base.Pruned {
				err = errors.New("its base was pruned")
			}
		}
		if err == nil {
			continue
		}
		if err := c.remove(name); err != nil {
			return removed, fmt.Errorf("sweeping candidates: %w", err)
		}
		removed = append(removed, name)
	}
	return removed, nil
}

// remove takes a candidate away under another name first: nobody finds half of one.
func (c *Candidates) remove(name string) error {
	gone := filepath.Join(c.dir, droppedPrefix+name)
	if err := os.RemoveAll(gone); err != nil {
		return err
	}
	err := os.Rename(filepath.Join(c.dir, name), gone)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(gone)
}

func (c *Candidates) names() (names []string, err error) {
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing candidates: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() && CheckCandidateName(e.Name()) == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
