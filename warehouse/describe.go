package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// A DescribeSpec says what to describe: the models, and the shapes of what they read.
type DescribeSpec struct {
	Models      []models.Model
	Datasets    []DatasetSchema
	Reference   fs.FS                             // only the columns of its lists are used
	Definitions map[string]map[string]models.Text // dataset → column → what it means
}

// A DescribedTable is what people read about one table of a release, and what it is made of.
type DescribedTable struct {
	Name    string
	Layer   models.Layer // empty for the table figures
	Path    string       // of the model's SQL
	About   models.Text  // title and description, as in the table's comment
	Grain   []string
	Reads   []string // tables that the SQL names
	Columns []DescribedColumn
	Trace   Trace
}

// A DescribedColumn is one column with its definition, as in the column's comment.
type DescribedColumn struct {
	Name       string
	SQLType    string
	Definition models.Text
}

// Describe says of every table that the models give which columns it has, what they mean and which columns they
// are made of. It builds the models over nothing and needs no data; the texts come from where a build takes the
// comments that it writes into the DuckDB file. Staging tables are described too, although no release keeps them.
func Describe(ctx context.Context, spec DescribeSpec) (tables []DescribedTable, err error) {
	lineage, err := CheckOrder(ctx, spec.Models)
	if err != nil {
		return nil, fmt.Errorf("describing the models: %w", err)
	}
	b := &build{BuildSpec: BuildSpec{Models: spec.Models, Datasets: spec.Datasets, Reference: spec.Reference,
		Definitions: spec.Definitions, Progress: func(Step) {}},
		columns: map[string][]Column{}, rows: map[string]int64{}, manifest: &Manifest{Lineage: lineage}}
	b.withInternalDatasets()
	if b.s, err = openSession(ctx, limits{threads: 1, memory: "1GB"}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.s.Close()) }()
	if err := b.createShapes(ctx); err != nil {
		return nil, fmt.Errorf("describing the models: %w", err)
	}
	t, err := b.tracer(ctx)
	if err != nil {
		return nil, fmt.Errorf("describing the models: %w", err)
	}
	var problems []error
	var kpiGrain []string
	for _, m := range b.builtModels() {
		d, err := b.textsOf(m)
		problems = append(problems, err)
		one := tableOf(m.Name, d)
		one.Layer, one.Path, one.Grain, one.Reads = m.Layer, m.Path, m.Meta.Grain, lineage[m.Name]
		if m.Layer == models.KPIs {
			kpiGrain = m.Meta.Grain
		}
		if one.Trace, err = b.trace(ctx, m, t); err != nil {
			return nil, err
		}
		tables = append(tables, one)
	}
	if b.columns[figuresTable] != nil {
		one := tableOf(figuresTable, definedTable{figuresAbout, b.columns[figuresTable], kpiDefinitions})
		one.Grain = append([]string{"kpi"}, kpiGrain...)
		tables = append(tables, one)
		views, err := b.describeViews(ctx, one.Grain)
		if err != nil {
			return nil, err
		}
		tables = append(tables, views...)
	}
	return tables, errors.Join(problems...)
}

func tableOf(name string, d definedTable) DescribedTable {
	t := DescribedTable{Name: name, About: d.about}
	for _, c := range d.columns {
		t.Columns = append(t.Columns, DescribedColumn{c.Name, c.SQLType, d.definitions[c.Name]})
	}
	return t
}

// tracer knows the columns of every table that models read, models and inputs alike.
func (b *build) tracer(ctx context.Context) (*tracer, error) {
	t := &tracer{tables: map[string][]Column{}, aggregates: map[string]bool{}}
	for _, reads := range b.manifest.Lineage {
		for _, name := range reads {
			if t.tables[name] != nil {
				continue
			}
			columns, err := b.s.columnsOf(ctx, quoteName(name))
			if err != nil {
				return nil, fmt.Errorf("describing %s: %w", name, err)
			}
			t.tables[name] = columns
		}
	}
	err := b.s.each(ctx, "select distinct lower(function_name) from duckdb_functions() where function_type = 'aggregate'", func(row []*string) error {
		t.aggregates[strings.ToLower(*row[0])] = true
		return nil
	})
	t.aggregates["count_star"] = true
	return t, err
}
