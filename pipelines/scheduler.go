package pipelines

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/schedule"
)

// A scheduler decides which occurrences of jobs there are, and which of them may start. All
// that it knows lies in the ledger, so that one that begins anew goes on where another ended.
// It starts nothing itself and asks no clock.
type scheduler struct {
	ledger *ledger.Ledger
	jobs   []*Job
	atOnce int // runs at a time
}

// onTime is how late an occurrence may be seen and still count as seen in time. What is seen
// later was missed: the scheduler was off, the machine asleep, or the clock jumped.
const onTime = 5 * time.Minute

// decide puts into the queue what is due, and writes down what is not to run and why.
func (s *scheduler) decide(now time.Time) error {
	open, err := s.ledger.Unfinished()
	if err != nil {
		return err
	}
	for _, j := range s.jobs {
		if j.Times == nil {
			continue
		}
		known, err := s.ledger.KnownJob(j.Name, j.fingerprint(), now)
		if err != nil {
			return err
		}
		most := 1
		if j.Rules.Catchup == "all" {
			most = j.Rules.Limit
		}
		due, before := j.Times.Between(known.Decided, now, most)
		if len(due) == 0 {
			continue
		}
		if err := s.ledger.Decide(j.Name, due[len(due)-1], s.judge(j, known, due, before, hasOpen(open, j.Name), now)); err != nil {
			return err
		}
	}
	return s.followers(now)
}

func hasOpen(open []ledger.Occurrence, job string) bool {
	return slices.ContainsFunc(open, func(o ledger.Occurrence) bool { return o.Job == job })
}

// judge says of each time that came what becomes of it.
func (s *scheduler) judge(j *Job, known ledger.Job, due []time.Time, before schedule.Dropped, busy bool, now time.Time) []ledger.Occurrence {
	one := func(at time.Time, state, reason string) ledger.Occurrence {
		return ledger.Occurrence{Job: j.Name, Due: at, Trigger: ledger.Schedule, State: state, Reason: reason, Decided: now}
	}
	var all []ledger.Occurrence
	if before.Count > 0 {
		o := one(before.First, ledger.Skipped, fmt.Sprintf("missed: the scheduler was not there, and a later time took its place (catchup: %s)", j.Rules.Catchup))
		o.Until, o.Count = before.Last, before.Count
		all = append(all, o)
	}
	for _, at := range due {
		switch {
		case !known.Paused.IsZero():
			all = append(all, one(at, ledger.Skipped, fmt.Sprintf("paused by %s: %s", known.PausedBy, cmp.Or(known.PauseWhy, "no reason given"))))
		case busy && j.Rules.Overlap == "skip":
			all = append(all, one(at, ledger.Skipped, "the run before had not ended (overlap: skip)"))
		case now.Sub(at) > onTime && j.Rules.Catchup == "none":
			all = append(all, one(at, ledger.Skipped, "missed: the scheduler was not there (catchup: none)"))
		default:
			all = append(all, one(at, ledger.Waiting, ""))
		}
	}
	return all
}

// followers puts the jobs into the queue that only come after others, once these have ended
// and at least one of them brought something.
func (s *scheduler) followers(now time.Time) error {
	for _, j := range s.jobs {
		if j.Times != nil || len(j.After) == 0 {
			continue
		}
		known, err := s.ledger.KnownJob(j.Name, j.fingerprint(), now)
		if err != nil {
			return err
		}
		open, err := s.ledger.Unfinished()
		if err != nil {
			return err
		}
		if hasOpen(open, j.Name) || s.underWay(open, j, now) {
			continue
		}
		end, err := s.ledger.LastEnd(j.After, ledger.Succeeded)
		if err != nil {
			return err
		}
		if end <= known.Seen {
			continue
		}
		o := ledger.Occurrence{Job: j.Name, Due: now, Trigger: ledger.After, State: ledger.Waiting, Decided: now}
		if !known.Paused.IsZero() {
			o.State, o.Reason = ledger.Skipped, fmt.Sprintf("paused by %s: %s", known.PausedBy, cmp.Or(known.PauseWhy, "no reason given"))
		}
		// A kill between the two makes it follow once more, and never once less.
		if err := s.ledger.Decide(j.Name, now, []ledger.Occurrence{o}); err != nil {
			return err
		}
		if err := s.ledger.Followed(j.Name, end); err != nil {
			return err
		}
	}
	return nil
}

