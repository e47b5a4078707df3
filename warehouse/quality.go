package warehouse

import (
	"database/sql/driver"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// A tally is how many rules were run and how many of them passed.
type tally struct{ run, passed int64 }

// tallies counts the rules about the data that concern something, in all ("") and by dimension. Each rule counts
// once, whatever its severity and however many rows it looks at, and passes when no part that is concerned fails.
func tallies(checks []CheckResult, concerns func(CheckPart) bool) map[string]tally {
	all := map[string]tally{}
	for _, c := range checks {
		run, passed := false, true
		for _, p := range c.Parts {
			if concerns(p) {
				run, passed = true, passed && !p.Failed
			}
		}
		if !run {
			continue
		}
		for _, dimension := range []string{"", c.Dimension} {
			t := all[dimension]
			t.run++
			if passed {
				t.passed++
			}
			all[dimension] = t
		}
	}
	return all
}

// qualityTables are the tables that tell how good the data are.
func (b *build) qualityTables() []engineTable {
	results := engineTable{
		schema: "meta", name: ruleResultsTable, columns: ruleResultColumns, rows: allRows(b.ruleResults()),
		about: models.Text{ID: "Hasil aturan mutu per himpunan data dan sumber: rilis ini, dan rilis terakhir tiap bulan laporan sebelumnya. Dasar GOV-02.",
			EN: "Results of the rules about the data by dataset and source: of this release, and of the last one on each earlier report month. What GOV-02 reads."},
	}
	return []engineTable{b.checksTable(), b.historyTable(), results, b.freshnessTable(), b.volumeTable(), b.qualityTable()}
}

func (b *build) checksTable() engineTable {
	return engineTable{
		schema: "meta", name: "checks", about: models.Text{ID: "Hasil pemeriksaan mutu.", EN: "Results of the quality checks."},
		columns: []engineColumn{
			col("name", "VARCHAR", "Nama pemeriksaan.", "Name of the check."),
			col("passed", "BOOLEAN", "Lulus.", "Whether it passed."),
			col("severity", "VARCHAR", "error menghentikan penerbitan; warn hanya dicatat.", "error blocks publication; warn is recorded."),
			col("dimension", "VARCHAR", "Dimensi mutu.", "Dimension of quality."),
			col("about", "VARCHAR", "data: aturan tentang data, dihitung dalam skor; program: bukti bahwa tidak ada yang hilang atau salah hitung.",
				"data: a rule about the data, which counts in the scores; program: a proof that nothing was lost or miscounted."),
			col("owner", "VARCHAR", "Unit yang memperbaiki temuannya.", "The unit that mends what it finds."),
			col("datasets", "VARCHAR", "Himpunan data yang dinilai.", "Datasets that it judges."),
			col("offending", "BIGINT", "Jumlah baris bermasalah.", "Number of offending rows."),
			col("checked", "BIGINT", "Jumlah baris yang diperiksa; kosong bila tidak bermakna.", "Rows that it looked through; empty where that says nothing."),
			col("title_id", "VARCHAR", "Judul (Indonesia).", "Title in Indonesian."),
			col("title_en", "VARCHAR", "Judul (Inggris).", "Title in English."),
			col("remedy_id", "VARCHAR", "Tindakan (Indonesia).", "What to do, in Indonesian."),
			col("remedy_en", "VARCHAR", "Tindakan (Inggris).", "What to do, in English."),
		},
		rows: func(add adder) error {
			for _, c := range b.manifest.Checks {
				if err := add(c.Name, c.Passed(), c.Severity, c.Dimension, c.About, c.Owner, strings.Join(c.Datasets, ", "), c.Offending,
					countOrNull(c.Checked), c.Title.ID, c.Title.EN, c.Remedy.ID, c.Remedy.EN); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func countOrNull(n int64) driver.Value {
	if n == 0 {
		return nil
	}
	return n
}

// qualityTable scores the release, each source and each KPI, in all and by dimension.
func (b *build) qualityTable() engineTable {
	t := engineTable{
		schema: "meta", name: "quality",
		about: models.Text{ID: "Skor mutu rilis, tiap sumber dan tiap indikator: bagian aturan tentang data yang lulus. Setiap aturan dihitung satu kali dan berbobot sama. " +
			"Aturan untuk satu sumber adalah yang menilai himpunan data kirimannya; untuk satu indikator, yang menilai himpunan data asalnya (sources).",
			EN: "Scores of the release, each source and each KPI: the share of the rules about the data that passed. Each rule counts once, with equal weight. " +
				"A source's rules are those that judge the datasets it delivers; a KPI's, those that judge the datasets it comes from (sources)."},
		columns: []engineColumn{
			col("scope", "VARCHAR", "Yang dinilai: release, source atau kpi.", "What is scored: release, source or kpi."),
			col("member", "VARCHAR", "Sistem sumber atau kode indikator; kosong untuk rilis.", "Source system or KPI code; empty for the release."),
			col("dimension", "VARCHAR", "Dimensi mutu; kosong untuk semuanya.", "Dimension of quality; empty for all together."),
			col("rules_run", "BIGINT", "Aturan yang dijalankan.", "Rules run."),
			col("rules_passed", "BIGINT", "Aturan yang lulus.", "Rules passed."),
			col("score", "DOUBLE", "Bagian aturan yang lulus, dalam persen.", "Share of the rules passed, in percent."),
		},
	}
	t.rows = func(add adder) error {
		for _, s := range b.scopes() {
			found := tallies(b.manifest.Checks, s.concerns)
			for _, dimension := range sortedKeys(found) {
				n := found[dimension]
				if err := add(s.scope, s.member, dimension, n.run, n.passed, 100*float64(n.passed)/float64(n.run)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return t
}

// A scope is something that gets a score.
type scope struct {
	scope, member string
	concerns      func(CheckPart) bool
}

func (b *build) scopes() []scope {
	all := []scope{{"release", "", func(CheckPart) bool { return true }}}
	sources := map[string]bool{}
	for _, c := range b.manifest.Checks {
		for _, p := range c.Parts {
			sources[p.Source] = true
		}
	}
	for _, source := range sortedKeys(sources) {
		all = append(all, scope{"source", source, func(p CheckPart) bool { return p.Source == source }})
	}
	for _, m := range b.Models {
		if m.Layer != models.KPIs {
			continue
		}
		read := map[string]bool{}
		for _, dataset := range b.sourcesOfModel(m) {
			read[dataset] = true
		}
		all = append(all, scope{"kpi", m.Meta.ID, func(p CheckPart) bool { return read[p.Dataset] }})
	}
	return all
}
