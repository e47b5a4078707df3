package pipelines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// News is what a build would have before it that a release did not.
type News struct {
	Release string                  `json:"release"`
	Commits []int64                 `json:"commits,omitempty"`
	Models  []sql.Change            `json:"models,omitempty"`
	Inputs  []warehouse.InputChange `json:"inputs,omitempty"`
	KPIs    []string                `json:"kpis,omitempty"` // whose figures can be others, by what their models read

	modelsDiffer bool
}

// since compares a release with the log, the models and the configuration at hand.
func (r *Runner) since(release *warehouse.Release, snap lake.Snapshot) (*News, error) {
	news := &News{Release: release.ID}
	for _, e := range snap.Entries {
		if e.No > release.Manifest.LogHead {
			news.Commits = append(news.Commits, e.No)
		}
	}
	hash, err := warehouse.ModelsHash(r.Models)
	if err != nil {
		return nil, err
	}
	if news.modelsDiffer = hash != release.Manifest.ModelsHash; news.modelsDiffer {
		before, err := release.Models()
		if err != nil {
			return nil, err
		}
		news.Models = sql.Changes(before, r.Models)
	}
	inputs, err := buildInputs(r.Project)
	if err != nil {
		return nil, err
	}
	news.Inputs = warehouse.ChangedInputs(release.Manifest.Inputs, inputs)
	news.KPIs = r.reached(news, release.Manifest, snap)
	return news, nil
}

// reasons says in one line why a release is no longer what a build would give; empty when it is.
func (n *News) reasons(release *warehouse.Release, snap lake.Snapshot) string {
	var all []string
	if release.Manifest.LogHead != snap.Head {
		all = append(all, fmt.Sprintf("release %s was built from commit %d, the log is at %d", release.ID, release.Manifest.LogHead, snap.Head))
	}
	if n.modelsDiffer {
		all = append(all, fmt.Sprintf("models or definitions changed since release %s", release.ID))
	}
	if len(n.Inputs) > 0 {
		names := make([]string, len(n.Inputs))
		for i, in := range n.Inputs {
			names[i] = in.Kind + " " + in.Name
		}
		all = append(all, fmt.Sprintf("not as in release %s: %s", release.ID, strings.Join(names, ", ")))
	}
	if release.Pruned && release.Current {
		all = append(all, fmt.Sprintf("the DuckDB files of release %s are gone", release.ID))
	}
	return strings.Join(all, "; ")
}

// reached follows the models from every KPI back to what changed.
func (r *Runner) reached(n *News, m *warehouse.Manifest, snap lake.Snapshot) (kpis []string) {
	changed := map[string]bool{}
	for _, c := range n.Models {
		changed[c.Model] = true
	}
	for _, in := range n.Inputs {
		switch in.Kind {
		case warehouse.InputReference:
			changed["ref_"+in.Name] = true
		case warehouse.InputDataset:
			changed["lake_"+in.Name] = true
		}
	}
	for _, e := range snap.Entries {
		if e.No > m.LogHead && e.Kind != lake.Withheld {
			changed["lake_"+e.Dataset] = true
		}
	}
	for _, model := range r.Models {
		if model.Layer == sql.KPIs && reaches(model, m.Lineage, changed) {
			kpis = append(kpis, model.Meta.ID)
		}
	}
	slices.Sort(kpis)
	return kpis
}

// reaches says whether a KPI rests on what changed. SQL reads more datasets than a KPI declares:
// which months have been delivered at all is asked of every one. What rules find can change with all that they judge.
func reaches(kpi sql.Model, reads warehouse.Lineage, changed map[string]bool) bool {
	for name := range reads.Upstream(kpi.Name) {
		if name == warehouse.RuleResults && len(changed) > 0 {
			return true
		}
		dataset, isLake := strings.CutPrefix(name, "lake_")
		if changed[name] && (!isLake || len(kpi.Meta.Sources) == 0 || slices.Contains(kpi.Meta.Sources, dataset)) {
			return true
		}
	}
	return false
}
