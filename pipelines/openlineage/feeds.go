package openlineage

import (
	"strconv"
	"time"
)

// A Feed is what became of one feed in a run.
type Feed struct {
	Name   string
	From   Place  // where its records came from; with no namespace: a dataset of the project
	Origin string // of its source, where that is not the project's
	Began  time.Time
	End    End

	Objects, Bytes, Records           int64
	Accepted, Quarantined, Tombstones int64

	Dataset string   // in the lake
	Columns []Column // of the dataset
	Commit  int64    // 0: nothing was committed
	Rows    int64    // that were written
	Size    int64    // bytes of their files
}

// A Column is one column of a dataset.
type Column struct {
	Name, Type, About string
	Class             string // how personal it is
	From              string // the source's column that it is made of; empty where that is not one
}

// FeedRan are the events of a feed in a run. Both are told when it has ended: feeds run side by
// side and are committed one by one.
func (t Teller) FeedRan(r Run, f Feed) []Event {
	job := "feed." + f.Name
	begun := newEvent(Start, f.Began, t.part(r, job, r.Command, End{}), t.job(job, "FEED"))
	ended := newEvent(f.End.Type, f.End.At, t.part(r, job, r.Command, f.End), t.job(job, "FEED"))
	if f.From.Namespace == "" {
		f.From.Namespace = t.Namespace
	}
	if f.Origin != "" {
		t.Origin = f.Origin
	}
	in, out := t.at(f.From), t.lakeDataset(f)
	begun.Inputs, begun.Outputs = []dataset{in}, []dataset{t.here(LakeDataset(f.Dataset))}
	in.Input = facets{"lindung_delivery": deliveryFacet{own("LindungDeliveryInputDatasetFacet"), f.End.State, f.Commit, f.Records, f.Accepted, f.Quarantined, f.Tombstones}}
	if f.Records > 0 {
		in.Input["dataQualityMetrics"] = qualityMetrics{facet: standard("1-0-2", "DataQualityMetricsInputDatasetFacet"), Rows: f.Records, Bytes: f.Bytes, Files: f.Objects}
	}
	ended.Inputs, ended.Outputs = []dataset{in}, []dataset{out}
	return []Event{begun, ended}
}

func (t Teller) lakeDataset(f Feed) dataset {
	var tags []tag
	shape := schemaFacet{facet: standard("1-0-0", "SchemaDatasetFacet"), Fields: []schemaField{}}
	from := columnLineageFacet{standard("1-0-1", "ColumnLineageDatasetFacet"), map[string]inputFields{}}
	for _, c := range f.Columns {
		shape.Fields = append(shape.Fields, schemaField{c.Name, c.Type, c.About})
		if c.Class != "" {
			tags = append(tags, tag{Key: "class", Value: c.Class, Source: "LINDUNG", Field: c.Name})
		}
		if c.From != "" {
			from.Fields[c.Name] = inputFields{[]inputField{{f.From.Namespace, f.From.Name, c.From}}}
		}
	}
	d := t.here(LakeDataset(f.Dataset), tags...)
	d.Facets["schema"] = shape
	if len(from.Fields) > 0 {
		d.Facets["columnLineage"] = from
	}
	if f.Commit > 0 {
		d.Facets["version"] = version("commit " + strconv.FormatInt(f.Commit, 10))
		d.Output = written(f.Rows, f.Size)
	}
	return d
}
