package lint

import (
	"fmt"
	"slices"
	"strings"
)

// A grid is a table whose parts are known: head, label columns, figure columns, body.
type grid struct {
	title  string
	sheet  string
	lang   notation
	line   int
	note   string // what stands in rows without figures above and below
	cols   []column
	rows   []tableRow
	long   bool // a list of records rather than a table of a publication
	groups bool // the head has an upper level
}

type columnKind int8

const (
	emptyColumn columnKind = iota
	labelColumn
	indexColumn // numbering, codes, years and months in a list
	figureColumn
)

type role int8

const (
	counted role = iota
	relative
	growing
	averaged
)

type column struct {
	at       int
	head     string // all levels
	group    string // the upper levels
	last     string // the lowest level
	line     int
	kind     columnKind
	role     role
	unit     unit
	scale    float64
	notation notation
	repaired bool // its thousands marks were read as decimal marks
	total    bool
}

type rowKind int8

const (
	plainRow rowKind = iota
	totalRow
	sectionRow
	apartRow // “of which”, shares and growth in a row of their own
)

type tableRow struct {
	line  int
	label string
	kind  rowKind
	named bool            // a total by the name of what it sums, which may be the name of a measure
	cells map[int]*figure // by column
	gaps  int             // values that are said to be not available
}

// name is how a finding calls the table; one without a title is known by its line.
func (g *grid) name() string {
	if g.sheet != "" && g.title != "" {
		return g.sheet + ": " + g.title
	}
	return g.sheet + g.title
}

// figureColumns lists the columns that hold figures.
func (g *grid) figureColumns() []int {
	var at []int
	for i, c := range g.cols {
		if c.kind == figureColumn {
			at = append(at, i)
		}
	}
	return at
}

// mostRows is what a table of a publication has at most; longer ones are lists of records.
const mostRows = 2000

