package formats

// A LeftOut counts what a rule of the feed takes for no record, so that what a wrong rule
// costs is seen.
type LeftOut struct {
	Rule  string // the setting: stop_at, footer_rows, until, hidden, other_lines
	Place string // of the first
	Rows  int64
}

// LeftOut is what the rules of the feed left out of the object. It comes once: last, with a
// batch that has no records.
func (b *Batch) LeftOut() []LeftOut {
	if b.member == "" {
		return b.left
	}
	all := make([]LeftOut, len(b.left))
	for i, l := range b.left {
		l.Place = b.member + ": " + l.Place
		all[i] = l
	}
	return all
}

// leave counts what a rule leaves out.
func (t *tableTail) leave(rule, place string) {
	for i := range t.left {
		if t.left[i].Rule == rule {
			t.left[i].Rows++
			return
		}
	}
	t.left = append(t.left, LeftOut{Rule: rule, Place: place, Rows: 1})
}

// tell hands on what was left out.
func (t *tableTail) tell() error {
	if len(t.left) > 0 && !t.yield(&Batch{header: t.header, starts: []uint32{0}, left: t.left}) {
		return errStopped
	}
	return nil
}
