package configs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The kinds below stand for what connectors and formats declare.

type testSecret string

func (s testSecret) Reveal() string { return string(s) }
func (testSecret) String() string   { return "***" }

type restSettings struct {
	URL         string            `yaml:"url" need:"yes" doc:"Address of the interface."`
	Token       testSecret        `yaml:"token"`
	User        string            `yaml:"user"`
	Headers     map[string]string `yaml:"headers"`
	IdleTimeout time.Duration     `yaml:"idle_timeout"`
	Paging      struct {
		Kind string `yaml:"kind" one:"none|page|keyset"`
		Size int    `yaml:"size"`
	} `yaml:"paging"`
}

type filesSettings struct {
	Path     string   `yaml:"path" need:"yes"`
	Match    []string `yaml:"match"`
	MaxBytes int64    `yaml:"max_bytes"`
}

type jsonSettings struct {
	ItemsPath string `yaml:"items_path"`
}

type sheetSettings struct {
	Sheet     string `yaml:"sheet"`
	HeaderRow int    `yaml:"header_row" min:"1"`
}

func testOptions(env map[string]string) Options {
	return Options{
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Datasets: map[string][]string{
			"placements": {"placement_id", "nik", "country", "completed_on", "status", "scheme", "source_updated_at"},
			"cases":      {"case_id", "status"},
		},
		Connectors: Kinds{
			"rest":  func() any { return &restSettings{} },
			"files": func() any { return &filesSettings{} },
		},
		Formats: Kinds{
			"json": func() any { return &jsonSettings{} },
			"csv":  func() any { return &sheetSettings{} },
			"xlsx": func() any { return &sheetSettings{} },
		},
		Unpack: Kinds{
			"gzip": func() any { return &struct{}{} },
			"zip": func() any {
				return &struct {
					Members  []string   `yaml:"members"`
					Password testSecret `yaml:"password"`
				}{}
			},
		},
	}
}

// newProject puts files of testdata into a project folder. A file whose name begins with
// "project" is the project file; the others are sources, without ".good" and ".bad".
func newProject(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, ProjectFile), "project: {name: Uji}\n")
	if err := os.Mkdir(filepath.Join(dir, "sources"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "project") {
			write(t, filepath.Join(dir, ProjectFile), string(raw))
			continue
		}
		short := strings.NewReplacer(".good", "", ".bad", "").Replace(name)
		write(t, filepath.Join(dir, "sources", short), string(raw))
	}
	return dir
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// messages returns the lines of a configuration error, and "" when there is none.
func messages(t *testing.T, err error) string {
	t.Helper()
	var all Errors
	if err != nil && !errors.As(err, &all) {
		t.Fatalf("the error is %T, not Errors: %v", err, err)
	}
	return all.Error()
}

// Every message that a person can get for a wrong file, word by word. A project that mixes two
// files has both names in its key.
func TestMistakesAreReportedWithPlaceAndRemedy(t *testing.T) {
	want := expectedMistakes(t)
	bad, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for files, message := range want {
		t.Run(files, func(t *testing.T) {
			_, err := Load(newProject(t, strings.Fields(files)...), testOptions(nil))
			if diff := cmp.Diff(message, messages(t, err)); diff != "" {
				t.Errorf("messages differ (-want +got):\n%s", diff)
			}
		})
		for _, f := range strings.Fields(files) {
			covered[f] = true
		}
	}
	for _, f := range bad {
		if !covered[filepath.Base(f)] {
			t.Errorf("%s has no expected message", f)
		}
	}
	if len(want) < 25 {
		t.Errorf("only %d kinds of mistakes are pinned", len(want))
	}
}

// expectedMistakes reads testdata/mistakes.txt: a line "== files", then their messages.
func expectedMistakes(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, part := range strings.Split("\n"+string(raw), "\n== ")[1:] {
		files, message, _ := strings.Cut(part, "\n")
		want[files] = strings.TrimSpace(message)
	}
	return want
}
