package pipelines

import (
	"fmt"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A PlanItem is one thing that a run or a command would do, and why.
type PlanItem struct {
	Action string `json:"action"` // pull, renormalise, replay, build
	Target string `json:"target"`
	Why    string `json:"why"`
	Due    bool   `json:"due"` // false: a pull that will only ask whether there is news
	Rows   int64  `json:"rows,omitempty"`
	Since  *News  `json:"since,omitempty"` // of a build: what is no longer as in the newest release
}

// Plan says what a run would do and why, without touching a source.
func (r *Runner) Plan() ([]PlanItem, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return nil, err
	}
	var plan []PlanItem
	for _, f := range r.ActiveFeeds() {
		plan = append(plan, r.pullItem(f, snap))
	}
	plan = append(plan, renormaliseItems(snap)...)
	build, err := r.buildItem(snap)
	if err != nil {
		return nil, err
	}
	return append(plan, build...), nil
}

func (r *Runner) pullItem(f *configs.Feed, snap lake.Snapshot) PlanItem {
	item := PlanItem{Action: "pull", Target: f.Name}
	entries := snap.Deliveries(f.Name)
	if len(entries) == 0 {
		item.Due, item.Why = true, "never pulled"
		return item
	}
	last := entries[len(entries)-1]
	item.Why = fmt.Sprintf("asks for what is new since commit %d (%s)", last.No, last.KnownAt.UTC().Format(time.RFC3339))
	if !r.readByPresentFile(f, entries) {
		item.Why += fmt.Sprintf("; %s has changed since: it reads what comes now, and what is committed only after: lindung renormalise %s --from-landing", f.Source.File, f.Dataset)
	}
	return item
}

// readByPresentFile says whether a feed's newest rows were read by its source's file as it is now. A replay reads
// only what was in quarantine, and entries of older versions of the program have the hash of the whole project.
func (r *Runner) readByPresentFile(f *configs.Feed, entries []lake.Entry) bool {
	for _, e := range slices.Backward(entries) {
		if e.Kind != lake.Replay {
			return e.ConfigHash == f.Source.Hash || e.ConfigHash == r.Project.Hash
		}
	}
	return true
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

// buildItem says whether the newest release still is what the log, the models, the lists and the
// configuration give. It looks at the newest, not at the current one: a rollback must hold until there is news.
func (r *Runner) buildItem(snap lake.Snapshot) ([]PlanItem, error) {
	if snap.Head == 0 {
		return nil, nil
	}
	item := PlanItem{Action: "build", Target: "warehouse", Due: true}
	list, err := r.Releases.List()
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		item.Why = "nothing is published yet"
		return []PlanItem{item}, nil
	}
	newest := &list[len(list)-1]
	news, err := r.since(newest, snap)
	if err != nil {
		return nil, err
	}
	if item.Why = news.reasons(newest, snap); item.Why == "" {
		return nil, nil
	}
	item.Since = news
	return []PlanItem{item}, nil
}
