package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The states of an occurrence.
const (
	Waiting = "waiting"
	Started = "running"
	Done    = "done"
	Skipped = "skipped"
	Dropped = "cancelled"
)

// An Occurrence is one time that a job is to run, and what was decided about it. A row with a
// Count above one stands for several that were skipped together.
type Occurrence struct {
	ID        int64     `json:"id"`
	Job       string    `json:"job"`
	Due       time.Time `json:"due"`
	Trigger   string    `json:"trigger"`
	State     string    `json:"state"`
	NotBefore time.Time `json:"not_before,omitzero"`
	Attempt   int       `json:"attempt,omitempty"`
	RunID     string    `json:"run_id,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Until     time.Time `json:"until,omitzero"`
	Count     int       `json:"count"`
	Decided   time.Time `json:"decided"`
}

// A Job is what the ledger remembers of a job of the schedule.
type Job struct {
	Job         string    `json:"job"`
	Fingerprint string    `json:"-"`
	Decided     time.Time `json:"decided"`
	Seen        int64     `json:"-"` // of a job that follows others: up to which end of theirs it has followed
	Paused      time.Time `json:"paused,omitzero"`
	PausedBy    string    `json:"paused_by,omitempty"`
	PauseWhy    string    `json:"pause_reason,omitempty"`
}

// KnownJob gives what is remembered of a job. A job that is new, or whose schedule has another
// fingerprint, begins at now: a changed schedule never reaches into the past.
func (l *Ledger) KnownJob(name, fingerprint string, now time.Time) (Job, error) {
	var j Job
	err := l.write(func(tx *sql.Tx) error {
		err := tx.QueryRow(`SELECT job, fingerprint, decided, seen, paused, paused_by, pause_why FROM jobs WHERE job = ?`, name).
			Scan(&j.Job, &j.Fingerprint, at(&j.Decided), &j.Seen, at(&j.Paused), &j.PausedBy, &j.PauseWhy)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			j = Job{Job: name, Fingerprint: fingerprint, Decided: now}
			if err = tx.QueryRow(`SELECT newest FROM ends`).Scan(&j.Seen); err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO jobs (job, fingerprint, decided, seen, paused, paused_by, pause_why) VALUES (?, ?, ?, ?, '', '', '')`, name, fingerprint, stamp(now), j.Seen)
		case err == nil && j.Fingerprint != fingerprint:
			j.Fingerprint = fingerprint
			if j.Decided.Before(now) {
				j.Decided = now
			}
			_, err = tx.Exec(`UPDATE jobs SET fingerprint = ?, decided = ? WHERE job = ?`, fingerprint, stamp(j.Decided), name)
		}
		return err
	})
	return j, err
}

// Jobs lists what is remembered of all jobs.
func (l *Ledger) Jobs() ([]Job, error) {
	return rows(l.db, func(r *sql.Rows, j *Job) error {
		return r.Scan(&j.Job, &j.Fingerprint, at(&j.Decided), &j.Seen, at(&j.Paused), &j.PausedBy, &j.PauseWhy)
	}, `SELECT job, fingerprint, decided, seen, paused, paused_by, pause_why FROM jobs ORDER BY job`)
}

