package figures

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Codes of the causes of a restatement. They are stable, like those of reasons.
const (
	causeData       = "data"
	causeDefinition = "definition"
	causeBoth       = "data_and_definition"
	causeOther      = "other"
)

// feedsShown is how many feeds a cause names; the others are counted.
const feedsShown = 3

// causes knows what came between two releases: commits of each dataset, and models whose
// SQL is another one.
type causes struct {
	reads   map[string][]string // of a model or table
	model   map[string]string   // of a KPI
	sources map[string][]string // datasets that a KPI declares
	altered map[string]bool     // models
	feeds   map[string][]string // of a dataset, with the newest commit of each
	known   bool                // whether the older release still says which SQL it used
}

func findCauses(ctx context.Context, older, newer *Release) (*causes, error) {
	c := &causes{reads: map[string][]string{}, model: map[string]string{}, sources: map[string][]string{}, altered: map[string]bool{}, feeds: map[string][]string{}, known: older.whole}
	for _, d := range newer.definitions {
		c.model[d.KPI], c.sources[d.KPI] = d.Model, d.Sources
	}
	before := map[string]string{}
	if older.whole {
		rows, err := records(ctx, older.db, "the models (meta.models)", "select name, hash from meta.models")
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			before[row.text("name")] = row.text("hash")
		}
	}
	rows, err := records(ctx, newer.db, "the models (meta.models)", "select name, hash, reads from meta.models")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name := row.text("name")
		c.reads[name] = row.list("reads")
		c.altered[name] = older.whole && before[name] != row.text("hash")
	}
	rows, err = records(ctx, newer.db, "the commits (meta.commits)", `select dataset, feed, max(commit_no) as newest from meta.commits
		where commit_no > ? and kind <> 'withheld' and row_count > 0 group by all order by newest`, older.LogHead)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		d := row.text("dataset")
		c.feeds[d] = append(c.feeds[d], fmt.Sprintf("%s (commit %d)", row.text("feed"), row.number("newest")))
	}
	return c, nil
}

// of says why a KPI's figures can differ between the two releases.
func (c *causes) of(kpi string) (code string, why Text) {
	var altered, feeds []string
	seen := map[string]bool{}
	for open := []string{c.model[kpi]}; len(open) > 0; open = open[1:] {
		name := open[0]
		if seen[name] {
			continue
		}
		seen[name] = true
		if c.altered[name] {
			altered = append(altered, name)
		}
		if dataset, isLake := strings.CutPrefix(name, "lake_"); isLake && c.counts(kpi, dataset) {
			feeds = append(feeds, c.feeds[dataset]...)
		}
		open = append(open, c.reads[name]...)
	}
	slices.Sort(altered)
	var data, sql Text
	if len(feeds) > 0 {
		data = Text{"Kiriman baru: " + shortened(feeds, "dan %d lainnya") + ".", "New deliveries: " + shortened(feeds, "and %d more") + "."}
	}
	if len(altered) > 0 {
		sql = Text{"SQL berubah: " + shortened(altered, "dan %d lainnya") + ".", "The SQL changed: " + shortened(altered, "and %d more") + "."}
	}
	switch {
	case len(feeds) > 0 && len(altered) > 0:
		return causeBoth, Text{data.ID + " " + sql.ID, data.EN + " " + sql.EN}
	case len(feeds) > 0:
		return causeData, data
	case len(altered) > 0:
		return causeDefinition, sql
	case !c.known:
		return causeOther, Text{"SQL rilis lama tidak lagi tersimpan untuk dibandingkan.", "The SQL of the older release is no longer there to compare."}
	}
	return causeOther, Text{"Daftar rujukan atau program berubah; data dan SQL tidak.", "A reference list or the program changed; the data and the SQL did not."}
}

// counts says whether a KPI's figures come from a dataset. SQL reads more than a KPI declares:
// which months have been delivered at all is asked of every dataset.
func (c *causes) counts(kpi, dataset string) bool {
	return len(c.sources[kpi]) == 0 || slices.Contains(c.sources[kpi], dataset)
}

func shortened(names []string, more string) string {
	if len(names) <= feedsShown {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:feedsShown], ", ") + " " + fmt.Sprintf(more, len(names)-feedsShown)
}
