package warehouse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// export writes what programs other than DuckDB read: marts and figures as Parquet, and the SQL that made them.
func (b *build) export(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(b.OutDir, martsFolder), 0o755); err != nil {
		return fmt.Errorf("writing marts: %w", err)
	}
	for _, m := range b.builtModels() {
		if m.Layer == models.Marts {
			if err := b.copyParquet(ctx, m.Name, filepath.Join(b.OutDir, martsFolder, m.Name+".parquet")); err != nil {
				return err
			}
		}
	}
	if err := b.copyParquet(ctx, figuresTable, filepath.Join(b.OutDir, FiguresFile)); err != nil {
		return err
	}
	return b.copySQL()
}

// copyParquet writes one table in a total order, so that equal tables give equal bytes. Parquet has no 128-bit
// integers and DuckDB would write them as floating point, so they become 64-bit ones, or an error if they do not fit.
func (b *build) copyParquet(ctx context.Context, table, path string) error {
	selected := make([]string, 0, len(b.columns[table]))
	for _, c := range b.columns[table] {
		n := quoteName(c.Name)
		if c.SQLType == "HUGEINT" || c.SQLType == "UHUGEINT" {
			n = fmt.Sprintf("cast(%s as bigint) as %s", n, n)
		}
		selected = append(selected, n)
	}
	q := fmt.Sprintf("copy (select %s from %s order by all) to %s (format parquet, compression zstd, row_group_size 122880)",
		strings.Join(selected, ", "), quoteName(table), quoteText(path))
	if err := b.s.exec(ctx, q); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	return nil
}

func (b *build) copySQL() error {
	for _, m := range b.Models {
		path := filepath.Join(b.OutDir, sqlFolder, filepath.FromSlash(m.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("copying models: %w", err)
		}
		for name, text := range map[string]string{path: m.SQL + "\n", strings.TrimSuffix(path, ".sql") + ".yaml": m.YAML} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				return fmt.Errorf("copying models: %w", err)
			}
		}
	}
	return nil
}

// openSelectFrom decides what may be published: totals of every KPI, and by one breakdown those whose suppression says
// that nothing is withheld. Of a breakdown that is withheld one row remains, without a member: which members there are
// already says where something happened. A breakdown that crosses two dimensions has no plain name and is withheld too.
const openSelectFrom = `with judged as (
	select *, breakdown = 'total' or (%s and regexp_full_match(breakdown, '[a-z_]+')) as is_open from %s.main.figures
)
select kpi, measure, period_type, period, period_start, breakdown, member, numerator, denominator, value, status
from judged where is_open
union all
select distinct kpi, measure, period_type, period, period_start, breakdown, '', null, null, null, 'suppressed'
from judged where not is_open
order by kpi, measure, period_type, period_start, period, breakdown, member`

func (b *build) openSelect(catalog string) string {
	return fmt.Sprintf(openSelectFrom, b.openCondition(), catalog)
}

// openCondition is true of the breakdowns that are published, in SQL.
func (b *build) openCondition() string {
	var kpis, closed []string
	for _, m := range b.builtModels() {
		if m.Layer != models.KPIs || m.Meta.Suppression.Withheld != models.WithheldNothing {
			continue
		}
		kpis = append(kpis, quoteText(m.Meta.ID))
		for _, breakdown := range m.Meta.Suppression.Except {
			closed = append(closed, fmt.Sprintf("(%s, %s)", quoteText(m.Meta.ID), quoteText(breakdown)))
		}
	}
	condition := "false"
	if len(kpis) > 0 {
		condition = "kpi in (" + strings.Join(kpis, ", ") + ")"
	}
	if len(closed) > 0 {
		condition += " and (kpi, breakdown) not in (" + strings.Join(closed, ", ") + ")"
	}
	return condition
}

// openTables are copied whole: words, no numbers about people.
var openTables = []string{"meta.kpis", "meta.release", readMeTable}

// publishable writes open.duckdb: a second file, because a view in the first would protect nothing.
func (b *build) publishable(ctx context.Context) error {
	const open = "open_file"
	statements := []string{
		attachFor(filepath.Join(b.OutDir, OpenFile), open),
		"create schema " + open + ".meta",
		"create table " + open + ".main.figures as " + b.openSelect(database),
	}
	for _, t := range openTables {
		from := qualified(database, t)
		statements = append(statements, fmt.Sprintf("create table %s as from %s", qualified(open, t), from))
	}
	if err := b.s.exec(ctx, statements...); err != nil {
		return fmt.Errorf("writing %s: %w", OpenFile, err)
	}
	if err := b.openParquet(ctx, open); err != nil {
		return err
	}
	for _, t := range append([]string{figuresTable}, openTables...) {
		d := b.defined[t]
		schema, table := splitTable(t)
		if err := b.comment(ctx, open+"."+schema, table, d.about, d.columns, d.definitions); err != nil {
			return err
		}
	}
	if err := b.createViews(ctx, open); err != nil {
		return err
	}
	var err error
	if b.manifest.Open, err = b.s.hashTables(ctx, open); err != nil {
		return fmt.Errorf("hashing %s: %w", OpenFile, err)
	}
	if err := b.s.exec(ctx, "checkpoint "+open, "detach "+open); err != nil {
		return fmt.Errorf("closing %s: %w", OpenFile, err)
	}
	b.Progress(Step{Stage: "publishable", Name: OpenFile, Done: 1, Total: 1})
	return nil
}

// openParquet writes the tables of the open file for programs that read no DuckDB.
func (b *build) openParquet(ctx context.Context, catalog string) error {
	dir := filepath.Join(b.OutDir, openFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing open tables: %w", err)
	}
	for _, t := range []string{figuresTable, "meta.kpis"} {
		_, name := splitTable(t)
		q := fmt.Sprintf("copy (from %s order by all) to %s (format parquet, compression zstd)",
			qualified(catalog, t), quoteText(filepath.Join(dir, name+".parquet")))
		if err := b.s.exec(ctx, q); err != nil {
			return fmt.Errorf("writing %s/%s.parquet: %w", openFolder, name, err)
		}
	}
	return nil
}

func splitTable(name string) (schema, table string) {
	if schema, table, ok := strings.Cut(name, "."); ok {
		return schema, table
	}
	return "main", name
}

func qualified(catalog, name string) string {
	schema, table := splitTable(name)
	return catalog + "." + schema + "." + quoteName(table)
}
