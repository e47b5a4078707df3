package figures

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// The kinds of difference between two releases' figures.
const (
	KindChanged = "changed" // two values
	KindNew     = "new"     // a value where the old release has none
	KindGone    = "gone"    // none where it has one
	KindStatus  = "status"  // the same value, or none in both, under another status
)

// A Difference is one figure that two releases do not give alike.
type Difference struct {
	Address   Address  `json:"figure"` // without a release: it stands in both
	Unit      string   `json:"unit"`
	Kind      string   `json:"kind"`
	Old       *float64 `json:"old"` // nil: not available, withheld, or not there
	New       *float64 `json:"new"`
	OldStatus string   `json:"old_status"`
	NewStatus string   `json:"new_status"`
	Delta     *float64 `json:"delta"` // percentage points where the unit is per cent
	Share     *float64 `json:"share"` // of the old value, in per cent; nil for what is per cent itself
	Cause     string   `json:"cause"` // data, definition, data_and_definition, reference, as_of, new, gone or other
	Why       Text     `json:"why"`
	Internal  bool     `json:"internal"` // the file for the public does not have it
	FrozenIn  string   `json:"frozen_in,omitempty"`
}

// Counts are how many figures are alike and how many are not.
type Counts struct {
	Equal   int `json:"equal"`
	Changed int `json:"changed"`
	New     int `json:"new"`
	Gone    int `json:"gone"`
	Status  int `json:"status"`
}

// Different is how many figures are not alike.
func (c Counts) Different() int { return c.Changed + c.New + c.Gone + c.Status }

func (c *Counts) add(kind string) {
	switch kind {
	case KindChanged:
		c.Changed++
	case KindNew:
		c.New++
	case KindGone:
		c.Gone++
	case KindStatus:
		c.Status++
	default:
		c.Equal++
	}
}

// A KPIDiff is the differences of one KPI's figures: totals before members, then by size. A KPI without one is
// not listed.
type KPIDiff struct {
	KPI     string       `json:"kpi"`
	Title   Text         `json:"title"`
	Counts  Counts       `json:"counts"`
	Figures []Difference `json:"figures"`
}

// A Reclassed is a printed figure that two releases do not reconcile alike. A class is empty where a
// release does not have the printed figure.
type Reclassed struct {
	Publication string   `json:"publication"`
	Period      string   `json:"period"`
	Measure     string   `json:"printed_measure"`
	Breakdown   string   `json:"printed_breakdown"`
	KPI         string   `json:"kpi,omitempty"`
	Published   *float64 `json:"published"`
	Old         Class    `json:"old_class"`
	New         Class    `json:"new_class"`
	OldComputed *float64 `json:"old_computed"`
	NewComputed *float64 `json:"new_computed"`
}

// A SchemaChange is a table or a column that one of two releases has, or has otherwise.
type SchemaChange struct {
	Table  string `json:"table"`
	Column string `json:"column,omitempty"` // empty: the whole table
	Old    string `json:"old_type"`         // empty: not there; of a table, "table"
	New    string `json:"new_type"`
}

// A Diff is everything that two releases do not have alike, as far as readers of figures notice it.
type Diff struct {
	Old            Info                    `json:"old"`
	New            Info                    `json:"new"`
	KPI            string                  `json:"only_kpi,omitempty"`
	Counts         Counts                  `json:"figures"`
	KPIs           []KPIDiff               `json:"kpis"`
	Models         []sql.Change            `json:"models"`
	Inputs         []warehouse.InputChange `json:"inputs"`
	Checks         []warehouse.CheckChange `json:"checks"`
	Reconciliation []Reclassed             `json:"reconciliation"`
	Schema         []SchemaChange          `json:"schema"`
	FiguresOnly    bool                    `json:"figures_only"` // one release has lost its tables: printed figures and columns were not compared
}

// Equal reports whether there is nothing to tell.
func (d *Diff) Equal() bool {
	return d.Counts.Different()+len(d.Models)+len(d.Inputs)+len(d.Checks)+len(d.Reconciliation)+len(d.Schema) == 0
}

