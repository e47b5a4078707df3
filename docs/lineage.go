package docs

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

const lineageAbout = `Dari kolom sumber sampai indikator. Semua tepi ada juga dalam [lineage.json](lineage.json).

- **Kolom sumber → kolom himpunan data**: pasti; diambil dari ` + "`fields:`" + ` umpan dan dari aturan baca.
- **Antarmodel SQL**: per kolom; pohon SQL dibaca oleh pengurai DuckDB sendiri dan setiap nama diikuti sampai tabelnya. Model yang tidak
  dapat diikuti disebut di bawah dan hanya diketahui per tabel.
- **Nilai**: pembilang, penyebut, atau nilai indikator dihitung dari kolom itu. **Rincian**: indikator dirinci menurut kolom itu,
  sejauh definisinya menyebut rincian itu.
  **Baris**: kolom itu hanya menentukan baris mana yang dihitung (saringan, gabungan, pengelompokan, urutan).
- Ukuran yang menghitung banyaknya baris tidak berasal dari satu kolom; barisnya ditentukan oleh kolom pada lajur *baris*.
- Sebuah kolom disebut bila SQL-nya membaca kolom itu; jadi daftar ini batas atas. Kesiapan periode (` + "`mart_available_periods`" + `) dibaca semua
  indikator dari tanggal semua himpunan data; jalan itu tidak diikuti di sini, tetapi ada dalam lineage.json.

From a source's column to a KPI. Every edge is in [lineage.json](lineage.json) too.

- **Source column → dataset column**: exact; from the feed's ` + "`fields:`" + ` and the normaliser.
- **Between SQL models**: by column; DuckDB's own parser reads the SQL, and every name is followed to its table. A model that cannot
  be followed is named below and known by table only.
- **Number**: numerator, denominator or value is computed from the column. **Breakdown**: the KPI is broken down by it,
  as far as its definition names that breakdown.
  **Rows**: it only decides which rows count (filters, joins, grouping, order).
- A measure that counts rows is made of no column; the columns under *rows* decide which rows those are.
- A column is named where the SQL reads it, so the lists are an upper bound. The readiness of periods (` + "`mart_available_periods`" + `) is read by
  every KPI from the dates of all datasets; that way is not followed here, but is in lineage.json.`

// lineage shows the way of every column for people.
func (c *catalogue) lineage() []byte {
	p := &page{}
	p.generated("Silsilah data / Lineage", lineageAbout)
	c.unresolved(p)
	c.byKPI(p)
	p.heading(2, "Per kolom himpunan data / By dataset column")
	for _, d := range transforms.Datasets() {
		if len(d.Inputs()) > 0 { // the others are written by the pipeline itself
			c.byColumn(p, d)
		}
	}
	c.byFeed(p)
	return p.Bytes()
}

// unresolved names the models whose columns could not be followed.
func (c *catalogue) unresolved(p *page) {
	var rows [][]string
	for _, t := range c.Tables {
		if t.Trace.Unresolved != "" {
			rows = append(rows, []string{code(t.Name), t.Trace.Unresolved, code(t.Reads...)})
		}
	}
	if len(rows) == 0 {
		p.line("\nSemua model diikuti per kolom. / All models are followed by column.")
		return
	}
	p.heading(2, "Hanya per tabel / By table only")
	p.table([]string{"model", "sebab / reason", "membaca / reads"}, rows)
}

func (c *catalogue) byKPI(p *page) {
	p.heading(2, "Per indikator / By KPI")
	var rows [][]string
	for _, m := range c.kpiModels() {
		rows = append(rows, []string{"[" + m.Meta.ID + "](kpis.md#" + strings.ToLower(m.Meta.ID) + ")", code(c.modelsRead(m.Name)...),
			c.madeOf(m.Name), code(c.members[m.Name]...), code(c.upstream(m.Name)...)})
	}
	p.table([]string{"indikator / KPI", "membaca / reads", "nilai dari / number from", "rincian dari / broken down by", "himpunan data / datasets"}, rows)
	p.heading(2, "Jalan nilai / Ways of the numbers")
	p.line("Jalan terpendek dari setiap kolom himpunan data ke pembilang, penyebut, atau nilai. / The shortest way of each dataset column to a numerator, denominator or value.\n")
	for _, m := range c.kpiModels() {
		for _, from := range c.numbers[m.Name] {
			dataset, column, _ := strings.Cut(from, ".")
			way := c.ways.path(dataset, column, m.Name)
			names := []string{code(from)}
			for _, r := range way[1:] {
				names = append(names, code(r.String()))
			}
			p.line("- %s: %s", m.Meta.ID, strings.Join(names, " → "))
		}
	}
}

// madeOf names the dataset columns that a KPI's number is made of, or says that it counts rows, or that nobody knows.
func (c *catalogue) madeOf(kpi string) string {
	columns := c.numbers[kpi]
	switch {
	case len(c.upstream(kpi)) == 0:
		return "bukan dari himpunan data / from no dataset"
	case c.followed(kpi) && len(columns) == 0:
		return "banyaknya baris / number of rows"
	case c.followed(kpi):
		return code(columns...)
	}
	return strings.TrimPrefix(code(columns...)+"; hanya per tabel / by table only", "; ")
}

func (c *catalogue) modelsRead(name string) (reads []string) {
	for _, t := range c.tables[name].Reads {
		if t != "run" && !slices.Contains(Readiness, t) {
			reads = append(reads, t)
		}
	}
	return reads
}

