package ledger

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The states of a run.
const (
	Running     = "running"
	Succeeded   = "succeeded"
	NothingNew  = "nothing_new"
	Withheld    = "withheld"    // a quality gate kept something out
	Unavailable = "unavailable" // a source was away
	Failed      = "failed"
	Cancelled   = "cancelled"
	Interrupted = "interrupted" // the process ended without saying more
)

// What set a run, or an occurrence, off.
const (
	Manual   = "manual"
	Schedule = "schedule"
	After    = "after"   // other jobs ended
	RunNow   = "run_now" // somebody asked the scheduler
	Retry    = "retry"
)

// A Run is one run of a command.
type Run struct {
	ID         string    `json:"id"`
	Command    string    `json:"command"`
	Trigger    string    `json:"trigger"`
	Job        string    `json:"job,omitempty"`
	Due        time.Time `json:"due,omitzero"`
	WindowFrom time.Time `json:"window_from,omitzero"`
	WindowTo   time.Time `json:"window_to,omitzero"`
	Attempt    int       `json:"attempt,omitempty"`
	RetryOf    string    `json:"retry_of,omitempty"`
	State      string    `json:"state"`
	Started    time.Time `json:"started"`
	Ended      time.Time `json:"ended,omitzero"`
	KnownAt    time.Time `json:"known_at"`
	PID        int       `json:"pid"`
	Fence      int64     `json:"fence"`
	Code       string    `json:"code_version"`
	ConfigHash string    `json:"config_hash"`
	Release    string    `json:"release,omitempty"`
	PeakMemory int64     `json:"peak_memory_bytes,omitempty"`
	ExitCode   int       `json:"exit_code"`
	Error      string    `json:"error,omitempty"`
	Cancel     time.Time `json:"cancel_asked,omitzero"`
}

// A Feed is what became of one feed in a run.
type Feed struct {
	RunID       string           `json:"run_id"`
	Feed        string           `json:"feed"`
	Source      string           `json:"source"`
	Dataset     string           `json:"dataset"`
	Outcome     string           `json:"outcome"`
	CommitNo    int64            `json:"commit_no,omitempty"`
	Objects     int              `json:"objects"`
	Redelivered int              `json:"redelivered,omitempty"`
	Bytes       int64            `json:"bytes"`
	Records     int64            `json:"records"`
	Accepted    int64            `json:"accepted"`
	Quarantined int64            `json:"quarantined"`
	Tombstones  int64            `json:"tombstones,omitempty"`
	Codes       map[string]int64 `json:"codes,omitempty"`
	Retries     int64            `json:"retries,omitempty"`
	Seconds     float64          `json:"seconds"`
	PeakMemory  int64            `json:"peak_memory_bytes,omitempty"`
	ExitCode    int              `json:"exit_code,omitempty"`
	Error       string           `json:"error,omitempty"`
	Ended       time.Time        `json:"ended"`
}

// A Step is one step of a feed in a run; of the build where Feed is empty.
type Step struct {
	RunID   string  `json:"run_id"`
	Feed    string  `json:"feed,omitempty"`
	No      int     `json:"no"`
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
}

const runColumns = `id, command, trigger, job, due, window_from, window_to, attempt, retry_of, state, started, ended, known_at,
	pid, fence, code, config_hash, release, peak_memory, exit_code, error, cancel`

func scanRun(r *sql.Rows, n *Run) error {
	return r.Scan(&n.ID, &n.Command, &n.Trigger, &n.Job, at(&n.Due), at(&n.WindowFrom), at(&n.WindowTo), &n.Attempt, &n.RetryOf, &n.State,
		at(&n.Started), at(&n.Ended), at(&n.KnownAt), &n.PID, &n.Fence, &n.Code, &n.ConfigHash, &n.Release, &n.PeakMemory, &n.ExitCode, &n.Error, at(&n.Cancel))
}

// Begin writes down that a run begins. Its ID is taken as a proposal: where another run has it
// already, a number is added.
func (l *Ledger) Begin(r Run) (Run, error) {
	proposed := r.ID
	err := l.write(func(tx *sql.Tx) error {
		for n := 2; ; n++ {
			var taken bool
			if err := tx.QueryRow(`SELECT count(*) > 0 FROM runs WHERE id = ?`, r.ID).Scan(&taken); err != nil {
				return err
			}
			if !taken {
				break
			}
			r.ID = fmt.Sprintf("%s-%d", proposed, n)
		}
		r.State = Running
		_, err := tx.Exec(`INSERT INTO runs (`+runColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			r.ID, r.Command, r.Trigger, r.Job, stamp(r.Due), stamp(r.WindowFrom), stamp(r.WindowTo), r.Attempt, r.RetryOf, r.State,
			stamp(r.Started), "", stamp(r.KnownAt), r.PID, r.Fence, r.Code, r.ConfigHash, "", 0, 0, "", "")
		return err
	})
	if err != nil {
		return r, fmt.Errorf("writing run %s into the ledger: %w", r.ID, err)
	}
	return r, nil
}

