package metrics

import "time"

// A State is what a project is like, beside what the ledger says. Its names are those of the
// configuration.
type State struct {
	At       time.Time // the project's present, which its ages count from
	Feeds    []Feed    // that are switched on
	Commits  int64     // in the log
	Release  *Release  // that readers get; nil before the first
	Targets  []Target
	Disk     Disk
	Jobs     []Job     // of the schedule
	LastTick time.Time // of the scheduler's loop; zero when there is none
}

// A Feed is how a feed stands.
type Feed struct {
	Name, Source, Dataset, Role string

	LastDelivery time.Time // zero before the first
	LateSince    time.Time // zero when it is not late
	Quarantined  int64     // records in quarantine
}

// A Release is what readers get.
type Release struct {
	ID, Origin string

	AsOf   time.Time
	Behind bool // the log has more
}

// A Target is a place that releases are copied to.
type Target struct {
	Name   string
	Behind bool
}

// A Disk is the one that the data are on.
type Disk struct{ Free, Size int64 }

// A Job is one of the schedule.
type Job struct {
	Name    string
	NextDue time.Time // zero when it waits for other jobs
}
