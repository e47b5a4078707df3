package pipelines

import (
	"fmt"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// A PlanItem is one thing that a run or a command would do, and why.
type PlanItem struct {
	Action string `json:"action"` // pull, renormalise, replay, build
	Target string `json:"target"`
	Why    string `json:"why"`
	Due    bool   `json:"due"` // false: a pull that will only ask whether there is news
	Rows   int64  `json:"rows,omitempty"`
}

// Plan says what a run would do and why, without touching a source.
func (r *Runner) Plan() ([]PlanItem, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return nil, err
	}
	var plan []PlanItem
	for _, f := range r.ActiveFeeds() {
		plan = append(plan, pullItem(f, snap))
	}
	plan = append(plan, renormaliseItems(snap)...)
	build, err := r.buildItem(snap)
	if err != nil {
		return nil, err
	}
	return append(plan, build...), nil
}

func pullItem(f *configs.Feed, snap lake.Snapshot) PlanItem {
	item := PlanItem{Action: "pull", Target: f.Name}
	entries := snap.Deliveries(f.Name)
	if len(entries) == 0 {
		item.Due, item.Why = true, "never pulled"
		return item
	}
	last := entries[len(entries)-1]
	item.Why = fmt.Sprintf("asks for what is new since commit %d (%s)", last.No, last.KnownAt.UTC().Format(time.RFC3339))
	return item
}

// renormaliseItems shows which rows an older normaliser made.
func renormaliseItems(snap lake.Snapshot) []PlanItem {
	var items []PlanItem
	for _, d := range transforms.Datasets() {
		if len(d.Inputs()) == 0 {
			continue // rejects and tombstones are made with the rows of other datasets
		}
		var rows int64
		oldest := d.Version()
		for _, f := range snap.Dataset(d.Name()) {
			if f.Normaliser < d.Version() {
				rows += f.Rows
				oldest = min(oldest, f.Normaliser)
			}
		}
		if rows > 0 {
			items = append(items, PlanItem{Action: "renormalise", Target: d.Name(), Due: true, Rows: rows,
				Why: fmt.Sprintf("%d rows were made by normaliser %d, the present one is %d; run: lindung renormalise %s --from-landing", rows, oldest, d.Version(), d.Name())})
		}
	}
	return items
}

// buildItem says whether the newest release still is what the log and the models give. It
// looks at the newest, not at the current one: a rollback must hold until there is news.
func (r *Runner) buildItem(snap lake.Snapshot) ([]PlanItem, error) {
	if snap.Head == 0 {
		return nil, nil
	}
	item := PlanItem{Action: "build", Target: "warehouse", Due: true}
	list, err := r.Releases.List()
	if err != nil {
		return nil, err
	}
	var newest *warehouse.Release
	if len(list) > 0 {
		newest = &list[len(list)-1]
	}
	hash, err := warehouse.ModelsHash(r.Models)
	if err != nil {
		return nil, err
	}
	switch {
	case newest == nil:
		item.Why = "nothing is published yet"
	case newest.Manifest.LogHead != snap.Head:
		item.Why = fmt.Sprintf("release %s was built from commit %d, the log is at %d", newest.ID, newest.Manifest.LogHead, snap.Head)
	case newest.Manifest.ModelsHash != hash:
		item.Why = fmt.Sprintf("models or definitions changed since release %s", newest.ID)
	default:
		return nil, nil
	}
	return []PlanItem{item}, nil
}
