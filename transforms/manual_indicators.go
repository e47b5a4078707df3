package transforms

func init() {
	register(definition[ManualIndicator, *ManualIndicator]{
		name: "manual_indicators", version: 1, key: []string{"kpi", "period_text", "country", "unit", "dated_on"}, keyName: map[string]string{"period": "period_text"},
		normalise: normaliseManualIndicator,
		period:    func(f *Fields, r *ManualIndicator) string { return f.month(r.PeriodStart) },
	})
}

// ManualIndicator is one value of an indicator that nobody can count from data: a score that another body gives, or the
// result of a survey, with the paper that says so. A later paper about the same period is another row, and the paper
// that was dated last counts. Who signed is told by the office, never by a name.
type ManualIndicator struct {
	KPI            string  `parquet:"kpi,dict" lindung:"open,manual_indicator"`
	PeriodText     string  `parquet:"period_text,dict" lindung:"open"`
	PeriodStart    int32   `parquet:"period_start,date,dict" lindung:"open"`
	PeriodKind     string  `parquet:"period_kind,dict" lindung:"open"`
	Country        *string `parquet:"country,dict" lindung:"open,country"`
	Unit           *string `parquet:"unit,dict" lindung:"open,unit"`
	IndicatorValue int64   `parquet:"indicator_value,decimal(4:18)" lindung:"open"`
	Document       string  `parquet:"document,dict" lindung:"internal"`
	DatedOn        *int32  `parquet:"dated_on,date,dict" lindung:"internal"`
	SignedBy       *string `parquet:"signed_by,dict" lindung:"internal"`
	Provenance
}

func normaliseManualIndicator(f *Fields, r *ManualIndicator) {
	r.KPI = f.Code("kpi", "manual_indicator")
	r.PeriodText = f.Label("period")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.IndicatorValue = f.Figure("value")
	r.Document = f.Label("document")
	r.DatedOn = f.DateOpt("dated_on")
	r.SignedBy = f.LabelOpt("signed_by")
	if f.tour || !f.clean() {
		return
	}
	p, ok := simplePeriod(r.PeriodText)
	if !ok || p.kind != "month" && p.kind != "quarter" && p.kind != "year" {
		f.Problem(NotADate, "period", `period "`+r.PeriodText+`": not a month, quarter or year; write it as 2024-01, 2024-Q1 or 2024`)
		return
	}
	r.PeriodStart, r.PeriodKind = *p.start, p.kind
	if r.Country != nil && r.Unit != nil {
		f.Problem(CodeConflict, "unit", "unit: the row names a country too; a value is about one of them, or about the whole when both are empty")
	}
}