// layOut finds the head, the labels and the figures of a table; nil where it has none.
func layOut(t Table) *grid {
	g := &grid{title: t.Title, sheet: t.Sheet}
	rows := slices.Clone(t.Rows)
	if len(rows) == 0 {
		return nil
	}
	g.line = rows[0].Line
	from, to := headRows(rows)
	for _, r := range rows[:from] {
		title := strings.Join(strings.Fields(strings.Join(r.Cells, " ")), " ")
		if filled(r) == 1 {
			g.title = strings.TrimSpace(g.title + " " + first(Row{Cells: slices.DeleteFunc(slices.Clone(r.Cells), blank)}))
		} else {
			g.note += " " + title
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
	}
	if width > mostColumns {
		return nil
	}
	g.makeColumns(rows[from:to], width)
	body := rows[to:]
	if len(body) > 0 && isColumnNumbers(body[0]) {
		body = body[1:]
	}
	g.kinds(body)
	if len(g.figureColumns()) == 0 {
		return nil
	}
	for _, r := range body {
		g.addRow(r)
	}
	g.dropNotes()
	g.findTotals()
	g.findLanguage(t.Lang)
	return g
}

// headRows finds the rows [from, to) that make the head; rows before are titles.
func headRows(rows []Row) (from, to int) {
	widest := 0
	for _, r := range rows[:min(len(rows), 200)] {
		widest = max(widest, filled(r))
	}
	for from < len(rows) && !hasCount(rows[from]) && (spansAll(rows[from]) && widest > 1 || !rows[from].Head && written(rows[from])*10 < widest*6) {
		from++
	}
	if from == len(rows) || hasCount(rows[from]) && !rows[from].Head {
		return from, from
	}
	to = from + 1
	for to < len(rows) && to < from+4 {
		r := rows[to]
		headLike := r.Head && !hasCount(r) || !hasCount(r) && filled(r) > 1 && (first(r) == "" || first(r) == first(rows[from])) && to+1 < len(rows)
		if !headLike {
			break
		}
		to++
	}
	return from, to
}

// spansAll reports a title: one text, whether in the first cell or spread over all.
func spansAll(r Row) bool { return filled(r) == 1 && first(r) != "" }

func written(r Row) int {
	return len(slices.DeleteFunc(slices.Clone(r.Cells), blank))
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// filled counts the cells that say something, what is spread over several once.
func filled(r Row) int {
	n, last := 0, ""
	for _, c := range r.Cells {
		if c = strings.TrimSpace(c); c != "" && c != last {
			n++
			last = c
		}
	}
	return n
}

func first(r Row) string {
	if len(r.Cells) == 0 {
		return ""
	}
	return strings.TrimSpace(r.Cells[0])
}

// hasCount reports a figure that is not a bare year.
func hasCount(r Row) bool { return slices.ContainsFunc(r.Cells, isCount) }

func isCount(text string) bool {
	f, kind := parseCell(text)
	return kind == figureCell && !f.bareYear() && f.raw != "-"
}

func isColumnNumbers(r Row) bool {
	n := 0
	for _, c := range r.Cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		n++
		if !columnNumbers.MatchString(c) || strings.Trim(c, "()") != fmt.Sprint(n) {
			return false
		}
	}
	return n > 1
}

func (g *grid) makeColumns(head []Row, width int) {
	g.cols = make([]column, width)
	for i := range g.cols {
		var levels []string
		line := g.line
		for _, r := range head {
			line = r.Line
			if i < len(r.Cells) {
				if c := strings.Join(strings.Fields(decoration.Replace(r.Cells[i])), " "); c != "" && (len(levels) == 0 || levels[len(levels)-1] != c) {
					levels = append(levels, c)
				}
			}
		}
		c := column{at: i, head: strings.Join(levels, " / "), line: line, scale: 1}
		if n := len(levels); n > 0 {
			c.last, c.group = levels[n-1], strings.Join(levels[:n-1], " / ")
		}
		g.groups = g.groups || c.group != ""
		c.unit, c.scale = headSays(c.head)
		c.total = isTotal(c.last)
		g.cols[i] = c
	}
}

// kinds decides what each column holds, by its cells and its head.
func (g *grid) kinds(body []Row) {
	labels := 0
	for i := range g.cols {
		c := &g.cols[i]
		t := tally(body, i)
		switch {
		case t.figures+t.texts == 0:
			c.kind = emptyColumn
		case t.figures > 0 && (indexWords.MatchString(c.last) || i == 0 && t.counting || t.years && !yearWord.MatchString(c.head)):
			c.kind = indexColumn
		case t.figures*10 >= (t.figures+t.texts)*6:
			c.kind = figureColumn
			c.role = roleOf(*c, t)
			if t.percents*2 > t.figures {
				c.unit = percent
			}
		default:
			c.kind = labelColumn
			if t.different > 1 {
				labels++
			}
		}
	}
	// A label that a program left in the column beside its head fills two columns once.
	if labels > 1 && exclusive(body, g.cols) {
		labels = 1
	}
	g.long = labels > 2 || labels == 0 && len(body) > 24 || len(body) > mostRows
}

type columnTally struct {
	figures, texts, percents, different int
	counting, years                     bool
}

func tally(body []Row, i int) columnTally {
	t := columnTally{counting: true, years: true}
	seen := map[string]bool{}
	for _, r := range body {
		if i >= len(r.Cells) {
			continue
		}
		f, kind := parseCell(r.Cells[i])
		switch kind {
		case figureCell:
			t.figures++
			if f.unit == percent {
				t.percents++
			}
			v, _ := f.value(english)
			t.counting = t.counting && v == float64(t.figures)
			t.years = t.years && f.bareYear()
		case textCell:
			t.texts++
			if len(seen) < 3 {
				seen[strings.TrimSpace(r.Cells[i])] = true
			}
		}
	}
	t.different = len(seen)
	return t
}

// roleOf says how the figures of a column behave in sums.
func roleOf(c column, t columnTally) role {
	switch {
	case growthWords.MatchString(c.head):
		return growing
	case averageWords.MatchString(strings.ReplaceAll(c.head, "_", " ")):
		return averaged
	case t.percents*2 > t.figures || shareWords.MatchString(c.head):
		return relative
	}
	return counted
}

func exclusive(body []Row, cols []column) bool {
	for _, r := range body {
		n := 0
		for _, c := range cols {
			if c.kind == labelColumn && c.at < len(r.Cells) && strings.TrimSpace(r.Cells[c.at]) != "" {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	return true
}
