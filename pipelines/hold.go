package pipelines

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A hold is this process's right to change the lake and the releases. Runs that go on side by
// side in one process share it; the last one to end gives it back.
type hold struct {
	mu      sync.Mutex
	users   int
	lease   *ledger.Lease
	stop    func()                             // ends the renewing
	cancels map[string]context.CancelCauseFunc // of the runs under way, by their ids

	changing sync.Mutex // around what only one at a time may do, within this process
	bypassed bool       // a process that was stopped has the lock; guarded by changing
	noting   sync.Mutex // around the copies of return notes
}

// renewEvery is how often a hold is renewed, and how soon a run that somebody cancels hears of it.
const renewEvery = 2 * time.Second

// errCancelled is why a run ended that somebody asked to stop.
var errCancelled = errors.New("it was cancelled with lindung runs cancel")

// take begins to hold, or goes on with what this process holds already. first says that nobody
// of this process was at work, so that what lies about is nobody's.
func (h *hold) take(l *ledger.Ledger, command string, now time.Time) (first bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.users > 0 {
		h.users++
		return false, nil
	}
	lease, err := l.Acquire(ledger.Work, command, now)
	if err != nil {
		return false, err
	}
	ctx, stop := context.WithCancel(context.Background())
	h.lease, h.users, h.stop, h.cancels = lease, 1, stop, map[string]context.CancelCauseFunc{}
	go h.keep(ctx, l, lease)
	return true, nil
}

// keep renews the lease for as long as it is held. When it is lost, every run of it is.
func (h *hold) keep(ctx context.Context, l *ledger.Ledger, lease *ledger.Lease) {
	for sleep(ctx, renewEvery) == nil {
		err := lease.Renew()
		if errors.Is(err, ledger.ErrLost) {
			h.end(lease, "", err)
			return
		}
		// Any other error passes or shows when the run writes down its own end.
		if ids, err := l.ToCancel(); err == nil {
			for _, id := range ids {
				h.end(lease, id, errCancelled)
			}
		}
	}
}

// end stops a run under a lease, or all of them.
func (h *hold) end(lease *ledger.Lease, id string, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lease != lease {
		return // it was given back meanwhile
	}
	for run, cancel := range h.cancels {
		if id == "" || run == id {
			cancel(why)
		}
	}
}

func (h *hold) give() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.users--; h.users == 0 {
		h.stop()
		_ = h.lease.Release() // who cannot say so lets it run out
		h.lease = nil
	}
}

// running lets a run be cancelled while it goes on.
func (h *hold) running(ctx context.Context, id string) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	h.mu.Lock()
	h.cancels[id] = cancel
	h.mu.Unlock()
	return ctx, func() {
		h.mu.Lock()
		delete(h.cancels, id)
		h.mu.Unlock()
		cancel(nil)
	}
}

// lockPatience is how long one waits for another process that is about to change something.
const lockPatience = 3 * time.Second

// alone does what only one process at a time may do: it takes seconds at most. A process that
// was stopped before it got here has lost its lease by the time it goes on, and is refused. One
// that was stopped within has the lock for ever; whoever has the lease goes on without it then,
// for what both may still do at once the log and the releases decide themselves: the number of
// an entry is taken by one of them only.
func (r *Runner) alone(do func() error) error {
	r.hold.changing.Lock()
	defer r.hold.changing.Unlock()
	lock, err := r.lockSoon()
	if err != nil {
		return err
	}
	if lock != nil {
		defer func() { _ = lock.Unlock() }()
	}
	if err := r.hold.lease.Check(); err != nil {
		return r.lost(err)
	}
	return do()
}

