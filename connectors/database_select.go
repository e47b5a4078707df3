package connectors

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// describing is the statement that tells the columns of a query and gives no row.
func (c *databaseConnector) describing(q query, values map[string]*string) *statement {
	s := &statement{}
	s.text.WriteString("select * from (\n")
	s.add(c.dialect, q, values)
	s.text.WriteString("\n) as q limit 0")
	return s
}

// A selection is what a pull asks of a query.
type selection struct {
	query   query
	columns []tableColumn
	values  map[string]*string
	cursor  string // columns, "" for none
	key     string
	window  Window
	zone    *time.Location
	column  string   // that the window limits
	after   keysetAt // the row to go on after
	none    bool     // give no row: only prove that they may be read
}

func (s *selection) find(name, setting string) (tableColumn, error) {
	i := slices.IndexFunc(s.columns, func(c tableColumn) bool { return c.name == name })
	if i < 0 {
		return tableColumn{}, fmt.Errorf("%s: the result has no column %q (it has %s): correct it, or select that column", setting, name, columnNames(s.columns))
	}
	return s.columns[i], nil
}

func columnNames(columns []tableColumn) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// statement puts a query within ours, which limits and orders its rows. Names are
// quoted, values are bound.
func (s *selection) statement(d *dialect) (*statement, error) {
	out := &statement{cells: s.cursor != ""}
	list := make([]string, len(s.columns))
	for i, c := range s.columns {
		list[i] = d.list(c, "q."+d.name(c.name))
	}
	out.text.WriteString("select " + strings.Join(list, ", ") + " from (\n")
	out.add(d, s.query, s.values)
	out.text.WriteString("\n) as q")
	var conditions []string
	limits, err := s.windowLimits(d, out)
	if err != nil {
		return nil, err
	}
	conditions = append(conditions, limits...)
	var order []string
	if s.cursor != "" {
		condition, err := s.goingOn(d, out)
		if err != nil {
			return nil, err
		}
		if condition != "" {
			conditions = append(conditions, condition)
		}
		order = append(order, "q."+d.name(s.cursor))
	}
	if s.key != "" {
		if _, err := s.find(s.key, "key_column"); err != nil {
			return nil, err
		}
		order = append(order, "q."+d.name(s.key))
	}
	if len(conditions) > 0 {
		out.text.WriteString("\nwhere " + strings.Join(conditions, " and "))
	}
	if len(order) > 0 {
		out.text.WriteString("\norder by " + strings.Join(order, ", "))
	}
	if s.none {
		out.text.WriteString("\nlimit 0")
	}
	return out, nil
}

func (s *selection) windowLimits(d *dialect, out *statement) (conditions []string, err error) {
	if s.column == "" || s.window.IsZero() {
		return nil, nil
	}
	column, err := s.find(s.column, "window_column")
	if err != nil {
		return nil, err
	}
	if !d.isTime(column) {
		return nil, fmt.Errorf("window_column: %q is no date or time: give it that type in the query", s.column)
	}
	for _, limit := range []struct {
		name, operator string
		at             time.Time
	}{{"window_from", ">=", s.window.From}, {"window_to", "<", s.window.To}} {
		if limit.at.IsZero() {
			continue
		}
		text := limit.at.In(s.zone).Format(d.instant)
		value, err := d.bound(column, out.bind(d, limit.name, &text))
		if err != nil {
			return nil, fmt.Errorf("window_column: %w", err)
		}
		conditions = append(conditions, "q."+d.name(column.name)+" "+limit.operator+" "+value)
	}
	return conditions, nil
}

// goingOn is the condition that leaves the rows after the last one. It is spelt
// out, and not written as (a, b) > (x, y), because not every server finds the
// index for that.
func (s *selection) goingOn(d *dialect, out *statement) (string, error) {
	cursor, err := s.find(s.cursor, "cursor_column")
	if err != nil {
		return "", err
	}
	if _, err := d.bound(cursor, ""); err != nil {
		return "", fmt.Errorf("cursor_column: %w", err)
	}
	if s.after.cursor == nil {
		return "", nil
	}
	since := func() string {
		value, _ := d.bound(cursor, out.bind(d, "last_cursor", s.after.cursor))
		return value
	}
	column := "q." + d.name(s.cursor)
	if s.key == "" || s.after.key == nil {
		return column + " > " + since(), nil
	}
	key, err := s.find(s.key, "key_column")
	if err != nil {
		return "", err
	}
	if _, err := d.bound(key, ""); err != nil {
		return "", fmt.Errorf("key_column: %w", err)
	}
	condition := column + " >= " + since() + " and (" + column + " > " + since()
	after, _ := d.bound(key, out.bind(d, "last_key", s.after.key))
	return condition + " or q." + d.name(s.key) + " > " + after + ")", nil
}