// Known is what releases themselves do not say of what came between them.
type Known struct {
	Models []sql.Change
	Inputs []warehouse.InputChange
	Checks []warehouse.CheckChange
	Frozen map[string]string // month: the release whose figures count for it
}

// CompareReleases tells all figures of two releases that are not alike, and what else is not. With a KPI only
// what is about it. Which of the two is older does not matter: the other way round the differences are the same,
// mirrored.
func CompareReleases(ctx context.Context, old, now *Release, kpi string, known Known) (*Diff, error) {
	d := &Diff{Old: old.Info, New: now.Info, KPI: kpi, KPIs: []KPIDiff{}, FiguresOnly: !old.whole || !now.whole,
		Models: known.Models, Inputs: known.Inputs, Checks: known.Checks}
	if kpi != "" {
		if err := knownKPI(kpi, old, now); err != nil {
			return nil, err
		}
		d.Models = slices.DeleteFunc(slices.Clone(known.Models), func(c sql.Change) bool { return c.KPI != kpi })
		d.Inputs, d.Checks = nil, nil
	}
	c := &comparer{old: old, now: now, frozen: known.Frozen, byKPI: map[string]*KPIDiff{}, why: map[string]cause{}}
	if err := c.prepare(ctx, known.Inputs); err != nil {
		return nil, fmt.Errorf("comparing %s with %s: %w", old.ID, now.ID, err)
	}
	condition := "true"
	if kpi != "" {
		condition = "kpi = '" + kpi + "'"
	}
	if err := mergeFigures(ctx, old, now, condition, func(was, is *row) { c.visit(was, is, d) }); err != nil {
		return nil, fmt.Errorf("comparing %s with %s: %w", old.ID, now.ID, err)
	}
	for _, one := range c.byKPI {
		if one.Counts.Different() > 0 {
			slices.SortFunc(one.Figures, bySizeOfDifference)
			d.KPIs = append(d.KPIs, *one)
		}
	}
	slices.SortFunc(d.KPIs, func(a, b KPIDiff) int { return cmp.Compare(a.KPI, b.KPI) })
	if d.FiguresOnly {
		return d, nil
	}
	var err error
	if d.Reconciliation, err = reclassed(ctx, old, now, kpi); err != nil {
		return nil, fmt.Errorf("comparing %s with %s: %w", old.ID, now.ID, err)
	}
	if kpi == "" {
		d.Schema, err = schemaChanges(ctx, old, now)
	}
	return d, err
}

// knownKPI refuses a code that neither release has.
func knownKPI(kpi string, releases ...*Release) (err error) {
	for _, r := range releases {
		if _, err = r.Define(kpi, ""); err == nil {
			return nil
		}
	}
	return err
}

// A comparer holds what one comparison needs to know beside the figures.
type comparer struct {
	old, now *Release
	causes   *causes
	internal map[string]bool // kpi.measure/breakdown
	frozen   map[string]string
	byKPI    map[string]*KPIDiff
	why      map[string]cause // by KPI
}

type cause struct {
	code string
	text Text
}

func (c *comparer) prepare(ctx context.Context, inputs []warehouse.InputChange) (err error) {
	// Causes are found looking forward, whatever way the reader looks.
	earlier, later := c.old, c.now
	if cmp.Or(cmp.Compare(later.LogHead, earlier.LogHead), later.AsOf.Compare(earlier.AsOf), cmp.Compare(later.ID, earlier.ID)) < 0 {
		earlier, later = later, earlier
	}
	c.causes = &causes{}
	if later.whole {
		if c.causes, err = findCauses(ctx, earlier, later); err != nil {
			return err
		}
	}
	c.causes.lists = map[string]bool{}
	for _, in := range inputs {
		if in.Kind == warehouse.InputReference {
			c.causes.lists[in.Name] = true
		}
	}
	if a, b := day(earlier.AsOf), day(later.AsOf); a != b {
		c.causes.day = Text{"Tanggal acuannya lain: " + a + " dan " + b + ".", "They look back from other days: " + a + " and " + b + "."}
	}
	c.internal = map[string]bool{}
	for _, r := range []*Release{c.old, c.now} {
		if !r.whole {
			continue
		}
		rows, err := r.Rows(ctx, "suppressions", []string{"kpi", "measure", "breakdown", "file"})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row[3] == warehouse.OpenFile {
				c.internal[fmt.Sprint(row[0], ".", row[1], "/", row[2])] = true
			}
		}
	}
	return nil
}

