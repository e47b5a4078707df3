package configs

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheProgramsOwnDatasetDefinitionsCanBeRead(t *testing.T) {
	if _, err := parseDatasets(sub(datasetsFS, "datasets")); err != nil {
		t.Error(err)
	}
}

func TestTheProgramsOwnSourcesCanBeRead(t *testing.T) {
	if _, err := Load(t.TempDir(), Options{Extra: SampleSources()}); err != nil {
		t.Error(err)
	}
}

// A source of the catalogue loads strictly, and nothing of it runs before somebody says so.
func TestTheCatalogueCanBeReadAndIsOff(t *testing.T) {
	p, err := Load(t.TempDir(), Options{Extra: Catalogue()})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Sources) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for _, s := range p.Sources {
		if s.Origin == OriginSample {
			t.Errorf("%s has sample data", s.File)
		}
		for _, f := range s.Feeds {
			if !f.Off() {
				t.Errorf("feed %s of %s runs in a project that nobody has looked at", f.Name, s.File)
			}
		}
	}
	for name := range SampleFiles() {
		if strings.HasPrefix(name, "sources/bi") {
			t.Errorf("%s is a part of the demo", name)
		}
	}
}

// All sources of the catalogue can count together: feeds that fill one dataset for the same months each name
// the part of it that they alone hold.
func TestTheCatalogueCanCountTogether(t *testing.T) {
	names, err := fs.Glob(Catalogue(), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	counting := fstest.MapFS{}
	for _, name := range names {
		text, err := fs.ReadFile(Catalogue(), name)
		if err != nil {
			t.Fatal(err)
		}
		on := strings.ReplaceAll(string(text), "role: alternative", "role: authoritative")
		counting[name] = &fstest.MapFile{Data: []byte(on)}
	}
	if _, err := Load(t.TempDir(), Options{Extra: counting}); err != nil {
		t.Error(err)
	}
}

// A template says at its very beginning that its shape is assumed, loads strictly by itself, names only what
// cannot be somebody's real address, and is off.
func TestTemplatesAreMarkedAndOff(t *testing.T) {
	names, err := fs.Glob(Templates(), "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no templates", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "# Template, assumed shape.") {
			t.Errorf("%s does not begin with the words that its shape is assumed", name)
		}
		p, err := Load(t.TempDir(), Options{Extra: fstest.MapFS{name: {Data: text}}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := p.Sources[0]
		if s.Origin != OriginReal || s.Licence == "" || !strings.HasSuffix(s.Contact, ".example") {
			t.Errorf("%s: origin %s, licence %q, contact %s", name, s.Origin, s.Licence, s.Contact)
		}
		for _, f := range s.Feeds {
			if !f.Off() {
				t.Errorf("feed %s of %s runs in a project that nobody has looked at", f.Name, name)
			}
		}
		for _, address := range []string{".go.id", ".co.id", ".org", ".com"} {
			if strings.Contains(string(text), address) {
				t.Errorf("%s names an address under %s, which may be somebody's", name, address)
			}
		}
	}
}

func TestReferenceListsAreAtTheRoot(t *testing.T) {
	for _, name := range []string{"country.csv", "province.csv", "published_figures.csv"} {
		if _, err := fs.Stat(Reference(), name); err != nil {
			t.Error(err)
		}
	}
}

func TestDatasetDefinitions(t *testing.T) {
	const good = `dataset: cases
title: {id: Pengaduan, en: Complaints}
description: {id: Satu baris satu pengaduan., en: One row is one complaint.}
grain: [source, case_id]
columns:
  case_id: {id: Nomor, en: Number, class: internal}
  amount: {id: Jumlah, en: Amount, unit: IDR, class: open}
  channel: {id: Saluran, en: Channel, list: channel, class: open}
`
	all, err := parseDatasets(fstest.MapFS{"cases.yaml": {Data: []byte(good)}, "README.md": {Data: []byte("x")}})
	if err != nil || len(all) != 1 || len(all[0].Columns) != 3 || all[0].Columns[1].Name != "amount" {
		t.Fatalf("%v %+v", err, all)
	}
	if c, ok := all[0].Column("channel"); !ok || c.List != "channel" || c.EN != "Channel" {
		t.Errorf("column: %+v", c)
	}
	bad := strings.NewReplacer("class: internal", "class: secret", "en: Amount, ", "", "dataset: cases", "dataset: case").Replace(good)
	_, err = parseDatasets(fstest.MapFS{"cases.yaml": {Data: []byte(bad)}})
	want := `datasets/cases.yaml:1:1: the file defines dataset "case"; call it case.yaml
datasets/cases.yaml:6:43: "class" must be one of open, internal, personal, specific, identifier, not "secret"
datasets/cases.yaml:7:3: "amount" lacks the key "en"; add it: What the column holds, in English`
	if got := messages(t, err); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTheSampleProjectLoads(t *testing.T) {
	dir := t.TempDir()
	files := SampleFiles()
	writeFiles(t, dir, files)
	if _, err := Load(dir, Options{}); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"lindung.yaml", ".gitignore", "schema/source.schema.json", "reference/published_figures.csv"} {
		if len(files[name]) == 0 {
			t.Errorf("the sample project lacks %s", name)
		}
	}
}

func writeFiles(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, string(content))
	}
}
