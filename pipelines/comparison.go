package pipelines

import (
	"cmp"
	"context"
	database "database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// compare gives a release in the making its comparisons: with every published figure, and
// with the release before it. They are tables of the release, so that who asks in SQL gets
// the same answers as who asks the program.
func compare(ctx context.Context, project *configs.Project, job BuildJob, conn *database.Conn, result *BuildResult) ([]warehouse.Table, error) {
	releases, err := warehouse.OpenReleases(ReleasesDir(project))
	if err != nil {
		return nil, err
	}
	made, err := figures.Open(ctx, conn)
	if err != nil {
		return nil, err
	}
	earlier, err := openHistory(ctx, releases, vintages, made)
	if err != nil {
		return nil, err
	}
	if earlier == nil {
		earlier = &History{}
	}
	defer earlier.Close()
	reconciled, err := reconciliationTable(ctx, made, earlier.History)
	if err != nil {
		return nil, err
	}
	restated, err := restatementsTable(ctx, releases, made, earlier.Current, job.Out, result)
	if err != nil {
		return nil, err
	}
	frozen, err := frozenTable(ctx, releases, made)
	return []warehouse.Table{reconciled, restated, frozen}, err
}

func reconciliationTable(ctx context.Context, made *figures.Release, earlier figures.History) (warehouse.Table, error) {
	t := warehouse.Table{
		Name: "reconciliation", About: text("Setiap angka terbitan, dibandingkan dengan rilis ini.", "Every published figure, compared with this release."),
		Columns: []warehouse.TableColumn{
			column("no", "BIGINT", "Nomor angka terbitan.", "Number of the published figure."),
			column("kpi", "VARCHAR", "Indikator yang menjawabnya; kosong bila tidak ada.", "KPI that answers it; empty where there is none."),
			column("measure", "VARCHAR", "Ukuran indikator.", "Measure of the KPI."),
			column("period", "VARCHAR", "Periode seperti dicetak.", "Period as printed."),
			column("printed_measure", "VARCHAR", "Ukuran seperti dicetak.", "Measure as printed."),
			column("printed_breakdown", "VARCHAR", "Rincian seperti dicetak.", "Breakdown as printed."),
			column("published", "DOUBLE", "Nilai yang dicetak.", "Value as printed."),
			column("unit", "VARCHAR", "Satuan yang dicetak.", "Unit as printed."),
			column("publication", "VARCHAR", "Kode terbitan; lihat dim_publication.", "Code of the publication; see dim_publication."),
			column("vintage", "VARCHAR", "Keadaan data menurut terbitan.", "State of the data as the publication gives it."),
			column("class", "VARCHAR", "equal, within_tolerance, differs atau not_computable.", "equal, within_tolerance, differs or not_computable."),
			column("computed", "DOUBLE", "Nilai yang dihitung, dalam satuan terbitan.", "Computed value, in the published unit."),
			column("difference", "DOUBLE", "Dihitung dikurangi dicetak.", "Computed less printed."),
			column("reason_code", "VARCHAR", "Kode alasan.", "Code of the reason."),
			column("reason_id", "VARCHAR", "Alasan (Indonesia).", "Reason in Indonesian."),
			column("reason_en", "VARCHAR", "Alasan (Inggris).", "Reason in English."),
			column("figures", "VARCHAR", "Angka rilis yang dipakai, untuk lindung explain.", "Figures of the release that it was computed from, for lindung explain."),
		},
	}
	published, err := made.PublishedFigures(ctx)
	if err != nil {
		return t, err
	}
	rec, err := figures.Reconcile(ctx, made, earlier, published)
	if err != nil {
		return t, err
	}
	for _, v := range rec.Verdicts {
		kpi, measure := v.Subject()
		reason := figures.Text{}
		if v.Reason != nil {
			reason = *v.Reason
		}
		t.Rows = append(t.Rows, []driver.Value{v.No, orNull(kpi), orNull(measure), v.PeriodText, v.Measure, v.Breakdown, v.Value, v.Unit,
			v.Publication, orNull(v.Vintage), string(v.Class), number(v.Computed), number(v.Difference),
			orNull(v.ReasonCode), orNull(reason.ID), orNull(reason.EN), orNull(addresses(v.Figures))})
	}
	return t, nil
}

// addressesShown is how many figures a verdict names: a year of months, and then that there are more.
const addressesShown = 12

func addresses(all []figures.Address) string {
	names := make([]string, 0, len(all))
	for i, a := range all {
		if i == addressesShown {
			names = append(names, "…")
			break
		}
		names = append(names, a.String())
	}
	return strings.Join(names, " ")
}

// restatementsTable compares with the release before, and keeps what earlier ones restated: a
// restatement stays on record when the releases that show it are pruned.
func restatementsTable(ctx context.Context, releases *warehouse.Releases, made, before *figures.Release, out string, result *BuildResult) (warehouse.Table, error) {
	t := warehouse.Table{
		Name: "restatements", About: text("Angka yang berubah dari rilis ke rilis, dan sebabnya.", "Figures that changed from release to release, and why."),
		Columns: []warehouse.TableColumn{
			column("old_release", "VARCHAR", "Rilis sebelumnya.", "The release before."),
			column("new_release", "VARCHAR", "Rilis yang mengubah.", "The release that changed it."),
			column("old_as_of", "DATE", "Tanggal acuan rilis sebelumnya.", "As-of day of the release before."),
			column("new_as_of", "DATE", "Tanggal acuan rilis yang mengubah.", "As-of day of the release that changed it."),
			column("kpi", "VARCHAR", "Kode indikator.", "KPI code."),
			column("measure", "VARCHAR", "Ukuran.", "Measure."),
			column("period", "VARCHAR", "Periode.", "Period."),
			column("breakdown", "VARCHAR", "Rincian; total untuk angka keseluruhan.", "Breakdown; total for the whole figure."),
			column("member", "VARCHAR", "Anggota yang menjelaskan perubahan total; kosong untuk total.", "Member that explains the change of the total; empty for the total."),
			column("unit", "VARCHAR", "Satuan.", "Unit."),
			column("old_value", "DOUBLE", "Nilai lama.", "Old value."),
			column("new_value", "DOUBLE", "Nilai baru; kosong bila ditarik.", "New value; empty when it was withdrawn."),
			column("delta", "DOUBLE", "Baru dikurangi lama.", "New less old."),
			column("cause", "VARCHAR", "data, definition, data_and_definition atau other.", "data, definition, data_and_definition or other."),
			column("reason_id", "VARCHAR", "Sebab (Indonesia).", "Why, in Indonesian."),
			column("reason_en", "VARCHAR", "Sebab (Inggris).", "Why, in English."),
		},
	}
	list := &figures.Restated{List: []figures.Restatement{}}
	if before != nil {
		var err error
		if list, err = figures.Restatements(ctx, before, made, false); err != nil {
			return t, err
		}
		if before.Whole() {
			t.Rows, err = pastRestatements(ctx, before, t.Columns)
		} else {
			t.Rows, err = restatementsOnFile(releases, before.ID)
		}
		if err != nil {
			return t, err
		}
	}
	result.Restated = len(list.List)
	t.Rows = append(t.Rows, restatementRows(list)...)
	raw, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return t, err
	}
	return t, os.WriteFile(filepath.Join(out, warehouse.RestatementsFile), append(raw, '\n'), 0o644)
}

