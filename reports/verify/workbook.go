package verify

import (
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/xlsx"
)

// readWorkbook reads a workbook: its cells hold values, and its sheet of provenance what they are made of.
func readWorkbook(content []byte) (*Report, error) {
	book, err := xlsx.Read(content)
	if err != nil {
		return nil, err
	}
	r := &Report{Meta: map[string]string{document.MetaRelease: book.Release, document.MetaContent: book.Hash, document.MetaKind: book.Kind, document.MetaSubject: book.Subject}}
	for _, n := range book.Numbers {
		place := "sheet " + n.Sheet + ", cell " + n.Cell
		if n.Within != "" {
			place += " (" + n.Within + ")"
		}
		if n.Text == "" && n.Value == nil {
			n.Text = n.Within // a mark in a value's place
		}
		bare := n.Ref.Figure == "" && n.Ref.Target == "" && len(n.Ref.Bases)+len(n.Ref.Against) == 0
		r.Numbers = append(r.Numbers, Number{Place: place, Lang: book.Lang, Text: n.Text, Value: n.Value, Ref: n.Ref, Bare: bare})
	}
	return r, nil
}
