package docs

import (
	"maps"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// Readiness are the tables that say which periods are loaded. Every KPI reads them and they read the dates of every
// dataset, so a path through them would say of each date that it makes every figure.
var Readiness = []string{"mart_available_months", "mart_available_periods"}

// The columns of a KPI model that hold its number, and those that name what the number is of.
var (
	numberColumns = []string{"numerator", "denominator", "value"}
	memberColumns = []string{"breakdown", "member"}
)

// reach follows columns forward, from a dataset to the KPIs.
type reach struct {
	tables []warehouse.DescribedTable
	into   map[warehouse.ColumnRef][]warehouse.ColumnRef // a column → those that are made of it
	rows   map[warehouse.ColumnRef][]string              // a column → tables whose rows it decides
	below  map[string][]string                           // a table → those that read it
}

func newReach(tables []warehouse.DescribedTable) *reach {
	r := &reach{tables: tables, into: map[warehouse.ColumnRef][]warehouse.ColumnRef{},
		rows: map[warehouse.ColumnRef][]string{}, below: map[string][]string{}}
	for _, t := range tables {
		if slices.Contains(Readiness, t.Name) {
			continue
		}
		for _, c := range t.Trace.Columns {
			for _, from := range c.From {
				r.into[from] = append(r.into[from], warehouse.ColumnRef{Table: t.Name, Column: c.Name})
			}
		}
		for _, from := range t.Trace.Rows {
			r.rows[from] = append(r.rows[from], t.Name)
		}
		for _, name := range t.Reads {
			r.below[name] = append(r.below[name], t.Name)
		}
	}
	return r
}

// A use is what becomes of a column of a dataset.
type use struct {
	Through []warehouse.ColumnRef // columns of core and marts that are made of it
	Numbers []string              // KPI models whose number is made of it
	Members []string              // KPI models that break down by it
	Rows    []string              // KPI models of which it only decides the rows
}

func (u use) any() bool { return len(u.Numbers)+len(u.Members)+len(u.Rows) > 0 }

// use follows a column of a dataset.
func (r *reach) use(dataset, column string) use {
	made := map[warehouse.ColumnRef]bool{}
	decided := map[string]bool{}
	open := []warehouse.ColumnRef{{Table: "lake_" + dataset, Column: column}}
	for len(open) > 0 {
		ref := open[len(open)-1]
		open = open[:len(open)-1]
		if made[ref] {
			continue
		}
		made[ref] = true
		open = append(open, r.into[ref]...)
		for _, table := range r.rows[ref] {
			r.decide(table, decided)
		}
	}
	var u use
	for _, t := range r.tables {
		has := func(columns []string) bool {
			return slices.ContainsFunc(columns, func(c string) bool { return made[warehouse.ColumnRef{Table: t.Name, Column: c}] })
		}
		switch t.Layer {
		case sql.Core, sql.Marts:
			for _, c := range t.Columns {
				if ref := (warehouse.ColumnRef{Table: t.Name, Column: c.Name}); made[ref] {
					u.Through = append(u.Through, ref)
				}
			}
		case sql.KPIs:
			number, member := has(numberColumns), has(memberColumns)
			if number {
				u.Numbers = append(u.Numbers, t.Name)
			}
			if member {
				u.Members = append(u.Members, t.Name)
			}
			if !number && !member && decided[t.Name] {
				u.Rows = append(u.Rows, t.Name)
			}
		}
	}
	return u
}

// path is the shortest way of a column of a dataset to the number of a KPI model; nil when there is none.
func (r *reach) path(dataset, column, kpi string) []warehouse.ColumnRef {
	start := warehouse.ColumnRef{Table: "lake_" + dataset, Column: column}
	before := map[warehouse.ColumnRef]warehouse.ColumnRef{start: start}
	for open := []warehouse.ColumnRef{start}; len(open) > 0; open = open[1:] {
		at := open[0]
		if at.Table == kpi && slices.Contains(numberColumns, at.Column) {
			way := []warehouse.ColumnRef{at}
			for at != start {
				at = before[at]
				way = append(way, at)
			}
			slices.Reverse(way)
			return way
		}
		for _, next := range r.into[at] {
			if _, seen := before[next]; !seen {
				before[next] = at
				open = append(open, next)
			}
		}
	}
	return nil
}

// decide marks a table whose rows a column decides, and all that read it.
func (r *reach) decide(table string, decided map[string]bool) {
	if decided[table] {
		return
	}
	decided[table] = true
	for _, below := range r.below[table] {
		r.decide(below, decided)
	}
}

// upstream are the datasets that a table is made of.
func (c *catalogue) upstream(table string) (datasets []string) {
	for _, name := range c.behind(table) {
		if dataset, ok := strings.CutPrefix(name, "lake_"); ok && dataset != "tombstones" {
			datasets = append(datasets, dataset)
		}
	}
	return datasets
}

// followed says whether every model behind a table is known by column.
func (c *catalogue) followed(table string) bool {
	return !slices.ContainsFunc(c.behind(table), func(name string) bool { return c.tables[name].Trace.Unresolved != "" })
}

// behind are a table and all that it is made of, by name, but for the readiness of periods.
func (c *catalogue) behind(table string) []string {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || slices.Contains(Readiness, name) {
			return
		}
		seen[name] = true
		for _, below := range c.tables[name].Reads {
			visit(below)
		}
	}
	visit(table)
	return slices.Sorted(maps.Keys(seen))
}
