package docs

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// A catalogue is a subject with what is worked out about it once.
type catalogue struct {
	Subject
	definitions map[string]configs.DatasetDefinition
	tables      map[string]warehouse.DescribedTable
	targets     map[string][]target // by KPI
	uses        map[string]use      // by dataset.column, of the business columns
	ways        *reach
	numbers     map[string][]string // by KPI model: the dataset columns that its numbers are made of
	members     map[string][]string // by KPI model: those that it is broken down by
}

func newCatalogue(s Subject, targets map[string][]target) *catalogue {
	c := &catalogue{Subject: s, definitions: map[string]configs.DatasetDefinition{}, tables: map[string]warehouse.DescribedTable{}, targets: targets}
	for _, d := range configs.Datasets() {
		c.definitions[d.Name] = d
	}
	for _, t := range s.Tables {
		c.tables[t.Name] = t
	}
	c.follow()
	return c
}

// follow finds out what becomes of every business column of every dataset.
func (c *catalogue) follow() {
	c.ways, c.uses = newReach(c.Tables), map[string]use{}
	c.numbers, c.members = map[string][]string{}, map[string][]string{}
	for _, d := range transforms.Datasets() {
		for _, col := range business(d) {
			name := d.Name() + "." + col.Name
			u := c.asDefined(col.Name, c.ways.use(d.Name(), col.Name))
			c.uses[name] = u
			for _, k := range u.Numbers {
				c.numbers[k] = append(c.numbers[k], name)
			}
			for _, k := range u.Members {
				c.members[k] = append(c.members[k], name)
			}
		}
	}
}

// asDefined takes KPIs off a column's breakdowns whose definition does not name it: SQL gathers the members of all
// breakdowns in one column and leaves some out by their names. Of such a KPI the column decides rows at most.
func (c *catalogue) asDefined(column string, u use) use {
	known := map[string]bool{}
	for _, m := range c.kpiModels() {
		for _, b := range m.Meta.Breakdowns {
			if column == b || strings.HasPrefix(column, b+"_") { // province_kemendagri is broken down as province
				known[b] = true
			}
		}
	}
	if len(known) == 0 {
		return u
	}
	var members []string
	for _, m := range c.kpiModels() {
		switch named := slices.ContainsFunc(m.Meta.Breakdowns, func(b string) bool { return known[b] }); {
		case !slices.Contains(u.Members, m.Name):
		case named:
			members = append(members, m.Name)
		case !slices.Contains(u.Numbers, m.Name):
			u.Rows = append(u.Rows, m.Name)
		}
	}
	u.Members = members
	return u
}

// kpiModels are the KPI models in the order of their ids.
func (c *catalogue) kpiModels() (all []sql.Model) {
	for _, m := range c.Models {
		if m.Layer == sql.KPIs {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b sql.Model) int { return strings.Compare(a.Meta.ID, b.Meta.ID) })
	return all
}

// feedsOf are the feeds that bring a dataset, by source and name; one that is off brings nothing.
func (c *catalogue) feedsOf(dataset string) (feeds []*configs.Feed) {
	for _, s := range c.Sources {
		for _, f := range s.Feeds {
			if f.Dataset == dataset && !f.Off() {
				feeds = append(feeds, f)
			}
		}
	}
	return feeds
}

// business are the columns of a dataset that say something about the world; the others say where a row came from.
func business(d transforms.Dataset) (columns []transforms.Column) {
	for _, c := range d.Columns() {
		if c.Name == firstProvenance {
			break
		}
		columns = append(columns, c)
	}
	return columns
}

// firstProvenance is the first of the columns that every dataset carries.
const firstProvenance = "source"

// A target is a published aim for a KPI.
type target struct{ Measure, Period, Value, Unit, SetOn, Source, URL, Status string }

func readTargets(reference fs.FS) (map[string][]target, error) {
	urls := map[string]string{}
	if err := eachRow(reference, "published_sources.csv", func(cell func(string) string) { urls[cell("source")] = cell("url") }); err != nil {
		return nil, err
	}
	targets := map[string][]target{}
	err := eachRow(reference, "targets.csv", func(cell func(string) string) {
		targets[cell("kpi")] = append(targets[cell("kpi")], target{cell("measure"), cell("period"), cell("value"), cell("unit"),
			cell("set_on"), cell("source"), urls[cell("source")], cell("status")})
	})
	return targets, err
}

// eachRow reads a list; cell gives the text of a column of the row at hand.
func eachRow(reference fs.FS, name string, visit func(cell func(string) string)) error {
	f, err := reference.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, line := range lines[1:] {
		visit(func(column string) string {
			if i := slices.Index(lines[0], column); i >= 0 {
				return line[i]
			}
			return ""
		})
	}
	return nil
}
