package warehouse

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

type adder = func(...driver.Value) error

func (b *build) modelsTable() engineTable {
	return engineTable{
		schema: "meta", name: "models", about: models.Text{ID: "Model SQL yang membentuk rilis ini.", EN: "The SQL models that made this release."},
		columns: []engineColumn{
			col("position", "INTEGER", "Urutan pembangunan.", "Build order."),
			col("name", "VARCHAR", "Nama model dan tabelnya.", "Name of the model and its table."),
			col("layer", "VARCHAR", "Lapisan: staging, core, marts, kpis, checks.", "Layer: staging, core, marts, kpis, checks."),
			col("title_id", "VARCHAR", "Judul (Indonesia).", "Title in Indonesian."),
			col("title_en", "VARCHAR", "Judul (Inggris).", "Title in English."),
			col("grain", "VARCHAR", "Kolom yang membuat baris unik.", "Columns that make a row unique."),
			col("reads", "VARCHAR", "Tabel yang dibaca.", "Tables that it reads."),
			col("row_count", "BIGINT", "Jumlah baris.", "Number of rows."),
			col("hash", "VARCHAR", "SHA-256 dari SQL.", "SHA-256 of the SQL."),
			col("sql", "VARCHAR", "Teks SQL.", "SQL text."),
		},
		rows: func(add adder) error {
			for i, m := range b.Models {
				var rows driver.Value
				if n, built := b.rows[m.Name]; built {
					rows = n
				}
				if err := add(int32(i+1), m.Name, string(m.Layer), m.Meta.Title.ID, m.Meta.Title.EN, strings.Join(m.Meta.Grain, ", "),
					strings.Join(b.readsOf(m.Name), ", "), rows, sha256Hex([]byte(m.SQL)), m.SQL); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) kpisTable() engineTable {
	columns := []engineColumn{
		col("kpi", "VARCHAR", "Kode indikator.", "KPI code."),
		col("measure", "VARCHAR", "Nama ukuran.", "Name of the measure."),
		col("is_default", "BOOLEAN", "Ukuran utama indikator.", "Whether it is the KPI's default measure."),
		col("theme", "VARCHAR", "Tema.", "Theme."),
		col("unit", "VARCHAR", "Satuan.", "Unit."),
		col("kind", "VARCHAR", "Jenis angka: count, share, rate, money atau duration.", "Kind of number: count, share, rate, money or duration."),
		col("direction", "VARCHAR", "Arah yang baik: up, down atau context.", "Which way is better: up, down or context."),
		col("additive", "BOOLEAN", "Apakah anggota rincian berjumlah menjadi total.", "Whether members add up to the total."),
		col("additive_over_time", "BOOLEAN", "Apakah bulan berjumlah menjadi triwulan dan tahun.", "Whether months add up to quarters and years."),
	}
	for _, t := range []struct{ name, id, en string }{
		{"kpi_title", "Judul indikator", "Title of the KPI"}, {"title", "Judul ukuran", "Title of the measure"},
		{"definition", "Definisi", "Definition"}, {"numerator", "Pembilang", "Numerator"}, {"denominator", "Penyebut", "Denominator"},
		{"exclusions", "Yang tidak dihitung", "What is not counted"}, {"maturity", "Kematangan", "Maturity"},
	} {
		columns = append(columns, col(t.name+"_id", "VARCHAR", t.id+" (Indonesia).", t.en+" in Indonesian."),
			col(t.name+"_en", "VARCHAR", t.id+" (Inggris).", t.en+" in English."))
	}
	columns = append(columns,
		col("breakdowns", "VARCHAR", "Rincian yang tersedia.", "Breakdowns that exist."),
		col("periods", "VARCHAR", "Jenis periode yang tersedia: month, quarter, year.", "Kinds of period that exist: month, quarter, year."),
		col("suppress_below", "INTEGER", "Sel dengan orang atau kasus kurang dari ini bukan untuk umum; 0 bila berapa pun boleh.", "Cells of fewer persons or cases than this are not for the public; 0 where any number may be told."),
		col("suppress_restricted_below", "INTEGER", "Hal yang sama untuk kategori terbatas; kosong bila indikator tidak memuatnya.", "The same for restricted categories; empty where the KPI tells of none."),
		col("withheld", "VARCHAR", "Yang menahannya hari ini: sql (status suppressed, di semua berkas), breakdowns (untuk umum hanya total; sel di berkas ini tidak ditahan) atau nothing (terbit menurut satu rincian).", "What withholds them today: sql (status suppressed, in every file), breakdowns (totals only for the public; cells of this file are not withheld) or nothing (published by one breakdown)."),
		col("sources", "VARCHAR", "Himpunan data asal.", "Datasets that it comes from."),
		col("owner", "VARCHAR", "Penanggung jawab.", "Who answers for it."),
		col("anchor_id", "VARCHAR", "Definisi terbitan yang diikuti (Indonesia).", "Published definitions that it follows, in Indonesian."),
		col("anchor_en", "VARCHAR", "Definisi terbitan yang diikuti (Inggris).", "Published definitions that it follows, in English."),
		col("version", "VARCHAR", "Versi definisi.", "Version of the definition."),
		col("model", "VARCHAR", "Model SQL.", "SQL model."))
	return engineTable{
		schema: "meta", name: "kpis", columns: columns,
		about: models.Text{ID: "Lembar definisi: satu baris per indikator dan ukuran.", EN: "Definitions sheet: one row per KPI and measure."},
		rows: func(add adder) error {
			for _, m := range b.Models {
				anchor := models.JoinTexts(m.Meta.Anchor)
				for _, ms := range m.Meta.Measures {
					row := []driver.Value{m.Meta.ID, ms.Name, ms.Name == m.Meta.DefaultMeasure, m.Meta.Theme, ms.Unit, string(ms.Kind()), ms.Direction,
						ms.Additive.OverMembers(), ms.Additive.OverTime()}
					for _, t := range []models.Text{m.Meta.Title, ms.Title, ms.Definition, ms.Numerator, ms.Denominator, m.Meta.Exclusions, m.Meta.Maturity} {
						row = append(row, t.ID, t.EN)
					}
					var restricted driver.Value
					if s := m.Meta.Suppression; s.Restricted > 0 {
						restricted = int32(s.Restricted)
					}
					row = append(row, strings.Join(m.Meta.Breakdowns, ", "), strings.Join(m.Meta.PeriodsOf(ms), ", "),
						int32(m.Meta.Suppression.Below), restricted, m.Meta.Suppression.Withheld, strings.Join(m.Meta.Sources, ", "), m.Meta.Owner,
						anchor.ID, anchor.EN, m.Meta.Version, m.Name)
					if err := add(row...); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

func (b *build) conservationTable() engineTable {
	return engineTable{
		schema: "meta", name: "conservation", about: models.Text{ID: "Neraca baris: tidak ada rekaman yang hilang.", EN: "Account of rows: no record goes missing."},
		columns: []engineColumn{
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("records", "BIGINT", "Rekaman yang dibaca dari kiriman.", "Records read from deliveries."),
			col("accepted", "BIGINT", "Baris yang diterima.", "Rows accepted."),
			col("quarantined", "BIGINT", "Rekaman yang dikarantina.", "Records in quarantine."),
			col("current_rows", "BIGINT", "Versi terbaru yang berlaku.", "Newest living versions."),
			col("superseded", "BIGINT", "Versi lama.", "Older versions."),
			col("duplicates", "BIGINT", "Versi yang sama dikirim ulang.", "The same version again."),
			col("tombstoned", "BIGINT", "Kunci yang dihapus sumbernya.", "Keys that their source took away."),
			col("staged", "BIGINT", "Baris di lapisan staging; -1 bila tidak ada.", "Rows in staging; -1 where there is none."),
		},
		rows: func(add adder) error {
			for _, c := range b.manifest.Conservation {
				if err := add(c.Dataset, c.Records, c.Accepted, c.Quarantined, c.Current, c.Superseded, c.Duplicates, c.Tombstoned, c.Staged); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) commitsTable() engineTable {
	return engineTable{
		schema: "meta", name: "commits", about: models.Text{ID: "Catatan commit yang masuk rilis ini.", EN: "The commits that this release counts."},
		columns: []engineColumn{
			col("commit_no", "BIGINT", "Nomor commit.", "Commit number."),
			col("known_at", "TIMESTAMPTZ", "Waktu diketahui.", "Knowledge time."),
			col("kind", "VARCHAR", "Jenis: delivery, replay, renormalise, withheld, retokenise, shred.", "Kind: delivery, replay, renormalise, withheld, retokenise, shred."),
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("origin", "VARCHAR", "Asal data.", "Origin of the data."),
			col("objects", "BIGINT", "Jumlah objek.", "Number of objects."),
			col("records", "BIGINT", "Rekaman dibaca.", "Records read."),
			col("row_count", "BIGINT", "Baris himpunan data ini.", "Rows of this dataset."),
			col("normaliser", "INTEGER", "Versi normalisasi.", "Normaliser version."),
			col("reason", "VARCHAR", "Alasan bila ditahan, atau bila kunci diganti atau dimusnahkan.", "Reason when withheld, or when a key was replaced or destroyed."),
		},
		rows: func(add adder) error {
			for _, e := range b.Snapshot.Entries {
				var records, rows int64
				for _, o := range e.Objects {
					records += o.Records
				}
				for _, f := range e.Files {
					if f.Dataset == e.Dataset {
						rows += f.Rows
					}
				}
				if err := add(e.No, e.KnownAt.UTC(), e.Kind, e.Feed, e.Source, e.Dataset, e.Origin, int64(len(e.Objects)), records, rows,
					int32(e.NormaliserVersion), e.Reason); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) filesTable() engineTable {
	return engineTable{
		schema: "meta", name: "files", about: models.Text{ID: "Berkas Parquet yang dibaca.", EN: "The Parquet files that were read."},
		columns: []engineColumn{
			col("path", "VARCHAR", "Letak di folder data.", "Path in the data folder."),
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("period", "VARCHAR", "Bulan kejadian.", "Month of the events."),
			col("row_count", "BIGINT", "Jumlah baris.", "Number of rows."),
			col("bytes", "BIGINT", "Ukuran.", "Size."),
			col("sha256", "VARCHAR", "SHA-256.", "SHA-256."),
			col("commit_no", "BIGINT", "Commit yang membawa baris ini.", "Commit that brought these rows."),
			col("known_at", "TIMESTAMPTZ", "Waktu diketahui.", "Knowledge time."),
			col("normaliser", "INTEGER", "Versi normalisasi.", "Normaliser version."),
		},
		rows: func(add adder) error {
			for _, f := range b.Snapshot.Files {
				if err := add(f.Path, f.Dataset, f.Source, f.Feed, f.Period, f.Rows, f.Bytes, f.SHA256, f.CommitNo, f.KnownAt.UTC(), int32(f.Normaliser)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *build) objectsTable() engineTable {
	return engineTable{
		schema: "meta", name: "objects", about: models.Text{ID: "Objek yang diterima dari sumber, seperti disajikan.", EN: "The objects taken from the sources, as served."},
		columns: []engineColumn{
			col("object_id", "VARCHAR", "Kode objek (HMAC isi).", "Object id (HMAC of the content)."),
			col("name", "VARCHAR", "Nama di sumber.", "Name at the source."),
			col("commit_no", "BIGINT", "Nomor commit.", "Commit number."),
			col("known_at", "TIMESTAMPTZ", "Waktu diketahui.", "Knowledge time."),
			col("kind", "VARCHAR", "Jenis commit.", "Kind of the commit."),
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("media_type", "VARCHAR", "Jenis media.", "Media type."),
			col("modified_at", "TIMESTAMPTZ", "Waktu ubah menurut sumber.", "Modification time as the source says."),
			col("bytes", "BIGINT", "Ukuran.", "Size."),
			col("records", "BIGINT", "Rekaman dibaca.", "Records read."),
			col("accepted", "BIGINT", "Rekaman diterima.", "Records accepted."),
			col("quarantined", "BIGINT", "Rekaman dikarantina.", "Records in quarantine."),
		},
		rows: func(add adder) error {
			for _, e := range b.Snapshot.Entries {
				for _, o := range e.Objects {
					if err := add(o.ID, o.Name, e.No, e.KnownAt.UTC(), e.Kind, e.Feed, e.Source, e.Dataset, o.MediaType, timeOrNull(o.ModifiedAt),
						o.Bytes, o.Records, o.Accepted, o.Quarantined); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

func timeOrNull(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// rejectCounts counts problems; the rejected values themselves stay in the lake.
func (b *build) rejectCounts(ctx context.Context) (engineTable, error) {
	var rows [][]driver.Value
	err := b.s.each(ctx, `select dataset, source, feed, code, column_name, count(*), count(distinct (object_id, row_no, commit_no))
		from lake_rejects group by all order by all`, func(row []*string) error {
		r := make([]driver.Value, len(row))
		for i, v := range row {
			if v == nil {
				continue
			}
			r[i] = *v
			if i >= 5 {
				n, err := strconv.ParseInt(*v, 10, 64)
				if err != nil {
					return err
				}
				r[i] = n
			}
		}
		rows = append(rows, r)
		return nil
	})
	return engineTable{
		schema: "meta", name: "rejects", about: models.Text{ID: "Jumlah masalah di karantina; tanpa isi rekaman.", EN: "Counts of problems in quarantine; no record content."},
		columns: []engineColumn{
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("source", "VARCHAR", "Sistem sumber.", "Source system."),
			col("feed", "VARCHAR", "Feed.", "Feed."),
			col("code", "VARCHAR", "Kode masalah.", "Problem code."),
			col("column_name", "VARCHAR", "Kolom.", "Column."),
			col("problems", "BIGINT", "Jumlah masalah.", "Number of problems."),
			col("records", "BIGINT", "Jumlah rekaman.", "Number of records."),
		},
		rows: allRows(rows),
	}, err
}
