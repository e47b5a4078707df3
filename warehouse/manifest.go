package warehouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"
)

// StateFormat is the format of releases and their publication log that this program writes. It reads this one
// and older ones, and refuses newer ones.
const StateFormat = 1

// ErrNewerState is wrapped when releases were written by a newer version of the program.
var ErrNewerState = errors.New("the releases have a newer format than this program reads; use the version that wrote them, or a newer one")

// A Manifest describes a release completely: what went in, what came out, and the hash of every file.
type Manifest struct {
	Format      int       `json:"format"`
	ReleaseID   string    `json:"release_id"`
	Origin      string    `json:"origin"`
	Banner      string    `json:"banner,omitempty"`
	AsOf        time.Time `json:"as_of"`
	ReportMonth string    `json:"report_month"`
	LogHead     int64     `json:"log_head"`
	LogHash     string    `json:"log_hash"`
	ModelsHash  string    `json:"models_hash"`
	CodeVersion string    `json:"code_version,omitempty"`
	ConfigHash  string    `json:"config_hash,omitempty"`
	DuckDB      string    `json:"duckdb_version"`
	Storage     string    `json:"storage_version"`
	// ContentHash covers every table but those that name the release itself: equal inputs give equal content,
	// whatever the release is called.
	ContentHash  string         `json:"content_hash"`
	Base         string         `json:"base,omitempty"`   // of a candidate: the release that was current when it was built
	Inputs       []Input        `json:"inputs,omitempty"` // by kind and name; older releases lack them
	Figures      int64          `json:"figures"`
	Tables       []TableHash    `json:"tables"`
	Open         []TableHash    `json:"open_tables"`
	Conservation []Conservation `json:"conservation"`
	Checks       []CheckResult  `json:"checks"`
	Lineage      Lineage        `json:"lineage"`
	Files        []FileHash     `json:"files"`
}

// A TableHash is a table's row count and the order-independent hash of its rows.
type TableHash struct {
	Name string `json:"name"` // "fct_placements", "meta.kpis"
	Rows int64  `json:"rows"`
	Hash string `json:"hash"`
}

// A FileHash is one file of a release.
type FileHash struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Table returns the entry of one warehouse table.
func (m *Manifest) Table(name string) (TableHash, bool) {
	for _, t := range m.Tables {
		if t.Name == name {
			return t, true
		}
	}
	return TableHash{}, false
}

// Seal hashes every file of a build directory into the manifest and writes the manifest beside them. Call it
// again after adding files; Publish refuses a directory that does not match its manifest.
func Seal(dir string, m *Manifest) error {
	files, err := hashTree(context.Background(), dir)
	if err != nil {
		return fmt.Errorf("sealing release: %w", err)
	}
	m.Files = files
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("sealing release: %w", err)
	}
	tmp := filepath.Join(dir, "."+ManifestFile+".tmp")
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sealing release: %w", err)
	}
	if err := writeDurably(tmp, append(text, '\n')); err != nil {
		return fmt.Errorf("sealing release: %w", err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, ManifestFile)); err != nil {
		return fmt.Errorf("sealing release: %w", err)
	}
	return nil
}

// ReadManifest reads the manifest of a release directory.
func ReadManifest(dir string) (*Manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		return nil, fmt.Errorf("reading release manifest: %w", err)
	}
	var head struct{ Format int }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("reading release manifest %s: %w", dir, err)
	}
	if head.Format > StateFormat {
		return nil, fmt.Errorf("reading release manifest %s: %w", dir, ErrNewerState)
	}
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("reading release manifest %s: %w", dir, err)
	}
	return m, nil
}

// contentHash folds the tables into one hash.
func contentHash(tables []TableHash) string {
	h := newHash()
	for _, t := range tables {
		schema, name := splitTable(t.Name)
		if !slices.Contains([]string{"run", readMeTable, "meta.release", "meta.check_history"}, t.Name) && schema != operationsSchema && (schema != "meta" || !comparedTables[name]) {
			fmt.Fprintf(h, "%s\x00%d\x00%s\n", t.Name, t.Rows, t.Hash)
		}
	}
	return hexOf(h)
}

// hashTree hashes the files of a directory but its manifest, in path order.
func hashTree(ctx context.Context, dir string) (files []FileHash, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path == filepath.Join(dir, ManifestFile) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s: a release holds plain files only", path)
		}
		sum, size, err := hashFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, FileHash{Path: filepath.ToSlash(rel), Bytes: size, SHA256: sum})
		return err
	})
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	return files, err
}

func hashFile(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := newHash()
	size, err = io.Copy(h, f)
	return hexOf(h), size, err
}

func newHash() hash.Hash { return sha256.New() }

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// writeDurably writes a new file and syncs it; a file that cannot be synced is discarded.
func writeDurably(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
