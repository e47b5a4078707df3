package figures

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// Codes of remarks, stable like those of reasons.
const (
	partsOff       = "parts_do_not_add_up"
	otherYear      = "block_of_another_year"
	aboveTotal     = "cumulative_shown_as_annual"
	shareAsGrowth  = "share_printed_as_growth"
	printedOtherly = "printed_differently_elsewhere"
	thousandsDot   = "thousands_dot_read_as_decimal"
)

// remarkOrder is the order of remarks in listings.
var remarkOrder = []string{partsOff, otherYear, aboveTotal, shareAsGrowth, thousandsDot, printedOtherly}

// A Remark is something that what was printed gives away about itself, whatever the release computes: also beside a
// figure that is equal, or that cannot be computed.
type Remark struct {
	Code string `json:"code"`
	Text Text   `json:"text"`
}

func remark(code, id, en string, values ...float64) Remark {
	ids, ens := make([]any, len(values)), make([]any, len(values))
	for i, v := range values {
		ids[i], ens[i] = brief("id", v), brief("en", v)
	}
	return Remark{code, Text{fmt.Sprintf(id, ids...), fmt.Sprintf(en, ens...)}}
}

// remarks looks at a published figure beside the others.
func (c *reconciler) remarks(v Verdict) (all []Remark) {
	p := v.Published
	if table, found := c.tableSum(p); found && !table.Holds() {
		sum, total := table.Of(), table.Total.Value
		if table.IsFarAbove() {
			all = append(all, remark(otherYear, "Rincian ini berjumlah %s, total tahun itu dalam terbitan yang sama %s: tampaknya dari tahun lain.",
				"These parts add up to %s, the total of that year in the same publication is %s: they seem to be of another year.", sum, total))
		} else {
			all = append(all, remark(partsOff, "Rincian dalam terbitan ini berjumlah %s dari total %s (selisih %s).",
				"The parts in this publication add up to %s of a total of %s (%s apart).", sum, total, math.Abs(sum-total)))
		}
	}
	if table, found := c.aboveItsYear(p); found {
		sum, total := table.Of(), table.Total.Value
		all = append(all, remark(aboveTotal, "Tabel ini berjumlah %s, total tahun itu paling banyak %s: hitungan kumulatif, bukan tahunan.",
			"This table adds up to %s, the total of that year is at most %s: a cumulative count, not an annual one.", sum, total))
	}
	if part, total, found := c.isShareOf(p); found {
		all = append(all, remark(shareAsGrowth, "%s%% bukan pertumbuhan, melainkan porsi %s dari %s.",
			"%s%% is no growth but the share of %s in %s.", p.Value, part, total))
	}
	if whole, found := withoutItsDot(v); found {
		all = append(all, remark(thousandsDot, "Hitungan tidak berdesimal: titik ribuan mungkin terbaca sebagai koma desimal (%s).",
			"A count has no decimals: a thousands dot may have been read as a decimal point (%s).", whole))
	}
	return append(all, c.otherPrints(p)...)
}

var (
	uncertain = regexp.MustCompile(`\(\?\)$`)
	sumsTo    = regexp.MustCompile(`(?i)\bsums? to \d`)
	aYear     = regexp.MustCompile(`\b\d{4}\b`)
)

// tableSum adds up the table that a member stands in, where it should leave nobody out: by its dimension, or by the
// note beside it. A period that is doubted has the total of the one that it was printed as; a row of one month or
// quarter in the table of a year is no total of it.
func (c *reconciler) tableSum(p Published) (table arithmetic.Sum, found bool) {
	if p.Unit == "%" || p.Dimension == "total" || !partitions[p.Dimension] && !sumsTo.MatchString(p.Flag) {
		return table, false
	}
	as := p
	as.PeriodText = uncertain.ReplaceAllString(p.PeriodText, "")
	for _, other := range c.published {
		switch {
		case other.Unit != p.Unit:
		case other.Dimension == "total" && sameTable(as, other) && (other.Kind == p.Kind || p.Kind == "unknown"):
			table.Total, found = arithmetic.Printed{Value: other.Value, Half: 0.5}, true // a table is off from a whole unit on
		case other.Dimension == p.Dimension && sameTable(p, other):
			table.Parts = append(table.Parts, arithmetic.Exactly(other.Value))
		}
	}
	return table, found && len(table.Parts) > 1
}

