package pipelines

import (
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/transforms"
)

// withoutNames takes the names of persons out of a batch's header, which is quoted in messages and
// kept in the log: where a file has no row of column names, its first person stands there.
func withoutNames(b *formats.Batch, declared map[string]bool) *formats.Batch {
	if hidden := transforms.HideNames(b.Header(), declared); hidden != nil {
		return b.Named(hidden)
	}
	return b
}

// slippedIn says of a batch's records whether their columns have slipped, so that none of their texts
// may be shown.
func (r *feedRun) slippedIn(b *formats.Batch) func(row int) bool {
	at := map[string]int{}
	for col, name := range b.Header() {
		if _, twice := at[transforms.HeaderKey(name)]; !twice {
			at[transforms.HeaderKey(name)] = col
		}
	}
	read := map[int]transforms.InputKind{}
	for _, one := range r.readers() {
		if col, ok := at[one.column]; ok && one.column != "" {
			read[col] = one.input.Kind
		}
	}
	return func(row int) bool {
		for col, kind := range read {
			if transforms.Misplaced(kind, b.Cell(row, col)) {
				return true
			}
		}
		return false
	}
}