// lockSoon takes the lock of the data folder. It gives nil when a process has it that was
// stopped, and whose lease is ours by now.
func (r *Runner) lockSoon() (*lake.Locked, error) {
	for began := time.Now(); ; {
		lock, err := lake.Lock(r.Project.DataDir, lake.Holder{PID: os.Getpid(), Command: r.command, Since: r.wall()})
		var locked *lake.LockedError
		switch {
		case !errors.As(err, &locked):
			return lock, err
		case r.hold.bypassed || time.Since(began) > lockPatience:
			if locked.Holder.PID == 0 || locked.Holder.PID == os.Getpid() {
				return nil, err // somebody who keeps no lease, such as flock(1)
			}
			r.hold.bypassed = true
			return nil, r.hold.lease.Check()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// lost words that the work is another's by now.
func (r *Runner) lost(err error) error {
	if errors.Is(err, ledger.ErrLost) {
		return &Error{Code: ExitLocked, cause: err, Message: fmt.Sprintf("%s: %s; nothing of this run was kept from then on", r.command, err)}
	}
	return err
}

// prepare takes the right to work and sweeps what an earlier crash left.
func (r *Runner) prepare(command string) (unlock func(), err error) {
	r.command = "lindung " + command
	if r.Ledger == nil {
		if r.Ledger, err = ledger.Open(r.Project.DataDir); err != nil {
			return nil, err
		}
	}
	first, err := r.hold.take(r.Ledger, r.command, r.wall())
	if err != nil {
		return nil, heldBy(r.Project.DataDir, err)
	}
	if first {
		err = r.alone(r.recover)
	}
	if err == nil {
		err = r.clockGoesForward()
	}
	if err != nil {
		r.hold.give()
		return nil, err
	}
	return r.hold.give, nil
}

// heldBy says in the words of the lake's lock who is at work.
func heldBy(dir string, err error) error {
	var held *ledger.HeldError
	if !errors.As(err, &held) {
		return err
	}
	return &lake.LockedError{Path: dir, Holder: lake.Holder{PID: held.PID, Command: held.Command, Since: held.Since}}
}

// recover clears away what runs that ended by force left lying, and closes their books.
func (r *Runner) recover() error {
	if !r.hold.bypassed { // what lies about may still be another's, who was stopped about to commit it
		if err := r.sweep(); err != nil {
			return err
		}
	}
	if err := r.settleTokens(); err != nil {
		return err
	}
	dead, err := r.Ledger.CloseDead(r.hold.lease.Fence(), r.wall())
	if err != nil {
		return err
	}
	r.dead = dead
	for _, d := range dead {
		r.log().Warn("a run was interrupted", "run_id", d.ID, "step", "recover", "command", d.Command, "started", d.Started)
	}
	// Whoever approved a report may not be allowed to freeze its month. Data do not wait for reports.
	if err := r.freezeApproved(); err != nil {
		r.log().Warn("the month of an approved report could not be frozen", "step", "freeze", "problem", err.Error())
	}
	return nil
}

func (r *Runner) sweep() error {
	for _, dir := range []string{r.tmpRoot(), r.buildsDir()} {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("clearing temporary folders: %w", err)
		}
	}
	if _, err := r.Lake.Sweep(); err != nil {
		return err
	}
	if _, err := r.Releases.Repair(); err != nil {
		return err
	}
	_, err := r.Candidates().Sweep(r.Releases)
	return err
}

// clockTolerance is how far a clock may lie behind the newest commit before a run
// refuses to go on: knowledge time must not go backwards.
const clockTolerance = 5 * time.Minute

// errClockBack is wrapped when the clock stands before what is already known.
var errClockBack = errors.New("the clock went back")

func (r *Runner) clockGoesForward() error {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return err
	}
	for _, e := range snap.Entries {
		if e.KnownAt.After(r.Now.Add(clockTolerance)) {
			return &Error{Code: ExitUsage, cause: errClockBack, Message: fmt.Sprintf("the clock says %s, but commit %d was made at %s; set the machine's clock, or --now", r.Now.UTC().Format(time.RFC3339), e.No, e.KnownAt.UTC().Format(time.RFC3339))}
		}
	}
	return nil
}