// Decide writes down what becomes of occurrences of a job, all of them up to decided, in one
// step: none can be decided twice, and none is forgotten between two.
func (l *Ledger) Decide(job string, decided time.Time, all []Occurrence) error {
	return l.write(func(tx *sql.Tx) error {
		for _, o := range all {
			if err := put(tx, o); err != nil {
				return err
			}
			if o.State == Skipped {
				if err := add(tx, TotalSkipped, o.Job, "", float64(max(o.Count, 1))); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(`UPDATE jobs SET decided = max(decided, ?) WHERE job = ?`, stamp(decided), job)
		return err
	})
}

func put(tx *sql.Tx, o Occurrence) error {
	_, err := tx.Exec(`INSERT INTO occurrences (job, due, trigger, state, not_before, attempt, run_id, reason, until, count, decided)
		VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (job, due, trigger) DO NOTHING`,
		o.Job, stamp(o.Due), o.Trigger, o.State, stamp(o.NotBefore), o.Attempt, o.RunID, o.Reason, stamp(o.Until), max(o.Count, 1), stamp(o.Decided))
	return err
}

// Ask puts a job into the queue at once.
func (l *Ledger) Ask(job string, now time.Time) error {
	return l.write(func(tx *sql.Tx) error {
		return put(tx, Occurrence{Job: job, Due: now, Trigger: RunNow, State: Waiting, Decided: now})
	})
}

// Update writes down a new state of an occurrence.
func (l *Ledger) Update(o Occurrence) error {
	return l.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE occurrences SET state = ?, not_before = ?, attempt = ?, run_id = ?, reason = ?, decided = ? WHERE id = ?`,
			o.State, stamp(o.NotBefore), o.Attempt, o.RunID, o.Reason, stamp(o.Decided), o.ID)
		if err != nil || o.State != Done {
			return err
		}
		if _, err := tx.Exec(`UPDATE ends SET newest = newest + 1`); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE occurrences SET end_no = (SELECT newest FROM ends) WHERE id = ?`, o.ID)
		return err
	})
}

// Followed writes down that a job has followed others up to an end of theirs.
func (l *Ledger) Followed(job string, end int64) error {
	return l.exec(`UPDATE jobs SET seen = max(seen, ?) WHERE job = ?`, end, job)
}

const occurrenceColumns = `id, job, due, trigger, state, not_before, attempt, run_id, reason, until, count, decided`

func scanOccurrence(r *sql.Rows, o *Occurrence) error {
	return r.Scan(&o.ID, &o.Job, at(&o.Due), &o.Trigger, &o.State, at(&o.NotBefore), &o.Attempt, &o.RunID, &o.Reason, at(&o.Until), &o.Count, at(&o.Decided))
}

// Unfinished lists the occurrences that wait or run, by the time they are due.
func (l *Ledger) Unfinished() ([]Occurrence, error) {
	return rows(l.db, scanOccurrence, `SELECT `+occurrenceColumns+` FROM occurrences WHERE state IN (?, ?) ORDER BY due, id`, Waiting, Started)
}

// Occurrences lists what was decided since a time, oldest first; of one job, or of all where
// job is empty.
func (l *Ledger) Occurrences(job string, since time.Time) ([]Occurrence, error) {
	return rows(l.db, scanOccurrence, `SELECT `+occurrenceColumns+` FROM occurrences WHERE decided >= ? AND (? = '' OR job = ?) ORDER BY due, id`, stamp(since), job, job)
}

// Pause keeps a job from running until Resume: what falls due meanwhile is skipped.
func (l *Ledger) Pause(job, who, why string, now time.Time) error {
	return l.setPause(job, now, who, why)
}

// Resume lets a job run again.
func (l *Ledger) Resume(job string) error { return l.setPause(job, time.Time{}, "", "") }

func (l *Ledger) setPause(job string, since time.Time, who, why string) error {
	done, err := l.db.Exec(`UPDATE jobs SET paused = ?, paused_by = ?, pause_why = ? WHERE job = ?`, stamp(since), who, why, job)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("the ledger does not know job %q yet", job), err)
	}
	return nil
}

// LastEnd is the number of the newest end with a state among some jobs; zero when there is none.
func (l *Ledger) LastEnd(jobs []string, state string) (end int64, err error) {
	marks, args := strings.Repeat("?,", len(jobs)), []any{Done, state}
	for _, j := range jobs {
		args = append(args, j)
	}
	err = l.db.QueryRow(`SELECT coalesce(max(end_no), 0) FROM occurrences WHERE state = ? AND reason = ? AND job IN (`+strings.TrimSuffix(marks, ",")+`)`, args...).Scan(&end)
	return end, err
}
