package formats

// A LeftOut counts the rows that a rule of the feed, or of a publisher's layout, takes for no
// records, so that what a wrong rule costs is seen. A row that is blank is none.
type LeftOut struct {
	Rule  string // the setting: skip_rows, stop_at, footer_rows, until, hidden, row_numbers, other_lines, totals, groups …; or notes
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

// leftRows gathers what is left out of an object.
type leftRows struct{ left []LeftOut }

// notes is the rule for what a publisher writes around a table: sources, remarks, when it was made.
const notes = "notes"

// leave counts what a rule leaves out.
func (l *leftRows) leave(rule, place string) {
	for i := range l.left {
		if l.left[i].Rule == rule {
			l.left[i].Rows++
			return
		}
	}
	l.left = append(l.left, LeftOut{Rule: rule, Place: place, Rows: 1})
}

// tell hands on what was left out.
func (l *leftRows) tell(header []string, yield func(*Batch) bool) error {
	if len(l.left) > 0 && !yield(&Batch{header: header, starts: []uint32{0}, left: l.left}) {
		return errStopped
	}
	return nil
}
