package figures

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// printedKey names a printed figure in both releases: its number is only its place in the list.
type printedKey struct {
	publication, period, measure, breakdown string
	nth                                     int // of those that are called alike
}

// reclassed lists the printed figures whose class is another one.
func reclassed(ctx context.Context, old, now *Release, kpi string) ([]Reclassed, error) {
	before, err := printed(ctx, old)
	if err != nil {
		return nil, err
	}
	after, err := printed(ctx, now)
	if err != nil {
		return nil, err
	}
	list := []Reclassed{}
	for key, is := range after {
		was, known := before[key]
		delete(before, key)
		if known {
			is.Old, is.OldComputed = was.New, was.NewComputed
		}
		list = append(list, is)
	}
	for _, was := range before {
		was.Old, was.OldComputed, was.New, was.NewComputed = was.New, was.NewComputed, "", nil
		list = append(list, was)
	}
	list = slices.DeleteFunc(list, func(r Reclassed) bool { return r.Old == r.New || kpi != "" && r.KPI != kpi })
	slices.SortFunc(list, func(a, b Reclassed) int {
		return cmp.Or(cmp.Compare(a.KPI, b.KPI), cmp.Compare(a.Publication, b.Publication), cmp.Compare(a.Period, b.Period),
			cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Breakdown, b.Breakdown))
	})
	return list, nil
}

// printed reads what a release says of every printed figure, in the fields of the newer side.
func printed(ctx context.Context, r *Release) (map[printedKey]Reclassed, error) {
	columns := []string{"no", "publication", "period", "printed_measure", "printed_breakdown", "kpi", "published", "class", "computed"}
	rows, err := r.Rows(ctx, "reconciliation", columns)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b []any) int { return cmp.Compare(asNumber(a[0]), asNumber(b[0])) })
	all := map[printedKey]Reclassed{}
	for _, row := range rows {
		v := Reclassed{Publication: asText(row[1]), Period: asText(row[2]), Measure: asText(row[3]), Breakdown: asText(row[4]), KPI: asText(row[5]),
			Published: asValue(row[6]), New: Class(asText(row[7])), NewComputed: asValue(row[8])}
		key := printedKey{publication: v.Publication, period: v.Period, measure: v.Measure, breakdown: v.Breakdown}
		for ; all[key].New != ""; key.nth++ {
		}
		all[key] = v
	}
	return all, nil
}

// schemaChanges lists tables and columns that are not in both releases, or not of the same type.
func schemaChanges(ctx context.Context, old, now *Release) ([]SchemaChange, error) {
	before, err := columnTypes(ctx, old)
	if err != nil {
		return nil, err
	}
	after, err := columnTypes(ctx, now)
	if err != nil {
		return nil, err
	}
	list := []SchemaChange{}
	for _, table := range union(before, after) {
		was, is := before[table], after[table]
		switch {
		case was == nil:
			list = append(list, SchemaChange{Table: table, New: "table"})
			continue
		case is == nil:
			list = append(list, SchemaChange{Table: table, Old: "table"})
			continue
		}
		for _, column := range union(was, is) {
			if was[column] != is[column] {
				list = append(list, SchemaChange{Table: table, Column: column, Old: was[column], New: is[column]})
			}
		}
	}
	return list, nil
}

// columnTypes reads a release's dictionary: table, column, type.
func columnTypes(ctx context.Context, r *Release) (map[string]map[string]string, error) {
	rows, err := r.Rows(ctx, "columns", []string{"table_name", "column_name", "data_type"})
	if err != nil {
		return nil, err
	}
	types := map[string]map[string]string{}
	for _, row := range rows {
		table := asText(row[0])
		if types[table] == nil {
			types[table] = map[string]string{}
		}
		types[table][asText(row[1])] = asText(row[2])
	}
	return types, nil
}

func union[V any](a, b map[string]V) (keys []string) {
	for _, m := range []map[string]V{a, b} {
		for k := range m {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func asNumber(v any) int64 { return record{"": v}.number("") }

func asValue(v any) *float64 {
	if f, ok := v.(float64); ok {
		return &f
	}
	return nil
}
