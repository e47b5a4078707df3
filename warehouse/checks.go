package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// The severities of checks: an error blocks publication, a warning is recorded.
const (
	SeverityError = "error"
	SeverityWarn  = "warn"
)

// sampleRows is how many offending rows a check shows.
const sampleRows = 5

// A CheckResult is the outcome of one check. No offending row means that it passed.
type CheckResult struct {
	Name      string      `json:"name"`
	Title     models.Text `json:"title"`
	Severity  string      `json:"severity"`
	Dimension string      `json:"dimension,omitempty"`
	About     string      `json:"about,omitempty"` // data | program
	Owner     string      `json:"owner,omitempty"` // the unit that mends what it finds
	Datasets  []string    `json:"datasets,omitempty"`
	Offending int64       `json:"offending"`
	Checked   int64       `json:"checked,omitempty"` // rows that it looked through; 0 where that says nothing
	Remedy    models.Text `json:"remedy,omitzero"`
	Columns   []string    `json:"columns,omitempty"` // of Rows: never a personal one
	Rows      [][]string  `json:"rows,omitempty"`    // the first offending rows
	Parts     []CheckPart `json:"parts,omitempty"`   // of a rule about the data
}

// Passed reports whether the check found nothing.
func (r CheckResult) Passed() bool { return r.Offending == 0 }

// A GateError says that a build was stopped by its checks. Nothing of it may be published.
type GateError struct{ Failures []CheckResult }

// ExitCode is the program's exit code for a quality gate.
func (*GateError) ExitCode() int { return 3 }

// Error lists every failed check with its count, remedy and first rows.
func (e *GateError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "quality gate: %d check(s) failed, nothing is published", len(e.Failures))
	for _, f := range e.Failures {
		fmt.Fprintf(&b, "\n  %s: %d offending (%s)", f.Name, f.Offending, f.Title.EN)
		if f.Remedy.EN != "" {
			fmt.Fprintf(&b, "; %s", f.Remedy.EN)
		}
		for _, row := range f.Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = f.Columns[i] + "=" + v
			}
			fmt.Fprintf(&b, "\n    %s", strings.Join(cells, ", "))
		}
	}
	return b.String()
}

// record keeps a result. Whoever says nothing else is a proof of the program, which the data office answers for.
func (b *build) record(r CheckResult) {
	if r.About == "" {
		r.About = AboutProgram
	}
	if r.Owner == "" && r.About == AboutData {
		r.Owner = b.ownerOf(r.Datasets)
	} else if r.Owner == "" {
		r.Owner = dataOffice
	}
	b.manifest.Checks = append(b.manifest.Checks, r)
}

// gate returns the failed checks of severity error as one error.
func (b *build) gate() error {
	var failures []CheckResult
	for _, r := range b.manifest.Checks {
		if !r.Passed() && r.Severity == SeverityError {
			failures = append(failures, r)
		}
	}
	if len(failures) == 0 {
		return nil
	}
	return &GateError{Failures: failures}
}

// runChecks proves the grain of every table and the form of the figures, and runs the checks that look at figures.
func (b *build) runChecks(ctx context.Context) error {
	for _, m := range b.builtModels() {
		if err := b.checkGrain(ctx, m); err != nil {
			return fmt.Errorf("checking the grain of %s: %w", m.Path, err)
		}
	}
	if err := b.checkRows(ctx, b.figuresCheck()); err != nil {
		return fmt.Errorf("checking figures: %w", err)
	}
	for _, check := range b.rollUpChecks() {
		if err := b.checkRows(ctx, check); err != nil {
			return fmt.Errorf("checking that figures add up: %w", err)
		}
	}
	var own []models.Model
	for _, m := range b.Models {
		if m.Layer == models.Checks && b.readsFigures(m.Name) {
			own = append(own, m)
		}
	}
	return b.runOwn(ctx, "checks", own)
}

// runOwn runs checks that are models.
func (b *build) runOwn(ctx context.Context, stage string, own []models.Model) error {
	for i, m := range own {
		if err := b.checkRows(ctx, b.queryOf(m)); err != nil {
			return fmt.Errorf("running check %s: %w", m.Path, err)
		}
		b.Progress(Step{Stage: stage, Name: m.Name, Done: i + 1, Total: len(own)})
	}
	return nil
}

type checkQuery struct {
	sql    string
	result CheckResult
}

// checkRows counts the rows of a query and keeps the first few, without personal columns.
func (b *build) checkRows(ctx context.Context, c checkQuery) error {
	if err := b.s.exec(ctx, "create or replace temp table check__rows as "+c.sql); err != nil {
		return err
	}
	r := c.result
	if err := b.s.one(ctx, "select count(*) from check__rows", &r.Offending); err != nil {
		return err
	}
	var offences []offence
	if !r.Passed() {
		columns, err := b.s.columnsOf(ctx, "check__rows")
		if err != nil {
			return err
		}
		if r.About == AboutData {
			if offences, err = b.offences(ctx, columns); err != nil {
				return err
			}
		}
		for _, col := range columns {
			if b.showable(col) {
				r.Columns = append(r.Columns, col.Name)
			}
		}
		if len(r.Columns) > 0 {
			names := quoteNames(r.Columns)
			err = b.s.each(ctx, fmt.Sprintf("select columns(*)::varchar from (select %s from check__rows order by %s limit %d)", names, names, sampleRows),
				func(row []*string) error {
					r.Rows = append(r.Rows, texts(row))
					return nil
				})
		}
		if err != nil {
			return err
		}
	}
	if r.About == AboutData {
		r.Parts = b.partsOf(r, offences)
	}
	b.record(r)
	return b.s.exec(ctx, "drop table check__rows")
}

