package configs

import (
	"path/filepath"
	"strings"
)

// What of a release a target gets.
const (
	// PublishOpen is what may be published: open.duckdb and its tables as Parquet.
	PublishOpen = "open"
	// PublishRelease is the whole release, with a row for every person under a token.
	PublishRelease = "release"
)

// Target is a place outside the project that every release is copied to.
type Target struct {
	Name    string        `yaml:"-"`
	Line    int           `yaml:"-"` // where the target begins in lindung.yaml
	Folder  string        `yaml:"folder" like:"folder" doc:"A folder that exists, such as one on a mounted share; relative to this file."`
	S3      *StoreSection `yaml:"s3" doc:"A bucket of an S3-compatible store: endpoint, bucket, prefix, region, access_key, secret_key."`
	What    string        `yaml:"what" one:"open|release" doc:"open: open.duckdb and its tables as Parquet, which may be published. release: everything, also rows about persons under a token; only for a place that those may read who may read the warehouse."`
	Keep    int           `yaml:"keep" min:"1" max:"1000" doc:"How many releases stay in the place; the one that readers get always does."`
	Current string        `yaml:"current" one:"link|copy" doc:"Folders: what current/ is. link: a symbolic link, replaced in one step; where the file system has none, a copy. copy: always a copy, for a share whose Windows readers see no links."`
}

func (t *Target) setDefaults() { t.What, t.Keep, t.Current = PublishOpen, 3, "link" }

// StoreSection is a Section whose kind is the key that holds it.
type StoreSection struct{ Section }

func (s *StoreSection) decodeNode(d *decoder, n *node, label string) {
	if !d.want(n, label, mapping) {
		return
	}
	s.node, s.Kind, s.Line, s.from = n, strings.Trim(label, `"`), n.at.line, d.origins
	checkReferences(d, n, nil)
}

// checkTargets checks what the declaration of a target cannot say, and makes its folder absolute.
func (l *loader) checkTargets(p *Project) {
	taken := map[string]string{}
	for _, t := range p.Publish {
		fault := func(key, format string, args ...any) {
			before := len(l.errs)
			l.fault(ProjectFile, t, key, format, args...)
			if e := &l.errs[before]; e.Line == 0 {
				e.Line = t.Line
			}
		}
		switch {
		case t.Folder == "" && t.S3 == nil:
			fault("", "target %q names no place; give it \"folder\" or \"s3\"", t.Name)
			continue
		case t.Folder != "" && t.S3 != nil:
			fault("folder", "target %q names two places; keep \"folder\" or \"s3\", and make the other a target of its own", t.Name)
			continue
		case t.S3 != nil:
			continue
		}
		t.Folder = filepath.Clean(l.path(t.Folder))
		if within(t.Folder, p.DataDir) || within(t.Folder, p.KeysDir) {
			fault("folder", "target %q lies in the project's own data or keys; name a folder elsewhere", t.Name)
		}
		if other, ok := taken[t.Folder]; ok {
			fault("folder", "targets %q and %q are the same folder; give each its own", other, t.Name)
		}
		taken[t.Folder] = t.Name
	}
}

// within says whether a path is a folder or lies in it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