// FeedEnded writes down what became of a feed in a run, with its steps.
func (l *Ledger) FeedEnded(f Feed, steps []Step) error {
	codes, err := json.Marshal(f.Codes)
	if err != nil {
		return err
	}
	err = l.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO run_feeds (run_id, feed, source, dataset, outcome, commit_no, objects, redelivered, bytes, records,
			accepted, quarantined, tombstones, codes, retries, seconds, peak_memory, exit_code, error, ended) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			f.RunID, f.Feed, f.Source, f.Dataset, f.Outcome, f.CommitNo, f.Objects, f.Redelivered, f.Bytes, f.Records,
			f.Accepted, f.Quarantined, f.Tombstones, string(codes), f.Retries, f.Seconds, f.PeakMemory, f.ExitCode, f.Error, stamp(f.Ended))
		if err != nil {
			return err
		}
		if err := putSteps(tx, steps); err != nil {
			return err
		}
		return countFeed(tx, f)
	})
	if err != nil {
		return fmt.Errorf("writing feed %s of run %s into the ledger: %w", f.Feed, f.RunID, err)
	}
	return nil
}

func putSteps(tx *sql.Tx, steps []Step) error {
	for _, s := range steps {
		if _, err := tx.Exec(`INSERT OR REPLACE INTO run_steps (run_id, feed, no, step, seconds) VALUES (?,?,?,?,?)`, s.RunID, s.Feed, s.No, s.Step, s.Seconds); err != nil {
			return err
		}
	}
	return nil
}

// End writes down how a run ended. steps are those of its build.
func (l *Ledger) End(r Run, steps []Step) error {
	err := l.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE runs SET state = ?, ended = ?, release = ?, peak_memory = ?, exit_code = ?, error = ? WHERE id = ?`,
			r.State, stamp(r.Ended), r.Release, r.PeakMemory, r.ExitCode, r.Error, r.ID)
		if err != nil {
			return err
		}
		if err := putSteps(tx, steps); err != nil {
			return err
		}
		return countRun(tx, r)
	})
	if err != nil {
		return fmt.Errorf("writing the end of run %s into the ledger: %w", r.ID, err)
	}
	return nil
}

// CloseDead writes down of every run that an older holder of the work left open that its
// process ended. It returns those runs.
func (l *Ledger) CloseDead(fence int64, now time.Time) ([]Run, error) {
	dead, err := rows(l.db, scanRun, `SELECT `+runColumns+` FROM runs WHERE state = ? AND fence < ? ORDER BY started`, Running, fence)
	if err != nil {
		return nil, err
	}
	for i := range dead {
		dead[i].State, dead[i].Ended = Interrupted, now
		dead[i].Error = "the process ended without a result (killed, crashed, or the machine went down); nothing half-done was kept"
		if err := l.End(dead[i], nil); err != nil {
			return nil, err
		}
	}
	return dead, nil
}

// A RunFilter chooses runs. Empty fields do not matter.
type RunFilter struct {
	State, Feed, Job string
	Since            time.Time
	Limit            int
}

// Runs lists runs, newest first.
func (l *Ledger) Runs(f RunFilter) ([]Run, error) {
	where, args := []string{"started >= ?"}, []any{stamp(f.Since)}
	add := func(clause string, arg any) { where, args = append(where, clause), append(args, arg) }
	if f.State != "" {
		add("state = ?", f.State)
	}
	if f.Job != "" {
		add("job = ?", f.Job)
	}
	if f.Feed != "" {
		add("id IN (SELECT run_id FROM run_feeds WHERE feed = ?)", f.Feed)
	}
	query := `SELECT ` + runColumns + ` FROM runs WHERE ` + strings.Join(where, " AND ") + ` ORDER BY started DESC, id DESC`
	if f.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	return rows(l.db, scanRun, query, args...)
}

// ErrNoRun is wrapped when the ledger does not know a run.
var ErrNoRun = errors.New("the ledger knows no such run; see lindung runs list")

// Run gives one run with its feeds and steps.
func (l *Ledger) Run(id string) (Run, []Feed, []Step, error) {
	found, err := rows(l.db, scanRun, `SELECT `+runColumns+` FROM runs WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("run %q: %w", id, ErrNoRun)
	}
	if err != nil {
		return Run{}, nil, nil, err
	}
	feeds, err := rows(l.db, scanFeed, `SELECT `+feedColumns+` FROM run_feeds WHERE run_id = ? ORDER BY ended, feed`, id)
	if err != nil {
		return Run{}, nil, nil, err
	}
	steps, err := rows(l.db, scanStep, `SELECT run_id, feed, no, step, seconds FROM run_steps WHERE run_id = ? ORDER BY feed, no`, id)
	return found[0], feeds, steps, err
}

