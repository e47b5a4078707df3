package reports

import (
	"context"
	_ "embed"

	"github.com/kp2mi/lindung/figures"
)

//go:embed frozen.gohtml
var frozenText string

// A frozenView says of a frozen month what has become known of it since. The page keeps the
// figures that were printed.
type frozenView struct {
	Release, AsOf string // of the newest release
	Revised       []restatedRow
	More          number // revisions that the table leaves out
	HasMore       bool
}

// readRevised compares the month's headline figures with the newest release.
func (m *month) readRevised(ctx context.Context) error {
	if m.newest == nil {
		return nil
	}
	all, err := figures.Restatements(ctx, m.release, m.newest, false)
	if err != nil {
		return err
	}
	for _, r := range all.List {
		if r.Address.Period == m.period.String() {
			m.revised = append(m.revised, r)
		}
	}
	return nil
}

func (v *view) frozen() {
	if v.m.newest == nil {
		return
	}
	newest := v.m.newest.Info
	v.Frozen = &frozenView{Release: newest.ID, AsOf: v.l.date(newest.AsOf)}
	shown := v.m.revised[:min(restatedRows, len(v.m.revised))]
	for _, r := range shown {
		v.Frozen.Revised = append(v.Frozen.Revised, v.restated(r, v.m.release.ID, newest.ID))
	}
	if more := len(v.m.revised) - len(shown); more > 0 {
		v.Frozen.HasMore = true
		v.Frozen.More = number{v.l.number(float64(more), 0), reference{op: opCount, figure: "revised_more"}}
	}
}
