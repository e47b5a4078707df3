package openlineage

import (
	"time"
)

// releaseJob is the job that makes releases, and the dataset that it makes.
const releaseJob = "release"

// A Release is what became of a build.
type Release struct {
	ID       string // empty: none was made
	Began    time.Time
	End      End
	Engine   string   // version of DuckDB
	Datasets []string // of the lake, that it was built from
	Size     int64    // bytes of its files
	Tables   []Table
}

// A Table is one table of a release.
type Table struct {
	Name string
	SQL  string
	Rows int64
	// What it is made of, across the tables between that are not told.
	Datasets []string // of the lake
	Tables   []string // of the release
}

// ReleaseBuilt are the events of a build: of the release as a whole, and of every table that is
// told, for a build as one job would say that everything comes of everything.
func (t Teller) ReleaseBuilt(r Run, b Release) []Event {
	begun := newEvent(Start, b.Began, t.part(r, releaseJob, r.Command, End{}), t.job(releaseJob, "BUILD"))
	ended := newEvent(b.End.Type, b.End.At, t.part(r, releaseJob, r.Command, b.End), t.job(releaseJob, "BUILD"))
	for _, name := range b.Datasets {
		begun.Inputs = append(begun.Inputs, t.here(LakeDataset(name)))
	}
	ended.Inputs = begun.Inputs
	begun.Outputs = []dataset{t.here(releaseJob)}
	ended.Outputs = []dataset{t.here(releaseJob)}
	events := []Event{begun}
	if b.ID != "" {
		out := t.here(releaseJob)
		out.Facets["version"] = version(b.ID)
		var rows int64
		for _, table := range b.Tables {
			rows += table.Rows
			events = append(events, t.tableBuilt(r, b, table)...)
		}
		out.Output = written(rows, b.Size)
		ended.Outputs = []dataset{out}
	}
	return append(events, ended)
}

func (t Teller) tableBuilt(r Run, b Release, table Table) []Event {
	name := ReleaseTable(table.Name)
	begun := newEvent(Start, b.Began, t.part(r, name, releaseJob, End{}), t.job(name, "MODEL"))
	ended := newEvent(Complete, b.End.At, t.part(r, name, releaseJob, b.End), t.job(name, "MODEL"))
	for _, from := range table.Datasets {
		ended.Inputs = append(ended.Inputs, t.here(LakeDataset(from)))
	}
	for _, from := range table.Tables {
		ended.Inputs = append(ended.Inputs, t.here(ReleaseTable(from)))
	}
	out := t.here(name)
	out.Facets["version"], out.Output = version(b.ID), written(table.Rows, 0)
	ended.Outputs = []dataset{out}
	if table.SQL != "" {
		ended.Job.Facets["sql"] = query(table.SQL)
	}
	ended.Run.Facets["processing_engine"] = engine("DuckDB", b.Engine)
	return []Event{begun, ended}
}
