package pipelines

import (
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// columns gathers what the columns of a source look like.
type columns struct {
	order []string
	by    map[string]*producers.Column
	last  map[string]bool // of the newest object
}

func newColumns() *columns { return &columns{by: map[string]*producers.Column{}} }

// newObject begins an object: columns that it does not have are gone.
func (c *columns) newObject() { c.last = map[string]bool{} }

// add looks at the first records of a batch, but not at those whose columns slipped: what stands in
// them says nothing of the columns, and may be a name.
func (c *columns) add(b *formats.Batch, upTo int, slipped func(row int) bool) {
	var looked []int
	for row := range upTo {
		if !slipped(row) {
			looked = append(looked, row)
		}
	}
	if c.last == nil {
		c.newObject()
	}
	for col, name := range b.Header() {
		key := transforms.HeaderKey(name)
		one := c.by[key]
		if one == nil {
			one = &producers.Column{Name: name, Look: transforms.NewProfile()}
			c.by[key] = one
			c.order = append(c.order, key)
		}
		c.last[key] = true
		for _, row := range looked {
			one.Look.Add(b.Cell(row, col))
		}
	}
}

// list gives the columns in the order in which they were first seen.
func (c *columns) list() []producers.Column {
	all := make([]producers.Column, 0, len(c.order))
	for _, key := range c.order {
		one := *c.by[key]
		one.Gone = !c.last[key]
		all = append(all, one)
	}
	return all
}
