package configs

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
)

// ProjectFile is the name of the file that makes a folder a project.
const ProjectFile = "lindung.yaml"

// Kinds declare what a Section may be: per kind, a function that makes a pointer to empty settings.
type Kinds map[string]func() any

// Options are what Load needs to know from outside.
type Options struct {
	// Env looks up environment variables; nil knows none.
	Env func(string) (string, bool)
	// Extra holds sources that come with the program, *.yaml at its root. With it, the project
	// folder needs no lindung.yaml.
	Extra fs.FS
	// Datasets lists, per dataset, the fields that feeds may name. nil leaves them unchecked.
	Datasets map[string][]string
	// Connectors, Formats and Unpack declare the settings of each kind. nil leaves the kinds and
	// their settings unchecked until somebody decodes them.
	Connectors, Formats, Unpack Kinds
	// Only is the file of the one source to read, for a process that works on that source alone
	// after another has read the whole project and checked what its sources are to each other.
	// The project's Hash and Origin are then that source's.
	Only string
	// From is a folder that holds the files as they were at some time, written by CopyFiles, to be
	// read instead of those of the project's folder; whatever paths they name stay where they are.
	From string
	// AllowMissingSecrets makes Section.Decode leave a reference that cannot be resolved as it
	// is written, for looking at a project on a machine that has no secrets.
	AllowMissingSecrets bool
}

// loader reads the files of one project and collects every mistake.
type loader struct {
	dir   string
	opt   Options
	errs  Errors
	nodes map[any]*node // by the address of the struct that was decoded from it
	head  *origins      // of lindung.yaml
}