func texts(row []*string) []string {
	out := make([]string, len(row))
	for i, v := range row {
		out[i] = "NULL"
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

// showable decides whether values of a column may appear in a message. Tokens and whatever a dataset calls
// personal may not, under any name that keeps the column's own.
func (b *build) showable(c Column) bool {
	if c.SQLType == "UUID" || c.SQLType == "BLOB" || strings.Contains(c.Name, "token") || c.Name == "row_key" {
		return false
	}
	for _, d := range b.Datasets {
		if slices.ContainsFunc(d.Columns, func(have Column) bool { return have.Name == c.Name && have.personal() }) {
			return false
		}
	}
	return true
}

// checkGrain proves that no two rows of a model share its grain. Equal keys have equal hashes, so as many
// distinct hashes as rows settle it; only otherwise are the keys themselves compared.
func (b *build) checkGrain(ctx context.Context, m models.Model) error {
	for _, g := range m.Meta.Grain {
		if !slices.ContainsFunc(b.columns[m.Name], func(c Column) bool { return c.Name == g }) {
			return fmt.Errorf("grain column %s is not in the table", g)
		}
	}
	grain := quoteNames(m.Meta.Grain)
	var distinct int64
	if err := b.s.one(ctx, fmt.Sprintf("select count(distinct hash(%s)) from %s", grain, quoteName(m.Name)), &distinct); err != nil {
		return err
	}
	result := CheckResult{
		Name: "grain_" + m.Name, Severity: SeverityError, Dimension: "uniqueness", Datasets: b.sourcesOfModel(m), Checked: b.rows[m.Name],
		Title:  models.Text{ID: "Satu baris per " + strings.Join(m.Meta.Grain, ", "), EN: "One row per " + strings.Join(m.Meta.Grain, ", ")},
		Remedy: models.Text{ID: "Perbaiki " + m.Path + " atau grain-nya.", EN: "Fix " + m.Path + " or its grain."},
	}
	if distinct == b.rows[m.Name] {
		b.record(result)
		return nil
	}
	return b.checkRows(ctx, checkQuery{fmt.Sprintf("select %s, count(*) as rows_found from %s group by all having count(*) > 1", grain, quoteName(m.Name)), result})
}

// figuresCheck finds figures that break the rules every KPI follows.
func (b *build) figuresCheck() checkQuery {
	declared, told := []string{}, []string{"(null, [])"}
	for _, m := range b.builtModels() {
		if m.Layer != models.KPIs {
			continue
		}
		for _, ms := range m.Meta.Measures {
			declared = append(declared, fmt.Sprintf("(%s, %s)", quoteText(m.Meta.ID), quoteText(ms.Name)))
		}
		allowed := quoteText("total")
		for _, name := range m.Meta.Breakdowns {
			allowed += ", " + quoteText(name)
		}
		if len(m.Meta.Breakdowns) > 0 {
			told = append(told, fmt.Sprintf("(%s, [%s])", quoteText(m.Meta.ID), allowed))
		}
	}
	// What is declared is joined as rows: a list of hundreds, asked for every figure, takes longer than all other checks.
	q := fmt.Sprintf(`select * from (select kpi, measure, period_type, period, breakdown, member, status, case
	when measure is null or period_type is null or period is null or period_start is null or breakdown is null or member is null or status is null then 'a key column is null'
	when (kpi, measure) not in (from (values %s)) then 'measure is not declared'
	when status not in ('reported', 'provisional', 'not_available', 'suppressed') then 'status is unknown'
	when (value is null) <> (status in ('not_available', 'suppressed')) then 'value and status disagree'
	when not isfinite(coalesce(value, 0)) or not isfinite(coalesce(numerator, 0)) or not isfinite(coalesce(denominator, 0)) then 'a number is not finite'
	when period_type not in ('month', 'quarter', 'year') then 'period type is unknown'
	when period <> case period_type when 'month' then strftime(period_start, '%%Y-%%m') when 'quarter' then strftime(period_start, '%%Y-Q') || quarter(period_start) else strftime(period_start, '%%Y') end then 'period and its first day disagree'
	when (breakdown = 'total') <> (member = '') then 'only the total has no member'
	when not list_contains(allowed, breakdown) then 'breakdown is not declared'
	end as problem from figures left join (values %s) as told (kpi, allowed) using (kpi)) where problem is not null
union all
%s`, strings.Join(declared, ", "), strings.Join(told, ", "), b.undeclaredQuery())
	return checkQuery{q, CheckResult{
		Name: "figures_well_formed", Severity: SeverityError, Dimension: "validity", Checked: b.rows[figuresTable],
		Title:  models.Text{ID: "Setiap angka mengikuti bentuk baku", EN: "Every figure has the standard form"},
		Remedy: models.Text{ID: "Perbaiki model KPI atau YAML-nya.", EN: "Fix the KPI model or its YAML; the column problem says what is wrong."},
	}}
}
