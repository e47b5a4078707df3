// Package docs writes the documents that are generated from the model: the data dictionary, the KPI catalogue, the
// lineage from a source's column to a KPI, and the metadata sheets of Satu Data (MS-Keg, MS-Var, MS-Ind).
//
// It owns how those documents read and nothing that they say: every definition comes from where the program itself
// takes it (dataset definitions, models, code lists, the warehouse's own description of its tables), and what is not
// known there stays empty and says so. It must not know data, releases, secrets or DuckDB, and it reads no clock: the
// same model gives the same bytes.
package docs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// A Subject is what the documents are about.
type Subject struct {
	Sources   []*configs.Source // of the project
	Ready     []ReadySource     // that come with the program
	Models    []sql.Model
	Tables    []warehouse.DescribedTable // in build order
	Lists     *transforms.Lists
	Reference fs.FS // targets and the sources of published figures
}

// A ReadySource is a source file that comes with the program, for a project to take over.
type ReadySource struct {
	Name    string // what sources add takes
	Assumed bool   // nobody has seen the real system
	Source  *configs.Source
}

// A File is one document by its path below the documents' folder.
type File struct {
	Path    string
	Content []byte
}

// Render writes all documents, in the order of their paths.
func Render(s Subject) ([]File, error) {
	targets, err := readTargets(s.Reference)
	if err != nil {
		return nil, fmt.Errorf("reading the targets: %w", err)
	}
	c := newCatalogue(s, targets)
	graph, err := c.lineageJSON()
	if err != nil {
		return nil, fmt.Errorf("writing the lineage: %w", err)
	}
	files := []File{
		{"dictionary.md", c.dictionary()},
		{"kpis.md", c.kpis()},
		{"lineage.json", graph},
		{"lineage.md", c.lineage()},
		{"ready_sources.md", c.readySources()},
	}
	sheets, err := c.satuData()
	return append(files, sheets...), err
}

// Write writes the documents below a folder and leaves what is already right untouched. It gives the paths that it
// wrote.
func Write(dir string, files []File) (written []string, err error) {
	stale, err := Stale(dir, files)
	if err != nil {
		return nil, err
	}
	outdated := map[string]bool{}
	for _, path := range stale {
		outdated[path] = true
	}
	for _, f := range files {
		if !outdated[f.Path] {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return written, fmt.Errorf("writing %s: %w", f.Path, err)
		}
		if err := os.WriteFile(path, f.Content, 0o644); err != nil {
			return written, fmt.Errorf("writing %s: %w", f.Path, err)
		}
		written = append(written, f.Path)
	}
	return written, nil
}

// Stale gives the paths of documents that are missing below a folder or say something else than they should.
func Stale(dir string, files []File) (stale []string, err error) {
	for _, f := range files {
		have, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading %s: %w", f.Path, err)
		}
		if err != nil || !bytes.Equal(have, f.Content) {
			stale = append(stale, f.Path)
		}
	}
	return stale, nil
}
