package warehouse

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// lineageEdges lists from kind, from name, to kind, to name of every step between a source and a KPI, once each.
func (b *build) lineageEdges() (edges [][4]string) {
	seen := map[[4]string]bool{}
	edge := func(fromKind, from, toKind, to string) {
		e := [4]string{fromKind, from, toKind, to}
		if !seen[e] {
			seen[e] = true
			edges = append(edges, e)
		}
	}
	for _, e := range b.Snapshot.Entries {
		if e.Kind == lake.Withheld || e.Feed == "" {
			continue
		}
		edge("source", e.Source, "feed", e.Feed)
		edge("feed", e.Feed, "dataset", e.Dataset)
	}
	for _, m := range b.Models {
		for _, read := range b.readsOf(m.Name) {
			if kind, name := b.kindOf(read); kind != "" {
				edge(kind, name, "model", m.Name)
			}
		}
		if m.Layer == models.KPIs {
			edge("model", m.Name, "kpi", m.Meta.ID)
		}
	}
	slices.SortFunc(edges, func(a, b [4]string) int { return slices.Compare(a[:], b[:]) })
	return edges
}

// kindOf says what a table that a model reads is; of the run row nothing comes, and the results of rules come of
// the rules, which are models.
func (b *build) kindOf(table string) (kind, name string) {
	if dataset, ok := strings.CutPrefix(table, "lake_"); ok {
		return "dataset", dataset
	}
	if list, ok := strings.CutPrefix(table, "ref_"); ok {
		return "reference", list
	}
	if table == "run" || table == ruleResultsTable {
		return "", ""
	}
	return "model", table
}
