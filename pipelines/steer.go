package pipelines

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// OpenLedger opens the project's ledger for looking and asking.
func (r *Runner) OpenLedger() (*ledger.Ledger, error) {
	if r.Ledger == nil {
		l, err := ledger.Open(r.Project.DataDir)
		if err != nil {
			return nil, err
		}
		r.Ledger = l
	}
	return r.Ledger, nil
}

// A JobState is how a job of the schedule stands.
type JobState struct {
	Job      string    `json:"job"`
	When     string    `json:"when"`
	Next     time.Time `json:"next,omitzero"`
	State    string    `json:"state"` // idle, waiting, running, paused, by hand
	Last     string    `json:"last,omitempty"`
	LastTime time.Time `json:"last_at,omitzero"`
	LastRun  string    `json:"last_run,omitempty"`
	Paused   time.Time `json:"paused,omitzero"`
	Why      string    `json:"pause_reason,omitempty"`
}

// Schedule says how the jobs of the project stand.
func (r *Runner) Schedule(now time.Time) ([]JobState, error) {
	jobs, err := Jobs(r.Project)
	if err != nil {
		return nil, err
	}
	l, err := r.OpenLedger()
	if err != nil {
		return nil, err
	}
	known, err := l.Jobs()
	if err != nil {
		return nil, err
	}
	open, err := l.Unfinished()
	if err != nil {
		return nil, err
	}
	var states []JobState
	for _, j := range jobs {
		s := JobState{Job: j.Name, When: j.When(), State: "idle"}
		if j.Times != nil {
			s.Next = j.Times.Next(now)
		} else if j.ByHand() {
			s.State = "by hand"
		}
		if i := slices.IndexFunc(known, func(k ledger.Job) bool { return k.Job == j.Name }); i >= 0 && !known[i].Paused.IsZero() {
			s.Paused, s.Why = known[i].Paused, known[i].PauseWhy
			s.State = fmt.Sprintf("paused by %s: %s", known[i].PausedBy, known[i].PauseWhy)
		}
		for _, o := range open {
			if o.Job == j.Name {
				s.State = stateOfOpen(o, r.Project.TimeZone)
			}
		}
		last, err := l.Runs(ledger.RunFilter{Job: j.Name, Limit: 1})
		if err != nil {
			return nil, err
		}
		for _, run := range last {
			s.Last, s.LastTime, s.LastRun = strings.ReplaceAll(run.State, "_", " "), run.Started, run.ID
		}
		states = append(states, s)
	}
	return states, nil
}

func stateOfOpen(o ledger.Occurrence, zone *time.Location) string {
	if o.State == ledger.Started {
		return "running"
	}
	text := "waiting"
	if o.Reason != "" {
		text += ": " + o.Reason
	}
	if !o.NotBefore.IsZero() {
		text += ", not before " + o.NotBefore.In(zone).Format("15:04:05")
	}
	return text
}

// Scheduler says which process runs the schedule; nil when none does.
func (r *Runner) Scheduler() (*ledger.HeldError, error) {
	l, err := r.OpenLedger()
	if err != nil {
		return nil, err
	}
	return l.Holder(ledger.Serve)
}

// A NextTime is a time that a job is due.
type NextTime struct {
	At  time.Time `json:"at"`
	Job string    `json:"job"`
}

// NextTimes lists the next times of a job, or of all jobs where it is empty.
func (r *Runner) NextTimes(job string, now time.Time, count int) ([]NextTime, error) {
	jobs, err := Jobs(r.Project)
	if err != nil {
		return nil, err
	}
	if job != "" {
		j, err := findJob(jobs, job)
		if err != nil {
			return nil, err
		}
		jobs = []*Job{j}
	}
	var all []NextTime
	for _, j := range jobs {
		if j.Times == nil {
			continue
		}
		at := now
		for range count {
			if at = j.Times.Next(at); at.IsZero() {
				break
			}
			all = append(all, NextTime{at.In(r.Project.TimeZone), j.Name})
		}
	}
	slices.SortStableFunc(all, func(a, b NextTime) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Job, b.Job)) })
	return all[:min(count, len(all))], nil
}

// known makes the ledger know a job before somebody steers it.
func (r *Runner) known(job string, now time.Time) (*Job, *ledger.Ledger, error) {
	jobs, err := Jobs(r.Project)
	if err != nil {
		return nil, nil, err
	}
	j, err := findJob(jobs, job)
	if err != nil {
		return nil, nil, err
	}
	l, err := r.OpenLedger()
	if err != nil {
		return nil, nil, err
	}
	_, err = l.KnownJob(j.Name, j.fingerprint(), now)
	return j, l, err
}

// Pause keeps a job from running.
func (r *Runner) Pause(job, who, why string, now time.Time) error {
	_, l, err := r.known(job, now)
	if err != nil {
		return err
	}
	return l.Pause(job, who, why, now)
}

// Resume lets a job run again.
func (r *Runner) Resume(job string, now time.Time) error {
	_, l, err := r.known(job, now)
	if err != nil {
		return err
	}
	return l.Resume(job)
}

// RunNow puts a job into the scheduler's queue.
func (r *Runner) RunNow(job string, now time.Time) error {
	j, l, err := r.known(job, now)
	if err != nil {
		return err
	}
	who, err := l.Holder(ledger.Serve)
	if err != nil {
		return err
	}
	if who == nil {
		instead := "lindung run " + job
		if j.Feed == nil {
			instead = "lindung " + job
		}
		return usagef("no scheduler is running that could take %s from the queue; start one with lindung serve, or run it here: %s", job, instead)
	}
	return l.Ask(job, now)
}
