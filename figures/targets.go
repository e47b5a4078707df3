package figures

import (
	"context"
	"fmt"
	"strings"
)

// A Target is one target that was printed for a KPI. Where several were printed
// for one period, Status says which is in force.
type Target struct {
	KPI     string  `json:"kpi"`
	Measure string  `json:"measure"`
	Period  string  `json:"period"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	SetOn   string  `json:"set_on,omitempty"`
	Source  string  `json:"source"`
	Status  string  `json:"status"` // in force, superseded, other
}

// Name is how reports refer to the target: KPI.measure/period@source.
func (t Target) Name() string {
	return fmt.Sprintf("%s.%s/%s@%s", t.KPI, t.Measure, t.Period, t.Source)
}

// Targets lists the targets on record.
func (r *Release) Targets(ctx context.Context) ([]Target, error) {
	rows, err := records(ctx, r.db, "the targets (dim_target)", `
select kpi, measure, period, target_value::double as value, unit, coalesce(set_on::varchar, '') as set_on, publication, status
from dim_target where target_value is not null order by kpi, measure, period, set_on, publication, target_value`)
	if err != nil {
		return nil, err
	}
	all := make([]Target, 0, len(rows))
	for _, row := range rows {
		value, _ := row["value"].(float64)
		all = append(all, Target{KPI: row.text("kpi"), Measure: row.text("measure"), Period: row.text("period"), Value: value,
			Unit: row.text("unit"), SetOn: row.text("set_on"), Source: row.text("publication"), Status: row.text("status")})
	}
	return all, nil
}

// judgeTarget compares a published target with the targets on record for its year.
func (c *reconciler) judgeTarget(v Verdict, r rule) Verdict {
	_, year, named := strings.Cut(v.Breakdown, "tahun=")
	if !named {
		year = v.Start.Format("2006")
	}
	scale := max(1, moneyScale(v.Unit))
	found := false
	for _, t := range c.targets {
		if t.KPI != r.kpi || t.Period != year {
			continue
		}
		// Of two targets on record the one that was printed here is meant.
		own := t.Value * max(1, moneyScale(t.Unit)) / scale
		if !found || abs(own-v.Value) < abs(*v.Difference) {
			v.settle(own)
			found = true
		}
	}
	if !found {
		return v.notComputable(noTarget)
	}
	if v.Class == Differs {
		sentence := vintageText(v.Published, "target lain tercatat (%s mencetak %s)", "another target is on record (%s prints %s)")
		v.ReasonCode, v.Reason = otherVintage, &sentence
	}
	return v
}

func abs(x float64) float64 { return max(x, -x) }
