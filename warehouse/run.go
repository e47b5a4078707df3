package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// figuresTable is the one table that all KPI models end in.
const figuresTable = "figures"

// kpiColumns is the shape that every KPI model gives, in order.
var kpiColumns = []Column{
	{Name: "measure", SQLType: "VARCHAR"}, {Name: "period_type", SQLType: "VARCHAR"}, {Name: "period", SQLType: "VARCHAR"},
	{Name: "period_start", SQLType: "DATE"}, {Name: "breakdown", SQLType: "VARCHAR"}, {Name: "member", SQLType: "VARCHAR"},
	{Name: "numerator", SQLType: "DOUBLE"}, {Name: "denominator", SQLType: "DOUBLE"}, {Name: "value", SQLType: "DOUBLE"},
	{Name: "status", SQLType: "VARCHAR"},
}

// kpiDefinitions says what the standard columns of KPI models and of figures mean.
var kpiDefinitions = map[string]models.Text{
	"kpi":          {ID: "Kode indikator, misalnya PLC-01.", EN: "KPI code, for example PLC-01."},
	"measure":      {ID: "Ukuran dari indikator; satu indikator dapat memberi beberapa ukuran.", EN: "Measure of the KPI; one KPI may give several."},
	"period_type":  {ID: "Jenis periode: month, quarter atau year.", EN: "Kind of period: month, quarter or year."},
	"period":       {ID: "Periode: 2024-10, 2024-Q4 atau 2024.", EN: "Period: 2024-10, 2024-Q4 or 2024."},
	"period_start": {ID: "Hari pertama periode.", EN: "First day of the period."},
	"breakdown":    {ID: "Rincian: total, country, province dan seterusnya.", EN: "Breakdown: total, country, province and so on."},
	"member":       {ID: "Kode anggota rincian; kosong untuk total, UNKNOWN bila tidak diketahui.", EN: "Code of the breakdown's member; empty for the total, UNKNOWN when it is not known."},
	"numerator":    {ID: "Pembilang.", EN: "Numerator."},
	"denominator":  {ID: "Penyebut; kosong bila ukuran tidak memakainya.", EN: "Denominator; empty when the measure has none."},
	"value":        {ID: "Nilai; kosong bila tidak tersedia atau ditahan, tidak pernah nol sebagai pengganti.", EN: "Value; empty when not available or withheld, never zero instead."},
	"status":       {ID: "Status nilai: reported, provisional, not_available atau suppressed.", EN: "Status of the value: reported, provisional, not_available or suppressed."},
}

// runModels builds the models below the KPIs, in order.
func (b *build) runModels(ctx context.Context) error {
	return b.runLayers(ctx, "models", func(l models.Layer) bool { return l != models.KPIs })
}

// runKPIs builds the KPIs, which may read how the rules about the data came out.
func (b *build) runKPIs(ctx context.Context) error {
	return b.runLayers(ctx, "kpis", func(l models.Layer) bool { return l == models.KPIs })
}

func (b *build) runLayers(ctx context.Context, stage string, wanted func(models.Layer) bool) error {
	var all []models.Model
	for _, m := range b.builtModels() {
		if wanted(m.Layer) {
			all = append(all, m)
		}
	}
	for i, m := range all {
		kind := "table"
		if m.Layer == models.Staging {
			kind = "temp table" // staging holds what facts repeat; a release does not keep it twice
		}
		if err := b.s.exec(ctx, "create "+kind+" "+quoteName(m.Name)+" as "+m.SQL); err != nil {
			return fmt.Errorf("building %s: %w", m.Path, err)
		}
		var rows int64
		if err := b.s.one(ctx, "select count(*) from "+quoteName(m.Name), &rows); err != nil {
			return fmt.Errorf("counting %s: %w", m.Name, err)
		}
		columns, err := b.s.columnsOf(ctx, quoteName(m.Name))
		if err != nil {
			return fmt.Errorf("describing %s: %w", m.Name, err)
		}
		b.columns[m.Name], b.rows[m.Name] = columns, rows
		if m.Layer == models.KPIs {
			if err := checkKPIShape(m, columns); err != nil {
				return err
			}
		}
		b.Progress(Step{Stage: stage, Name: m.Name, Done: i + 1, Total: len(all), Rows: rows})
	}
	return nil
}

// builtModels are the models that become tables: all but the checks, and for chosen KPIs only what they need.
func (b *build) builtModels() (out []models.Model) {
	for _, m := range b.Models {
		if m.Layer != models.Checks && (b.only == nil || b.only[m.Name]) {
			out = append(out, m)
		}
	}
	return out
}

func checkKPIShape(m models.Model, columns []Column) error {
	if len(columns) != len(kpiColumns) {
		return fmt.Errorf("building %s: a KPI model gives %d columns, this one %d; give exactly measure … status", m.Path, len(kpiColumns), len(columns))
	}
	for i, c := range kpiColumns {
		if columns[i].Name != c.Name {
			return fmt.Errorf("building %s: column %d is %s; a KPI model gives %s there", m.Path, i+1, columns[i].Name, c.Name)
		}
	}
	return nil
}

// createFigures unites the KPI models into one table of figures, in one order whatever the threads did.
func (b *build) createFigures(ctx context.Context) error {
	var parts []string
	for _, m := range b.builtModels() {
		if m.Layer != models.KPIs {
			continue
		}
		selected := make([]string, len(kpiColumns))
		for i, c := range kpiColumns {
			selected[i] = fmt.Sprintf("cast(%s as %s) as %s", quoteName(c.Name), c.SQLType, quoteName(c.Name))
		}
		parts = append(parts, fmt.Sprintf("select %s as kpi, %s from %s", quoteText(m.Meta.ID), strings.Join(selected, ", "), quoteName(m.Name)))
	}
	if len(parts) == 0 {
		return errors.New("building figures: the model set has no KPI")
	}
	q := "create table " + figuresTable + " as " + strings.Join(parts, " union all ") +
		" order by kpi, measure, period_type, period_start, period, breakdown, member"
	if err := b.s.exec(ctx, q); err != nil {
		return fmt.Errorf("building figures: %w", err)
	}
	if err := b.s.one(ctx, "select count(*) from figures", &b.manifest.Figures); err != nil {
		return fmt.Errorf("counting figures: %w", err)
	}
	columns, err := b.s.columnsOf(ctx, figuresTable)
	b.columns[figuresTable], b.rows[figuresTable] = columns, b.manifest.Figures
	return err
}

// checkModelSet finds what can be said about a model set without building it: unique KPI ids, standard shape.
func checkModelSet(ms []models.Model) error {
	var problems []error
	ids := map[string]string{}
	for _, m := range ms {
		if m.Layer != models.KPIs {
			continue
		}
		if other := ids[m.Meta.ID]; other != "" {
			problems = append(problems, fmt.Errorf("%s: KPI id %s is already taken by %s", m.Path, m.Meta.ID, other))
		}
		ids[m.Meta.ID] = m.Path
	}
	for _, m := range ms {
		if slices.Contains(engineNames(), m.Name) {
			problems = append(problems, fmt.Errorf("%s: the name %s belongs to the engine", m.Path, m.Name))
		}
	}
	return errors.Join(problems...)
}