// aboveItsYear finds a table of one year, or up to a day of one, whose members together are more than anybody printed
// for that whole year.
func (c *reconciler) aboveItsYear(p Published) (table arithmetic.Sum, found bool) {
	year := aYear.FindString(p.PeriodText)
	if p.Unit == "%" || p.Dimension == "total" || p.Code == "" || p.Kind != "year" && !strings.HasPrefix(p.PeriodText, "cumulative to ") {
		return table, false
	}
	for _, other := range c.published {
		switch {
		case other.Measure != p.Measure || other.Unit != p.Unit:
		case other.Dimension == "total" && other.PeriodText == year && other.Kind == "year":
			table.Total.Value, found = max(table.Total.Value, other.Value), true
		case other.Dimension == p.Dimension && sameTable(p, other):
			table.Parts = append(table.Parts, arithmetic.Exactly(other.Value))
		}
	}
	return table, found && table.IsFarAbove()
}

// isShareOf finds the part and the whole whose share was printed as a growth.
func (c *reconciler) isShareOf(p Published) (part, total float64, found bool) {
	of, grows := strings.CutSuffix(p.Breakdown, " growth")
	if !grows || p.Unit != "%" {
		return 0, 0, false
	}
	for _, other := range c.published {
		switch {
		case !sameTable(p, other) || other.Unit == "%":
		case other.Dimension == "total":
			total = other.Value
		case other.Breakdown == of:
			part = other.Value
		}
	}
	return part, total, total > 0 && arithmetic.IsShare(arithmetic.Printed{Value: p.Value, Half: p.Tolerance()}, arithmetic.Exactly(part), arithmetic.Exactly(total))
}

// withoutItsDot reads 22.376 as the 22,376 that may have been meant: a count of something whole that has decimals, or
// that is a thousandth of what the release computes.
func withoutItsDot(v Verdict) (whole float64, found bool) {
	p := v.Published
	if moneyScale(p.Unit) != 0 || !slices.Contains([]string{"orang", "kasus", "layanan", "perusahaan", "lembaga"}, p.Unit) {
		return 0, false
	}
	whole = arithmetic.Thousandfold(p.Value)
	fraction := p.Value != math.Trunc(p.Value)
	near := v.Class == Differs && p.Value > 0 && math.Abs(*v.Computed-whole) <= 0.01*whole
	return whole, fraction || near
}

// otherPrints lists what other publications print for the same words.
func (c *reconciler) otherPrints(p Published) (all []Remark) {
	words := func(breakdown string) string { return strings.TrimSuffix(breakdown, " (rounded)") }
	for _, other := range c.published {
		if other.No == p.No || other.Publication == p.Publication || other.Measure != p.Measure || other.Unit != p.Unit ||
			other.PeriodText != p.PeriodText || words(other.Breakdown) != words(p.Breakdown) || math.Abs(other.Value-p.Value) <= p.Tolerance()+other.Tolerance() {
			continue
		}
		all = append(all, Remark{printedOtherly, Text{
			fmt.Sprintf("%s mencetak %s untuk angka yang sama.", other.Publication, brief("id", other.Value)),
			fmt.Sprintf("%s prints %s for the same figure.", other.Publication, brief("en", other.Value))}})
	}
	return all
}

// writeRemarks lists the remarks, each table once.
func (r *Reconciliation) writeRemarks(b *strings.Builder, lang string) {
	fmt.Fprintf(b, "\n%s\n", Text{"yang terlihat dari terbitannya sendiri", "what the publications give away about themselves"}.In(lang))
	for _, code := range remarkOrder {
		seen := map[string]bool{}
		for _, v := range r.Verdicts {
			for _, m := range v.Remarks {
				line := fmt.Sprintf("%-14s %s [%s] %s\n", v.PeriodText, v.Measure, v.Publication, m.Text.In(lang))
				if m.Code != code || seen[line] {
					continue
				}
				seen[line] = true
				fmt.Fprintf(b, "%4d  %s", v.No, line)
			}
		}
	}
}
