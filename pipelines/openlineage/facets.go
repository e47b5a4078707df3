package openlineage

import (
	"time"
)

// Where the facets are described: those of the standard, and the program's own.
const (
	standardFacets = "https://openlineage.io/spec/facets/"
	ownFacets      = "https://raw.githubusercontent.com/kp2mi/lindung/main/pipelines/openlineage/schema/"
)

// facet is what every facet has.
type facet struct {
	Producer  string `json:"_producer"`
	SchemaURL string `json:"_schemaURL"`
}

func standard(version, name string) facet {
	return facet{producer, standardFacets + version + "/" + name + ".json#/$defs/" + name}
}

func own(name string) facet { return facet{producer, ownFacets + name + ".json#/$defs/" + name} }

type parentFacet struct {
	facet
	Run struct {
		ID string `json:"runId"`
	} `json:"run"`
	Job struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"job"`
}

func parent(namespace, run, job string) parentFacet {
	p := parentFacet{facet: standard("1-0-1", "ParentRunFacet")}
	p.Run.ID, p.Job.Namespace, p.Job.Name = runID(namespace, run, job), namespace, job
	return p
}

type engineFacet struct {
	facet
	Name    string `json:"name"`
	Version string `json:"version"`
}

func engine(name, version string) engineFacet {
	return engineFacet{standard("1-1-0", "ProcessingEngineRunFacet"), name, version}
}

type errorFacet struct {
	facet
	Message  string `json:"message"`
	Language string `json:"programmingLanguage"`
}

func errorMessage(message string) errorFacet {
	return errorFacet{standard("1-0-0", "ErrorMessageRunFacet"), message, "Go"}
}

type nominalFacet struct {
	facet
	From time.Time `json:"nominalStartTime"`
	To   time.Time `json:"nominalEndTime,omitzero"`
}

func nominal(from, to time.Time) nominalFacet {
	return nominalFacet{standard("1-0-1", "NominalTimeRunFacet"), from.UTC(), to.UTC()}
}

type jobTypeFacet struct {
	facet
	Processing  string `json:"processingType"`
	Integration string `json:"integration"`
	Type        string `json:"jobType"`
}

func jobType(kind string) facets {
	return facets{"jobType": jobTypeFacet{standard("2-0-4", "JobTypeJobFacet"), "BATCH", "LINDUNG", kind}}
}

type sqlFacet struct {
	facet
	Query string `json:"query"`
}

func query(text string) sqlFacet { return sqlFacet{standard("1-0-1", "SQLJobFacet"), text} }

// A tag says one thing of a run, a dataset or a column of it.
type tag struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
	Field  string `json:"field,omitempty"`
}

type tagsFacet struct {
	facet
	Tags []tag `json:"tags"`
}

func originTag(origin string) tag { return tag{Key: "origin", Value: origin, Source: "LINDUNG"} }

type schemaFacet struct {
	facet
	Fields []schemaField `json:"fields"`
}

type schemaField struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
}

type versionFacet struct {
	facet
	Version string `json:"datasetVersion"`
}

func version(v string) versionFacet {
	return versionFacet{standard("1-0-0", "DatasetVersionDatasetFacet"), v}
}

type columnLineageFacet struct {
	facet
	Fields map[string]inputFields `json:"fields"`
}

type inputFields struct {
	Fields []inputField `json:"inputFields"`
}

type inputField struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Field     string `json:"field"`
}

type outputStatistics struct {
	facet
	Rows int64 `json:"rowCount"`
	Size int64 `json:"size,omitempty"`
}

func written(rows, size int64) facets {
	return facets{"outputStatistics": outputStatistics{standard("1-0-1", "OutputStatisticsOutputDatasetFacet"), rows, size}}
}

type qualityMetrics struct {
	facet
	Rows    int64    `json:"rowCount"`
	Bytes   int64    `json:"bytes"`
	Files   int64    `json:"fileCount"`
	Columns struct{} `json:"columnMetrics"` // the standard wants it; what columns hold is told to nobody
}

// runFacet says of a run what the ledger of the project says of it.
type runFacet struct {
	facet
	ID      string `json:"id"`
	Command string `json:"command"`
	Trigger string `json:"trigger"`
	State   string `json:"state,omitempty"`
}

// deliveryFacet says what became of the records of a feed.
type deliveryFacet struct {
	facet
	Outcome     string `json:"outcome"`
	Commit      int64  `json:"commit,omitempty"`
	Records     int64  `json:"records"`
	Accepted    int64  `json:"accepted"`
	Quarantined int64  `json:"quarantined"`
	Tombstones  int64  `json:"tombstones"`
}
