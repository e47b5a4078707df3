package charts

// A Funnel shows how many come through each stage of a way, for one way or for several side by
// side, all on one scale.
type Funnel struct {
	Frame
	ShareWords string // said behind each share: "dari tahap sebelumnya"
	Ways       []Way
}

// A Way is the stages that one programme's people go through.
type Way struct {
	Name   string
	Stages []Stage
}

// A Stage is one stage of a way with its share of the stage before it; the first has none.
type Stage struct {
	Name  string
	Count Point
	Share Point
}

const columnGap = 36.0

// SVG draws the ways for a width: beside each other where there is room.
func (f Funnel) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	columns := max(1, min(len(f.Ways), int((c.width+columnGap)/(220+columnGap))))
	column := (c.width - columnGap*float64(columns-1)) / float64(columns)
	all := make([][]group, len(f.Ways))
	var together []group
	for i, way := range f.Ways {
		all[i] = f.groups(way)
		together = append(together, all[i]...)
	}
	layout := layRows(together, column, "")
	top, bottom := gap, gap
	for i, way := range f.Ways {
		if i%columns == 0 && i > 0 {
			top = bottom + 3*groupGap
		}
		left := float64(i%columns) * (column + columnGap)
		heading := wrap(way.Name, true, column)
		for n, line := range heading {
			c.bold("label", start, left, top+ascent+linePitch*float64(n), line)
		}
		below := top
		if len(heading) > 0 {
			below += linePitch*float64(len(heading)) + groupGap
		}
		bottom = max(bottom, layout.draw(c, all[i], left, below))
	}
	return c.finish("funnel", f.Frame, bottom+gap)
}

// groups are a way's stages, the words of the share at the first that has one.
func (f Funnel) groups(way Way) []group {
	var groups []group
	said := false
	for _, stage := range way.Stages {
		t := track{now: stage.Count, note: stage.Share, bold: true}
		if !stage.Share.empty() && !said {
			t.words, said = f.ShareWords, true
		}
		groups = append(groups, group{name: stage.Name, tracks: []track{t}})
	}
	return groups
}
