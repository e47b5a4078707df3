package content

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/kp2mi/lindung/figures"
)

// What a measure has to change by before it is said to rise or fall, while fewer than
// enoughRevisions releases have revised it.
const (
	enoughRevisions  = 6
	defaultPercent   = 2.0 // of counts, amounts, days
	defaultPoints    = 1.0 // of shares, in percentage points
	leastComparable  = 30  // of people, cases, villages: a change in per cent of fewer says nothing
	periodsForRecord = 24  // values that a record must stand out from
)

// A revised is how far a measure is usually revised.
type revised struct {
	threshold float64 // in per cent, or in percentage points of a share
	releases  int     // that revised it; under enoughRevisions the threshold is the default
}

func (b *Book) readPast(ctx context.Context) error {
	units := map[measureKey]string{}
	for _, d := range b.Release.Definitions() {
		units[measureKey{d.KPI, d.Measure}] = d.Unit
	}
	columns := []string{"kpi", "measure", "period", "breakdown", "old_release", "new_release", "old_value", "new_value", "reason_id", "reason_en", "member"}
	rows, err := b.Release.Rows(ctx, "restatements", columns)
	b.pastTold = rows != nil
	for _, row := range rows {
		if breakdown := text(row[3]); breakdown != "total" && breakdown != "" {
			b.addPart(figures.Address{KPI: text(row[0]), Measure: text(row[1]), Period: text(row[2]), Breakdown: breakdown, Member: text(row[10])}, text(row[5]), number(row[6]), number(row[7]))
			continue
		}
		r := revision{of: measureKey{text(row[0]), text(row[1])}, period: text(row[2]), old: text(row[4]), new: text(row[5]),
			oldValue: number(row[6]), newValue: number(row[7]), withdrawn: row[7] == nil, reason: figures.Text{ID: text(row[8]), EN: text(row[9])}}
		switch {
		case r.withdrawn:
		case percent(units[r.of]):
			r.change, r.comparable = r.newValue-r.oldValue, true
		case r.oldValue != 0:
			r.change, r.comparable = 100*(r.newValue/r.oldValue-1), true
		}
		b.past = append(b.past, r)
	}
	slices.SortFunc(b.past, func(x, y revision) int {
		return cmp.Or(cmp.Compare(x.new, y.new), cmp.Compare(x.of.kpi, y.of.kpi), cmp.Compare(x.of.measure, y.of.measure), cmp.Compare(x.period, y.period))
	})
	return err
}

// addPart remembers the destination that changed most of the placements of a period, as the one
// that mainly explains what its total changed by. Cases are never told by members: a case that was
// restated would point at a person.
func (b *Book) addPart(a figures.Address, release string, old, new float64) {
	if release != b.Release.ID || a.KPI != "PLC-01" || a.Breakdown != "country" || a.Member == "UNKNOWN" || min(old, new) < smallCell {
		return
	}
	of := measurePeriod{a.KPI, a.Measure, a.Period}
	if largest, known := b.mainly[of]; !known || math.Abs(new-old) > math.Abs(largest.Delta) {
		b.mainly[of] = figures.Part{Address: a, Old: old, New: new, Delta: new - old}
	}
}

// restatedOnRecord is what changed since the release before, as the release itself has it on
// record; told is false where it has no record, or compares with another release.
func (b *Book) restatedOnRecord() (list []figures.Restatement, told bool) {
	for _, r := range b.past {
		if r.new != b.Release.ID {
			continue
		}
		if r.old != b.Previous.ID {
			return nil, false
		}
		s := figures.Restatement{Address: figures.Address{KPI: r.of.kpi, Measure: r.of.measure, Period: r.period}, Old: &r.oldValue, Why: r.reason}
		if !r.withdrawn {
			delta := r.newValue - r.oldValue
			s.New, s.Delta = &r.newValue, &delta
			if r.oldValue != 0 {
				share := 100 * delta / r.oldValue
				s.Share = &share
			}
		}
		list = append(list, s)
	}
	return list, b.pastTold
}

// usualRevisions finds, of every measure, the median of the sizes of its past revisions: half of
// them were smaller. Revisions that came with one release are not independent of each other, so
// what counts as having enough of them is the number of releases.
func usualRevisions(past []revision, release *figures.Release) map[measureKey]revised {
	sizes, releases := map[measureKey][]float64{}, map[measureKey]map[string]bool{}
	for _, r := range past {
		if !r.comparable {
			continue
		}
		if releases[r.of] == nil {
			releases[r.of] = map[string]bool{}
		}
		releases[r.of][r.new] = true
		sizes[r.of] = append(sizes[r.of], math.Abs(r.change))
	}
	usual := map[measureKey]revised{}
	for _, d := range release.Definitions() {
		of := measureKey{d.KPI, d.Measure}
		u := revised{threshold: defaultPercent, releases: len(releases[of])}
		if percent(d.Unit) {
			u.threshold = defaultPoints
		}
		if u.releases >= enoughRevisions {
			slices.Sort(sizes[of])
			u.threshold = sizes[of][len(sizes[of])/2]
		}
		usual[of] = u
	}
	return usual
}

// readInputs sums the files of each dataset up, with one hash over the hashes of all.
func (b *Book) readInputs(ctx context.Context) error {
	hashes := map[string][]string{}
	b.inputs = map[string]input{}
	err := b.table(ctx, "files", []string{"dataset", "row_count", "sha256"}, func(row []any) {
		dataset := text(row[0])
		in := b.inputs[dataset]
		in.files, in.rows = in.files+1, in.rows+int64(number(row[1]))
		b.inputs[dataset] = in
		hashes[dataset] = append(hashes[dataset], text(row[2]))
	})
	for dataset, list := range hashes {
		slices.Sort(list)
		sum := sha256.New()
		for _, hash := range list {
			fmt.Fprintln(sum, hash)
		}
		in := b.inputs[dataset]
		in.sha256 = hex.EncodeToString(sum.Sum(nil))
		b.inputs[dataset] = in
	}
	return err
}
