package openlineage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Where the program and the standard are.
const (
	producer   = "https://github.com/kp2mi/lindung"
	coreSchema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
)

// What an event says of its run.
const (
	Start    = "START"
	Complete = "COMPLETE"
	Fail     = "FAIL"
	Abort    = "ABORT"
)

// An Event is one run event of OpenLineage, ready to be written as JSON.
type Event struct {
	Type      string    `json:"eventType"`
	Time      time.Time `json:"eventTime"`
	Run       runRef    `json:"run"`
	Job       jobRef    `json:"job"`
	Inputs    []dataset `json:"inputs"`
	Outputs   []dataset `json:"outputs"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
}

type facets map[string]any

type runRef struct {
	ID     string `json:"runId"`
	Facets facets `json:"facets,omitempty"`
}

type jobRef struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Facets    facets `json:"facets,omitempty"`
}

type dataset struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Facets    facets `json:"facets,omitempty"`
	Input     facets `json:"inputFacets,omitempty"`
	Output    facets `json:"outputFacets,omitempty"`
}

// Line gives an event as one line of JSON.
func (e Event) Line() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("writing the %s event of job %s: %w", e.Type, e.Job.Name, err)
	}
	return b.Bytes(), nil
}

func newEvent(kind string, at time.Time, run runRef, job jobRef) Event {
	return Event{Type: kind, Time: at.UTC(), Run: run, Job: job, Inputs: []dataset{}, Outputs: []dataset{}, Producer: producer, SchemaURL: coreSchema}
}
