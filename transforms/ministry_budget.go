package transforms

func init() {
	register(definition[MinistryBudget, *MinistryBudget]{
		name: "ministry_budget", version: 1, key: []string{"year", "budget_unit", "theme"},
		normalise: normaliseMinistryBudget,
		period:    func(_ *Fields, r *MinistryBudget) string { return monthText(int(r.Year), 1) },
	})
}

// MinistryBudget is the money of one year of one part of the ministry for one theme, in rupiah: what it said it needs,
// what it may spend, and what it spent.
type MinistryBudget struct {
	Year        int32  `parquet:"year,int(16)" lindung:"open"`
	BudgetUnit  string `parquet:"budget_unit,dict" lindung:"open"`
	Theme       string `parquet:"theme,dict" lindung:"open,theme"`
	NeedIDR     *int64 `parquet:"need_idr,decimal(2:18)" lindung:"open"`
	CeilingIDR  int64  `parquet:"ceiling_idr,decimal(2:18)" lindung:"open"`
	RealisedIDR *int64 `parquet:"realised_idr,decimal(2:18)" lindung:"open"`
	Provenance
}

func normaliseMinistryBudget(f *Fields, r *MinistryBudget) {
	r.Year = f.Int("year", 1970, 2100)
	r.BudgetUnit = f.Label("budget_unit")
	r.Theme = f.Code("theme", "theme")
	r.NeedIDR = f.MoneyOpt("need_idr")
	r.CeilingIDR = f.Money("ceiling_idr")
	r.RealisedIDR = f.MoneyOpt("realised_idr")
}