// visit judges one pair of figures.
func (c *comparer) visit(was, is *row, d *Diff) {
	one := compareRows(was, is)
	if one.Kind == "" && one.Old == nil {
		return // neither has a value, for the same reason
	}
	about := cmp.Or(is, was)
	kpi := c.byKPI[about.kpi]
	if kpi == nil {
		kpi = &KPIDiff{KPI: about.kpi}
		c.byKPI[about.kpi] = kpi
	}
	d.Counts.add(one.Kind)
	kpi.Counts.add(one.Kind)
	if one.Kind == "" {
		return
	}
	one.Internal = c.internal[about.kpi+"."+about.measure+"/"+about.breakdown]
	if about.periodType == "month" {
		one.FrozenIn = c.frozen[about.period]
	}
	definition, inNew := c.now.Define(about.kpi, about.measure)
	before, inOld := c.old.Define(about.kpi, about.measure)
	switch {
	case inNew != nil && inOld == nil:
		definition, one.Cause, one.Why = before, causeGone, Text{"Ukuran ini tidak ada lagi.", "The measure is no longer there."}
	case inNew == nil && inOld != nil:
		one.Cause, one.Why = causeNew, Text{"Ukuran ini baru.", "The measure is new."}
	default:
		why, known := c.why[about.kpi]
		if !known {
			why.code, why.text = c.causes.of(about.kpi)
			c.why[about.kpi] = why
		}
		one.Cause, one.Why = why.code, why.text
	}
	if one.Unit = definition.Unit; definition.Percent() {
		one.Share = nil
	}
	kpi.Title = definition.Title
	kpi.Figures = append(kpi.Figures, one)
}

// compareRows says how two figures of one address differ; no kind: they do not. A figure without a row
// is one that is not available.
func compareRows(was, is *row) Difference {
	d := Difference{OldStatus: NotAvailable, NewStatus: NotAvailable}
	if was != nil {
		d.Address, d.Old, d.OldStatus = was.address(), was.value, was.status
	}
	if is != nil {
		d.Address, d.New, d.NewStatus = is.address(), is.value, is.status
	}
	switch {
	case d.Old == nil && d.New == nil:
	case d.Old == nil:
		d.Kind = KindNew
		return d
	case d.New == nil:
		d.Kind = KindGone
		return d
	default:
		delta := *d.New - *d.Old
		if math.Abs(delta) > 1e-9*math.Max(1, math.Max(math.Abs(*d.Old), math.Abs(*d.New))) {
			d.Kind, d.Delta = KindChanged, &delta
			if *d.Old != 0 {
				share := 100 * delta / *d.Old
				d.Share = &share
			}
			return d
		}
	}
	if d.OldStatus != d.NewStatus {
		d.Kind = KindStatus
	}
	return d
}

// bySizeOfDifference puts totals before members, and what went or changed most before what came.
func bySizeOfDifference(a, b Difference) int {
	kinds := []string{KindGone, KindChanged, KindNew, KindStatus}
	order := func(d Difference) int {
		kind := slices.Index(kinds, d.Kind)
		if d.Address.Breakdown != "" {
			kind += len(kinds)
		}
		return kind
	}
	size := func(d Difference) float64 {
		if d.Delta == nil {
			return 0
		}
		return math.Abs(*d.Delta)
	}
	return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(size(b), size(a)), cmp.Compare(a.Address.String(), b.Address.String()))
}
