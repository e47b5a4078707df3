package pipelines

import (
	"time"

	"github.com/kp2mi/lindung/lake"
)

// An Event says how far a run is. Events are for people who watch: nothing depends on them.
type Event struct {
	Feed   string `json:"feed,omitempty"`
	Step   string `json:"step"`             // pull, normalise, write, verify, commit, build, publish, report
	Object string `json:"object,omitempty"` // the object in hand, named before it is opened
	Done   int64  `json:"done,omitempty"`
	Total  int64  `json:"total,omitempty"`
}

// A Step is one finished step of a run and how long it took.
type Step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// The outcomes of a feed's run.
const (
	OutcomeCommitted  = "committed"
	OutcomeNothingNew = "nothing_new"
	OutcomeWithheld   = "withheld"
	OutcomeFailed     = "failed"
)

// A FeedReport is what became of one feed in a run.
type FeedReport struct {
	Feed        string           `json:"feed"`
	Dataset     string           `json:"dataset"`
	Outcome     string           `json:"outcome"`
	CommitNo    int64            `json:"commit_no,omitempty"`
	Objects     int              `json:"objects"`
	Redelivered int              `json:"redelivered,omitempty"`
	Bytes       int64            `json:"bytes,omitempty"`   // of what the source gave, re-deliveries included
	Retries     int64            `json:"retries,omitempty"` // requests that were made again after a passing failure
	Records     int64            `json:"records"`
	Accepted    int64            `json:"accepted"`
	Quarantined int64            `json:"quarantined"`
	Tombstones  int64            `json:"tombstones,omitempty"`
	Codes       map[string]int64 `json:"codes,omitempty"`    // quarantined records by problem code; a record may have several
	LeftOut     []LeftOut        `json:"left_out,omitempty"` // rows that rules of the feed took for no records
	Undeclared  []string         `json:"undeclared_columns,omitempty"`
	Drift       string           `json:"drift,omitempty"`       // how the columns differ from the delivery before
	Warnings    []string         `json:"warnings,omitempty"`    // what is unusual, and no reason to keep anything out
	Note        *NoteLine        `json:"return_note,omitempty"` // what this run tells the producer
	Steps       []Step           `json:"steps,omitempty"`
	PeakMemory  int64            `json:"peak_memory_bytes,omitempty"`
	Error       string           `json:"error,omitempty"`
	ExitCode    int              `json:"exit_code,omitempty"`
}

// A LeftOut counts the rows of an object that a rule of the feed, such as stop_at, took for no
// records.
type LeftOut struct {
	Object string `json:"object"`
	lake.LeftOut
}

// A BuildReport is what became of a build.
type BuildReport struct {
	Release    string  `json:"release,omitempty"`
	Candidate  string  `json:"candidate,omitempty"` // the name of what was built and not published
	Base       string  `json:"base,omitempty"`      // the release that a candidate is to be compared with
	Published  bool    `json:"published"`
	Reason     string  `json:"reason,omitempty"` // why nothing was built
	Figures    int64   `json:"figures,omitempty"`
	Restated   int     `json:"restated,omitempty"`
	Steps      []Step  `json:"steps,omitempty"`
	PeakMemory int64   `json:"peak_memory_bytes,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`

	Targets []*TargetReport `json:"targets,omitempty"` // where releases were copied to
}

// A RunReport is what one run did.
type RunReport struct {
	RunID   string        `json:"run_id"`
	KnownAt time.Time     `json:"known_at"`
	Feeds   []*FeedReport `json:"feeds"`
	Build   *BuildReport  `json:"build,omitempty"`
	Seconds float64       `json:"seconds"`

	Lineage *LineageReport `json:"lineage_events,omitempty"` // where somebody is told
}

// Committed says whether any feed brought something new.
func (r *RunReport) Committed() bool {
	for _, f := range r.Feeds {
		if f.Outcome == OutcomeCommitted {
			return true
		}
	}
	return false
}
