package figures

import (
	"context"
	"fmt"
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
