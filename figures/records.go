package figures

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A record is one row of a describing table, by column name. These tables are
// small and gain columns over the years; an older release simply lacks some.
type record map[string]any

func records(ctx context.Context, db DB, what, query string, args ...any) ([]record, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	var all []record
	for rows.Next() {
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("reading %s: %w", what, err)
		}
		row := record{}
		for i, name := range names {
			row[name] = values[i]
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// Rows reads columns of a table of meta, in no order. A release that was made before the table
// was, or of which only the figures are left, has none.
func (r *Release) Rows(ctx context.Context, table string, columns []string) ([][]any, error) {
	var has bool
	err := r.db.QueryRowContext(ctx, "select count(*) > 0 from duckdb_tables() where schema_name = 'meta' and table_name = ?", table).Scan(&has)
	if err != nil || !has {
		return nil, err
	}
	rows, err := records(ctx, r.db, "meta."+table, `select * from meta."`+table+`"`)
	if err != nil {
		return nil, err
	}
	all := make([][]any, len(rows))
	for i, row := range rows {
		for _, name := range columns {
			all[i] = append(all[i], row[name])
		}
	}
	return all, nil
}

// text is the column as text; absent and NULL are empty.
func (r record) text(name string) string {
	switch v := r[name].(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	default:
		return fmt.Sprint(v)
	}
}

// both is a text in both languages; a column without translations serves as each.
func (r record) both(name string) Text {
	if _, one := r[name]; one {
		return Text{r.text(name), r.text(name)}
	}
	return Text{r.text(name + "_id"), r.text(name + "_en")}
}

// list splits a column that holds names, written with commas between them.
func (r record) list(name string) []string {
	return strings.FieldsFunc(r.text(name), func(c rune) bool { return c == ',' || c == ' ' })
}

func (r record) number(name string) int64 {
	switch v := r[name].(type) {
	case int64:
		return v
	case int32:
		return int64(v)
	case float64:
		return int64(v)
	case nil:
		return 0
	default:
		var n int64
		fmt.Sscan(fmt.Sprint(v), &n)
		return n
	}
}

func (r record) bool(name string) bool {
	v, _ := r[name].(bool)
	return v
}