func restatementRows(list *figures.Restated) (rows [][]driver.Value) {
	for _, r := range list.List {
		rows = append(rows, restatementRow(list, r, r.Address, r.Old, r.New, r.Delta))
		for _, p := range r.Parts {
			rows = append(rows, restatementRow(list, r, p.Address, &p.Old, &p.New, &p.Delta))
		}
	}
	return rows
}

// restatementsOnFile gives what a release had on record, from the lists that stay when DuckDB files
// go: each release's own, and before it those of the release that it was compared with.
func restatementsOnFile(releases *warehouse.Releases, id string) ([][]driver.Value, error) {
	path := filepath.Join(releases.Dir(), id, warehouse.RestatementsFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the restatements on record: %w", err)
	}
	var list figures.Restated
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("reading the restatements on record (%s): %w", path, err)
	}
	if list.Old.ID == "" {
		return nil, nil // the first release
	}
	rows, err := restatementsOnFile(releases, list.Old.ID)
	return append(rows, restatementRows(&list)...), err
}

func restatementRow(list *figures.Restated, r figures.Restatement, a figures.Address, was, is, delta *float64) []driver.Value {
	return []driver.Value{list.Old.ID, list.New.ID, list.Old.AsOf, list.New.AsOf, a.KPI, a.Measure, a.Period, cmp.Or(a.Breakdown, "total"), a.Member,
		r.Unit, number(was), number(is), number(delta), r.Cause, r.Why.ID, r.Why.EN}
}

// pastRestatements reads what the release before has on record.
func pastRestatements(ctx context.Context, before *figures.Release, columns []warehouse.TableColumn) ([][]driver.Value, error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	rows, err := before.Rows(ctx, "restatements", names)
	if err != nil {
		return nil, fmt.Errorf("reading the restatements on record: %w", err)
	}
	values := make([][]driver.Value, len(rows))
	for i, row := range rows {
		for _, v := range row {
			values[i] = append(values[i], v)
		}
	}
	return values, nil
}

func text(id, en string) sql.Text { return sql.Text{ID: id, EN: en} }

func column(name, sqlType, id, en string) warehouse.TableColumn {
	return warehouse.TableColumn{Name: name, SQLType: sqlType, About: text(id, en)}
}

func orNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

func number(v *float64) driver.Value {
	if v == nil {
		return nil
	}
	return *v
}
