package warehouse

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sort"
	"strings"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// readMeTable is the table that a person who opens the file should look at first; its name sorts before others.
const readMeTable = "_read_me_first"

// An engineTable is a table that describes the release rather than the world.
type engineTable struct {
	schema, name string
	about        models.Text
	columns      []engineColumn
	rows         func(add func(...driver.Value) error) error
}

type engineColumn struct {
	Column
	text models.Text
}

func col(name, sqlType, id, en string) engineColumn {
	return engineColumn{Column{Name: name, SQLType: sqlType}, models.Text{ID: id, EN: en}}
}

// writeMeta writes the tables by which a release explains itself. meta.columns comes last, because it lists the
// columns of all others and its own.
func (b *build) writeMeta(ctx context.Context) error {
	if err := b.s.exec(ctx, "create schema "+database+".meta"); err != nil {
		return fmt.Errorf("writing meta tables: %w", err)
	}
	rejects, err := b.rejectCounts(ctx)
	if err != nil {
		return fmt.Errorf("counting rejects: %w", err)
	}
	suppressed, err := b.suppressions(ctx)
	if err != nil {
		return err
	}
	tables := []engineTable{b.readMe(), b.releaseTable(), b.modelsTable(), b.kpisTable(),
		b.conservationTable(), b.commitsTable(), b.filesTable(), b.objectsTable(), b.lineageTable(), rejects, suppressed, b.crosschecked}
	tables = append(tables, b.qualityTables()...)
	for _, t := range tables {
		if err := b.writeEngineTable(ctx, t); err != nil {
			return err
		}
	}
	if err := b.compare(ctx); err != nil {
		return err
	}
	if err := b.writeOperations(ctx); err != nil {
		return err
	}
	run := []engineColumn{
		col("as_of", "DATE", "Tanggal acuan rilis.", "The day that the release looks back from."),
		col("report_month", "DATE", "Hari pertama bulan laporan.", "First day of the report month."),
		col("release_id", "VARCHAR", "Kode rilis.", "Release id."),
		col("origin", "VARCHAR", "Asal data: sample atau real.", "Origin of the data: sample or real."),
	}
	about := models.Text{ID: "Satu baris: tanggal acuan yang dibaca semua model.", EN: "One row: the day that all models read."}
	if err := b.commentEngine(ctx, engineTable{name: "run", about: about, columns: run}); err != nil {
		return err
	}
	if err := b.createViews(ctx, database); err != nil {
		return err
	}
	columns := b.columnsTable()
	b.define(columns)
	return b.writeEngineTable(ctx, columns)
}

func (b *build) writeEngineTable(ctx context.Context, t engineTable) error {
	schema := t.schema
	if schema == "" {
		schema = "main"
	}
	definitions := make([]string, len(t.columns))
	for i, c := range t.columns {
		definitions[i] = quoteName(c.Name) + " " + c.SQLType
	}
	if err := b.s.exec(ctx, fmt.Sprintf("create table %s.%s.%s (%s)", database, schema, quoteName(t.name), strings.Join(definitions, ", "))); err != nil {
		return fmt.Errorf("writing table %s: %w", t.name, err)
	}
	if err := b.s.appendRows(database, schema, t.name, t.rows); err != nil {
		return fmt.Errorf("writing table %s: %w", t.name, err)
	}
	return b.commentEngine(ctx, t)
}

func (b *build) commentEngine(ctx context.Context, t engineTable) error {
	d := b.define(t)
	schema := database + ".main"
	if t.schema != "" {
		schema = database + "." + t.schema
	}
	return b.comment(ctx, schema, t.name, d.about, d.columns, d.definitions)
}

func (b *build) define(t engineTable) definedTable {
	d := definedTable{about: t.about, definitions: map[string]models.Text{}}
	for _, c := range t.columns {
		d.columns = append(d.columns, c.Column)
		d.definitions[c.Name] = c.text
	}
	key := t.name
	if t.schema != "" {
		key = t.schema + "." + t.name
	}
	b.defined[key] = d
	return d
}

