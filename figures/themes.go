package figures

import "context"

// A ThemeLine is one line of a theme card: a measure, in all or of one member, for one kind of period.
type ThemeLine struct {
	Card       string  `json:"card"`
	CardName   Text    `json:"card_name"`
	Part       Text    `json:"part"`
	Address    Address `json:"figure"` // without a period
	PeriodType string  `json:"period_type"`
}

// ThemeLines lists the lines of the theme cards in their order. A release from before there were cards has none.
func (r *Release) ThemeLines(ctx context.Context) ([]ThemeLine, error) {
	known, err := records(ctx, r.db, "the tables of the release", "select table_name from duckdb_tables() where table_name = 'dim_theme_card'")
	if err != nil || len(known) == 0 {
		return nil, err
	}
	rows, err := records(ctx, r.db, "the theme cards (dim_theme_card)", "select * from dim_theme_card order by card_position, position")
	if err != nil {
		return nil, err
	}
	all := make([]ThemeLine, 0, len(rows))
	for _, row := range rows {
		all = append(all, ThemeLine{Card: row.text("card"), CardName: Text{row.text("card_id"), row.text("card_en")}, Part: row.both("part"),
			Address:    Address{KPI: row.text("kpi"), Measure: row.text("measure"), Breakdown: row.text("breakdown"), Member: row.text("member")},
			PeriodType: row.text("period_type")})
	}
	return all, nil
}
