package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"mime"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "files",
		Summary: "files that someone drops in a folder of the project",
		New: func() Settings {
			return &Files{Match: []string{"**"}, StableFor: time.Minute, Snapshot: snapshotFolder, MaxBytes: 2 * GiB}
		},
	})
}

// Files pulls the files of a folder that are new or changed since the last pull.
//
// Hidden files, and *.part and *.tmp files (what uploaders call a file that is
// not whole yet), are passed over. Symbolic links are not followed: one that a
// pattern matches is an error, because a link into another folder would make
// bytes that nobody delivered into a delivery.
type Files struct {
	Path      string        `yaml:"path" doc:"folder, relative to the project folder"`
	Match     []string      `yaml:"match" doc:"patterns of names to take, relative to path; * within a folder, ** across folders; default all"`
	StableFor time.Duration `yaml:"stable_for" doc:"leave a file alone until it was last modified this long ago (it may still be uploading); default 1m, 0 turns the rule off"`
	Marker    string        `yaml:"marker" doc:"take a file only when its marker lies beside it, such as {name}.ok (jatim.csv.ok), {stem}.done (jatim.done) or _SUCCESS (one for the folder), and is not older; markers are never data; default none"`
	Snapshot  string        `yaml:"snapshot" doc:"for deletes: absent_from_snapshot, what makes a snapshot: folder (all files that lie there, of which each holds a part; when one is new, changed or gone, all are taken) or delivered (the files that came since the last pull, for deliveries whose older files stay there); default folder"`
	MaxBytes  Size          `yaml:"max_bytes" doc:"a larger file is an error; default 2GiB"`
}

// Whole says that a folder can be read whole.
func (s *Files) Whole() error { return nil }

// Connect checks the settings.
func (s *Files) Connect(env Env) (Connector, error) {
	var problems []error
	if s.Path == "" {
		problems = append(problems, errors.New("path: name the folder to read, relative to the project folder"))
	} else if !filepath.IsLocal(filepath.FromSlash(s.Path)) {
		problems = append(problems, fmt.Errorf("path: %q leaves the project folder: use a relative path that has no .. parts", s.Path))
	}
	c := &filesConnector{settings: *s, env: env}
	c.rules = fileRules{match: s.Match, stableFor: s.StableFor, marker: s.Marker, snapshot: s.Snapshot, maxBytes: s.MaxBytes, place: c.place, log: env.logger()}
	problems = append(problems, c.rules.check()...)
	if len(problems) > 0 {
		return nil, fmt.Errorf("checking files settings: %w", errors.Join(problems...))
	}
	return c, nil
}

type filesConnector struct {
	settings Files
	env      Env
	rules    fileRules
}

// Pull yields new and changed files in the order of their names, or a folder that is a
// snapshot whole.
func (c *filesConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error { return c.pull(ctx, req, yield) })
}

func (c *filesConnector) pull(ctx context.Context, req Request, yield func(*Object) bool) error {
	root, err := c.openFolder()
	if err != nil {
		return c.unavailable("opening the folder", "", err)
	}
	defer root.Close()
	found, err := c.list(ctx, root)
	if err != nil {
		return err
	}
	plan, err := c.rules.plan(found, req)
	if err != nil {
		return err
	}
	return plan.run(ctx, func(name string, listed fileMark) (*Object, error) { return c.open(ctx, root, name, listed) }, yield)
}

// openFolder opens the folder from within the project folder, so that a link in
// its place cannot lead out.
func (c *filesConnector) openFolder() (*os.Root, error) {
	project, err := os.OpenRoot(filepath.Join(c.env.Dir, "."))
	if err != nil {
		return nil, err
	}
	defer project.Close()
	return project.OpenRoot(filepath.FromSlash(c.settings.Path))
}

// list walks the folder and returns what a pattern matches.
func (c *filesConnector) list(ctx context.Context, root *os.Root) (map[string]fileMark, error) {
	found := map[string]fileMark{}
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return c.unavailable("listing", name, err)
		}
		if name == "." {
			return nil
		}
		if entry.IsDir() && !c.rules.enters(name) {
			return fs.SkipDir
		}
		if entry.IsDir() || !c.rules.wants(name) {
			return nil
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("listing %s: it is a link or a device, not a file: put the file itself there", c.place(name))
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken away between listing and looking: not there
		}
		if err != nil {
			return c.unavailable("looking at", name, err)
		}
		return c.rules.add(found, name, fileMark{Size: info.Size(), Mtime: info.ModTime().UTC()})
	})
	return found, err
}

// open returns the object of one listed file, after making sure that what was
// opened is still what was listed.
func (c *filesConnector) open(ctx context.Context, root *os.Root, name string, listed fileMark) (*Object, error) {
	before, err := root.Lstat(filepath.FromSlash(name))
	if err != nil {
		return nil, c.unavailable("opening", name, err)
	}
	if !before.Mode().IsRegular() {
		return nil, fmt.Errorf("opening %s: it is a link or a device, not a file: put the file itself there", c.place(name))
	}
	file, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, c.unavailable("opening", name, err)
	}
	after, err := file.Stat()
	if err != nil || !os.SameFile(before, after) {
		_ = file.Close()
		return nil, c.unavailable("opening", name, errors.Join(errReplaced, err))
	}
	body := &fileBody{ctx: ctx, file: file, listed: listed, fail: func(err error) error { return c.unavailable("reading", name, err) }}
	return &Object{
		Name:       name,
		MediaType:  mediaTypeOf(name),
		ModifiedAt: listed.Mtime,
		Body:       body,
	}, nil
}

func (c *filesConnector) place(name string) string {
	return path.Join(filepath.ToSlash(c.settings.Path), name)
}

// unavailable words an error of the file system. Only its cause is kept: the
// full path is the operator's business and the name is already there.
func (c *filesConnector) unavailable(doing, name string, err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return c.rules.unavailable(doing, name, err)
}

// fileBody reads a file and notices one that changes while it is read.
type fileBody struct {
	ctx    context.Context
	file   *os.File
	listed fileMark
	read   int64
	fail   func(error) error
}

func (b *fileBody) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, b.fail(err)
	}
	n, err := b.file.Read(p)
	b.read += int64(n)
	if err == io.EOF {
		info, statErr := b.file.Stat()
		if statErr != nil {
			return n, b.fail(statErr)
		}
		if now := (fileMark{Size: info.Size(), Mtime: info.ModTime()}); !now.equal(b.listed) || b.read != b.listed.Size {
			return n, b.fail(errChanged)
		}
		return n, io.EOF
	}
	if err != nil {
		return n, b.fail(err)
	}
	return n, nil
}

func (b *fileBody) Close() error { return b.file.Close() }

// mediaTypes says what an extension means here; the system's own table differs
// from machine to machine, and objects must not.
var mediaTypes = map[string]string{
	".csv": "text/csv", ".tsv": "text/tab-separated-values", ".txt": "text/plain",
	".json": "application/json", ".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xls":  "application/vnd.ms-excel",
	".xml":  "application/xml", ".html": "text/html", ".zip": "application/zip", ".gz": "application/gzip", ".zst": "application/zstd",
}

func mediaTypeOf(name string) string {
	if t, ok := mediaTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// extensionOf is the opposite of mediaTypeOf, for objects that came without a
// name; "bin" for what is not known.
func extensionOf(contentType string) string {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "bin"
	}
	for _, ext := range slices.Sorted(maps.Keys(mediaTypes)) {
		if mediaTypes[ext] == t {
			return strings.TrimPrefix(ext, ".")
		}
	}
	if strings.HasSuffix(t, "+json") {
		return "json"
	}
	return "bin"
}
