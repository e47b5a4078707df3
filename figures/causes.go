package figures

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/warehouse"
)

// Codes of the causes of a restatement. They are stable, like those of reasons.
const (
	causeData       = "data"
	causeDefinition = "definition"
	causeBoth       = "data_and_definition"
	causeOther      = "other"
	causeReference  = "reference" // this and what follows is told between any two releases, not of restatements
	causeDay        = "as_of"
	causeNew        = "new"
	causeGone       = "gone"
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

	lists map[string]bool // reference lists that are others; nil: nobody looked
	day   Text            // that the days which the releases look back from differ; empty: nobody looked, or they do not
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
	var altered, feeds, lists []string
	var day bool
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
		if list, isList := strings.CutPrefix(name, "ref_"); isList && c.lists[list] {
			lists = append(lists, list)
		}
		day = day || name == "run" && c.day != Text{}
		open = append(open, c.reads[name]...)
	}
	slices.Sort(altered)
	slices.Sort(lists)
	var data, sql Text
	if len(feeds) > 0 {
		data = Text{"Kiriman baru: " + shortened(feeds, "dan %d lainnya") + ".", "New deliveries: " + shortened(feeds, "and %d more") + "."}
	}
	if len(altered) > 0 {
		sql = Text{"SQL berubah: " + shortened(altered, "dan %d lainnya") + ".", "The SQL changed: " + shortened(altered, "and %d more") + "."}
	}
	var others Text // what else came between, which the releases' own tables do not show
	if len(lists) > 0 {
		others = Text{"Daftar rujukan berubah: " + shortened(lists, "dan %d lainnya") + ".", "Reference lists changed: " + shortened(lists, "and %d more") + "."}
	}
	if day {
		others = joined(others, c.day)
	}
	switch {
	case len(feeds) > 0 && len(altered) > 0:
		return causeBoth, joined(joined(data, sql), others)
	case len(feeds) > 0:
		return causeData, joined(data, others)
	case len(altered) > 0:
		return causeDefinition, joined(sql, others)
	case len(lists) > 0:
		return causeReference, others
	case day:
		return causeDay, others
	case !c.known:
		return causeOther, Text{"SQL rilis lama tidak lagi tersimpan untuk dibandingkan.", "The SQL of the older release is no longer there to compare."}
	}
	return causeOther, Text{"Daftar rujukan atau program berubah; data dan SQL tidak.", "A reference list or the program changed; the data and the SQL did not."}
}

func joined(a, b Text) Text {
	return Text{strings.TrimSpace(a.ID + " " + b.ID), strings.TrimSpace(a.EN + " " + b.EN)}
}

// counts says whether a KPI's figures come from a dataset.
func (c *causes) counts(kpi, dataset string) bool { return countsDataset(c.sources[kpi], dataset) }

// countsDataset says whether a KPI that declares these sources counts a dataset: SQL reads more than a KPI declares, which
// months have been delivered at all is asked of every dataset. One that declares none counts all that it reads, and what
// rules found comes of all that they judge.
func countsDataset(sources []string, dataset string) bool {
	return len(sources) == 0 || slices.Contains(sources, dataset) || slices.Contains(sources, warehouse.RuleResults)
}

func shortened(names []string, more string) string {
	if len(names) <= feedsShown {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:feedsShown], ", ") + " " + fmt.Sprintf(more, len(names)-feedsShown)
}
