package charts

// Bars are a ranking of horizontal bars from zero, each with a mark where it stood a year ago.
type Bars struct {
	Frame
	Bars     []Bar
	Rest     *Bar   // what the ranking leaves out, set apart; nil: nothing
	MarkName string // what the marks are: "Okt 2025"
}

// A Bar is one bar of a ranking.
type Bar struct {
	Name string
	Now  Point
	Mark Point // a year ago; without a value there is no mark
}

// SVG draws the ranking for a width.
func (b Bars) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	var groups []group
	for _, bar := range b.Bars {
		groups = append(groups, bar.group(false))
	}
	if b.Rest != nil {
		groups = append(groups, b.Rest.group(true))
	}
	bottom := layRows(groups, c.width, b.MarkName).draw(c, groups, 0, gap)
	return c.finish("bars", b.Frame, bottom+gap)
}

func (b Bar) group(rest bool) group {
	return group{name: b.Name, tracks: []track{{now: b.Now, mark: b.Mark}}, rest: rest}
}

// Pairs are two bars for each name from one zero: what was committed and what was disbursed.
type Pairs struct {
	Frame
	FirstName, SecondName string // written at the bars of the first pair
	Pairs                 []Pair
}

// A Pair is the two bars under one name.
type Pair struct {
	Name          string
	First, Second Point
}

// SVG draws the pairs for a width.
func (p Pairs) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	var groups []group
	for i, pair := range p.Pairs {
		g := group{name: pair.Name, tracks: []track{{now: pair.First, other: true}, {now: pair.Second}}}
		if i == 0 {
			g.tracks[0].words, g.tracks[1].words = p.FirstName, p.SecondName
		}
		groups = append(groups, g)
	}
	bottom := layRows(groups, c.width, "").draw(c, groups, 0, gap)
	return c.finish("pairs", p.Frame, bottom+gap)
}
