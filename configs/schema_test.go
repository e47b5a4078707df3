package configs

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the schemas anew from the declarations")

// The committed schemas are what the declarations give. After a change: go test ./configs -update.
func TestSchemasAreCurrent(t *testing.T) {
	for file, want := range map[string][]byte{
		"schema/lindung.schema.json": ProjectSchema(),
		"schema/source.schema.json":  SourceSchema(nil, nil, nil),
		"schema/report.schema.json":  ReportSchema(nil),
	} {
		if *update {
			write(t, file, string(want))
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what the declarations give (go test ./configs -update):\n%s", file, diff)
		}
	}
}

func compile(t *testing.T, raw []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditor reads YAML the way an editor's language server does, without this package.
func asEditor(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGoodFilesSatisfyTheSchema(t *testing.T) {
	opt := testOptions(nil)
	open, full, project := compile(t, SourceSchema(nil, nil, nil)), compile(t, SourceSchema(opt.Connectors, opt.Formats, opt.Unpack)), compile(t, ProjectSchema())
	good, err := filepath.Glob("testdata/*.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(good, "lindung.yaml", "init/sources/example.yaml") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		schemas := map[string]*jsonschema.Schema{"open": open, "full": full}
		if strings.Contains(string(raw), "\nproject:") || strings.HasPrefix(string(raw), "project:") {
			schemas = map[string]*jsonschema.Schema{"project": project}
		}
		for name, s := range schemas {
			if err := s.Validate(asEditor(t, raw)); err != nil {
				t.Errorf("%s against the %s schema: %v", file, name, err)
			}
		}
	}
}

// An editor finds what a schema can say: unknown keys, missing keys, wrong types, wrong values.
func TestBadFilesAreFoundByTheEditorToo(t *testing.T) {
	opt := testOptions(nil)
	source, project := compile(t, SourceSchema(opt.Connectors, opt.Formats, opt.Unpack)), compile(t, ProjectSchema())
	for _, name := range []string{
		"unknown_key", "unknown_key_far", "unknown_setting", "unknown_kind", "unknown_format", "missing_keys", "missing_kind", "missing_language",
		"no_value", "wrong_role", "wrong_origin", "wrong_delivery", "wrong_types", "formats_as_mapping", "formats_empty", "bad_sizes", "bad_size_text",
		"bad_numbers", "bad_number_text", "bad_duration", "negative_duration", "bad_period", "bad_units", "bad_names", "empty_field", "setting_types",
		"many_at_once", "project_unknown_key", "project_values", "project_no_name", "project_publish", "project_alerts",
	} {
		raw, err := os.ReadFile("testdata/" + name + ".bad.yaml")
		if err != nil {
			t.Fatal(err)
		}
		s := source
		if strings.HasPrefix(name, "project") {
			s = project
		}
		if s.Validate(asEditor(t, raw)) == nil {
			t.Errorf("%s passes the schema", name)
		}
	}
}

// What lindung init writes is valid, explains every key, and does nothing until it is changed.
func TestTheStartingProjectIsValidAndComplete(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, InitFiles())
	opt := testOptions(nil)
	p, err := Load(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Sources[0].Feeds {
		if !f.Off() {
			t.Errorf("feed %s runs in a project that nobody has looked at", f.Name)
		}
	}
	for _, name := range []string{"lindung.yaml", "README.md", ".gitignore", "sources/example.yaml", "schema/lindung.schema.json", "schema/source.schema.json"} {
		if len(InitFiles()[name]) == 0 {
			t.Errorf("the starting project lacks %s", name)
		}
	}
	for file, raw := range map[string][]byte{"lindung.yaml": ProjectSchema(), "sources/example.yaml": SourceSchema(nil, nil, nil)} {
		text := InitFiles()[file]
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		for _, key := range declaredKeys(s) {
			if !strings.Contains(string(text), key+":") {
				t.Errorf("%s does not show the key %q", file, key)
			}
		}
	}
}

func declaredKeys(s map[string]any) (keys []string) {
	properties, _ := s["properties"].(map[string]any)
	for key, inner := range properties {
		keys = append(keys, key)
		if m, ok := inner.(map[string]any); ok {
			keys = append(keys, declaredKeys(m)...)
			if each, ok := m["additionalProperties"].(map[string]any); ok {
				keys = append(keys, declaredKeys(each)...)
			}
		}
	}
	return keys
}

// The default project file says the defaults, so that taking its lines out changes nothing.
func TestTheProjectFileShowsTheDefaults(t *testing.T) {
	shown := load(t, testOptions(nil))
	dir := newProject(t)
	write(t, filepath.Join(dir, ProjectFile), string(InitFiles()[ProjectFile]))
	p, err := Load(dir, testOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	if p.TimeZone.String() != shown.TimeZone.String() {
		t.Errorf("time zone %s, default %s", p.TimeZone, shown.TimeZone)
	}
	type values struct {
		data, keys string
		build      Build
		run        Run
		keep       int
	}
	of := func(p *Project) values {
		return values{filepath.Base(p.DataDir), filepath.Base(p.KeysDir), p.Build, p.Run, p.KeepReleases}
	}
	if of(p) != of(shown) {
		t.Errorf("shown %+v, default %+v", of(p), of(shown))
	}
}
