package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// describe writes a comment on every table and column of the models. A column that nobody defined stops the
// build, and so does a definition of a column that is not there: either means that the words and the table have
// come apart.
func (b *build) describe(ctx context.Context) error {
	var problems []error
	for _, m := range b.builtModels() {
		if m.Layer == models.Staging {
			continue
		}
		d, err := b.textsOf(m)
		problems = append(problems, err)
		if err != nil {
			continue
		}
		if err := b.comment(ctx, database+".main", m.Name, d.about, d.columns, d.definitions); err != nil {
			return err
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("describing tables: %w", err)
	}
	return b.comment(ctx, database+".main", figuresTable, figuresAbout, b.columns[figuresTable], kpiDefinitions)
}

// textsOf is everything that is written about a model's table; the error names what is missing or too much.
func (b *build) textsOf(m models.Model) (definedTable, error) {
	about := m.Meta.Title
	if !m.Meta.Description.Empty() {
		about = models.Text{ID: about.ID + ". " + m.Meta.Description.ID, EN: about.EN + ". " + m.Meta.Description.EN}
	}
	d := definedTable{about, b.columns[m.Name], map[string]models.Text{}}
	var problems []error
	for _, c := range d.columns {
		t := b.definitionOf(m, c.Name)
		if t.Empty() {
			problems = append(problems, fmt.Errorf("%s: column %s has no definition; add it to columns", yamlOf(m), c.Name))
		}
		d.definitions[c.Name] = t
	}
	for _, name := range sortedKeys(m.Meta.Columns) {
		if _, exists := d.definitions[name]; !exists {
			problems = append(problems, fmt.Errorf("%s: column %s is defined but the table does not have it", yamlOf(m), name))
		}
	}
	return d, errors.Join(problems...)
}

var figuresAbout = models.Text{
	ID: "Semua angka indikator, satu baris per indikator, ukuran, periode, rincian dan anggota.",
	EN: "Every KPI figure, one row per KPI, measure, period, breakdown and member."}

func yamlOf(m models.Model) string { return strings.TrimSuffix(m.Path, ".sql") + ".yaml" }

// definitionOf looks a column up beside its model, then in the standard KPI shape, then in the dataset of the
// model's own name, then among the columns that loading adds.
func (b *build) definitionOf(m models.Model, column string) models.Text {
	if t, ok := m.Meta.Columns[column]; ok && !t.Empty() {
		return t
	}
	if m.Layer == models.KPIs {
		return kpiDefinitions[column]
	}
	_, dataset, _ := strings.Cut(m.Name, "_")
	if t := b.Definitions[dataset][column]; !t.Empty() {
		return t
	}
	return loadDefinitions[column]
}

var loadDefinitions = map[string]models.Text{
	"commit_no": {ID: "Nomor commit yang membawa baris ini.", EN: "Number of the commit that brought this row."},
	"known_at":  {ID: "Waktu data ini diketahui (waktu pengiriman).", EN: "When this was known (time of delivery)."},
}

// comment writes one table's comments.
func (b *build) comment(ctx context.Context, schema, table string, about models.Text, columns []Column, definitions map[string]models.Text) error {
	return b.commentOn(ctx, "table", schema, table, about, columns, definitions)
}

// commentOn writes the comments of a table or a view.
func (b *build) commentOn(ctx context.Context, kind, schema, table string, about models.Text, columns []Column, definitions map[string]models.Text) error {
	text := about.String()
	if b.manifest.Banner != "" {
		text = b.manifest.Banner + ". " + text
	}
	name := schema + "." + quoteName(table)
	statements := []string{"comment on " + kind + " " + name + " is " + quoteText(text)}
	for _, c := range columns {
		statements = append(statements, "comment on column "+name+"."+quoteName(c.Name)+" is "+quoteText(definitions[c.Name].String()))
	}
	// One transaction for all of a table: of the thousands of comments each would else be committed by itself.
	if err := b.s.exec(ctx, "begin; "+strings.Join(statements, "; ")+"; commit"); err != nil {
		return fmt.Errorf("describing %s %s: %w", kind, table, err)
	}
	key := table
	if _, inner, _ := strings.Cut(schema, "."); inner == "meta" || inner == operationsSchema {
		key = inner + "." + table
	}
	b.defined[key] = definedTable{about, columns, definitions}
	return nil
}

// definedTable keeps what was written about a table, for meta.columns and the open file.
type definedTable struct {
	about       models.Text
	columns     []Column
	definitions map[string]models.Text
}