const feedColumns = `run_id, feed, source, dataset, outcome, commit_no, objects, redelivered, bytes, records, accepted, quarantined, tombstones,
	codes, retries, seconds, peak_memory, exit_code, error, ended`

func scanFeed(r *sql.Rows, f *Feed) error {
	var codes string
	err := r.Scan(&f.RunID, &f.Feed, &f.Source, &f.Dataset, &f.Outcome, &f.CommitNo, &f.Objects, &f.Redelivered, &f.Bytes, &f.Records,
		&f.Accepted, &f.Quarantined, &f.Tombstones, &codes, &f.Retries, &f.Seconds, &f.PeakMemory, &f.ExitCode, &f.Error, at(&f.Ended))
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(codes), &f.Codes)
}

func scanStep(r *sql.Rows, s *Step) error {
	return r.Scan(&s.RunID, &s.Feed, &s.No, &s.Step, &s.Seconds)
}

// Feeds lists what became of feeds in the runs since a time, oldest first.
func (l *Ledger) Feeds(since time.Time) ([]Feed, error) {
	return rows(l.db, scanFeed, `SELECT `+feedColumns+` FROM run_feeds WHERE ended >= ? ORDER BY ended, feed`, stamp(since))
}

// LastOfFeeds gives, by feed, the newest outcome, and the newest that was neither failed nor
// withheld.
func (l *Ledger) LastOfFeeds() (newest, good map[string]Feed, err error) {
	newest, good = map[string]Feed{}, map[string]Feed{}
	for into, where := range map[*map[string]Feed]string{&newest: `1`, &good: `outcome IN ('committed', 'nothing_new')`} {
		all, err := rows(l.db, scanFeed, `SELECT `+feedColumns+` FROM run_feeds AS f WHERE `+where+` AND ended =
			(SELECT max(ended) FROM run_feeds WHERE feed = f.feed AND `+where+`)`)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range all {
			(*into)[f.Feed] = f
		}
	}
	return newest, good, nil
}

// Steps lists the steps of runs since a time.
func (l *Ledger) Steps(since time.Time) ([]Step, error) {
	return rows(l.db, scanStep, `SELECT s.run_id, s.feed, s.no, s.step, s.seconds FROM run_steps AS s JOIN runs AS r ON r.id = s.run_id
		WHERE r.started >= ? ORDER BY r.started, s.run_id, s.feed, s.no`, stamp(since))
}

// AskCancel asks the process that a run is in to stop it.
func (l *Ledger) AskCancel(id string, now time.Time) error {
	r, _, _, err := l.Run(id)
	if err != nil {
		return err
	}
	if r.State != Running {
		return fmt.Errorf("run %s is not running: it %s at %s", id, strings.ReplaceAll(r.State, "_", " "), r.Ended.Format(time.RFC3339))
	}
	return l.exec(`UPDATE runs SET cancel = ? WHERE id = ? AND state = ?`, stamp(now), id, Running)
}

// ToCancel lists the running runs that somebody asked to stop.
func (l *Ledger) ToCancel() ([]string, error) {
	return rows(l.db, func(r *sql.Rows, id *string) error { return r.Scan(id) }, `SELECT id FROM runs WHERE state = ? AND cancel <> ''`, Running)
}

// Prune forgets the runs, occurrences and notices that ended before a time, and the messages that are older.
func (l *Ledger) Prune(before time.Time) (runs int64, err error) {
	err = l.write(func(tx *sql.Tx) error {
		done, err := tx.Exec(`DELETE FROM runs WHERE state <> ? AND ended < ?`, Running, stamp(before))
		if err != nil {
			return err
		}
		if runs, err = done.RowsAffected(); err != nil {
			return err
		}
		if _, err = tx.Exec(`DELETE FROM occurrences WHERE state NOT IN ('waiting', 'running') AND decided < ?`, stamp(before)); err != nil {
			return err
		}
		if _, err = tx.Exec(`DELETE FROM notices WHERE ended <> '' AND ended < ?`, stamp(before)); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM messages WHERE made < ?`, stamp(before))
		return err
	})
	return runs, err
}
