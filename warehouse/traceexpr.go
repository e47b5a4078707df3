package warehouse

import (
	"fmt"
	"slices"
	"strings"
)

// item gives the columns of one item of a select list: one, or those of a star or of an unpacked list of structs.
func (t *tracer) item(n sqlTree, s *traceScope) ([]field, error) {
	if n.text("class") == "STAR" {
		return t.star(n, s)
	}
	if keys := structsOf(n); keys != nil && n.text("alias") == "" {
		return t.unpacked(keys, s)
	}
	from, err := t.expression(map[string]any(n), s)
	if err != nil {
		return nil, err
	}
	name := n.text("alias")
	if path := n.texts("column_names"); name == "" && len(path) > 0 {
		name = path[len(path)-1]
	}
	return []field{{name, from}}, nil
}

// star expands * and table.*, with what EXCLUDE leaves out, REPLACE computes and RENAME calls otherwise.
func (t *tracer) star(n sqlTree, s *traceScope) (fields []field, err error) {
	if n["columns"] == true || n["expr"] != nil || len(asNodes(n["rename_list"])) > 0 {
		return nil, fmt.Errorf("COLUMNS and RENAME are not followed; name the columns")
	}
	left := map[string]bool{}
	for _, name := range n.texts("exclude_list") {
		left[strings.ToLower(name)] = true
	}
	replaced := map[string]refs{}
	for _, entry := range asNodes(n["replace_list"]) {
		r, err := t.expression(map[string]any(entry.node("value")), s)
		if err != nil {
			return nil, err
		}
		replaced[strings.ToLower(entry.text("key"))] = r
	}
	relation := n.text("relation_name")
	found := false
	for _, b := range s.bindings {
		if relation != "" && !strings.EqualFold(b.alias, relation) {
			continue
		}
		found = true
		for _, f := range b.fields {
			key := strings.ToLower(f.name)
			if left[key] || relation == "" && b.hidden[key] {
				continue
			}
			if r, ok := replaced[key]; ok {
				f.from = r
			}
			fields = append(fields, f)
		}
	}
	if !found {
		return nil, fmt.Errorf("%s.* names nothing that is read from", relation)
	}
	return fields, nil
}

// structsOf recognises unnest([{…}, {…}], recursive := true), which gives one column for each key.
func structsOf(n sqlTree) (structs []sqlTree) {
	children := n.nodes("children")
	if n.text("function_name") != "unnest" || len(children) != 2 || children[0].text("function_name") != "list_value" {
		return nil
	}
	for _, one := range children[0].nodes("children") {
		if one.text("function_name") != "struct_pack" {
			return nil
		}
		structs = append(structs, one)
	}
	return structs
}

func (t *tracer) unpacked(structs []sqlTree, s *traceScope) (fields []field, err error) {
	for i, one := range structs {
		for j, value := range one.nodes("children") {
			if i == 0 {
				fields = append(fields, field{value.text("alias"), refs{}})
			}
			r, err := t.expression(map[string]any(value), s)
			if err != nil {
				return nil, err
			}
			if j >= len(fields) || fields[j].name != value.text("alias") {
				return nil, fmt.Errorf("structs of one list with different keys are not followed")
			}
			fields[j].from.add(r)
		}
	}
	return fields, nil
}

// expression gives the columns that an expression reads. It walks whatever DuckDB put into the node, so that a
// filter of an aggregate or the branch of a case is not missed. What a window is parted and ordered by picks rows, as
// grouping does, and is no part of the value.
func (t *tracer) expression(v any, s *traceScope) (refs, error) {
	out := refs{}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			r, err := t.expression(item, s)
			if err != nil {
				return nil, err
			}
			out.add(r)
		}
	case map[string]any:
		n := sqlTree(v)
		switch n.text("class") {
		case "COLUMN_REF":
			return s.resolve(n.texts("column_names"))
		case "STAR", "LAMBDA", "POSITIONAL_REFERENCE":
			return nil, fmt.Errorf("a %s within an expression is not followed", strings.ToLower(n.text("class")))
		case "SUBQUERY":
			r, err := t.query(n.node("subquery").node("node"), s.ctes, s)
			if err != nil {
				return nil, err
			}
			s.rows.add(r.rows)
			for _, f := range r.fields {
				out.add(f.from)
			}
			child, err := t.expression(n["child"], s)
			if err != nil {
				return nil, err
			}
			return out.add(child), nil
		}
		for _, key := range sortedKeys(v) {
			r, err := t.expression(v[key], s)
			if err != nil {
				return nil, err
			}
			if n.text("class") == "WINDOW" && (key == "partitions" || key == "orders") {
				s.rows.add(r)
				continue
			}
			out.add(r)
		}
	}
	return out, nil
}

// resolve finds what a name stands for: a column of what is read, else an item of the select list, else a column
// of the query around.
func (s *traceScope) resolve(path []string) (refs, error) {
	for at := s; at != nil; at = at.outer {
		if len(path) > 1 {
			i := slices.IndexFunc(at.bindings, func(b binding) bool { return strings.EqualFold(b.alias, path[0]) })
			if i >= 0 {
				if j := (relation{fields: at.bindings[i].fields}).index(path[1]); j >= 0 {
					return at.bindings[i].fields[j].from, nil
				}
			}
		}
		if f := locate(at.bindings, path[0]); f != nil {
			return f.from, nil
		}
		if i := (relation{fields: at.aliases}).index(path[0]); i >= 0 {
			return at.aliases[i].from, nil
		}
	}
	return nil, fmt.Errorf("the name %s cannot be found", strings.Join(path, "."))
}

// aggregated says whether an expression holds an aggregate function.
func (t *tracer) aggregated(v any) bool {
	switch v := v.(type) {
	case sqlTree:
		return t.aggregated(map[string]any(v))
	case []any:
		return slices.ContainsFunc(v, t.aggregated)
	case map[string]any:
		n := sqlTree(v)
		if n.text("class") == "FUNCTION" && t.aggregates[n.text("function_name")] {
			return true
		}
		if n.text("class") == "SUBQUERY" || n.text("class") == "WINDOW" {
			return false
		}
		for _, child := range v {
			if t.aggregated(child) {
				return true
			}
		}
	}
	return false
}