// byColumn shows where each column of a dataset comes from and what becomes of it.
func (c *catalogue) byColumn(p *page, d transforms.Dataset) {
	var rows [][]string
	for _, col := range business(d) {
		u := c.uses[d.Name()+"."+col.Name]
		rows = append(rows, []string{code(col.Name), c.sourceColumns(d, col.Name), code(refNames(u.Through)...),
			c.ids(u.Numbers), c.ids(u.Members), c.ids(u.Rows)})
	}
	p.heading(3, code(d.Name()))
	p.table([]string{"kolom / column", "dari / from", "lewat / through", "nilai / number", "rincian / breakdown", "baris / rows"}, rows)
}

// sourceColumns names the columns of sources that go into a column, as feed: columns.
func (c *catalogue) sourceColumns(d transforms.Dataset, column string) string {
	var from []string
	for _, f := range c.feedsOf(d.Name()) {
		var theirs []string
		same := false
		for _, m := range mappings(f, d) {
			switch {
			case !slices.Contains(m.Columns, column):
			case m.Level == sameName:
				same = true
			case m.Source == "":
				theirs = append(theirs, "= "+m.Constant)
			default:
				theirs = append(theirs, code(m.Source))
			}
		}
		if len(theirs) == 0 && same {
			theirs = []string{"(nama sama / same name)"}
		}
		if len(theirs) > 0 {
			from = append(from, f.Name+": "+strings.Join(theirs, ", "))
		}
	}
	return strings.Join(from, "; ")
}

// refNames gives table.column for each, with the columns of one table together.
func refNames(all []warehouse.ColumnRef) (names []string) {
	for i, r := range all {
		if i > 0 && all[i-1].Table == r.Table {
			names[len(names)-1] += ", " + r.Column
			continue
		}
		names = append(names, r.Table+"."+r.Column)
	}
	return names
}

// ids names KPIs by their ids instead of their models.
func (c *catalogue) ids(models []string) string {
	var ids []string
	for _, m := range c.Models {
		if m.Layer == sql.KPIs && slices.Contains(models, m.Name) {
			ids = append(ids, m.Meta.ID)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

// The levels at which an edge is known.
const (
	exact     = "exact"     // written down in the feed's file, or in the normaliser
	sameName  = "same_name" // a field that the feed does not map takes the column of its own name, if the source has it
	byColumns = "column"    // between SQL models, by column
	byTables  = "table"     // between SQL models, by table
)

// A mapping is one field of a feed: what it is read from and where it goes.
type mapping struct {
	Source   string   `json:"column,omitempty"`
	Constant string   `json:"constant,omitempty"`
	Field    string   `json:"field"`
	Columns  []string `json:"dataset_columns"`
	Level    string   `json:"level"`
}

// versionField is the field that says which of two rows is newer; a feed names its column under version.
const versionField = "source_updated_at"

// mappings are the fields of a feed in the order in which its dataset reads them.
func mappings(f *configs.Feed, d transforms.Dataset) (all []mapping) {
	for _, field := range d.Inputs() {
		m := mapping{Source: field, Field: field, Columns: transforms.ColumnsOfField(d, field), Level: sameName}
		theirs, mapped := f.Fields[field]
		if field == versionField && !mapped {
			if f.Version == "" {
				continue // the time of the delivery stands there
			}
			if theirs, mapped = f.Fields[f.Version]; !mapped {
				theirs, mapped = f.Version, true
			}
		}
		if mapped {
			m.Source, m.Level = theirs, exact
			if constant, ok := strings.CutPrefix(theirs, "="); ok {
				m.Source, m.Constant = "", constant
			}
		}
		all = append(all, m)
	}
	return all
}

// byFeed lists what each feed maps.
func (c *catalogue) byFeed(p *page) {
	p.heading(2, "Per umpan / By feed")
	p.line("Bidang yang tidak dipetakan dibaca dari kolom bernama sama, bila sumber mempunyainya. / A field that is not mapped is read from the column of its own name, if the source has it.")
	for _, s := range c.Sources {
		for _, f := range s.Feeds {
			if f.Off() {
				continue
			}
			p.heading(3, code(f.Name)+" → "+code(f.Dataset))
			p.line("%s / %s. Peran / role: %s.\n", s.Title.ID, s.Title.EN, f.Role)
			fieldTable(p, f)
		}
	}
}

// fieldTable lists the fields that a feed maps, and names those that take a column of their own name.
func fieldTable(p *page, f *configs.Feed) {
	d, ok := transforms.Lookup(f.Dataset)
	if !ok {
		return
	}
	var rows [][]string
	var unmapped []string
	for _, m := range mappings(f, d) {
		switch {
		case m.Level == sameName:
			unmapped = append(unmapped, m.Field)
		case m.Source == "":
			rows = append(rows, []string{"= " + m.Constant, code(m.Field), code(m.Columns...)})
		default:
			rows = append(rows, []string{code(m.Source), code(m.Field), code(m.Columns...)})
		}
	}
	if len(rows) > 0 {
		p.table([]string{"kolom sumber / source column", "bidang / field", "kolom himpunan data / dataset column"}, rows)
		p.line("")
	}
	if len(unmapped) > 0 {
		p.line("Dengan namanya sendiri, bila ada / by its own name, if there: %s.", code(unmapped...))
	}
}
