package xlsx

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// A source says where a number of the workbook comes from.
type source struct {
	sheet, cell string
	number      *document.Number
}

// source notes what a cell's numbers are made of, where they say so.
func (b *book) source(sheet, cell string, numbers ...*document.Number) {
	for _, n := range numbers {
		if n.Ref.Op != "" || n.Ref.Figure != "" || n.Ref.Target != "" {
			b.sources = append(b.sources, source{sheet, cell, n})
		}
	}
}

// provenance is one row for every number, by which a program can compute it again.
func (b *book) provenance(name string) *grid {
	g := &grid{name: name, title: b.say(wordProvenance), note: b.say(wordProvenanceLine),
		heads:  []string{b.say(wordSheet), b.say(wordCell), b.say(wordShown), "op", b.say(wordFigure), b.say(wordBases), b.say(wordAgainst), b.say(wordTarget)},
		widths: []float64{16, 9, 22, 16, 56, 56, 40, 40}}
	if len(b.sources) == 0 {
		g.rows = append(g.rows, slices.Repeat([]value{words(tables.Nothing)}, len(g.heads)))
	}
	row := make([]value, len(g.heads))
	g.more = len(b.sources)
	g.moreRow = func(i int) []value {
		s := b.sources[i]
		r := s.number.Ref
		op := r.Op
		if op == "" {
			op = document.OpValue
		}
		for j, text := range []string{s.sheet, s.cell, orNothing(s.number.Text), op, orNothing(r.Figure), orNothing(strings.Join(r.Bases, " ")), orNothing(strings.Join(r.Against, " ")), orNothing(r.Target)} {
			row[j] = words(text)
		}
		return row
	}
	return g
}

// ops are the ways in which a number comes out of figures, in words.
var ops = []struct {
	name    string
	meaning tables.Text
}{
	{document.OpValue, tables.Text{ID: "angka itu sendiri", EN: "the figure itself"}},
	{document.OpChangePercent, tables.Text{ID: "angka dibanding pembanding, dalam persen perubahan", EN: "the figure against the base, as a change in per cent"}},
	{document.OpChange, tables.Text{ID: "angka dikurangi pembanding, dalam satuannya", EN: "the figure less the base, in its unit"}},
	{document.OpShare, tables.Text{ID: "angka sebagai bagian dari pembanding, dalam persen", EN: "the figure as a share of the base, in per cent"}},
	{document.OpRest, tables.Text{ID: "angka dikurangi semua pembanding", EN: "the figure less all the bases"}},
	{document.OpSum, tables.Text{ID: "angka ditambah semua pembanding", EN: "the figure and all the bases together"}},
	{document.OpZero, tables.Text{ID: "tidak terhitung satu pun, padahal pembandingnya ada", EN: "none was counted, though the bases are there"}},
	{document.OpSumChangePercent, tables.Text{ID: "angka dan pembanding bersama-sama terhadap jumlah lawan, dalam persen perubahan", EN: "the figure and the bases together against the sum of the others, as a change in per cent"}},
	{document.OpSumShare, tables.Text{ID: "angka dan pembanding bersama-sama sebagai bagian dari jumlah lawan, dalam persen", EN: "the figure and the bases together as a share of the sum of the others, in per cent"}},
	{document.OpSumRest, tables.Text{ID: "angka dan pembanding bersama-sama dikurangi jumlah lawan", EN: "the figure and the bases together less the sum of the others"}},
	{document.OpAttainment, tables.Text{ID: "angka sebagai bagian dari targetnya, dalam persen", EN: "the figure as a share of its target, in per cent"}},
	{document.OpGap, tables.Text{ID: "angka dikurangi targetnya, dalam satuannya", EN: "the figure less its target, in its unit"}},
	{document.OpTarget, tables.Text{ID: "target itu sendiri", EN: "the target itself"}},
	{document.OpCount, tables.Text{ID: "hitungan dari neraca rilis, bukan angka KPI", EN: "a count of the release's account, no figure of a KPI"}},
	{document.OpCountShare, tables.Text{ID: "hitungan sebagai bagian dari hitungan lain, dalam persen", EN: "a count as a share of another, in per cent"}},
}