func (b *build) readMe() engineTable {
	lines := []models.Text{
		{ID: "Rilis " + b.ReleaseID + " dari Lindung, tanggal acuan " + b.AsOf.In(jakarta).Format(time.DateOnly) + ".",
			EN: "Lindung release " + b.ReleaseID + ", as of " + b.AsOf.In(jakarta).Format(time.DateOnly) + "."},
		{ID: "Angka indikator: tabel figures, dengan tanggal acuan dan satuan: figures_dated. Definisinya: meta.kpis. Arti setiap kolom: meta.columns atau komentar tabel.",
			EN: "KPI figures: table figures, with as-of day and unit: figures_dated. Their definitions: meta.kpis. What each column means: meta.columns, or the table comments."},
		{ID: "Satu penempatan adalah satu layanan yang selesai, bukan keberangkatan. Angka yang tidak tersedia bukan nol.",
			EN: "A placement is a completed service, not a departure. A figure that is not available is not zero."},
		{ID: "Berkas ini tidak pernah diubah; rilis berikutnya adalah berkas lain.",
			EN: "This file is never changed; the next release is another file."},
	}
	if !releaseName.MatchString(b.ReleaseID) {
		lines = append([]models.Text{{ID: "CALON RILIS: tidak diterbitkan, hanya untuk dibandingkan.", EN: "CANDIDATE: not published, for comparison only."}}, lines...)
	}
	if b.manifest.Banner != "" {
		id, en, _ := strings.Cut(SampleBanner, " / ")
		lines = append([]models.Text{{ID: id, EN: en}}, lines...)
	}
	return engineTable{
		name: readMeTable, about: models.Text{ID: "Baca ini dulu.", EN: "Read this first."},
		columns: []engineColumn{
			col("line", "INTEGER", "Nomor baris.", "Line number."),
			col("id", "VARCHAR", "Teks bahasa Indonesia.", "Indonesian text."),
			col("en", "VARCHAR", "Teks bahasa Inggris.", "English text."),
		},
		rows: func(add func(...driver.Value) error) error {
			for i, l := range lines {
				if err := add(int32(i+1), l.ID, l.EN); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) releaseTable() engineTable {
	m := b.manifest
	return engineTable{
		schema: "meta", name: "release", about: models.Text{ID: "Satu baris: rilis ini.", EN: "One row: this release."},
		columns: []engineColumn{
			col("release_id", "VARCHAR", "Kode rilis.", "Release id."),
			col("origin", "VARCHAR", "Asal data: sample atau real.", "Origin of the data: sample or real."),
			col("notice", "VARCHAR", "Peringatan untuk setiap pemakaian; kosong untuk data resmi.", "Notice for every use; empty for real data."),
			col("as_of", "DATE", "Tanggal acuan.", "As-of day."),
			col("report_month", "VARCHAR", "Bulan laporan.", "Report month."),
			col("log_head", "BIGINT", "Nomor commit terakhir.", "Number of the newest commit."),
			col("log_hash", "VARCHAR", "Hash commit terakhir.", "Hash of the newest commit."),
			col("models_hash", "VARCHAR", "Hash himpunan model.", "Hash of the model set."),
			col("code_version", "VARCHAR", "Versi program.", "Program version."),
			col("duckdb_version", "VARCHAR", "Versi DuckDB.", "DuckDB version."),
			col("storage_version", "VARCHAR", "Versi format berkas.", "Storage format version."),
		},
		rows: func(add func(...driver.Value) error) error {
			return add(m.ReleaseID, m.Origin, m.Banner, dayOf(b.AsOf), m.ReportMonth, m.LogHead, m.LogHash, m.ModelsHash, m.CodeVersion, m.DuckDB, m.Storage)
		},
	}
}

// dayOf is the calendar day in Jakarta, as DuckDB's DATE wants it: midnight UTC.
func dayOf(t time.Time) time.Time {
	y, m, d := t.In(jakarta).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (b *build) columnsTable() engineTable {
	t := engineTable{
		schema: "meta", name: "columns", about: models.Text{ID: "Kamus: satu baris per kolom.", EN: "Dictionary: one row per column."},
		columns: []engineColumn{
			col("table_name", "VARCHAR", "Nama tabel.", "Table name."),
			col("column_name", "VARCHAR", "Nama kolom.", "Column name."),
			col("position", "INTEGER", "Urutan kolom.", "Position of the column."),
			col("data_type", "VARCHAR", "Tipe data SQL.", "SQL type."),
			col("definition_id", "VARCHAR", "Definisi (Indonesia).", "Definition in Indonesian."),
			col("definition_en", "VARCHAR", "Definisi (Inggris).", "Definition in English."),
		},
	}
	t.rows = func(add func(...driver.Value) error) error {
		names := make([]string, 0, len(b.defined))
		for name := range b.defined {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			d := b.defined[name]
			for i, c := range d.columns {
				text := d.definitions[c.Name]
				if err := add(name, c.Name, int32(i+1), c.SQLType, text.ID, text.EN); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return t
}
