package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sort"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// A TestSpec says which model tests to run, and the shapes that given rows take.
type TestSpec struct {
	Models    []models.Model
	Datasets  []DatasetSchema
	Reference fs.FS          // only the columns of its lists are used
	Filter    *regexp.Regexp // on "model/test name"; nil runs all
}

// A TestResult is the outcome of one YAML test. Diff is empty when it passed.
type TestResult struct {
	Model string `json:"model"`
	Name  string `json:"name"`
	Diff  string `json:"diff,omitempty"`
	kinds []kind // of a KPI: of which kinds its figures were, those too that the test does not look at
}

// Passed reports whether the expected rows came out.
func (r TestResult) Passed() bool { return r.Diff == "" }

// The day that a test looks back from when it does not say.
const (
	testAsOf        = "2026-01-15"
	testReportMonth = "2025-12-01"
)

// RunModelTests runs the tests written beside the models. Each test gives rows to some tables; every table that
// is not given is built by its model from what is, and lake datasets and reference lists that are not given are
// empty. The error is for what cannot run at all; a wrong expectation is a result.
func RunModelTests(ctx context.Context, spec TestSpec) (results []TestResult, err error) {
	lineage, err := CheckOrder(ctx, spec.Models)
	if err != nil {
		return nil, fmt.Errorf("model tests: %w", err)
	}
	b := &build{BuildSpec: BuildSpec{Models: spec.Models, Datasets: spec.Datasets, Reference: spec.Reference, Progress: func(Step) {}},
		columns: map[string][]Column{}, rows: map[string]int64{}, manifest: &Manifest{Lineage: lineage}}
	b.withInternalDatasets()
	if b.s, err = openSession(ctx, limits{threads: 1, memory: "1GB"}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.s.Close()) }()
	if err := b.createShapes(ctx); err != nil {
		return nil, fmt.Errorf("model tests: %w", err)
	}
	for _, m := range spec.Models {
		for _, t := range m.Meta.Tests {
			if spec.Filter != nil && !spec.Filter.MatchString(m.Name+"/"+t.Name) {
				continue
			}
			result := TestResult{Model: m.Name, Name: t.Name}
			if err := b.runTest(ctx, m, t, &result); err != nil {
				result.Diff = err.Error()
			}
			results = append(results, result)
		}
	}
	return results, nil
}

// createShapes builds the whole model set over nothing, which gives every table its columns and types.
func (b *build) createShapes(ctx context.Context) error {
	if err := b.s.exec(ctx, "create table run (as_of date, report_month date, release_id varchar, origin varchar)"); err != nil {
		return err
	}
	if err := loadReference(ctx, b.s, b.Reference, false); err != nil {
		return err
	}
	for _, d := range b.Datasets {
		columns := make([]string, 0, len(d.Columns)+2)
		for _, c := range d.Columns {
			columns = append(columns, quoteName(c.Name)+" "+c.SQLType)
		}
		columns = append(columns, "commit_no bigint", "known_at timestamptz")
		if err := b.s.exec(ctx, fmt.Sprintf("create temp table %s (%s)", quoteName("lake_"+d.Name), strings.Join(columns, ", "))); err != nil {
			return fmt.Errorf("shaping dataset %s: %w", d.Name, err)
		}
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return b.createRuleResults(ctx, nil) }, b.runModels, b.runKPIs,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	for _, m := range b.builtModels() {
		if m.Layer == models.KPIs {
			if err := b.createFigures(ctx); err != nil {
				return err
			}
			break
		}
	}
	return b.emptyAll(ctx)
}

// emptyAll takes out what models make of nothing, such as a calendar.
func (b *build) emptyAll(ctx context.Context) error {
	for name := range b.columns {
		if err := b.s.exec(ctx, "delete from "+quoteName(name)); err != nil {
			return fmt.Errorf("shaping %s: %w", name, err)
		}
	}
	return nil
}

