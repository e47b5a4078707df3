package configs

import (
	"fmt"
	"io/fs"
	"reflect"
	"strings"
)

// DatasetDefinition is what people read about a dataset: a file in the folder datasets.
type DatasetDefinition struct {
	Name        string             `yaml:"dataset" need:"yes" like:"name" doc:"Name of the dataset; the file is called after it."`
	Title       Label              `yaml:"title" need:"yes" doc:"What people call the dataset."`
	Description Label              `yaml:"description" need:"yes" doc:"What one row is, and why the dataset exists."`
	Grain       []string           `yaml:"grain" need:"yes" like:"name" doc:"The columns that make a row unique."`
	Columns     []ColumnDefinition `yaml:"columns" need:"yes" named:"yes" doc:"Every column of the dataset, in its order."`
}

// ColumnDefinition says what a column holds.
type ColumnDefinition struct {
	Name  string `yaml:"-"`
	ID    string `yaml:"id" need:"yes" like:"text" doc:"What the column holds, in Indonesian."`
	EN    string `yaml:"en" need:"yes" like:"text" doc:"What the column holds, in English."`
	Unit  string `yaml:"unit" like:"text" doc:"Unit of the values, such as IDR, month or person."`
	List  string `yaml:"list" like:"name" doc:"The code list in the folder reference that the values come from."`
	Class string `yaml:"class" need:"yes" one:"open|internal|personal|specific|identifier" doc:"How personal the column is; specific and identifier need the most care."`
}

// Column returns the definition of a column.
func (d DatasetDefinition) Column(name string) (ColumnDefinition, bool) {
	for _, c := range d.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return ColumnDefinition{}, false
}

// Datasets are the definitions that come with the program, ordered by name. They are a part of
// the program: a test proves that they can be read, and a program whose own are broken stops.
func Datasets() []DatasetDefinition {
	all, err := parseDatasets(sub(datasetsFS, "datasets"))
	if err != nil {
		panic(err)
	}
	return all
}

// parseDatasets reads every definition at the root of a file system.
func parseDatasets(fsys fs.FS) ([]DatasetDefinition, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing dataset definitions: %w", err)
	}
	var all []DatasetDefinition
	var errs Errors
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading dataset definition %s: %w", name, err)
		}
		file := "datasets/" + name
		root, found := parseYAML(file, raw)
		errs = append(errs, found...)
		if root == nil {
			continue
		}
		var def DatasetDefinition
		d := &decoder{file: file}
		d.decodeStruct(root, reflect.ValueOf(&def).Elem(), root.at, "the file", nil)
		errs = append(errs, d.errs...)
		if want := strings.TrimSuffix(name, ".yaml"); def.Name != want && def.Name != "" {
			at := root.keyPlace("dataset")
			errs = append(errs, Error{File: file, Line: at.line, Column: at.column, Message: fmt.Sprintf("the file defines dataset %q; call it %s.yaml", def.Name, def.Name)})
		}
		all = append(all, def)
	}
	return all, errs.ordered()
}
