package warehouse

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// This file says what of a release goes to places outside the project. Who brings it there, and how, is not
// known here.

// A Publication is one entry of the record of what readers got, in order.
type Publication struct {
	No      int64
	Release string
	Origin  string
	Series  string // the same for all publications of one folder of releases, and for no other's
}

// Publications lists what readers got, oldest first; the last is what they get now.
func (r *Releases) Publications() ([]Publication, error) {
	all, err := r.publications()
	if err != nil {
		return nil, fmt.Errorf("listing publications: %w", err)
	}
	list := make([]Publication, len(all))
	for i, p := range all {
		list[i] = Publication{No: p.No, Release: p.Release, Origin: p.Origin, Series: all[0].Manifest}
	}
	return list, nil
}

// Files lists the files of a release that go to a place, and the manifest that goes with them: all of them with
// the release's own; or, with onlyOpen, those that hold nothing but what may be published, with a manifest that
// says of the rest of the release neither names nor numbers of rows.
func (r *Release) Files(onlyOpen bool) (files []FileHash, manifest []byte, err error) {
	if !onlyOpen {
		manifest, err = os.ReadFile(filepath.Join(r.Dir, ManifestFile))
		if err != nil {
			return nil, nil, fmt.Errorf("reading release manifest: %w", err)
		}
		return r.Manifest.Files, manifest, nil
	}
	for _, f := range r.Manifest.Files {
		if f.Path == OpenFile || strings.HasPrefix(f.Path, openFolder+"/") {
			files = append(files, f)
		}
	}
	m := r.Manifest
	manifest, err = json.MarshalIndent(&Manifest{
		Format: m.Format, ReleaseID: m.ReleaseID, Origin: m.Origin, Banner: m.Banner, AsOf: m.AsOf, ReportMonth: m.ReportMonth,
		ModelsHash: m.ModelsHash, CodeVersion: m.CodeVersion, DuckDB: m.DuckDB, Storage: m.Storage,
		Open: m.Open, Files: slices.Clip(files),
		Tables: []TableHash{}, Conservation: []Conservation{}, Checks: []CheckResult{}, Lineage: Lineage{},
	}, "", "  ")
	return files, append(manifest, '\n'), err
}
