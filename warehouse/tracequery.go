package warehouse

import (
	"fmt"
	"slices"
	"strings"
)

// A tracer follows queries. What it does not know it refuses, so that no lineage is claimed by guess.
type tracer struct {
	tables     map[string][]Column // of every table that a model may read
	aggregates map[string]bool     // names of aggregate functions
}

// A binding is one table, CTE or subquery of a FROM clause under its alias.
type binding struct {
	alias  string
	fields []field
	hidden map[string]bool // columns that USING merged into another binding's
}

// A traceScope is what the expressions of one SELECT can see.
type traceScope struct {
	bindings []binding
	aliases  []field // of the select list, so far
	ctes     *ctes
	outer    *traceScope
	rows     refs // what decides the rows, gathered while expressions are read
}

func (t *tracer) query(node sqlTree, seen *ctes, outer *traceScope) (relation, error) {
	for _, entry := range node.node("cte_map").nodes("map") {
		value := entry.node("value")
		r, err := t.query(value.node("query").node("node"), seen, outer)
		if err != nil {
			return relation{}, err
		}
		seen = &ctes{entry.text("key"), r.renamed(value.texts("aliases")), seen}
	}
	switch kind := node.text("type"); kind {
	case "SELECT_NODE":
		return t.selection(node, seen, outer)
	case "SET_OPERATION_NODE":
		return t.setOperation(node, seen, outer)
	default:
		return relation{}, fmt.Errorf("the tree has a %q, which is not followed", kind)
	}
}

func (t *tracer) setOperation(node sqlTree, seen *ctes, outer *traceScope) (relation, error) {
	left, err := t.query(node.node("left"), seen, outer)
	if err != nil {
		return relation{}, err
	}
	right, err := t.query(node.node("right"), seen, outer)
	if err != nil {
		return relation{}, err
	}
	out := relation{rows: refs{}.add(left.rows, right.rows)}
	for _, f := range left.fields {
		out.fields = append(out.fields, field{f.name, refs{}.add(f.from)})
	}
	for i, f := range right.fields {
		switch node.text("setop_type") {
		case "UNION_BY_NAME":
			if i = out.index(f.name); i < 0 {
				out.fields = append(out.fields, field{f.name, refs{}.add(f.from)})
				continue
			}
			fallthrough
		case "UNION":
			if i >= len(out.fields) {
				return relation{}, fmt.Errorf("a union of %d and %d columns", len(left.fields), len(right.fields))
			}
			out.fields[i].from.add(f.from)
		case "EXCEPT", "INTERSECT":
			out.rows.add(f.from) // the right side says which rows stay
		default:
			return relation{}, fmt.Errorf("the tree has a set operation %q, which is not followed", node.text("setop_type"))
		}
	}
	return out, nil
}

func (t *tracer) selection(node sqlTree, seen *ctes, outer *traceScope) (relation, error) {
	s := &traceScope{ctes: seen, outer: outer, rows: refs{}}
	var err error
	if s.bindings, err = t.from(node.node("from_table"), s); err != nil {
		return relation{}, err
	}
	items := node.nodes("select_list")
	for _, item := range items {
		fields, err := t.item(item, s)
		if err != nil {
			return relation{}, err
		}
		s.aliases = append(s.aliases, fields...)
	}
	for _, clause := range []string{"where_clause", "having", "qualify"} {
		r, err := t.expression(node[clause], s)
		if err != nil {
			return relation{}, err
		}
		s.rows.add(r)
	}
	if err := t.grouping(node, items, s); err != nil {
		return relation{}, err
	}
	return relation{s.aliases, s.rows}, t.modifiers(node, s)
}

// grouping adds what rows are grouped by. "group by all" groups by every item that holds no aggregate.
func (t *tracer) grouping(node sqlTree, items []sqlTree, s *traceScope) error {
	keys := node.nodes("group_expressions")
	if slices.ContainsFunc(keys, func(k sqlTree) bool { return k.text("class") == "CONSTANT" }) {
		return fmt.Errorf("grouping by the position of a column is not followed; name the column")
	}
	if node.text("aggregate_handling") == "FORCE_AGGREGATES" {
		for _, item := range items {
			if !t.aggregated(item) {
				keys = append(keys, item)
			}
		}
	}
	for _, key := range keys {
		if key.text("class") == "STAR" {
			fields, err := t.item(key, s)
			if err != nil {
				return err
			}
			for _, f := range fields {
				s.rows.add(f.from)
			}
			continue
		}
		r, err := t.expression(map[string]any(key), s)
		if err != nil {
			return err
		}
		s.rows.add(r)
	}
	return nil
}

