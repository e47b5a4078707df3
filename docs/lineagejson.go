package docs

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
)

// A graph is the lineage for programs. Dataset columns appear in SQL as columns of lake_<dataset>.
type graph struct {
	Format int               `json:"format"`
	Levels map[string]string `json:"levels"`
	Feeds  []feedEdges       `json:"feeds"`
	Tables []tableEdges      `json:"tables"`
	KPIs   []kpiTable        `json:"kpis"`
}

type feedEdges struct {
	Source  string    `json:"source"`
	Feed    string    `json:"feed"`
	Dataset string    `json:"dataset"`
	Table   string    `json:"table"`
	Role    string    `json:"role"`
	Fields  []mapping `json:"fields"`
}

type tableEdges struct {
	Table   string        `json:"table"`
	Layer   sql.Layer     `json:"layer"`
	SQL     string        `json:"sql"`
	Level   string        `json:"level"`
	Reason  string        `json:"reason,omitempty"` // why only tables are known
	Reads   []string      `json:"reads"`
	Rows    []string      `json:"rows,omitempty"` // columns that decide which rows there are
	Columns []columnEdges `json:"columns"`
}

type columnEdges struct {
	Column string   `json:"column"`
	From   []string `json:"from"`
}

type kpiTable struct {
	KPI   string `json:"kpi"`
	Table string `json:"table"`
}

// levels says what each level of an edge means.
var levels = map[string]string{
	exact:     "written in the feed's file or in the normaliser",
	sameName:  "the feed does not map the field, which then takes the source's column of its own name, if there is one",
	byColumns: "DuckDB's parser read the SQL and every name was followed to its table",
	byTables:  "the SQL could not be followed to columns; only the tables that it reads are known",
}

func (c *catalogue) lineageJSON() ([]byte, error) {
	g := graph{Format: 1, Levels: levels}
	for _, s := range c.Sources {
		for _, f := range s.Feeds {
			d, ok := transforms.Lookup(f.Dataset)
			if !ok || f.Off() {
				continue
			}
			g.Feeds = append(g.Feeds, feedEdges{s.Name, f.Name, f.Dataset, "lake_" + f.Dataset, f.Role, mappings(f, d)})
		}
	}
	for _, t := range c.Tables {
		if t.Layer == "" {
			continue // figures unites the KPI tables, which kpis lists
		}
		e := tableEdges{Table: t.Name, Layer: t.Layer, SQL: "sql/" + t.Path, Level: byColumns, Reason: t.Trace.Unresolved, Reads: t.Reads}
		if t.Trace.Unresolved != "" {
			e.Level = byTables
		}
		for _, col := range t.Trace.Columns {
			one := columnEdges{Column: col.Name, From: []string{}}
			for _, r := range col.From {
				one.From = append(one.From, r.String())
			}
			e.Columns = append(e.Columns, one)
		}
		for _, r := range t.Trace.Rows {
			e.Rows = append(e.Rows, r.String())
		}
		g.Tables = append(g.Tables, e)
	}
	for _, m := range c.kpiModels() {
		g.KPIs = append(g.KPIs, kpiTable{m.Meta.ID, m.Name})
	}
	return g.text()
}

// text writes the graph with one line for each field and each column, so that a change reads well in a comparison.
func (g graph) text() ([]byte, error) {
	var b bytes.Buffer
	head, err := plain(map[string]any{"format": g.Format, "levels": g.Levels})
	if err != nil {
		return nil, err
	}
	b.WriteString(strings.TrimSuffix(head, "}") + ",\n\"feeds\":[")
	for i, f := range g.Feeds {
		fields := f.Fields
		f.Fields = []mapping{}
		if err := nested(&b, i, f, fields); err != nil {
			return nil, err
		}
	}
	b.WriteString("],\n\"tables\":[")
	for i, t := range g.Tables {
		columns := t.Columns
		t.Columns = []columnEdges{}
		if err := nested(&b, i, t, columns); err != nil {
			return nil, err
		}
	}
	b.WriteString("],\n\"kpis\":[")
	if err := lines(&b, g.KPIs); err != nil {
		return nil, err
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

// nested writes an object whose last member is an empty list, and fills that list.
func nested[T any](b *bytes.Buffer, i int, object any, members []T) error {
	text, err := plain(object)
	if err != nil {
		return err
	}
	if i > 0 {
		b.WriteString(",")
	}
	b.WriteString("\n" + strings.TrimSuffix(text, "]}"))
	if err := lines(b, members); err != nil {
		return err
	}
	b.WriteString("]}")
	return nil
}

func lines[T any](b *bytes.Buffer, members []T) error {
	for i, m := range members {
		text, err := plain(m)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n " + text)
	}
	return nil
}

// plain is a value as JSON in one line, with < and > as they are.
func plain(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
