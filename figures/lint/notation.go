package lint

import "fmt"

// evidence is what numerals prove by themselves about their notation.
type evidence struct {
	count   [3]int    // by notation
	example [3]string // the first of each
	line    [3]int
	open    int    // numerals with two readings
	openEx  string // the first of them
	openAt  int
}

func (e *evidence) see(n numeral, raw string, line int) {
	switch {
	case n.open:
		if e.open++; e.open == 1 {
			e.openEx, e.openAt = raw, line
		}
	case n.says != unknown:
		if e.count[n.says]++; e.count[n.says] == 1 {
			e.example[n.says], e.line[n.says] = raw, line
		}
	}
}

func (e *evidence) add(o evidence) {
	for n := range e.count {
		if e.count[n] == 0 && o.count[n] > 0 {
			e.example[n], e.line[n] = o.example[n], o.line[n]
		}
		e.count[n] += o.count[n]
	}
}

// verdict is the notation that the evidence proves; unknown where it proves none or both.
func (e *evidence) verdict() notation {
	switch {
	case e.count[indonesian] > 0 && e.count[english] == 0:
		return indonesian
	case e.count[english] > 0 && e.count[indonesian] == 0:
		return english
	}
	return unknown
}

func (e *evidence) mixed() bool { return e.count[indonesian] > 0 && e.count[english] > 0 }

// A reading is what the document as a whole says about notation, by language.
type reading struct {
	byLang [3]evidence
	byRule [3]evidence // numerals with two readings that were read as their language has it
	all    evidence
	lang   notation // of the document
}

// decide gives the notation of one column or sentence: what it proves itself, then that its
// unit comes in whole numbers, then its language, then the document. guessed is whether
// nothing settled it.
func (d *reading) decide(own evidence, lang notation, u unit) (in notation, guessed bool) {
	if v := own.verdict(); v != unknown {
		return v, false
	}
	if own.mixed() {
		if own.count[english] > own.count[indonesian] {
			return english, false
		}
		return indonesian, false
	}
	if lang == unknown {
		lang = d.lang
	}
	if u.whole() && own.open > 0 && lang == unknown {
		// a count has no decimals, so the mark that is there parts thousands
		return thousandsBy(own.openEx), false
	}
	if lang != unknown {
		if own.open > 0 {
			d.byRule[lang].see(numeral{says: lang}, own.openEx, own.openAt)
		}
		return lang, false
	}
	if v := d.all.verdict(); v != unknown {
		return v, false
	}
	return indonesian, own.open > 0
}

func thousandsBy(example string) notation {
	for _, r := range example {
		switch r {
		case '.':
			return indonesian
		case ',':
			return english
		}
	}
	return indonesian
}

// readColumns decides the notation of each figure column and reads its figures. Where nothing
// settles it, the sums of the table may.
func (g *grid) readColumns(d *reading, r *report) {
	var guessed []int
	for _, i := range g.figureColumns() {
		c := &g.cols[i]
		g.heedTitle(c)
		var open bool
		if c.notation, open = d.decide(g.evidence(i), g.lang, c.unit); open {
			guessed = append(guessed, i)
		}
		g.readColumn(i)
	}
	if len(guessed) == 0 {
		return
	}
	asIndonesian := g.broken()
	g.turn(guessed, english)
	if asEnglish := g.broken(); asEnglish < asIndonesian {
		return
	} else if g.turn(guessed, indonesian); asIndonesian < asEnglish {
		return
	}
	first := g.evidence(guessed[0])
	r.add(Finding{Rule: openNotation, Severity: Warning, Line: first.openAt, Table: g.name(), Figures: []string{first.openEx},
		Message: fmt.Sprintf("%s has two readings, and nothing in the document says which; it was read in the Indonesian way", first.openEx)})
}

func (g *grid) turn(columns []int, in notation) {
	for _, i := range columns {
		g.cols[i].notation = in
		g.readColumn(i)
	}
}

func (g *grid) readColumn(i int) {
	c := &g.cols[i]
	for _, row := range g.rows {
		if f := row.cells[i]; f != nil {
			if f.unit == "" {
				f.unit = c.unit
			}
			f.read(c.notation, c.scale)
		}
	}
}

// evidence collects what the numerals of a column prove.
func (g *grid) evidence(i int) (e evidence) {
	for _, row := range g.rows {
		if f := row.cells[i]; f != nil && !f.stored {
			e.see(f.numeral, f.raw, row.line)
		}
	}
	return e
}

// heedTitle takes from the title, “(orang)” or “(persen)”, what a column of counts does not
// say itself.
func (g *grid) heedTitle(c *column) {
	u, scale := headSays(g.title)
	if c.role != counted || c.unit != "" && c.unit != u {
		return
	}
	if c.unit = u; c.scale == 1 {
		c.scale = scale
	}
	if u == percent {
		c.role = relative
	}
}

// weigh collects the evidence of a whole document, apart for each language.
func weigh(grids []*grid, sentences []*sentence) *reading {
	d := &reading{}
	take := func(e evidence, lang notation) {
		d.byLang[lang].add(e)
		d.all.add(e)
	}
	score := 0
	tongue := func(lang notation) {
		switch lang {
		case indonesian:
			score++
		case english:
			score--
		}
	}
	for _, g := range grids {
		for _, i := range g.figureColumns() {
			take(g.evidence(i), g.lang)
		}
		tongue(g.lang)
	}
	for _, s := range sentences {
		var e evidence
		for _, f := range s.figures {
			// (0,0) in an English text is a pair; 0,5 % would be a number
			if f.unit != "" || f.scale != 1 || s.lang == unknown || f.says == s.lang {
				e.see(f.numeral, f.raw, s.line)
			}
		}
		take(e, s.lang)
		tongue(s.lang)
	}
	switch {
	case score > 0:
		d.lang = indonesian
	case score < 0:
		d.lang = english
	}
	return d
}

// checkNotation reports two notations in text of one language. A page that says everything
// in two languages has both by right.
func (d *reading) checkNotation(r *report) {
	for lang, e := range d.byLang {
		in := notation(lang)
		switch {
		case e.mixed() && in == unknown:
			in = indonesian
			if e.count[english] > e.count[indonesian] {
				in = english
			}
		case e.mixed():
		case in != unknown && e.verdict() == in.other() && d.byRule[lang].count[in] > 0:
			e.add(d.byRule[lang])
		default:
			continue
		}
		out := in.other()
		r.add(Finding{Rule: mixedNotation, Severity: Warning, Line: e.line[out], Figures: []string{e.example[in], e.example[out]},
			Message: fmt.Sprintf("%s (line %d) is written the %s way, %s (line %d) the %s way", e.example[in], e.line[in], wayOf(in), e.example[out], e.line[out], wayOf(out))})
	}
}

func wayOf(n notation) string {
	if n == english {
		return "English"
	}
	return "Indonesian"
}
