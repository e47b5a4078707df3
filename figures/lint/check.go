package lint

import "slices"

// wholesAtMost bounds the numbers among which a share looks for its whole: among more, some
// agree by chance.
const wholesAtMost = 400

// Check applies every rule to a document and gives the findings in its order.
func Check(d *Document) []Finding {
	r := &report{file: d.Name}
	var grids []*grid
	for _, t := range d.Tables {
		if g := layOut(t); g != nil {
			grids = append(grids, g)
		}
	}
	var sentences []*sentence
	spoken := d.language()
	for _, t := range d.Texts {
		sentences = append(sentences, sentencesOf(t, spoken)...)
	}
	how := weigh(grids, sentences)
	var facts []fact
	for _, g := range grids {
		g.readColumns(how, r)
		g.check(r)
		facts = append(facts, g.targets()...)
	}
	notations := make([]notation, len(sentences))
	for i, s := range sentences {
		notations[i] = s.read(how, r)
	}
	numbers := wholes(grids, sentences)
	tables := tableTotals(grids)
	for i, s := range sentences {
		var before *sentence
		if i > 0 {
			before = sentences[i-1]
		}
		facts = append(facts, s.check(r, notations[i], numbers, before)...)
		for _, c := range s.clauses() {
			c.checkSaid(r, tables)
		}
	}
	slices.SortStableFunc(facts, func(a, b fact) int { return a.line - b.line })
	checkTwice(r, facts)
	checkTableTotals(r, tables)
	checkUnitConflicts(r, sentences)
	how.checkNotation(r)
	return r.sorted()
}

func (d *Document) language() notation {
	text := ""
	for _, t := range d.Texts {
		text += t.Text + " "
	}
	for _, t := range d.Tables {
		text += t.Title + " "
	}
	return language(text)
}

func (g *grid) check(r *report) {
	g.repair(r)
	g.checkUnits(r)
	g.checkTotals(r)
	g.checkAcross(r)
	g.checkBlocks(r)
	g.checkShares(r)
	g.checkTooLarge(r)
	g.checkGrowth(r)
	g.checkTitleYear(r)
	g.checkPartialYear(r)
	g.checkCumulative(r)
	g.checkRepeats(r)
}

func (s *sentence) check(r *report, in notation, numbers []*figure, before *sentence) (facts []fact) {
	s.checkHundred(r, in)
	s.checkParts(r, in)
	s.checkWhole(r, in)
	s.checkTooLarge(r)
	for i, c := range s.clauses() {
		c.checkUnits(r)
		if i > 0 {
			before = nil
		}
		c.carry(before).checkGrowth(r, in, numbers)
		c.checkDifference(r, in)
		c.checkShares(r, in)
		facts = append(facts, c.facts()...)
	}
	return facts
}

// wholes lists the numbers that a share could be of: those of the sentences, and totals.
func wholes(grids []*grid, sentences []*sentence) (all []*figure) {
	for _, s := range sentences {
		for i := range s.figures {
			if !s.figures[i].unit.relative() {
				all = append(all, &s.figures[i].figure)
			}
		}
	}
	for _, g := range grids {
		for _, row := range g.rows {
			for _, c := range g.countColumns() {
				if f := row.cells[c]; f != nil && row.kind == totalRow {
					all = append(all, f)
				}
			}
		}
	}
	if len(all) > wholesAtMost {
		return nil
	}
	return all
}