// Load reads the project in a folder. The error is Errors: all mistakes of all files.
func Load(dir string, opt Options) (*Project, error) {
	if opt.Env == nil {
		opt.Env = func(string) (string, bool) { return "", false }
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the project folder %s: %w", dir, err)
	}
	l := &loader{dir: absolute, opt: opt, nodes: map[any]*node{}}
	hashes := map[string]string{}
	file := l.projectFile(hashes)
	if file == nil {
		return nil, l.errs.ordered()
	}
	p := l.project(dir, file)
	l.projectSources(p, file)
	l.extraSources(p)
	slices.SortStableFunc(p.Sources, func(a, b *Source) int { return cmp.Compare(a.Name, b.Name) })
	l.head.sealed = p.Origin() != OriginSample
	if opt.Only == "" {
		l.checkTargets(p)
		l.checkServe(&file.Serve)
		l.checkAlerts(p, file)
		l.checkLineage(p)
		l.checkReports(p)
		l.checkProject(p)
		l.checkClock(p, file)
	}
	if err := l.errs.ordered(); err != nil {
		return nil, err
	}
	for _, s := range p.Sources {
		hashes[s.File] = s.Hash
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(hashes)) {
		fmt.Fprintf(sum, "%s %s\n", hashes[name], name)
	}
	p.Hash = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// LoadSource reads one source that is not a file of the project yet, such as a proposal, as Load
// would if it were, and without the project's other sources.
func LoadSource(dir, file string, raw []byte, opt Options) (*Project, error) {
	if opt.Env == nil {
		opt.Env = func(string) (string, bool) { return "", false }
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the project folder %s: %w", dir, err)
	}
	l := &loader{dir: absolute, opt: opt, nodes: map[any]*node{}}
	head := l.projectFile(map[string]string{})
	if head == nil {
		return nil, l.errs.ordered()
	}
	p := l.project(dir, head)
	l.source(p, file, raw)
	l.checkProject(p)
	return p, l.errs.ordered()
}

// project makes what lindung.yaml alone says.
func (l *loader) project(dir string, file *projectFile) *Project {
	p := &Project{
		Dir: dir, Name: file.Project.Name, DataDir: l.path(file.Data), KeysDir: l.path(file.Keys),
		Clock: file.Project.Clock, Build: file.Build, Run: file.Run, KeepReleases: file.KeepReleases,
		Publish: file.Publish, Serve: file.Serve, Alerts: file.Alerts, Reports: file.Reports, Lineage: file.Lineage,
	}
	if zone, err := time.LoadLocation(file.TimeZone); err == nil { // a bad one is reported already
		p.TimeZone = zone
	}
	return p
}

func (l *loader) path(p string) string {
	p = filepath.FromSlash(p)
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(l.dir, p)
}

func (l *loader) fail(file, format string, args ...any) {
	l.errs = append(l.errs, Error{File: file, Message: fmt.Sprintf(format, args...)})
}

// projectFile reads lindung.yaml. It returns nil when there is nothing to go on with.
func (l *loader) projectFile(hashes map[string]string) *projectFile {
	file := &projectFile{}
	file.setDefaults()
	raw, err := os.ReadFile(filepath.Join(cmp.Or(l.opt.From, l.dir), ProjectFile))
	switch {
	case errors.Is(err, fs.ErrNotExist) && l.opt.Extra != nil:
		raw, err = baseFS.ReadFile(ProjectFile)
	case errors.Is(err, fs.ErrNotExist):
		l.fail(ProjectFile, "there is none in %s; name the project folder with --dir, or make one: lindung init DIR", l.dir)
		return nil
	}
	if err != nil {
		l.fail(ProjectFile, "reading it: %v", withoutPath(err))
		return nil
	}
	l.head = &origins{file: ProjectFile, dir: l.dir, env: l.opt.Env, lax: l.opt.AllowMissingSecrets}
	if root := l.decodeFile(ProjectFile, raw, file, l.head); root != nil {
		hashes[ProjectFile] = root.hash()
	}
	return file
}

// withoutPath keeps the reason of a file error: the message names the file in its own way.
func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func (l *loader) projectSources(p *Project, file *projectFile) {
	folder := file.Sources
	place := l.path(folder)
	if l.opt.From != "" {
		place = filepath.Join(l.opt.From, copiedSources)
	}
	entries, err := os.ReadDir(place)
	if errors.Is(err, fs.ErrNotExist) && l.opt.Extra != nil {
		return
	}
	if err != nil {
		l.fault(ProjectFile, file, "sources", "reading the folder %q of sources: %v; create it, or name the right one with \"sources\"", folder, withoutPath(err))
		return
	}
	for _, e := range entries {
		name := path.Join(filepath.ToSlash(folder), e.Name())
		switch {
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
		case strings.HasSuffix(e.Name(), ".yml"):
			l.fail(name, "source files end in .yaml; rename it, or move it out of the folder")
		case strings.HasSuffix(e.Name(), ".yaml") && l.wanted(name):
			raw, err := os.ReadFile(filepath.Join(place, e.Name()))
			if err != nil {
				l.fail(name, "reading it: %v", withoutPath(err))
				continue
			}
			l.source(p, name, raw)
		}
	}
}

func (l *loader) extraSources(p *Project) {
	if l.opt.Extra == nil {
		return
	}
	names, err := fs.Glob(l.opt.Extra, "*.yaml")
	if err != nil {
		l.fail("built-in sources", "listing them: %v", err)
	}
	for _, name := range names {
		if !l.wanted("built-in/" + name) {
			continue
		}
		raw, err := fs.ReadFile(l.opt.Extra, name)
		if err != nil {
			l.fail("built-in/"+name, "reading it: %v", withoutPath(err))
			continue
		}
		l.source(p, "built-in/"+name, raw)
	}
}

func (l *loader) wanted(file string) bool { return l.opt.Only == "" || l.opt.Only == file }

func (l *loader) source(p *Project, file string, raw []byte) {
	s := &Source{File: file}
	from := &origins{file: file, dir: l.dir, env: l.opt.Env, lax: l.opt.AllowMissingSecrets}
	root := l.decodeFile(file, raw, s, from)
	if root == nil {
		return
	}
	from.sealed = s.Origin != OriginSample
	s.Hash = root.hash()
	for _, f := range s.Feeds {
		f.Source = s
		l.finish(f)
	}
	p.Sources = append(p.Sources, s)
}

// decodeFile parses and decodes one file. It returns nil when there is nothing to go on with.
func (l *loader) decodeFile(file string, raw []byte, into any, from *origins) *node {
	root, errs := parseYAML(file, raw)
	l.errs = append(l.errs, errs...)
	if root == nil {
		if len(errs) == 0 {
			l.fail(file, "the file is empty; fill it in, or take it away")
		}
		return nil
	}
	d := &decoder{file: file, nodes: l.nodes, origins: from}
	d.decodeStruct(root, reflect.ValueOf(into).Elem(), root.at, "the file", nil)
	l.errs = append(l.errs, d.errs...)
	if root.shape != mapping {
		return nil
	}
	return root
}
