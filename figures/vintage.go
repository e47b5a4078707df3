package figures

import (
	"fmt"
	"math"
	"strings"
)

// explainDifference finds the likeliest reason why a published figure differs from
// the computed one: first what its own publication gives away, then what earlier
// releases knew, then what other publications print.
func (c *reconciler) explainDifference(p Published, computed float64) (string, Text) {
	if suspected(p) {
		return misprint, fill(misprint, p.Flag, p.Flag)
	}
	if s, value, found := c.sameEarlier(p); found {
		return revision, s.revised(value)
	}
	if sum, total, found := c.partsAndTotal(p); found {
		return partsDoNotAdd, filled(partsDoNotAdd, []any{brief("id", sum), brief("id", total)}, []any{brief("en", sum), brief("en", total)})
	}
	if s, value, found := c.nearerEarlier(p, computed); found {
		return revision, s.revised(value)
	}
	if other, found := c.printedElsewhere(p, computed); found {
		return otherVintage, vintageText(other,
			"%s mencetak %s untuk angka yang sama", "%s prints %s for the same figure")
	}
	yearly := isYear(p)
	if total, gap := c.ownTotal(p); 2*math.Abs(gap) >= math.Abs(computed-p.Value) && gap != 0 && (yearly || !c.release.Sample()) {
		return otherVintage, vintageText(total,
			"total dalam terbitan yang sama (%s) adalah %s", "the total in the same publication (%s) is %s")
	}
	if c.release.Sample() && (p.Dimension != "total" || !yearly || ruleFor(p).member != "") {
		return sampleSplit, sentences[sampleSplit]
	}
	if math.Abs(computed-p.Value) <= 0.01*math.Abs(p.Value) {
		return otherVintage, vintageText(p,
			"selisihnya di bawah 1%% (%s mencetak %s)", "it is less than 1%% away (%s prints %s)")
	}
	return definition, sentences[definition]
}

func isYear(p Published) bool {
	period, whole := p.months()
	return whole && period.Type == "year"
}

// fill completes a sentence with one phrase in each language.
func fill(code, id, en string) Text { return filled(code, []any{id}, []any{en}) }

func filled(code string, id, en []any) Text {
	return Text{fmt.Sprintf(sentences[code].ID, id...), fmt.Sprintf(sentences[code].EN, en...)}
}

func vintageText(p Published, id, en string) Text {
	return fill(otherVintage,
		fmt.Sprintf(id, p.Publication, brief("id", p.Value)),
		fmt.Sprintf(en, p.Publication, brief("en", p.Value)))
}

// suspected says whether the note beside the figure doubts the printed number
// itself. A note that doubts one member stands beside the whole table; it counts
// only for that member.
func suspected(p Published) bool {
	flag := strings.ToLower(p.Flag)
	if strings.Contains(flag, "derived") {
		return false
	}
	for _, word := range []string{"typo", "misprint", "impossible", "implausible", "doubtful"} {
		if strings.Contains(flag, word) {
			return true
		}
	}
	if p.Dimension != "total" && strings.Contains(flag, "labels suspect") {
		return true
	}
	return p.Label != "" && strings.HasPrefix(flag, strings.ToLower(p.Label)+" suspect")
}

func (s *store) revised(value float64) Text {
	r := s.release
	return filled(revision,
		[]any{r.ID, day(r.AsOf), Number("id", value, min(2, Decimals(value)))},
		[]any{r.ID, day(r.AsOf), Number("en", value, min(2, Decimals(value)))})
}

// sameEarlier finds an earlier release that computes exactly what was printed.
func (c *reconciler) sameEarlier(p Published) (*store, float64, bool) {
	for _, s := range c.earlier {
		result := c.answer(s, p)
		v := Verdict{Published: p}
		if v.settle(result.value); result.reason == "" && v.Class != Differs {
			return s, result.value, true
		}
	}
	return nil, 0, false
}

