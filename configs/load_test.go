package configs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func load(t *testing.T, opt Options, files ...string) *Project {
	t.Helper()
	p, err := Load(newProject(t, files...), opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryGoodFileLoads(t *testing.T) {
	good, err := filepath.Glob("testdata/*.good.yaml")
	if err != nil || len(good) < 4 {
		t.Fatalf("good files: %v, %v", good, err)
	}
	for _, f := range good {
		t.Run(filepath.Base(f), func(t *testing.T) {
			files := []string{filepath.Base(f)}
			if strings.HasPrefix(files[0], "project_clock") {
				files = append(files, "sample.good.yaml")
			}
			load(t, testOptions(nil), files...)
		})
	}
}

func TestWhatIsLeftOutHasItsDefault(t *testing.T) {
	p := load(t, testOptions(nil), "minimal.good.yaml")
	f, ok := p.Feed("siskop2mi_placements")
	if !ok {
		t.Fatal("the feed is not found by its name")
	}
	got := fmt.Sprintln(p.Name, p.TimeZone, filepath.Base(p.DataDir), filepath.Base(p.KeysDir), p.Build, p.Run, p.KeepReleases,
		f.Limits, f.Thresholds, f.ShrinkLimit, f.Lookback, f.Periods, f.Off(), f.Line, f.Source.Name, f.Source.File)
	want := "Uji Asia/Jakarta data keys {2GiB 2 6h0m0s} {1GiB 1GiB} 6 {2GiB 20000000 64GiB 24h0m0s 0B} {5000 0.02} 0 0s every month false 7 siskop2mi sources/minimal.yaml\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEveryKeyOfAFeedArrives(t *testing.T) {
	p := load(t, testOptions(nil), "full.good.yaml")
	f, _ := p.Feed("full_placements")
	if f == nil || f.Source.Title.ID != "Contoh sumber" || p.Origin() != OriginReal {
		t.Fatalf("source: %+v", p.Sources)
	}
	got := fmt.Sprintln(f.Dataset, f.Role, f.Periods, f.Part, f.Connector.Kind, len(f.Formats), f.Key, f.Version, f.Delivery, f.Deletes,
		f.ShrinkLimit, f.Lookback, f.Limits, f.Thresholds, f.Fields["scheme"], f.Ignore, f.Codes, f.Units)
	want := "placements authoritative 2025-01 to 2025-12 units files 2 [placement_id] source_updated_at snapshot absent_from_snapshot" +
		" 0.1 48h0m0s {2GiB 20000000 64GiB 6h0m0s 512MiB} {5000 0.02} =GTG [No Keterangan] map[status:map[BATAL:cancelled SELESAI:completed]]" +
		" {IDR 1 dmy , Asia/Jakarta kemendagri}\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCodesKeepTheirDigits(t *testing.T) {
	p := load(t, testOptions(nil), "sample.good.yaml")
	f, _ := p.Feed("pengaduan_cases")
	want := map[string]map[string]string{"status": {"01": "SELESAI", "02": "PROSES", "ya": "true"}}
	if diff := cmp.Diff(want, f.Codes); diff != "" {
		t.Error(diff)
	}
	if f.Lookback != 30*24*time.Hour {
		t.Errorf("lookback: %v", f.Lookback)
	}
	later, _ := p.Feed("pengaduan_cases_later")
	if later.ShrinkLimit != 0.1 || later.Thresholds != (Thresholds{}) {
		t.Errorf("a default of the snapshot, or a zero that was asked for, is lost: %+v", later)
	}
	rule, ok := later.Format("2024/Kasus JATIM.XLSX")
	var sheet sheetSettings
	if err := rule.Decode(&sheet); !ok || err != nil || sheet.Sheet != "2024" {
		t.Errorf("format of an XLSX: %v %v %+v", ok, err, sheet)
	}
	if rule, _ := later.Format("a.csv"); rule.Kind != "csv" {
		t.Errorf("format of a CSV: %q", rule.Kind)
	}
	var files filesSettings
	if err := later.Connector.Decode(&files); err != nil || files.MaxBytes != 10<<20 {
		t.Errorf("a size where bytes are counted: %v %+v", err, files)
	}
}

func TestReferenceDataGoWithSampleAndWithReal(t *testing.T) {
	reference := strings.NewReplacer("origin: real", "origin: reference", "siskop2mi", "published", "role: authoritative", "role: crosscheck")
	raw, err := os.ReadFile("testdata/minimal.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opt := testOptions(nil)
	opt.Extra = fstest.MapFS{"published.yaml": {Data: []byte(reference.Replace(string(raw)))}}
	for file, want := range map[string]string{"minimal.good.yaml": OriginReal, "sample.good.yaml": OriginSample, "project.good.yaml": OriginReference} {
		if p := load(t, opt, file); p.Origin() != want {
			t.Errorf("%s with reference data is %q, want %q", file, p.Origin(), want)
		}
	}
}

// The demo has sources of its own and no project file.
func TestExtraSourcesNeedNoProjectFile(t *testing.T) {
	raw, err := os.ReadFile("testdata/sample.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opt := testOptions(nil)
	opt.Extra = fstest.MapFS{"sample.yaml": {Data: raw}, "README.md": {Data: []byte("not a source")}}
	p, err := Load(t.TempDir(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Sources) != 1 || p.Sources[0].File != "built-in/sample.yaml" || p.Name != "Lindung" {
		t.Errorf("project: %+v", p)
	}
	dir := t.TempDir()
	_, err = Load(dir, testOptions(nil))
	want := "lindung.yaml: there is none in " + dir + "; name the project folder with --dir, or make one: lindung init DIR"
	if messages(t, err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A process that works on one source is not stopped by what another file says, nor by what only
// the whole project can tell: the clock of a sample project stands also for its reference data.
func TestOneSourceAlone(t *testing.T) {
	dir := newProject(t, "project_clock.good.yaml", "sample.good.yaml")
	write(t, filepath.Join(dir, "sources", "broken.yaml"), "source: [\n")
	opt := testOptions(nil)
	opt.Only = "sources/sample.yaml"
	p, err := Load(dir, opt)
	if err != nil || len(p.Sources) != 1 || p.Sources[0].File != opt.Only {
		t.Fatalf("%v: %+v", err, p)
	}
	if _, err := Load(dir, testOptions(nil)); err == nil {
		t.Error("the whole project loads with a broken file")
	}
}

func TestASampleProjectHasAClockThatStands(t *testing.T) {
	p := load(t, testOptions(nil), "project_clock.good.yaml", "sample.good.yaml")
	if want := time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC); !p.Clock.Equal(want) {
		t.Errorf("clock %v, want %v", p.Clock, want)
	}
	if !filepath.IsAbs(p.DataDir) || !filepath.IsAbs(p.KeysDir) {
		t.Errorf("folders that depend on where a program starts: %s, %s", p.DataDir, p.KeysDir)
	}
}

func TestAFileThatWouldBeOverlookedIsReported(t *testing.T) {
	dir := newProject(t, "minimal.good.yaml")
	write(t, filepath.Join(dir, "sources", "late.yml"), "source: late\n")
	write(t, filepath.Join(dir, "sources", ".hidden.yaml"), "source: hidden\n")
	write(t, filepath.Join(dir, "sources", "notes.txt"), "notes\n")
	_, err := Load(dir, testOptions(nil))
	if got := messages(t, err); got != "sources/late.yml: source files end in .yaml; rename it, or move it out of the folder" {
		t.Error(got)
	}
}

func TestTheHashIsOfTheMeaning(t *testing.T) {
	hash := func(change ...string) string {
		dir := newProject(t, "secrets.good.yaml")
		file := filepath.Join(dir, "sources", "secrets.yaml")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.NewReplacer(change...).Replace(string(raw))
		if len(change) > 0 && changed == string(raw) {
			t.Fatalf("%q changes nothing", change)
		}
		write(t, file, changed)
		write(t, filepath.Join(dir, "header.txt"), fmt.Sprint(change)) // what a secret is does not matter
		p, err := Load(dir, testOptions(map[string]string{"LINDUNG_TOKEN": fmt.Sprint(change)}))
		if err != nil {
			t.Fatal(err)
		}
		return p.Hash
	}
	plain := hash()
	same := [][]string{
		{"role: authoritative", "role:   authoritative # a comment"},
		{"{id: Penempatan, en: Placements}", "{en: Placements, \"id\": 'Penempatan'}"},
	}
	for _, change := range same {
		if hash(change...) != plain {
			t.Errorf("%q means the same and changes the hash", change)
		}
	}
	other := [][]string{
		{"role: authoritative", "role: crosscheck"},
		{"LINDUNG_TOKEN", "LINDUNG_KEY"},
		{"v1/placements", "v2/placements"},
	}
	for _, change := range other {
		if hash(change...) == plain {
			t.Errorf("%q means something else and keeps the hash", change)
		}
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(strings.Repeat("- ", 5000))
	f.Add(strings.Repeat("[", 5000))
	f.Add("a: &a [*a, *a]\nb: {<<: *a}")
	f.Add("source: \"\\xff\"\n? [a, b]\n: c")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content string) {
		opt := testOptions(nil)
		opt.Extra = fstest.MapFS{"fuzz.yaml": {Data: []byte(content)}}
		p, err := Load(dir, opt)
		if (p == nil) == (err == nil) {
			t.Fatalf("a project or an error, not both or none: %v, %v", p, err)
		}
		if p != nil {
			again, err := Load(dir, opt)
			if err != nil || again.Hash != p.Hash {
				t.Fatalf("loading twice differs: %v", err)
			}
			for _, feed := range p.Sources[0].Feeds {
				_ = feed.Connector.Decode(&restSettings{})
			}
		}
		for _, e := range AsErrors(err, "", 0) {
			if e.File == "" || e.Message == "" || strings.Contains(e.Message, "\n") {
				t.Errorf("a message that does not fit a line with a place: %#v", e)
			}
		}
		l := &loader{dir: dir, opt: opt, nodes: map[any]*node{}}
		l.decodeFile(ProjectFile, []byte(content), &projectFile{}, nil)
	})
}

// Several systems can be the truth for the same months when each names the part of the dataset that it alone
// holds. A feed without a part claims the whole.
func TestPartsOfADatasetDoNotOverlap(t *testing.T) {
	raw, err := os.ReadFile("testdata/minimal.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := func(name, part string) *fstest.MapFile {
		text := strings.NewReplacer("source: siskop2mi", "source: "+name, "siskop2mi_placements", name+"_placements",
			"    role: authoritative\n", "    role: authoritative\n"+part).Replace(string(raw))
		return &fstest.MapFile{Data: []byte(text)}
	}
	for _, tt := range []struct {
		a, b string
		fine bool
	}{
		{"    part: rumah_ramah\n", "    part: missions\n", true},
		{"    part: rumah_ramah\n", "    part: rumah_ramah\n", false},
		{"    part: rumah_ramah\n", "", false},
		{"", "", false},
	} {
		opt := testOptions(nil)
		opt.Extra = fstest.MapFS{"one.yaml": source("one", tt.a), "two.yaml": source("two", tt.b)}
		_, err := Load(t.TempDir(), opt)
		if got := messages(t, err); (got == "") != tt.fine || !tt.fine && !strings.Contains(got, "name in both the part") {
			t.Errorf("parts %q and %q: %s", tt.a, tt.b, got)
		}
	}
}
