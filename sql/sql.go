// Package sql owns the models: the SELECT statements that turn lake rows into staging tables, dimensions,
// facts, marts and KPIs, the checks over them, and the YAML beside each that says what it means.
//
// The folder order is the build order and the file order within a folder decides the rest, so listing the
// folder shows the graph. The package reads and validates those files and hands them out. It must not know
// DuckDB, the lake, or how a release is built: it opens no database and holds no figures.
package sql

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

// FS holds the shipped models, one folder per layer.
//
//go:embed 1_staging 2_core 3_marts 4_kpis 5_checks
var FS embed.FS

// Layer names the stop of the build that a model belongs to.
type Layer string

// The layers, in build order. Checks run last, over everything that was built.
const (
	Staging Layer = "staging"
	Core    Layer = "core"
	Marts   Layer = "marts"
	KPIs    Layer = "kpis"
	Checks  Layer = "checks"
)

// folders lists each layer's folder and the prefixes that its models may carry; no prefix means any name.
var folders = []struct {
	dir      string
	layer    Layer
	prefixes []string
}{
	{"1_staging", Staging, []string{"stg_"}},
	{"2_core", Core, []string{"dim_", "fct_"}},
	{"3_marts", Marts, []string{"mart_"}},
	{"4_kpis", KPIs, []string{"kpi_"}},
	{"5_checks", Checks, nil},
}

// A Model is one SELECT and what is written about it.
type Model struct {
	Name  string // file name without .sql; also the table's name
	Layer Layer
	Path  string // "4_kpis/kpi_plc_01.sql"
	SQL   string // one bare SELECT, without a closing semicolon
	YAML  string // the text beside it, as written
	Meta  Meta
}

// Models returns the shipped models in build order.
func Models() ([]Model, error) { return Load(FS) }

// Load reads a model set from fsys in build order: folders by number, files by name. It reports every
// problem that it finds, each with its file and, for YAML, its line.
func Load(fsys fs.FS) ([]Model, error) {
	var models []Model
	var problems []error
	seen := map[string]string{}
	for _, f := range folders {
		found, errs := loadFolder(fsys, f.dir, f.layer, f.prefixes)
		problems = append(problems, errs...)
		for _, m := range found {
			if other, dup := seen[m.Name]; dup {
				problems = append(problems, fmt.Errorf("%s: the name is already taken by %s; rename one of them", m.Path, other))
				continue
			}
			seen[m.Name] = m.Path
			models = append(models, m)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return models, nil
}

func loadFolder(fsys fs.FS, dir string, layer Layer, prefixes []string) (models []Model, problems []error) {
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a small model set need not have every layer
	}
	if err != nil {
		return nil, []error{fmt.Errorf("listing models in %s: %w", dir, err)}
	}
	sqls, yamls := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		switch ext := path.Ext(e.Name()); ext {
		case ".sql":
			sqls[strings.TrimSuffix(e.Name(), ext)] = true
		case ".yaml":
			yamls[strings.TrimSuffix(e.Name(), ext)] = true
		case ".md":
		default:
			problems = append(problems, fmt.Errorf("%s/%s: only .sql, .yaml and .md files belong here", dir, e.Name()))
		}
	}
	for name := range yamls {
		if !sqls[name] {
			problems = append(problems, fmt.Errorf("%s/%s.yaml: has no %s.sql beside it", dir, name, name))
		}
	}
	names := make([]string, 0, len(sqls))
	for name := range sqls {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !yamls[name] {
			problems = append(problems, fmt.Errorf("%s/%s.sql: has no %s.yaml beside it; write its title, grain and columns", dir, name, name))
			continue
		}
		m, errs := loadModel(fsys, dir, name, layer, prefixes)
		problems = append(problems, errs...)
		models = append(models, m)
	}
	return models, problems
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func loadModel(fsys fs.FS, dir, name string, layer Layer, prefixes []string) (Model, []error) {
	m := Model{Name: name, Layer: layer, Path: path.Join(dir, name+".sql")}
	var problems []error
	text, err := fs.ReadFile(fsys, m.Path)
	if err != nil {
		return m, []error{fmt.Errorf("reading model %s: %w", m.Path, err)}
	}
	yamlPath := path.Join(dir, name+".yaml")
	doc, err := fs.ReadFile(fsys, yamlPath)
	if err != nil {
		return m, []error{fmt.Errorf("reading model %s: %w", yamlPath, err)}
	}
	if !identifier.MatchString(name) {
		problems = append(problems, fmt.Errorf("%s: a model's name is lower case letters, digits and _, at most 63", m.Path))
	}
	if len(prefixes) > 0 && !hasPrefix(name, prefixes) {
		problems = append(problems, fmt.Errorf("%s: models of this folder are named %s", m.Path, strings.Join(prefixes, "… or ")+"…"))
	}
	m.YAML = string(doc)
	m.SQL = strings.TrimRight(strings.TrimSpace(string(text)), "; \t\r\n")
	if !strings.HasPrefix(m.SQL, "/*") {
		problems = append(problems, fmt.Errorf("%s:1: begin with a /* comment */ that says what one row is and why the model exists", m.Path))
	}
	m.Meta, err = parseMeta(yamlPath, doc)
	if err != nil {
		return m, append(problems, err)
	}
	m.Meta.fillDefaults(layer)
	return m, append(problems, m.Meta.problems(yamlPath, layer)...)
}

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
