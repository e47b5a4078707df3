package warehouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Names within the releases folder.
const (
	publicationsFolder = "_pub"
	currentLink        = "current"
)

// Releases is a folder of published releases:
//
//	r000001/, r000002/ …  directories that are never written again
//	_pub/<number>         which release was made current, in order; the truth
//	current               a relative link to the newest of them, for people and tools
//
// Whoever changes it holds the project's lock; readers need none.
type Releases struct {
	dir  string
	step func(point string) error // tests stop here; nil otherwise
}

// A Release is one published directory.
type Release struct {
	ID       string
	Dir      string
	Manifest *Manifest
	Current  bool
	Pruned   bool // its DuckDB files are gone; figures, SQL and manifest stay
}

// Warehouse is the path of the release's DuckDB file.
func (r *Release) Warehouse() string { return filepath.Join(r.Dir, WarehouseFile) }

// publication is one entry of _pub.
type publication struct {
	Format   int    `json:"format"`
	No       int64  `json:"no"`
	Release  string `json:"release"`
	Kind     string `json:"kind"` // publish | rollback
	Origin   string `json:"origin"`
	Manifest string `json:"manifest_sha256"`
}

var publicationName = regexp.MustCompile(`^[0-9]{20}$`)

// OpenReleases opens, and if need be creates, the folder of releases. It refuses one that a newer program wrote.
func OpenReleases(dir string) (*Releases, error) {
	r := &Releases{dir: dir}
	if err := os.MkdirAll(filepath.Join(dir, publicationsFolder), 0o755); err != nil {
		return nil, fmt.Errorf("opening releases: %w", err)
	}
	if _, err := r.publications(); err != nil {
		return nil, fmt.Errorf("opening releases: %w", err)
	}
	return r, nil
}

// Dir is the folder of the releases.
func (r *Releases) Dir() string { return r.dir }

// publications reads _pub in order and checks that no number is missing.
func (r *Releases) publications() ([]publication, error) {
	entries, err := os.ReadDir(filepath.Join(r.dir, publicationsFolder)) // sorted by name, hence by number
	if err != nil {
		return nil, err
	}
	var all []publication
	for _, e := range entries {
		if !publicationName.MatchString(e.Name()) {
			continue // what a crash left behind; Repair removes it
		}
		text, err := os.ReadFile(filepath.Join(r.dir, publicationsFolder, e.Name()))
		if err != nil {
			return nil, err
		}
		var p publication
		if err := json.Unmarshal(text, &p); err != nil {
			return nil, fmt.Errorf("publication %s: %w; restore it from a backup", e.Name(), err)
		}
		if p.Format > StateFormat {
			return nil, fmt.Errorf("publication %s: %w", e.Name(), ErrNewerState)
		}
		if want := int64(len(all) + 1); p.No != want || fmt.Sprintf("%020d", want) != e.Name() || !releaseName.MatchString(p.Release) {
			return nil, fmt.Errorf("publication %s: number %d was expected there; restore _pub from a backup", e.Name(), want)
		}
		all = append(all, p)
	}
	return all, nil
}

// Current returns the release that counts now, or nil when nothing is published yet. Resolve it once per
// program run and keep the directory: it stays what it is while newer ones come.
func (r *Releases) Current() (*Release, error) {
	all, err := r.publications()
	if err != nil {
		return nil, fmt.Errorf("finding the current release: %w", err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return r.load(all[len(all)-1].Release, true)
}

// Get returns one published release by its id.
func (r *Releases) Get(id string) (*Release, error) {
	all, err := r.publications()
	if err != nil {
		return nil, fmt.Errorf("finding release %s: %w", id, err)
	}
	if !slices.ContainsFunc(all, func(p publication) bool { return p.Release == id }) {
		return nil, fmt.Errorf("finding release %s: it was never published; see lindung releases", id)
	}
	return r.load(id, all[len(all)-1].Release == id)
}

func (r *Releases) load(id string, current bool) (*Release, error) {
	dir := filepath.Join(r.dir, id)
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	_, err = os.Stat(filepath.Join(dir, WarehouseFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening release %s: %w", id, err)
	}
	return &Release{ID: id, Dir: dir, Manifest: m, Current: current, Pruned: err != nil}, nil
}

// List returns the published releases, oldest first.
func (r *Releases) List() ([]Release, error) {
	all, err := r.publications()
	if err != nil {
		return nil, fmt.Errorf("listing releases: %w", err)
	}
	var list []Release
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.Release] {
			continue
		}
		seen[p.Release] = true
		one, err := r.load(p.Release, p.Release == all[len(all)-1].Release)
		if err != nil {
			return nil, fmt.Errorf("listing releases: %w", err)
		}
		list = append(list, *one)
	}
	sort.Slice(list, func(i, j int) bool { return number(list[i].ID) < number(list[j].ID) })
	return list, nil
}

// NextID is the id that the next release takes: one more than any that was published.
func (r *Releases) NextID() (string, error) {
	all, err := r.publications()
	if err != nil {
		return "", fmt.Errorf("choosing a release id: %w", err)
	}
	highest := 0
	for _, p := range all {
		highest = max(highest, number(p.Release))
	}
	return fmt.Sprintf("r%06d", highest+1), nil
}

func number(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "r"))
	if err != nil {
		return 0
	}
	return n
}

// Verify re-hashes every file of every release against its manifest, and every manifest against the publication
// that made it current. It returns how many files it read and what is wrong, in words.
func (r *Releases) Verify(ctx context.Context) (files int, problems []string, err error) {
	all, err := r.publications()
	if err != nil {
		return 0, nil, fmt.Errorf("verifying releases: %w", err)
	}
	done := map[string]bool{}
	for _, p := range all {
		if done[p.Release] {
			continue
		}
		done[p.Release] = true
		n, found, err := r.verifyRelease(ctx, p)
		if err != nil {
			return files, problems, fmt.Errorf("verifying release %s: %w", p.Release, err)
		}
		files, problems = files+n, append(problems, found...)
	}
	return files, problems, nil
}

func (r *Releases) verifyRelease(ctx context.Context, p publication) (files int, problems []string, err error) {
	dir := filepath.Join(r.dir, p.Release)
	if sum, _, err := hashFile(filepath.Join(dir, ManifestFile)); err != nil || sum != p.Manifest {
		return 1, []string{p.Release + "/" + ManifestFile + ": is not the one that was published"}, nil
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return 1, nil, err
	}
	found, err := hashTree(ctx, dir)
	if err != nil {
		return 1, nil, err
	}
	_, missing := os.Stat(filepath.Join(dir, WarehouseFile))
	return len(found) + 1, compareFiles(p.Release, m.Files, found, missing != nil), nil
}

// compareFiles says how a directory differs from its manifest. A pruned release lacks its DuckDB files rightly.
func compareFiles(id string, want, got []FileHash, pruned bool) (problems []string) {
	have := map[string]FileHash{}
	for _, f := range got {
		have[f.Path] = f
	}
	for _, f := range want {
		g, there := have[f.Path]
		delete(have, f.Path)
		switch {
		case there && g != f:
			problems = append(problems, id+"/"+f.Path+": has changed since it was published")
		case !there && !(pruned && strings.HasSuffix(f.Path, ".duckdb")):
			problems = append(problems, id+"/"+f.Path+": is missing")
		}
	}
	for path := range have {
		problems = append(problems, id+"/"+path+": does not belong there")
	}
	sort.Strings(problems)
	return problems
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
