package pipelines

import (
	"errors"
	"time"
)

// lockedRetry is how soon a run is tried again that found the work in other hands.
const lockedRetry = 15 * time.Second

// finish writes down how an attempt ended.
func (s *Server) finish(a attempt) {
	delete(s.running, a.of.ID)
	attributes := []any{"run_id", a.runID, "step", "end", "job", a.of.Job, "state", a.state, "attempt", a.of.Attempt}
	switch why, _ := a.putBack(); {
	case why != "":
		s.o.Log.Info("job waits", append(attributes, "reason", why)...)
	case a.err != nil:
		s.o.Log.Error("job ended", append(attributes, "error", a.err)...)
	default:
		s.o.Log.Info("job ended", attributes...)
	}
	err := s.writeEnd(a)
	if err != nil {
		s.late = append(s.late, a)
	}
	s.tell(err)
}

// putBack says why an attempt does not count as one, and how long its job waits; "" where it counts.
func (a attempt) putBack() (why string, wait time.Duration) {
	switch {
	case errors.Is(a.err, errStopping):
		return "the scheduler was stopped while it ran", 0
	case ExitCode(a.err) == ExitLocked:
		return "another command is at work", lockedRetry
	case errors.Is(a.err, errClockBack):
		return a.err.Error(), time.Minute
	}
	return "", 0
}

// writeEnd says in the queue what becomes of an occurrence after an attempt.
func (s *Server) writeEnd(a attempt) error {
	now := s.o.Clock()
	why, wait := a.putBack()
	switch {
	case s.lost:
		return nil
	case why != "":
		return s.sched.putBack(a.of, why, now.Add(wait), now)
	case ExitCode(a.err) == ExitUsage:
		// What stands in the configuration, or is not there yet, another try does not change.
		return s.sched.done(a.of, a.state, a.runID, now)
	}
	return s.sched.ended(a.of, a.state, a.runID, now)
}

// writeLate writes down the ends that the ledger did not take when they came, such as on a full
// disk: an occurrence that seems to run for ever would keep its job from running again.
func (s *Server) writeLate() error {
	for len(s.late) > 0 {
		if err := s.writeEnd(s.late[0]); err != nil {
			return err
		}
		s.late = s.late[1:]
	}
	return nil
}
