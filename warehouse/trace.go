package warehouse

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// A ColumnRef names one column of one table.
type ColumnRef struct {
	Table  string `json:"table"`
	Column string `json:"column"`
}

// String gives table.column.
func (r ColumnRef) String() string { return r.Table + "." + r.Column }

// A Trace says what one model is made of, column by column.
type Trace struct {
	Columns []TracedColumn
	// Rows are the columns that decide which rows there are or which are looked at together: filters, join
	// conditions, grouping, partitions and orders of windows.
	Rows []ColumnRef
	// Unresolved says why the SQL could not be followed to its columns; then Columns and Rows are empty and the
	// tables that the model reads are all that is known.
	Unresolved string
}

// A TracedColumn is a column of a model and the columns that its own expression reads.
type TracedColumn struct {
	Name string
	From []ColumnRef
}

// trace follows every column of a model's SQL to the tables that the SQL names. DuckDB's own parser gives the
// tree; only its meaning (scopes, stars, CTEs, joins) is followed here. What comes out must have the columns that
// DuckDB gave the table, else nothing is claimed.
func (b *build) trace(ctx context.Context, m models.Model, t *tracer) (Trace, error) {
	var tree string
	if err := b.s.one(ctx, "select cast(json_serialize_sql("+quoteText(m.SQL)+") as varchar)", &tree); err != nil {
		return Trace{}, fmt.Errorf("%s: reading the SQL: %w", m.Path, err)
	}
	var parsed struct {
		Error      bool                     `json:"error"`
		Message    string                   `json:"error_message"`
		Statements []struct{ Node sqlTree } `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &parsed); err != nil {
		return Trace{}, fmt.Errorf("%s: reading DuckDB's tree of the SQL: %w", m.Path, err)
	}
	if parsed.Error || len(parsed.Statements) != 1 {
		return Trace{Unresolved: "DuckDB does not serialise the statement: " + parsed.Message}, nil
	}
	relation, err := t.query(parsed.Statements[0].Node, nil, nil)
	if err != nil {
		return Trace{Unresolved: err.Error()}, nil
	}
	var found, want []string
	for _, f := range relation.fields {
		found = append(found, f.name)
	}
	for _, c := range b.columns[m.Name] {
		want = append(want, c.Name)
	}
	if !slices.Equal(found, want) {
		return Trace{Unresolved: fmt.Sprintf("followed to the columns %s, the table has %s", strings.Join(found, ", "), strings.Join(want, ", "))}, nil
	}
	out := Trace{Rows: relation.rows.list()}
	for _, f := range relation.fields {
		out.Columns = append(out.Columns, TracedColumn{f.name, f.from.list()})
	}
	return out, nil
}

// refs is a set of columns of tables.
type refs map[ColumnRef]bool

func (r refs) add(others ...refs) refs {
	for _, o := range others {
		maps.Copy(r, o)
	}
	return r
}

func (r refs) list() []ColumnRef {
	all := slices.Collect(maps.Keys(r))
	slices.SortFunc(all, func(a, b ColumnRef) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// sqlTree is one node of the tree that DuckDB's parser gives.
type sqlTree map[string]any

func (n sqlTree) text(key string) string {
	s, _ := n[key].(string)
	return s
}

func (n sqlTree) node(key string) sqlTree {
	m, _ := n[key].(map[string]any)
	return m
}

func (n sqlTree) nodes(key string) []sqlTree { return asNodes(n[key]) }

func (n sqlTree) texts(key string) (out []string) {
	items, _ := n[key].([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func asNodes(v any) (out []sqlTree) {
	items, _ := v.([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// A field is a column of a relation on the way, with the columns of tables that it is made of.
type field struct {
	name string
	from refs
}

// A relation is what a query, a CTE or a table gives.
type relation struct {
	fields []field
	rows   refs
}

func (r relation) index(name string) int {
	return slices.IndexFunc(r.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
}

// renamed gives the fields the names of an alias list, such as "as v (a, b)".
func (r relation) renamed(names []string) relation {
	if len(names) == 0 {
		return r
	}
	fields := slices.Clone(r.fields)
	for i := range min(len(names), len(fields)) {
		fields[i].name = names[i]
	}
	return relation{fields, r.rows}
}

// ctes are the CTEs that can be seen, innermost first.
type ctes struct {
	name     string
	relation relation
	outer    *ctes
}

func (c *ctes) find(name string) (relation, bool) {
	for ; c != nil; c = c.outer {
		if strings.EqualFold(c.name, name) {
			return c.relation, true
		}
	}
	return relation{}, false
}
