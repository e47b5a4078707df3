package content

import (
	"math"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// Every number that has a value is what its reference says, computed from the release's figures again.
func TestEveryNumberOfTheTablesIsComputedFromFigures(t *testing.T) {
	book := bookOf(t, bulletinRelease(t))
	found := map[string]int{}
	for _, at := range []string{"2025-12", "2025-08"} {
		blocks := deskOf(book, words.Indonesian, at, subject{}).bulletinTables()
		for _, of := range []Subject{{month(at), "province", "35"}, {month(at), "province", "53"}, {month(at), "country", "KOR"}, {month(at), "partner", "GIZ"}, {month(at), "partner", "IOM"}} {
			for _, section := range written(t, book, layouts(t)[of.Breakdown], of, words.English).Sections {
				if section.ID != "provenance" { // counts of the release's account are no figures
					blocks = append(blocks, section.Blocks...)
				}
			}
		}
		for _, n := range numbersOf(blocks) {
			if n.Value == nil || n.Ref.Op == document.OpCount || n.Ref.Op == document.OpCountShare {
				continue
			}
			found[n.Ref.Op]++
			if again, ok := recompute(book, n.Ref); !ok || math.Abs(again-*n.Value) > 1e-9*math.Max(1, math.Abs(again)) {
				t.Errorf("%s: %s is %v; %+v gives %v", at, n.Text, *n.Value, n.Ref, again)
			}
		}
	}
	for _, op := range []string{document.OpValue, document.OpSum, document.OpZero, document.OpSumRest, document.OpChangePercent, document.OpSumChangePercent, document.OpShare, document.OpSumShare} {
		if found[op] == 0 {
			t.Errorf("no number is made by %s: the test proves nothing of it", op)
		}
	}
}

// numbersOf are all the numbers of blocks.
func numbersOf(blocks []document.Block) (all []document.Number) {
	phrase := func(p document.Phrase) {
		for _, piece := range p {
			if piece.Number != nil {
				all = append(all, *piece.Number)
			}
		}
	}
	for _, b := range blocks {
		if c, is := b.(*document.Chart); is {
			phrase(c.Title)
		}
	}
	for _, table := range tablesOf(blocks) {
		for _, row := range table.Rows {
			for _, cell := range row.Cells {
				phrase(cell.Text)
				if cell.Number != nil {
					all = append(all, *cell.Number)
				}
			}
		}
	}
	return all
}

// recompute does what a reference says.
func recompute(book *Book, r document.Reference) (float64, bool) {
	known := true
	sum := func(addresses ...string) (total float64) {
		for _, text := range addresses {
			a, err := figures.ParseAddress(text)
			f := book.figures[key{a.KPI, a.Measure, a.Period, a.Breakdown, a.Member}]
			if err != nil || !hasValue(f) {
				known = false
				continue
			}
			total += *f.Value
		}
		return total
	}
	all := r.Bases
	if r.Figure != "" {
		all = append([]string{r.Figure}, r.Bases...)
	}
	switch r.Op {
	case document.OpValue:
		return sum(r.Figure), known
	case document.OpSum:
		return sum(all...), known
	case document.OpSumRest:
		return sum(all...) - sum(r.Against...), known
	case document.OpSumChangePercent:
		return 100 * (sum(all...)/sum(r.Against...) - 1), known
	case document.OpSumShare:
		return 100 * sum(all...) / sum(r.Against...), known
	case document.OpChangePercent:
		return 100 * (sum(r.Figure)/sum(r.Bases...) - 1), known
	case document.OpChange:
		return sum(r.Figure) - sum(r.Bases...), known
	case document.OpShare:
		return 100 * sum(r.Figure) / sum(r.Bases...), known
	case document.OpZero:
		a, err := figures.ParseAddress(r.Figure)
		_ = sum(r.Bases...)
		return 0, err == nil && known && book.figures[key{a.KPI, a.Measure, a.Period, a.Breakdown, a.Member}] == nil
	}
	return 0, false
}
