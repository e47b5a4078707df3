package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// What a check is about. A rule about the data says how good they are, and counts in the scores of quality. A proof
// of the program says that nothing was lost or miscounted on the way: it passes in every release there is, because
// nothing is published otherwise, so it would only lift a score.
const (
	AboutData    = "data"
	AboutProgram = "program"
)

// dataOffice answers for checks that are no single producer's.
const dataOffice = "Pusat Data dan Informasi"

// A CheckPart says how a rule about the data came out for one dataset of one source. Where the offending rows do
// not say whose they are, the rule fails for everyone whom it is about.
type CheckPart struct {
	Dataset string `json:"dataset"`
	Source  string `json:"source"`
	Failed  bool   `json:"failed,omitempty"`
}

// ruleResultsTable is what KPI models read about the rules: those of this release, and of the releases before.
const ruleResultsTable = "rule_results"

var ruleResultColumns = []engineColumn{
	col("as_of", "DATE", "Tanggal acuan rilis yang menjalankan aturan.", "As-of day of the release that ran the rule."),
	col("report_month", "DATE", "Hari pertama bulan laporan rilis itu.", "First day of that release's report month."),
	col("rule", "VARCHAR", "Nama aturan.", "Name of the rule."),
	col("quality_dimension", "VARCHAR", "Dimensi mutu.", "Dimension of quality."),
	col("severity", "VARCHAR", "error menghentikan penerbitan; warn hanya dicatat.", "error blocks publication; warn is recorded."),
	col("dataset", "VARCHAR", "Himpunan data yang dinilai.", "Dataset that it judges."),
	col("source_system", "VARCHAR", "Sistem sumber yang dinilai.", "Source system that it judges."),
	col("is_passed", "BOOLEAN", "Lulus.", "Whether it passed."),
}

// rules runs every rule about the data. They come before the KPIs, which may tell of their results.
func (b *build) rules(ctx context.Context) error {
	if b.only != nil && !b.only[ruleResultsTable] {
		return b.createRuleResults(ctx, nil)
	}
	if err := b.crosscheck(ctx); err != nil {
		return err
	}
	if err := b.runOwn(ctx, "rules", b.dataRules()); err != nil {
		return err
	}
	b.feedRules()
	return b.createRuleResults(ctx, b.ruleResults())
}

// createRuleResults makes the table, empty where no model that is built reads it.
func (b *build) createRuleResults(ctx context.Context, rows [][]driver.Value) error {
	definitions := make([]string, len(ruleResultColumns))
	for i, c := range ruleResultColumns {
		definitions[i] = quoteName(c.Name) + " " + c.SQLType
	}
	err := b.s.exec(ctx, "create temp table "+ruleResultsTable+" ("+strings.Join(definitions, ", ")+")")
	if err == nil && len(rows) > 0 {
		err = b.s.appendRows("temp", "main", ruleResultsTable, allRows(rows))
	}
	if err != nil {
		return fmt.Errorf("writing the results of the rules: %w", err)
	}
	return nil
}

// ruleResults are the parts of this release's rules, and of the last release on each earlier report month.
func (b *build) ruleResults() (rows [][]driver.Value) {
	add := func(asOf, month time.Time, checks []CheckResult) {
		for _, c := range checks {
			for _, p := range c.Parts {
				rows = append(rows, []driver.Value{asOf, month, c.Name, c.Dimension, c.Severity, p.Dataset, p.Source, !p.Failed})
			}
		}
	}
	month := monthOf(b.manifest.ReportMonth)
	for _, m := range lastOfMonth(b.Earlier) {
		if earlier := monthOf(m.ReportMonth); !earlier.Equal(month) {
			add(dayOf(m.AsOf), earlier, m.Checks)
		}
	}
	add(dayOf(b.AsOf), month, b.manifest.Checks)
	return rows
}

// dataRules are the checks that look at the data alone, and not at what was computed from them.
func (b *build) dataRules() (out []models.Model) {
	for _, m := range b.Models {
		if m.Layer == models.Checks && !b.readsFigures(m.Name) {
			out = append(out, m)
		}
	}
	return out
}

// checkSources refuses a KPI or a check that names a dataset which its SQL does not read.
func (b *build) checkSources() error {
	var problems []error
	for _, m := range b.Models {
		upstream := b.manifest.Lineage.Upstream(m.Name)
		for _, name := range m.Meta.Sources {
			if !upstream["lake_"+name] && !upstream[name] {
				problems = append(problems, fmt.Errorf("%s: sources names %s, which the SQL does not read", yamlOf(m), name))
			}
		}
	}
	return errors.Join(problems...)
}

func (b *build) readsFigures(check string) bool {
	upstream := b.manifest.Lineage.Upstream(check)
	return upstream[figuresTable] || slices.ContainsFunc(b.Models, func(m models.Model) bool {
		return m.Layer == models.KPIs && upstream[m.Name]
	})
}

