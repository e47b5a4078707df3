package sql

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Change is one model that two model sets give differently, and how.
type Change struct {
	Model string   `json:"model"`
	Layer Layer    `json:"layer"`
	KPI   string   `json:"kpi,omitempty"`
	How   []string `json:"how"` // "new", "gone", or what of it differs: "SQL", "unit of persons: orang → kasus"
}

// Name is what people call what changed: a KPI by its code, everything else by its model.
func (c Change) Name() string {
	if c.KPI != "" {
		return c.KPI
	}
	return c.Model
}

// Recorded reads a model set as another version of the program may have written it, such as the one that a
// release keeps. A model whose YAML this version does not understand has its texts and an empty Meta.
func Recorded(fsys fs.FS) (models []Model, err error) {
	for _, f := range folders {
		entries, err := fs.ReadDir(fsys, f.dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading recorded models: %w", err)
		}
		for _, e := range entries {
			name, isSQL := strings.CutSuffix(e.Name(), ".sql")
			if !isSQL {
				continue // its YAML is read with it
			}
			m, problems := loadModel(fsys, f.dir, name, f.layer, f.prefixes)
			if m.SQL == "" {
				return nil, fmt.Errorf("reading recorded models: %w", errors.Join(problems...))
			}
			if len(problems) > 0 {
				m.Meta = Meta{}
			}
			models = append(models, m)
		}
	}
	return models, nil
}

// Changes lists the models that differ between two sets: in the order of the newer set, then what is gone.
func Changes(before, after []Model) (all []Change) {
	old := map[string]Model{}
	for _, m := range before {
		old[m.Name] = m
	}
	for _, m := range after {
		was, known := old[m.Name]
		delete(old, m.Name)
		c := Change{Model: m.Name, Layer: m.Layer, KPI: m.Meta.ID}
		switch {
		case !known:
			c.How = []string{"new"}
		case was.SQL != m.SQL || was.YAML != m.YAML:
			c.How = differences(was, m)
		}
		if len(c.How) > 0 {
			all = append(all, c)
		}
	}
	for _, m := range before {
		if _, gone := old[m.Name]; gone {
			all = append(all, Change{Model: m.Name, Layer: m.Layer, KPI: m.Meta.ID, How: []string{"gone"}})
		}
	}
	return all
}

// differences says in what two texts of one model differ.
func differences(was, is Model) (how []string) {
	if was.SQL != is.SQL {
		how = append(how, "SQL")
	}
	if was.YAML == is.YAML {
		return how
	}
	known := len(how)
	if a, b := was.Meta, is.Meta; !a.Title.Empty() && !b.Title.Empty() {
		how = append(how, metaDifferences(a, b)...)
		how = append(how, measureDifferences(a.Measures, b.Measures)...)
	}
	if len(how) == known { // tests, notes, or YAML of another version of the program
		how = append(how, "what is written beside the SQL")
	}
	return how
}

func metaDifferences(a, b Meta) (how []string) {
	how = append(how, fromTo("version", a.Version, b.Version)...)
	how = append(how, fromTo("theme", a.Theme, b.Theme)...)
	how = append(how, fromTo("owner", a.Owner, b.Owner)...)
	how = append(how, fromTo("default measure", a.DefaultMeasure, b.DefaultMeasure)...)
	how = append(how, fromTo("severity", a.Severity, b.Severity)...)
	how = append(how, fromTo("sources", strings.Join(a.Sources, ", "), strings.Join(b.Sources, ", "))...)
	how = append(how, fromTo("breakdowns", strings.Join(a.Breakdowns, ", "), strings.Join(b.Breakdowns, ", "))...)
	how = append(how, fromTo("periods", strings.Join(a.Periods, ", "), strings.Join(b.Periods, ", "))...)
	how = append(how, fromTo("suppression", a.Suppression.String(), b.Suppression.String())...)
	for _, t := range []struct {
		name   string
		differ bool
	}{
		{"title", a.Title != b.Title}, {"description", a.Description != b.Description}, {"exclusions", a.Exclusions != b.Exclusions},
		{"maturity", a.Maturity != b.Maturity}, {"anchor", !slices.Equal(a.Anchor, b.Anchor)}, {"remedy", a.Remedy != b.Remedy},
		{"grain", !slices.Equal(a.Grain, b.Grain)}, {"dimension", a.Dimension != b.Dimension},
	} {
		if t.differ {
			how = append(how, t.name)
		}
	}
	for _, name := range sortedKeys(a.Columns, b.Columns) {
		if a.Columns[name] != b.Columns[name] {
			how = append(how, "definition of column "+name)
		}
	}
	return how
}

func measureDifferences(a, b Measures) (how []string) {
	for _, is := range b {
		was, known := a.Get(is.Name)
		if !known {
			how = append(how, "measure "+is.Name+" is new")
			continue
		}
		how = append(how, fromTo("unit of "+is.Name, was.Unit, is.Unit)...)
		how = append(how, fromTo("direction of "+is.Name, was.Direction, is.Direction)...)
		how = append(how, fromTo("additivity of "+is.Name, string(was.Additive), string(is.Additive))...)
		how = append(how, fromTo("periods of "+is.Name, strings.Join(was.Periods, ", "), strings.Join(is.Periods, ", "))...)
		for _, t := range []struct {
			name   string
			differ bool
		}{
			{"title", was.Title != is.Title}, {"definition", was.Definition != is.Definition},
			{"numerator", was.Numerator != is.Numerator}, {"denominator", was.Denominator != is.Denominator},
		} {
			if t.differ {
				how = append(how, t.name+" of "+is.Name)
			}
		}
	}
	for _, was := range a {
		if _, still := b.Get(was.Name); !still {
			how = append(how, "measure "+was.Name+" is gone")
		}
	}
	return how
}

func fromTo(what, was, is string) []string {
	if was == is {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s → %s", what, orNone(was), orNone(is))}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func sortedKeys(a, b map[string]Text) (names []string) {
	for _, m := range []map[string]Text{a, b} {
		for name := range m {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
