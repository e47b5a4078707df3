package figures

import (
	"context"
	"fmt"
	"strings"
)

// Names gives the members of a breakdown their names, by code.
func (r *Release) Names(ctx context.Context, breakdown string) (map[string]Text, error) {
	if !identifier(breakdown) {
		return nil, fmt.Errorf("breakdown %q: a breakdown is lower-case letters, digits and '_'", breakdown)
	}
	rows, err := records(ctx, r.db, "the names of members (dim_"+breakdown+")", "select code, name_id, name_en from dim_"+breakdown)
	if err != nil {
		return nil, err
	}
	names := make(map[string]Text, len(rows))
	for _, row := range rows {
		names[row.text("code")] = row.both("name")
	}
	return names, nil
}

// NamesOf gives the members of several breakdowns their names, in one question. A breakdown
// without a list of names is left out.
func (r *Release) NamesOf(ctx context.Context, breakdowns []string) (map[string]map[string]Text, error) {
	tables, err := records(ctx, r.db, "the lists of names (dim_…)", `select table_name from information_schema.columns
		where table_schema = 'main' and table_name like 'dim\_%' escape '\' and column_name in ('code', 'name_id', 'name_en') group by all having count(*) = 3`)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, row := range tables {
		has[row.text("table_name")] = true
	}
	var parts []string
	names := map[string]map[string]Text{}
	for _, breakdown := range breakdowns {
		if has["dim_"+breakdown] && identifier(breakdown) {
			names[breakdown] = map[string]Text{}
			parts = append(parts, "select '"+breakdown+"' as breakdown, code, name_id, name_en from dim_"+breakdown)
		}
	}
	if len(parts) == 0 {
		return names, nil
	}
	rows, err := records(ctx, r.db, "the names of members (dim_…)", strings.Join(parts, " union all "))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		names[row.text("breakdown")][row.text("code")] = row.both("name")
	}
	return names, nil
}