// modifiers adds what DISTINCT ON keeps and what LIMIT cuts off. An order alone changes no row.
func (t *tracer) modifiers(node sqlTree, s *traceScope) error {
	limited := false
	for _, m := range node.nodes("modifiers") {
		limited = limited || strings.HasPrefix(m.text("type"), "LIMIT")
	}
	for _, m := range node.nodes("modifiers") {
		if m.text("type") == "ORDER_MODIFIER" && !limited {
			continue
		}
		r, err := t.expression(map[string]any(m), s)
		if err != nil {
			return err
		}
		s.rows.add(r)
	}
	return nil
}

// from gives the bindings of a FROM clause and adds join conditions to the scope's rows.
func (t *tracer) from(node sqlTree, s *traceScope) ([]binding, error) {
	switch kind := node.text("type"); kind {
	case "EMPTY":
		return nil, nil
	case "BASE_TABLE":
		return t.table(node, s)
	case "JOIN":
		return t.join(node, s)
	case "SUBQUERY":
		r, err := t.query(node.node("subquery").node("node"), s.ctes, s.outer)
		if err != nil {
			return nil, err
		}
		s.rows.add(r.rows)
		return []binding{{alias: node.text("alias"), fields: r.renamed(node.texts("column_name_alias")).fields}}, nil
	case "EXPRESSION_LIST":
		return t.values(node, s)
	default:
		return nil, fmt.Errorf("the tree reads from a %q, which is not followed", kind)
	}
}

func (t *tracer) table(node sqlTree, s *traceScope) ([]binding, error) {
	name := node.text("table_name")
	alias := node.text("alias")
	if alias == "" {
		alias = name
	}
	r, ok := s.ctes.find(name)
	if !ok {
		columns, known := t.tables[name]
		if !known {
			return nil, fmt.Errorf("table %s has no known columns", name)
		}
		for _, c := range columns {
			r.fields = append(r.fields, field{c.Name, refs{{name, c.Name}: true}})
		}
	}
	s.rows.add(r.rows)
	// A copy, because USING changes the fields of one use of a CTE and not those of another.
	return []binding{{alias: alias, fields: slices.Clone(r.renamed(node.texts("column_name_alias")).fields)}}, nil
}

// values are the rows that a query writes out; they come from no table unless an expression names one.
func (t *tracer) values(node sqlTree, s *traceScope) ([]binding, error) {
	lines, _ := node["values"].([]any)
	b := binding{alias: node.text("alias")}
	for _, line := range lines {
		for i, cell := range asNodes(line) {
			if i == len(b.fields) {
				b.fields = append(b.fields, field{fmt.Sprintf("col%d", i), refs{}})
			}
			r, err := t.expression(map[string]any(cell), s)
			if err != nil {
				return nil, err
			}
			b.fields[i].from.add(r)
		}
	}
	return []binding{b}, nil
}

func (t *tracer) join(node sqlTree, s *traceScope) ([]binding, error) {
	switch node.text("ref_type") {
	case "REGULAR", "CROSS", "ASOF":
	default:
		return nil, fmt.Errorf("the tree has a %q join, which is not followed", node.text("ref_type"))
	}
	left, err := t.from(node.node("left"), s)
	if err != nil {
		return nil, err
	}
	right, err := t.from(node.node("right"), s)
	if err != nil {
		return nil, err
	}
	kind := node.text("join_type")
	for _, name := range node.texts("using_columns") {
		if err := using(name, kind, left, right, s); err != nil {
			return nil, err
		}
	}
	both := slices.Concat(left, right)
	condition, err := t.expression(node["condition"], &traceScope{bindings: both, ctes: s.ctes, outer: s.outer, rows: s.rows})
	if err != nil {
		return nil, err
	}
	s.rows.add(condition)
	if kind == "SEMI" || kind == "ANTI" {
		return left, nil
	}
	return both, nil
}

// using merges the column of both sides: the left one stays visible, and in a right or full join it holds either.
func using(name, kind string, left, right []binding, s *traceScope) error {
	l, r := locate(left, name), locate(right, name)
	if l == nil || r == nil {
		return fmt.Errorf("using (%s): a side has no such column", name)
	}
	s.rows.add(l.from, r.from)
	switch kind {
	case "INNER", "LEFT", "SEMI", "ANTI":
	default:
		l.from = refs{}.add(l.from, r.from)
	}
	for i := range right {
		if right[i].hidden == nil {
			right[i].hidden = map[string]bool{}
		}
		right[i].hidden[strings.ToLower(name)] = true
	}
	return nil
}

// locate finds the visible column of a name.
func locate(bindings []binding, name string) *field {
	for i := range bindings {
		if bindings[i].hidden[strings.ToLower(name)] {
			continue
		}
		for j := range bindings[i].fields {
			if strings.EqualFold(bindings[i].fields[j].name, name) {
				return &bindings[i].fields[j]
			}
		}
	}
	return nil
}
