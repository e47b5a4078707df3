package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// moveUnit gives the feed of placements another time of the day.
func (h *soakHistory) moveUnit(s *soak) {
	was := h.minutes[len(h.minutes)-1].minute
	s.note("unit_placements is due at another minute")
	s.reconfigure("sources/unit.yaml", func(text []byte) []byte {
		return bytes.Replace(text, fmt.Appendf(nil, `"%d 5 * * *"`, was), fmt.Appendf(nil, `"%d 5 * * *"`, 5-was), 1)
	})
	h.minutes = append(h.minutes, soakMinute{from: s.clock.now(), minute: 5 - was})
}

// due are the times of a job, in plain words.
func (s *soak) due(job string, from, to time.Time) (times []time.Time) {
	for day := soakBegin; !day.After(to); day = day.AddDate(0, 0, 1) {
		at := day.Add(5 * time.Hour)
		switch job {
		case "build":
			if at = day.Add(6 * time.Hour); day.Weekday() != time.Monday && day.Weekday() != time.Thursday {
				continue
			}
		case "report":
			if at = day.Add(7 * time.Hour); day.Day() != 1 {
				continue
			}
		case "unit_placements":
			i := len(s.story.minutes) - 1
			for ; s.story.minutes[i].from.After(at); i-- {
			}
			at = at.Add(time.Duration(s.story.minutes[i].minute) * time.Minute)
		}
		if at.After(from) && !at.After(to) {
			times = append(times, at)
		}
	}
	return times
}

// decidedOnce compares the ledger's occurrences with the times that the schedule has.
func (s *soak) decidedOnce(l *ledger.Ledger) error {
	all, err := l.Occurrences("", time.Time{})
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.State == ledger.Started {
			s.fail("an occurrence of %s is left running", o.Job)
		}
		if o.Trigger != ledger.Schedule || s.story.counted[o.ID] {
			continue
		}
		s.story.counted[o.ID] = true
		until := o.Due
		if !o.Until.IsZero() {
			until = o.Until
		}
		times := s.due(o.Job, o.Due.Add(-time.Second), until)
		if len(times) != o.Count {
			s.fail("an occurrence of %s from %s to %s counts %d; there are %v", o.Job, o.Due, until, o.Count, times)
		}
		for _, at := range times {
			if s.story.decided[o.Job] == nil {
				s.story.decided[o.Job] = map[int64]int{}
			}
			s.story.decided[o.Job][at.Unix()]++
		}
	}
	jobs, err := l.Jobs()
	for _, j := range jobs {
		to := s.at(11, 0)
		if j.Decided.After(to) {
			to = j.Decided
		}
		for _, at := range s.due(j.Job, s.at(3, 0).AddDate(0, 0, -s.day), to) {
			if n := s.story.decided[j.Job][at.Unix()]; n != 1 {
				s.fail("%s was decided %d times for %s", j.Job, n, at)
			}
		}
	}
	return err
}

// ledgerIsBounded holds the ledger to what it is to keep: ten days, and the day that it forgets on.
func (s *soak) ledgerIsBounded(l *ledger.Ledger) error {
	runs, err := l.Runs(ledger.RunFilter{})
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.Started.Before(s.at(0, 0).AddDate(0, 0, -11)) {
			s.fail("the ledger still has run %s", run.ID)
		}
	}
	return nil
}
