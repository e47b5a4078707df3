package transforms

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/parquet-go/parquet-go"
)

// datasetFile is what people read about a dataset.
type datasetFile struct {
	Dataset     string            `yaml:"dataset"`
	Title       map[string]string `yaml:"title"`
	Description map[string]string `yaml:"description"`
	Grain       []string          `yaml:"grain"`
	Columns     yaml.MapSlice     `yaml:"columns"`
}

type columnText struct {
	ID    string `yaml:"id"`
	EN    string `yaml:"en"`
	Unit  string `yaml:"unit"`
	List  string `yaml:"list"`
	Class string `yaml:"class"`
}

// The struct and its description say the same: every column, in order, with its class and list.
func TestDefinitionsAreInStep(t *testing.T) {
	lists := testEnv(t).Lists
	var described []string
	for _, d := range Datasets() {
		t.Run(d.Name(), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../configs/datasets", d.Name()+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var file datasetFile
			if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			if file.Dataset != d.Name() || file.Title["id"] == "" || file.Title["en"] == "" || file.Description["id"] == "" || file.Description["en"] == "" {
				t.Error("dataset, title and description are needed in Indonesian and English")
			}
			columns := d.Columns()
			if len(file.Columns) != len(columns) {
				t.Fatalf("%d columns described, %d in the struct", len(file.Columns), len(columns))
			}
			var names []string
			for i, item := range file.Columns {
				raw, err := yaml.Marshal(item.Value)
				if err != nil {
					t.Fatal(err)
				}
				var c columnText
				if err := yaml.UnmarshalWithOptions(raw, &c, yaml.Strict()); err != nil {
					t.Fatal(err)
				}
				want := columns[i]
				names = append(names, want.Name)
				if item.Key != want.Name || c.Class != want.Class || c.List != want.List {
					t.Errorf("column %d: described as %v (%s, list %q), the struct says %s (%s, list %q)", i+1, item.Key, c.Class, c.List, want.Name, want.Class, want.List)
				}
				if c.ID == "" || c.EN == "" {
					t.Errorf("column %s lacks a description in one of the languages", want.Name)
				}
				if want.List != "" && len(lists.Codes(want.List)) == 0 {
					t.Errorf("column %s names list %s, which does not exist", want.Name, want.List)
				}
			}
			for _, g := range file.Grain {
				if !slices.Contains(names, g) {
					t.Errorf("grain names %s, which is no column", g)
				}
			}
		})
		described = append(described, d.Name()+".yaml")
	}
	files, _ := filepath.Glob("../configs/datasets/*.yaml")
	for _, f := range files {
		if !slices.Contains(described, filepath.Base(f)) {
			t.Errorf("%s describes no dataset", f)
		}
	}
}

// model is a row of the dataset.
func (d definition[T, P]) model() any { var row T; return row }

// Tags are right: the library accepts every struct, and the file's columns are ours, in order,
// with the same nullability.
func TestSchemas(t *testing.T) {
	for _, d := range Datasets() {
		name := d.Name()
		schema := parquet.SchemaOf(d.(interface{ model() any }).model())
		columns := d.Columns()
		if len(schema.Fields()) != len(columns) {
			t.Fatalf("%s: %d columns in the file, want %d", name, len(schema.Fields()), len(columns))
		}
		for i, f := range schema.Fields() {
			if f.Name() != columns[i].Name || f.Optional() != columns[i].Nullable {
				t.Errorf("%s: column %d is %s (optional %v), want %s (nullable %v)", name, i, f.Name(), f.Optional(), columns[i].Name, columns[i].Nullable)
			}
			if got := logical(f); got != columns[i].Type {
				t.Errorf("%s.%s is %s in the file, %s for SQL", name, f.Name(), got, columns[i].Type)
			}
		}
	}
}

// logical names a Parquet type in SQL.
func logical(f parquet.Field) string {
	switch text := f.Type().String(); text {
	case "STRING":
		return "VARCHAR"
	case "INT(16,true)":
		return "SMALLINT"
	case "INT(32,true)":
		return "INTEGER"
	case "INT(64,true)":
		return "BIGINT"
	case "TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)":
		return "TIMESTAMP WITH TIME ZONE"
	case "DECIMAL(18,2)", "DECIMAL(18,4)", "DATE", "UUID", "BOOLEAN":
		return text
	default:
		return text
	}
}

// No column may sound like a direct identifier unless it is a token of one.
func TestNoDirectIdentifiers(t *testing.T) {
	direct := regexp.MustCompile(`nik|passport|nama|name|phone|telepon|alamat|address|email|birth_date|lahir`)
	for _, d := range Datasets() {
		for _, c := range d.Columns() {
			if !direct.MatchString(c.Name) || c.Name == "nik_check" || c.Name == "column_name" {
				continue
			}
			if c.Type != "UUID" || c.Class != "identifier" {
				t.Errorf("%s.%s sounds like a direct identifier and is %s of class %s", d.Name(), c.Name, c.Type, c.Class)
			}
		}
	}
}
