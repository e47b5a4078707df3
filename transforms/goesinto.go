package transforms

import "slices"

// goesInto names the columns of fields that are not called like their only column, as most are. Where a dataset has
// another habit, it stands under dataset.field. A test reads the normalisers and proves that this is what they do.
var goesInto = map[string][]string{
	"nik":           {"nik_check", "nik_token"},
	"passport":      {"passport_token"},
	"birth_date":    {"birth_year"},
	"job_title":     {"job_title", "occupation"},
	"province":      {"province_kemendagri"},
	"province_code": {"province_kemendagri"},
	"regency":       {"province_kemendagri", "regency_kemendagri"}, // a regency says its province
	"regency_code":  {"province_kemendagri", "regency_kemendagri"},

	"manual_indicators.period":    {"period_kind", "period_start", "period_text"},
	"manual_indicators.value":     {"indicator_value"},
	"published_figures.no":        {"figure_no"},
	"published_figures.period":    {"period_end", "period_kind", "period_start", "period_text"},
	"published_figures.breakdown": {"breakdown", "dimension", "member_code", "member_label", "period_end", "period_kind", "period_start"},
	"published_figures.measure":   {"dimension", "measure", "member_code", "member_label", "period_end", "period_kind", "period_start"},
	"published_figures.source":    {"publication"},
	"published_figures.value":     {"figure_value"},
	"published_figures.vintage":   {"vintage_on", "vintage_text"},
	"remittance_costs.time":       {"starts_on", "time"},
	"remittance_costs.sub_time":   {"starts_on", "time"},
	"statistics.area":             {"area", "area_kind"},
	"statistics.time":             {"ends_on", "starts_on", "time", "time_kind"},
	"statistics.sub_time":         {"ends_on", "starts_on", "time", "time_kind"},
	"statistics.value":            {"value_decimals", "value_digits"},
	"statistics.unit_mult":        {"value_decimals", "value_digits"},
}

// ColumnsOfField gives the columns of a dataset that a field of a feed's mapping goes into, by name; none for a field
// that only checks others.
func ColumnsOfField(d Dataset, field string) []string {
	return columnsOfField(d.Name(), field, d.Columns())
}

func columnsOfField(dataset, field string, columns []Column) []string {
	named, ok := goesInto[dataset+"."+field]
	if !ok {
		named, ok = goesInto[field]
	}
	if !ok {
		named = []string{field}
	}
	return slices.DeleteFunc(slices.Clone(named), func(name string) bool {
		return !slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
	})
}
