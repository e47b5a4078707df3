package warehouse

import (
	"context"
	"fmt"
)

// operationsSchema holds what ran and what became of it. It tells of machines and hours and not of the data, so
// that it is no part of a release's content hash: the same data loaded on another day are the same release.
const operationsSchema = "ops"

// writeOperations writes the tables of operations that somebody else filled.
func (b *build) writeOperations(ctx context.Context) error {
	if len(b.Operations) == 0 {
		return nil
	}
	if err := b.s.exec(ctx, "create schema "+database+"."+operationsSchema); err != nil {
		return fmt.Errorf("writing tables of operations: %w", err)
	}
	for _, t := range b.Operations {
		e := engineTable{schema: operationsSchema, name: t.Name, about: t.About, rows: allRows(t.Rows)}
		for _, c := range t.Columns {
			e.columns = append(e.columns, engineColumn{Column{Name: c.Name, SQLType: c.SQLType}, c.About})
		}
		if err := b.writeEngineTable(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
