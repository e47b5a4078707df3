package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	models "github.com/kp2mi/lindung/sql"
)

// A Comparer makes tables that compare the figures of a release in the making with others. The connection sees
// the release as it will be, but for what the comparer gives.
type Comparer func(ctx context.Context, conn *sql.Conn) ([]Table, error)

// A Table is a table of meta that somebody else fills: one that compares this release's figures with those of
// others, printed or released, which the build knows nothing of.
type Table struct {
	Name    string
	About   models.Text
	Columns []TableColumn
	Rows    [][]driver.Value
}

// A TableColumn is a column of a Table and what it means.
type TableColumn struct {
	Name, SQLType string
	About         models.Text
}

// comparedTables are the tables that Compare may give. They depend on the releases before, not on the inputs
// alone, so that they are no part of a release's content hash.
var comparedTables = map[string]bool{"reconciliation": true, "restatements": true, "frozen_figures": true}

// compare writes the tables of whoever compares.
func (b *build) compare(ctx context.Context) error {
	if b.Compare == nil {
		return nil
	}
	tables, err := b.Compare(ctx, b.s.conn)
	if err != nil {
		return fmt.Errorf("comparing the figures with others: %w", err)
	}
	for _, t := range tables {
		if !comparedTables[t.Name] {
			return fmt.Errorf("comparing the figures with others: meta.%s is no table of comparisons", t.Name)
		}
		e := engineTable{schema: "meta", name: t.Name, about: t.About, rows: allRows(t.Rows)}
		for _, c := range t.Columns {
			e.columns = append(e.columns, engineColumn{Column{Name: c.Name, SQLType: c.SQLType}, c.About})
		}
		if err := b.writeEngineTable(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// suppressions lists what a reader does not see and why, by KPI and breakdown: in this file, and beyond that in
// the one for the public. It counts cells and names none of them, because a name would say where something happened.
func (b *build) suppressions(ctx context.Context) (engineTable, error) {
	var rows [][]driver.Value
	found, err := b.s.conn.QueryContext(ctx, fmt.Sprintf(suppressedCells, b.openSelect(database)))
	if err != nil {
		return engineTable{}, fmt.Errorf("counting suppressed cells: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var kpi, measure, breakdown, file, rule string
		var cells int64
		if err := found.Scan(&kpi, &measure, &breakdown, &file, &rule, &cells); err != nil {
			return engineTable{}, fmt.Errorf("counting suppressed cells: %w", err)
		}
		why := suppressionRules[rule]
		rows = append(rows, []driver.Value{kpi, measure, breakdown, file, cells, rule, why.ID, why.EN})
	}
	return engineTable{
		schema: "meta", name: "suppressions", about: models.Text{ID: "Yang disamarkan atau tidak diterbitkan, dan sebabnya.", EN: "What is suppressed or not published, and why."},
		columns: []engineColumn{
			col("kpi", "VARCHAR", "Kode indikator.", "KPI code."),
			col("measure", "VARCHAR", "Ukuran.", "Measure."),
			col("breakdown", "VARCHAR", "Rincian.", "Breakdown."),
			col("file", "VARCHAR", "Berkas yang tidak memuat nilainya.", "The file that lacks the values."),
			col("cells", "BIGINT", "Jumlah sel.", "Number of cells."),
			col("rule", "VARCHAR", "Kode aturan.", "Code of the rule."),
			col("reason_id", "VARCHAR", "Alasan (Indonesia).", "Reason in Indonesian."),
			col("reason_en", "VARCHAR", "Alasan (Inggris).", "Reason in English."),
		},
		rows: allRows(rows),
	}, found.Err()
}

const suppressedCells = `select kpi, measure, breakdown, 'warehouse.duckdb' as file, 'small_cell' as rule, count(*) as cells
from figures where status = 'suppressed' group by all
union all
select kpi, measure, breakdown, 'open.duckdb', 'not_open', count(*)
from figures semi join (select kpi, measure, breakdown from (%s) where status = 'suppressed' and breakdown <> 'total') using (kpi, measure, breakdown)
where status <> 'suppressed' group by all
order by all`

var suppressionRules = map[string]models.Text{
	"small_cell": {ID: "Model indikator menahan nilai yang dapat menunjuk orang; aturannya ada di definisi indikator.",
		EN: "The KPI's model withholds values that could point at a person; its rule is in the KPI's definition."},
	"not_open": {ID: "Untuk umum hanya total setiap indikator, dan penempatan menurut satu rincian.",
		EN: "For the public there are the totals of every KPI, and placements by one breakdown."},
}

// lineageTable is how the release came about, edge by edge.
func (b *build) lineageTable() engineTable {
	return engineTable{
		schema: "meta", name: "lineage", about: models.Text{ID: "Silsilah: dari sistem sumber sampai indikator, satu baris per sambungan.", EN: "Lineage: from source systems to KPIs, one row per edge."},
		columns: []engineColumn{
			col("from_kind", "VARCHAR", "Jenis asal: source, feed, dataset, reference atau model.", "Kind of where it comes from: source, feed, dataset, reference or model."),
			col("from_name", "VARCHAR", "Nama asal.", "Name of where it comes from."),
			col("to_kind", "VARCHAR", "Jenis tujuan: feed, dataset, model atau kpi.", "Kind of where it goes: feed, dataset, model or kpi."),
			col("to_name", "VARCHAR", "Nama tujuan.", "Name of where it goes."),
		},
		rows: func(add adder) error {
			for _, e := range b.lineageEdges() {
				if err := add(e[0], e[1], e[2], e[3]); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
