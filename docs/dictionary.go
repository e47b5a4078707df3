package docs

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// shortList is up to how many codes a list is printed whole.
const shortList = 40

const dictionaryAbout = `Apa arti setiap himpunan data, tabel, dan kolom. Teks yang sama menjadi komentar tabel dan kolom dalam berkas DuckDB
(` + "`meta.columns`" + `). Kelas: open = boleh terbit sebagai jumlah; internal = untuk kementerian; personal = pribadi; specific = pribadi yang
bersifat spesifik; identifier = token pengenal. Yang diterbitkan tidak pernah berupa baris.

What every dataset, table and column means. The same texts are the comments of tables and columns in the DuckDB file
(` + "`meta.columns`" + `). Class: open = may be published as counts; internal = for the ministry; personal; specific = personal and
sensitive; identifier = token of an identifier. What is published is never a row.`

// dictionary describes datasets, code lists and tables.
func (c *catalogue) dictionary() []byte {
	p := &page{}
	p.generated("Kamus data / Data dictionary", dictionaryAbout)
	p.heading(2, "Himpunan data / Datasets")
	p.line("Satu baris adalah satu rekaman seperti diterima dan dibaca (danau data). / One row is one record as it was received and read (the lake).")
	shared := c.sharedColumns()
	for _, d := range transforms.Datasets() {
		c.dataset(p, d, shared)
	}
	p.heading(3, "Kolom asal-usul / Provenance columns")
	p.line("Setiap himpunan data juga memuat kolom ini. / Every dataset has these columns too.\n")
	c.columnTable(p, shared)
	c.codeLists(p)
	c.modelTables(p)
	return p.Bytes()
}

// A described column is a column of a dataset with its definition.
type described struct {
	transforms.Column
	configs.ColumnDefinition
}

// sharedColumns are the provenance columns, as the first dataset describes them.
func (c *catalogue) sharedColumns() (shared []described) {
	d := transforms.Datasets()[0]
	for _, col := range d.Columns()[len(business(d)):] {
		def, _ := c.definitions[d.Name()].Column(col.Name)
		shared = append(shared, described{col, def})
	}
	return shared
}

// dataset describes one dataset; columns that are described as everywhere stand at the end of the part.
func (c *catalogue) dataset(p *page, d transforms.Dataset, shared []described) {
	def := c.definitions[d.Name()]
	p.heading(3, code(d.Name())+" "+def.Title.ID+" / "+def.Title.EN)
	p.line("%s\n\n%s\n", def.Description.ID, def.Description.EN)
	p.line("Kunci / grain: %s. Aturan baca / normaliser: versi %d.\n", code(def.Grain...), d.Version())
	known := map[configs.ColumnDefinition]bool{}
	for _, s := range shared {
		known[s.ColumnDefinition] = true
	}
	var columns []described
	for _, col := range d.Columns() {
		if text, _ := def.Column(col.Name); !known[text] {
			columns = append(columns, described{col, text})
		}
	}
	c.columnTable(p, columns)
}

func (c *catalogue) columnTable(p *page, columns []described) {
	rows := make([][]string, len(columns))
	for i, col := range columns {
		kind := col.Type
		if col.Nullable {
			kind += ", boleh kosong / nullable"
		}
		list := ""
		if col.Column.List != "" {
			list = "[" + col.Column.List + "](#list-" + col.Column.List + ")"
		}
		rows[i] = []string{code(col.Column.Name), kind, col.ID, col.EN, col.Unit, list, col.Column.Class}
	}
	p.table([]string{"kolom / column", "tipe / type", "arti", "meaning", "satuan / unit", "daftar / list", "kelas / class"}, rows)
}