// runTest runs one test in a transaction that is never committed, so that tests cannot see each other.
func (b *build) runTest(ctx context.Context, m models.Model, t models.Test, result *TestResult) (err error) {
	if err := b.s.exec(ctx, "begin transaction"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.s.exec(context.WithoutCancel(ctx), "rollback")) }()
	asOf, month := t.Run.AsOf, t.Run.ReportMonth
	if asOf == "" {
		asOf = testAsOf
	}
	if month == "" {
		month = testReportMonth
	}
	if err := b.s.exec(ctx, fmt.Sprintf("insert into run values (%s::date, %s::date, 'r000001', 'sample')", quoteText(asOf), quoteText(month))); err != nil {
		return fmt.Errorf("run row: %w", err)
	}
	upstream := b.manifest.Lineage.Upstream(m.Name)
	for _, table := range sortedKeys(t.Given) {
		if !upstream[table] {
			return fmt.Errorf("given: %s does not depend on %s", m.Name, table)
		}
		if err := b.give(ctx, table, t.Given[table]); err != nil {
			return fmt.Errorf("given %s: %w", table, err)
		}
	}
	if err := b.buildBetween(ctx, m, t, upstream); err != nil {
		return err
	}
	if result.Diff, err = b.compareRows(ctx, m, t); err != nil || m.Layer != models.KPIs {
		return err
	}
	if result.kinds, err = b.kindsOf(ctx, m); err != nil {
		return err
	}
	for _, problem := range undeclared(m.Meta, result.kinds) {
		result.Diff += problem + "\n"
	}
	return nil
}

// buildBetween builds the models that the tested one depends on, but for those that the test gives and those
// that nothing but given tables need.
func (b *build) buildBetween(ctx context.Context, m models.Model, t models.Test, upstream map[string]bool) error {
	needed := map[string]bool{}
	var need func(table string)
	need = func(table string) {
		if _, given := t.Given[table]; given || needed[table] {
			return
		}
		needed[table] = true
		for _, below := range b.manifest.Lineage[table] {
			need(below)
		}
	}
	for _, below := range b.manifest.Lineage[m.Name] {
		need(below)
	}
	for _, other := range b.Models {
		if !needed[other.Name] || !upstream[other.Name] {
			continue
		}
		if err := b.s.exec(ctx, "insert into "+quoteName(other.Name)+" "+other.SQL); err != nil {
			return fmt.Errorf("building %s: %w", other.Name, err)
		}
	}
	return nil
}

// give inserts rows by column name. Cells are texts and take the column's type; what a row leaves out is NULL.
func (b *build) give(ctx context.Context, table string, rows []models.Row) error {
	types, err := b.typesOf(ctx, table)
	if err != nil {
		return err
	}
	for i, row := range rows {
		names, values := make([]string, len(row)), make([]string, len(row))
		for j, cell := range row {
			kind, exists := types[cell.Column]
			if !exists {
				return fmt.Errorf("row %d: there is no column %s", i+1, cell.Column)
			}
			names[j], values[j] = cell.Column, literal(cell, kind)
		}
		q := fmt.Sprintf("insert into %s (%s) values (%s)", quoteName(table), quoteNames(names), strings.Join(values, ", "))
		if err := b.s.exec(ctx, q); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

func (b *build) typesOf(ctx context.Context, table string) (map[string]string, error) {
	columns, err := b.s.columnsOf(ctx, quoteName(table))
	types := map[string]string{}
	for _, c := range columns {
		types[c.Name] = c.SQLType
	}
	return types, err
}

var uuidText = regexp.MustCompile(`^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$`)

// literal writes a cell as a value of a type. In a UUID column any short word stands for a token of its own, so
// that a test can speak of persons p1 and p2.
func literal(cell models.Cell, kind string) string {
	switch {
	case cell.Null:
		return "null"
	case kind == "UUID" && !uuidText.MatchString(cell.Text):
		return "cast(md5(" + quoteText(cell.Text) + ") as uuid)"
	}
	return "cast(" + quoteText(cell.Text) + " as " + kind + ")"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// expectedColumns are the columns that any expected row lists, in the order in which they first appear.
func expectedColumns(rows []models.Row) (names []string) {
	for _, row := range rows {
		for _, c := range row {
			if !slices.Contains(names, c.Column) {
				names = append(names, c.Column)
			}
		}
	}
	return names
}