// nearerEarlier looks at the earlier release whose knowledge is nearest in time to
// the publication. It explains the figure when it lies at most half as far away as
// today's value: less than that is chance.
func (c *reconciler) nearerEarlier(p Published, computed float64) (*store, float64, bool) {
	if p.VintageOn.IsZero() {
		return nil, 0, false
	}
	nearest := c.store
	for _, s := range c.earlier {
		if s.away(p) < nearest.away(p) {
			nearest = s
		}
	}
	if nearest == c.store {
		return nil, 0, false
	}
	result := c.answer(nearest, p)
	if result.reason != "" || 2*math.Abs(result.value-p.Value) > math.Abs(computed-p.Value) {
		return nil, 0, false
	}
	return nearest, result.value, true
}

func (s *store) away(p Published) float64 {
	return math.Abs(s.release.AsOf.Sub(p.VintageOn).Hours())
}

// sameTable says whether two published figures stand in one table.
func sameTable(a, b Published) bool {
	return a.Publication == b.Publication && a.Measure == b.Measure && a.PeriodText == b.PeriodText
}

// partsAndTotal adds up the table that a member stands in, where the table should
// leave nobody out, and finds a total that it does not reach.
func (c *reconciler) partsAndTotal(p Published) (sum, total float64, found bool) {
	if p.Unit == "%" || !partitions[p.Dimension] {
		return 0, 0, false
	}
	parts := 0
	for _, other := range c.published {
		switch {
		case !sameTable(p, other) || other.Unit != p.Unit:
		case other.Dimension == "total":
			total, found = other.Value, true
		case other.Dimension == p.Dimension:
			sum, parts = sum+other.Value, parts+1
		}
	}
	return sum, total, found && parts > 1 && math.Abs(sum-total) > 0.5
}

// sameCell says whether two publications print the same figure.
func sameCell(a, b Published) bool {
	return a.No != b.No && a.Measure == b.Measure && a.Unit == b.Unit && a.Start.Equal(b.Start) && a.End.Equal(b.End) &&
		a.Dimension == b.Dimension && a.Code == b.Code && (a.Code != "" || a.Dimension == "total") && !strings.Contains(a.Breakdown+b.Breakdown, "share")
}

// printedElsewhere finds another printed value of the same figure that lies nearer
// to the computed one, by at least half the distance: two publications that differ
// by one do not explain a gap of thousands.
func (c *reconciler) printedElsewhere(p Published, computed float64) (Published, bool) {
	var best Published
	found := false
	for _, other := range c.published {
		if !sameCell(p, other) || other.Value == p.Value {
			continue
		}
		if !found || math.Abs(other.Value-computed) < math.Abs(best.Value-computed) {
			best, found = other, true
		}
	}
	return best, found && 2*math.Abs(best.Value-computed) <= math.Abs(p.Value-computed)
}

// ownTotal finds the total of the table that a member stands in, printed or added
// up from a dimension that leaves nobody out, and how far today's total lies from
// it. A table of another vintage shows it there; a small gap of totals does not
// explain a large one of a member.
func (c *reconciler) ownTotal(p Published) (total Published, gap float64) {
	if p.Dimension == "total" || p.Unit == "%" {
		return Published{}, 0
	}
	total, parts := p, 0
	total.Dimension, total.Code, total.Breakdown, total.Value = "total", "", "total", 0
	for _, other := range c.published {
		if !sameTable(p, other) || other.Unit != p.Unit {
			continue
		}
		if other.Dimension == "total" {
			total, parts = other, 2
			break
		}
		if other.Dimension == p.Dimension && partitions[p.Dimension] {
			total.Value, parts = total.Value+other.Value, parts+1
		}
	}
	result := c.answer(c.store, total)
	if parts < 2 || result.reason != "" || math.Abs(result.value-total.Value) <= total.Tolerance() {
		return Published{}, 0
	}
	return total, result.value - total.Value
}