// upstream is all that a table depends on. What depends on the results of the rules depends on all that they look at.
func (b *build) upstream(table string) map[string]bool {
	all := b.manifest.Lineage.Upstream(table)
	if all[ruleResultsTable] {
		for _, m := range b.dataRules() {
			for below := range b.manifest.Lineage.Upstream(m.Name) {
				all[below] = true
			}
		}
	}
	return all
}

// datasetsOf are the datasets that a table is made from.
func (b *build) datasetsOf(table string) (datasets []string) {
	upstream := b.upstream(table)
	for _, d := range b.Datasets {
		if upstream["lake_"+d.Name] && !isInternal(d.Name) {
			datasets = append(datasets, d.Name)
		}
	}
	sort.Strings(datasets)
	return datasets
}

// sourcesOfModel are the datasets that a KPI or a check says it comes from, or else all that its SQL reads. Of a KPI that is
// more than counts in it: the table of loaded periods knows every dataset.
func (b *build) sourcesOfModel(m models.Model) []string {
	if len(m.Meta.Sources) == 0 || slices.Contains(m.Meta.Sources, ruleResultsTable) {
		return b.datasetsOf(m.Name)
	}
	return m.Meta.Sources
}

// queryOf is a check as its model says it, with what it is about.
func (b *build) queryOf(m models.Model) checkQuery {
	r := CheckResult{Name: m.Name, Title: m.Meta.Title, Severity: m.Meta.Severity, Dimension: m.Meta.Dimension, Remedy: m.Meta.Remedy,
		About: AboutProgram, Owner: m.Meta.Owner, Datasets: b.sourcesOfModel(m), Checked: b.rowsRead(m)}
	if !b.readsFigures(m.Name) {
		r.About = AboutData
	}
	return checkQuery{m.SQL, r}
}

// rowsRead counts what a check looks through: the facts that it reads, else the marts or figures.
func (b *build) rowsRead(m models.Model) (n int64) {
	for _, prefix := range []string{"fct_", "mart_", figuresTable} {
		for _, table := range b.manifest.Lineage[m.Name] {
			if strings.HasPrefix(table, prefix) {
				n += b.rows[table]
			}
		}
		if n > 0 {
			return n
		}
	}
	return 0
}

// sourcesOf are the sources that have delivered rows of a dataset.
func (b *build) sourcesOf(dataset string) (sources []string) {
	for _, f := range b.Snapshot.Dataset(dataset) {
		if f.Rows > 0 && !slices.Contains(sources, f.Source) {
			sources = append(sources, f.Source)
		}
	}
	sort.Strings(sources)
	return sources
}

// ownerOf is the producer of some datasets where there is one, else the office that keeps them together.
func (b *build) ownerOf(datasets []string) string {
	owner := ""
	for _, f := range b.Feeds {
		switch {
		case !slices.Contains(datasets, f.Dataset) || f.Producer == owner:
		case owner != "":
			return dataOffice
		default:
			owner = f.Producer
		}
	}
	if owner == "" {
		return dataOffice
	}
	return owner
}

// An offence is whose an offending row is, as far as it says so.
type offence struct{ dataset, source string }

// partsOf says how a rule came out for each dataset and source that it is about.
func (b *build) partsOf(r CheckResult, offences []offence) (parts []CheckPart) {
	attributed := false
	for _, dataset := range r.Datasets {
		for _, source := range b.sourcesOf(dataset) {
			failed := slices.ContainsFunc(offences, func(o offence) bool {
				return (o.dataset == "" || o.dataset == dataset) && (o.source == "" || o.source == source)
			})
			attributed = attributed || failed
			parts = append(parts, CheckPart{dataset, source, failed})
		}
	}
	for i := range parts {
		parts[i].Failed = parts[i].Failed || !r.Passed() && !attributed
	}
	return parts
}

// offences asks the offending rows whose they are: by their columns source, dataset or fact.
func (b *build) offences(ctx context.Context, columns []Column) (all []offence, err error) {
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
	}
	dataset, source := "''", "''"
	switch {
	case has("dataset"):
		dataset = "coalesce(dataset, '')"
	case has("fact"):
		dataset = "coalesce(replace(fact, 'fct_', ''), '')"
	}
	if has("source") {
		source = "coalesce(source, '')"
	}
	err = b.s.each(ctx, fmt.Sprintf("select distinct %s, %s from check__rows order by all", dataset, source), func(row []*string) error {
		all = append(all, offence{*row[0], *row[1]})
		return nil
	})
	return all, err
}

// readsOf names what a model reads. Of one that tells of the rules, the rules too: they are what it comes from.
func (b *build) readsOf(model string) []string {
	reads := slices.Clone(b.manifest.Lineage[model])
	if slices.Contains(reads, ruleResultsTable) {
		for _, m := range b.dataRules() {
			reads = append(reads, m.Name)
		}
	}
	return reads
}
