package openlineage

import (
	"time"
)

// A Teller makes the events of one project.
type Teller struct {
	Namespace string // see Namespace
	Origin    string // what the data are: sample, real or reference
	Version   string // of the program
}

// A Run is one run of a command. Its job is the command.
type Run struct {
	ID       string
	Command  string
	Trigger  string
	Due      time.Time // when it was to begin; zero where nobody planned it
	From, To time.Time // of a backfill
	Began    time.Time
	End      End
}

// An End says how something ended; before it did, it is empty.
type End struct {
	Type  string // Complete, Fail or Abort
	State string // in the words of the ledger
	At    time.Time
	Error string // why, for people
}

// Began is the event that a run begins.
func (t Teller) Began(r Run) Event {
	return newEvent(Start, r.Began, t.run(r, r.Command, End{}), t.job(r.Command, "COMMAND"))
}

// Ended is the event that a run ended.
func (t Teller) Ended(r Run) Event {
	return newEvent(r.End.Type, r.End.At, t.run(r, r.Command, r.End), t.job(r.Command, "COMMAND"))
}

func (t Teller) job(name, kind string) jobRef {
	return jobRef{Namespace: t.Namespace, Name: name, Facets: jobType(kind)}
}

// run is a run of a job that belongs to the run of a command, or is it.
func (t Teller) run(r Run, job string, end End) runRef {
	f := facets{
		"processing_engine": engine("Lindung", t.Version),
		"tags":              tagsFacet{standard("2-0-3", "TagsRunFacet"), []tag{originTag(t.Origin)}},
		"lindung_run":       runFacet{own("LindungRunFacet"), r.ID, r.Command, r.Trigger, end.State},
	}
	switch {
	case !r.From.IsZero():
		f["nominalTime"] = nominal(r.From, r.To)
	case !r.Due.IsZero():
		f["nominalTime"] = nominal(r.Due, time.Time{})
	}
	if end.Error != "" {
		f["errorMessage"] = errorMessage(end.Error)
	}
	return runRef{ID: runID(t.Namespace, r.ID, job), Facets: f}
}

// part is a run within another one.
func (t Teller) part(r Run, job, of string, end End) runRef {
	ref := t.run(r, job, end)
	ref.Facets["parent"] = parent(t.Namespace, r.ID, of)
	return ref
}

// here is a dataset of the project. Tags other than its origin are of columns.
func (t Teller) here(name string, tags ...tag) dataset {
	return t.at(Place{t.Namespace, name}, tags...)
}

func (t Teller) at(p Place, tags ...tag) dataset {
	return dataset{Namespace: p.Namespace, Name: p.Name,
		Facets: facets{"tags": tagsFacet{standard("2-0-3", "TagsDatasetFacet"), append([]tag{originTag(t.Origin)}, tags...)}}}
}