// codeLists prints short lists whole and says of long ones how many codes they have.
func (c *catalogue) codeLists(p *page) {
	p.heading(2, "Daftar kode / Code lists")
	seen := map[string]bool{}
	for _, d := range transforms.Datasets() {
		for _, col := range d.Columns() {
			if col.List == "" || seen[col.List] {
				continue
			}
			seen[col.List] = true
			codes := c.Lists.Entries(col.List)
			p.line("\n<a id=\"list-%s\"></a>", col.List)
			p.heading(3, code(col.List))
			if len(codes) > shortList {
				p.line("%d kode / codes: `configs/reference/%s.csv`.", len(codes), col.List)
				continue
			}
			rows := make([][]string, len(codes))
			for i, one := range codes {
				rows[i] = []string{code(one.Code), one.ID, one.EN}
			}
			p.table([]string{"kode / code", "Indonesia", "English"}, rows)
		}
	}
}

// modelTables describes the tables that SQL makes.
func (c *catalogue) modelTables(p *page) {
	p.heading(2, "Tabel DuckDB / DuckDB tables")
	p.line("Model SQL di `sql/` membentuk tabel ini; SQL-nya ada juga dalam `meta.models`. / The SQL models in `sql/` make these tables; their SQL is in `meta.models` too. Tabel `meta.…` menjelaskan rilis dan dirinya sendiri dalam berkas. / The tables `meta.…` describe a release, and themselves, in the file.")
	for _, layer := range []struct {
		layer        sql.Layer
		title, about string
	}{
		{sql.Staging, "Staging", "Versi terbaru setiap kunci; tidak disimpan dalam rilis. Kolomnya dipilih dari kolom himpunan datanya, ditambah nomor dan waktu commit. / The newest version of each key; not kept in a release. Its columns are chosen from those of its dataset, with the number and time of the commit."},
		{sql.Core, "Inti / Core", "Dimensi (`dim_`) memberi nama; fakta (`fct_`) berisi satu baris per kejadian. / Dimensions (`dim_`) give names; facts (`fct_`) hold one row per thing that happened."},
		{sql.Marts, "Mart", "Jumlah per sel: periode × rincian × anggota. / Counts per cell: period × breakdown × member."},
		{sql.KPIs, "Indikator / KPIs", "Semua berbentuk sama; kolomnya seperti tabel `figures` tanpa `kpi`. Definisinya di [kpis.md](kpis.md). / All alike; their columns are those of `figures` without `kpi`. Their definitions are in [kpis.md](kpis.md)."},
		{"", "Angka / Figures", "Semua indikator dalam satu tabel, dan tampilan (view) darinya dengan satuan, rilis, dan tanggal acuan dalam setiap baris; ada juga dalam `open.duckdb`. / All KPIs in one table, and views of it with unit, release and as-of day in each row; in `open.duckdb` too."},
	} {
		p.heading(3, layer.title)
		p.line("%s", layer.about)
		short := layer.layer == sql.Staging || layer.layer == sql.KPIs
		if short {
			p.line("")
			p.table([]string{"tabel / table", "judul", "title", "kunci / grain"}, c.shortTables(layer.layer))
			continue
		}
		for _, t := range c.Tables {
			if t.Layer == layer.layer {
				modelTable(p, t)
			}
		}
	}
}

func (c *catalogue) shortTables(layer sql.Layer) (rows [][]string) {
	for _, m := range c.Models {
		if m.Layer == layer {
			rows = append(rows, []string{code(m.Name), m.Meta.Title.ID, m.Meta.Title.EN, strings.Join(m.Meta.Grain, ", ")})
		}
	}
	return rows
}

func modelTable(p *page, t warehouse.DescribedTable) {
	p.heading(4, code(t.Name))
	p.line("%s\n\n%s\n", t.About.ID, t.About.EN)
	p.line("Kunci / grain: %s.%s\n", code(t.Grain...), sqlFile(t.Path))
	rows := make([][]string, len(t.Columns))
	for i, col := range t.Columns {
		rows[i] = []string{code(col.Name), col.SQLType, col.Definition.ID, col.Definition.EN}
	}
	p.table([]string{"kolom / column", "tipe / type", "arti", "meaning"}, rows)
}

func sqlFile(path string) string {
	if path == "" {
		return ""
	}
	return fmt.Sprintf(" SQL: `sql/%s`.", path)
}