// underWay says whether a job that another comes after still runs, or is about to. One that
// waits for its next try holds nobody up.
func (s *scheduler) underWay(open []ledger.Occurrence, j *Job, now time.Time) bool {
	return slices.ContainsFunc(open, func(o ledger.Occurrence) bool {
		return slices.Contains(j.After, o.Job) && (o.State == ledger.Started || !o.NotBefore.After(now))
	})
}

// ready gives the occurrences that may start now, in the order that they are due.
func (s *scheduler) ready(now time.Time) ([]ledger.Occurrence, error) {
	open, err := s.ledger.Unfinished()
	if err != nil {
		return nil, err
	}
	running, ofJob, ofSource := 0, map[string]int{}, map[string]int{}
	count := func(o ledger.Occurrence, j *Job) {
		running++
		ofJob[o.Job]++
		if j != nil && j.Feed != nil {
			ofSource[j.Feed.Source.Name]++
		}
	}
	for _, o := range open {
		if o.State == ledger.Started {
			count(o, s.job(o.Job))
		}
	}
	var may []ledger.Occurrence
	for _, o := range open {
		j := s.job(o.Job)
		switch {
		case o.State != ledger.Waiting || o.NotBefore.After(now) || running >= s.atOnce || ofJob[o.Job] > 0:
		case j == nil: // see dropUnknown
		case j.Feed != nil && ofSource[j.Feed.Source.Name] >= max(j.Feed.Source.Concurrency, 1):
		case s.underWay(slices.DeleteFunc(slices.Clone(open), func(other ledger.Occurrence) bool { return other.ID == o.ID }), j, now):
		default:
			count(o, j)
			may = append(may, o)
		}
	}
	return may, nil
}

func (s *scheduler) job(name string) *Job {
	i := slices.IndexFunc(s.jobs, func(j *Job) bool { return j.Name == name })
	if i < 0 {
		return nil
	}
	return s.jobs[i]
}

// dropUnknown takes out of the queue what belongs to jobs that are no more.
func (s *scheduler) dropUnknown(now time.Time) error {
	open, err := s.ledger.Unfinished()
	if err != nil {
		return err
	}
	for _, o := range open {
		if s.job(o.Job) == nil && o.State == ledger.Waiting {
			o.State, o.Reason, o.Decided = ledger.Skipped, "the job is no longer in the configuration", now
			if err := s.ledger.Update(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// started writes down that an occurrence runs.
func (s *scheduler) started(o ledger.Occurrence, now time.Time) (ledger.Occurrence, error) {
	o.State, o.NotBefore, o.Decided = ledger.Started, time.Time{}, now
	o.Attempt++
	return o, s.ledger.Update(o)
}

// longestBackoff bounds how long a retry waits.
const longestBackoff = 6 * time.Hour

// ended writes down how an attempt of an occurrence ended: it is done, or is tried again.
func (s *scheduler) ended(o ledger.Occurrence, state, runID string, now time.Time) error {
	o.RunID, o.Decided = cmp.Or(runID, o.RunID), now
	j := s.job(o.Job)
	again := state == ledger.Unavailable || state == ledger.Failed || state == ledger.Interrupted
	if j == nil || j.Rules == nil || !again || o.Attempt > j.Rules.Retries {
		return s.done(o, state, runID, now)
	}
	wait := j.Rules.Backoff
	for range o.Attempt - 1 {
		wait = min(2*wait, longestBackoff)
	}
	o.State, o.NotBefore = ledger.Waiting, now.Add(wait)
	o.Reason = fmt.Sprintf("%s; try %d of %d", state, o.Attempt+1, j.Rules.Retries+1)
	return s.ledger.Update(o)
}

// done writes down that an occurrence is not tried again.
func (s *scheduler) done(o ledger.Occurrence, state, runID string, now time.Time) error {
	o.State, o.Reason, o.RunID, o.Decided = ledger.Done, state, cmp.Or(runID, o.RunID), now
	return s.ledger.Update(o)
}

// putBack lets an occurrence wait as if it had not been tried: the work was in other hands, or
// the scheduler itself was stopped.
func (s *scheduler) putBack(o ledger.Occurrence, why string, until, now time.Time) error {
	o.State, o.Reason, o.NotBefore, o.Decided = ledger.Waiting, why, until, now
	o.Attempt = max(0, o.Attempt-1)
	return s.ledger.Update(o)
}

// adopt takes up what a scheduler left that ended without notice: the runs that it had
// started are over, whatever they came to.
func (s *scheduler) adopt(now time.Time) error {
	open, err := s.ledger.Unfinished()
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.State == ledger.Started {
			if err := s.ended(o, ledger.Interrupted, "", now); err != nil {
				return err
			}
		}
	}
	return nil
}
