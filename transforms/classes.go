package transforms

import (
	"fmt"
	"slices"
	"strings"
)

// classes are how personal a column or a field may be, from the least to the most: specific are
// health, crime, children and finances of a person, an identifier names somebody.
var classes = []string{"open", "internal", "personal", "specific", "identifier"}

// fieldClasses are those of fields that go into no column, because they only check others.
var fieldClasses = map[string]string{
	"missing_migrants.dead_and_missing": "open",
}

// classOf is the class of a field: its own, that of the dataset's column of its name, or the most personal of the
// columns that it goes into. "" says that nobody has classed it, and CheckClasses refuses that.
func classOf(dataset string, s slot, columns []Column) string {
	if s.class != "" {
		return s.class
	}
	most := -1
	for _, c := range columns {
		switch {
		case c.Name == s.name:
			return c.Class
		case slices.Contains(columnsOfField(dataset, s.name, columns), c.Name):
			most = max(most, slices.Index(classes, c.Class))
		}
	}
	if most >= 0 {
		return classes[most]
	}
	return fieldClasses[dataset+"."+s.name]
}

// CheckClasses refuses a dataset of which a column, or a field that a feed may name, has no class: what
// nobody has judged is not taken in.
func CheckClasses(d Dataset) error {
	var unclassed []string
	check := func(what, name, class string) {
		if !slices.Contains(classes, class) {
			unclassed = append(unclassed, what+" "+name)
		}
	}
	for _, c := range d.Columns() {
		check("column", c.Name, c.Class)
	}
	for _, in := range d.DescribeInputs() {
		check("field", in.Name, in.Class)
	}
	if len(unclassed) == 0 {
		return nil
	}
	return fmt.Errorf("dataset %s: nobody has said how personal these are: %s; give each a class (%s) in transforms/%s.go, or in fieldClasses for a field that goes into no column",
		d.Name(), strings.Join(unclassed, ", "), strings.Join(classes, ", "), d.Name())
}
