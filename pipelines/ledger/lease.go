package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The names of leases.
const (
	Work  = "work"  // to change the lake or the releases
	Serve = "serve" // to decide what is due
	Tell  = "tell"  // to deliver messages
)

// Term is how long a lease holds without being renewed. A holder renews it far more often.
const Term = time.Minute

// ErrLost is wrapped when a lease is held by another process by now.
var ErrLost = errors.New("another process has taken over")

// A HeldError says who holds a lease.
type HeldError struct {
	Lease   string
	PID     int
	Command string
	Since   time.Time
}

// Error names the holder.
func (e *HeldError) Error() string {
	return fmt.Sprintf("process %d (%s) holds it since %s", e.PID, e.Command, e.Since.Format(time.RFC3339))
}

// A Lease is the right to do a kind of work alone. The process that has it may be stopped and
// go on much later: then another one has a lease with a higher fence, and Check says so.
type Lease struct {
	ledger *Ledger
	name   string
	fence  int64
}

// Fence is the lease's number: whoever comes later has a higher one.
func (l *Lease) Fence() int64 { return l.fence }

// Acquire takes a lease, or says in a HeldError who has it. A holder that runs no more, or has
// not renewed the lease within its term, has it no longer.
func (l *Ledger) Acquire(name, command string, now time.Time) (*Lease, error) {
	me, err := self()
	if err != nil {
		return nil, err
	}
	lease := &Lease{ledger: l, name: name}
	err = l.write(func(tx *sql.Tx) error {
		passed, err := sinceBoot()
		if err != nil {
			return err
		}
		var (
			held    bool
			by      process
			expires int64
			e       = &HeldError{Lease: name}
		)
		err = tx.QueryRow(`SELECT fence, held, pid, pid_space, started, boot, expires, command, since FROM leases WHERE name = ?`, name).
			Scan(&lease.fence, &held, &by.pid, &by.space, &by.started, &by.boot, &expires, &e.Command, at(&e.Since))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if held && !by.gone(me) && passed < expires {
			e.PID = by.pid
			return e
		}
		lease.fence++
		_, err = tx.Exec(`INSERT OR REPLACE INTO leases (name, fence, held, pid, pid_space, started, boot, expires, command, since)
			VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
			name, lease.fence, me.pid, me.space, me.started, me.boot, passed+Term.Milliseconds(), command, stamp(now))
		return err
	})
	if err != nil {
		return nil, err
	}
	return lease, nil
}

// Holder says who holds a lease; nil when nobody does.
func (l *Ledger) Holder(name string) (*HeldError, error) {
	me, err := self()
	if err != nil {
		return nil, err
	}
	passed, err := sinceBoot()
	if err != nil {
		return nil, err
	}
	var (
		by      process
		expires int64
		e       = &HeldError{Lease: name}
	)
	err = l.db.QueryRow(`SELECT pid, pid_space, started, boot, expires, command, since FROM leases WHERE name = ? AND held = 1`, name).
		Scan(&by.pid, &by.space, &by.started, &by.boot, &expires, &e.Command, at(&e.Since))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (by.gone(me) || passed >= expires) {
		return nil, nil
	}
	e.PID = by.pid
	return e, err
}

// Renew holds a lease for another term, or says with ErrLost that it is another's.
func (l *Lease) Renew() error {
	return l.ledger.write(func(tx *sql.Tx) error {
		passed, err := sinceBoot()
		if err != nil {
			return err
		}
		done, err := tx.Exec(`UPDATE leases SET expires = ? WHERE name = ? AND fence = ? AND held = 1`, passed+Term.Milliseconds(), l.name, l.fence)
		if err != nil {
			return err
		}
		return l.stillOurs(tx, done)
	})
}

// Check says with ErrLost that a lease is another's by now. A lease that merely ran out while
// nobody else wanted it is still ours.
func (l *Lease) Check() error { return l.Renew() }

func (l *Lease) stillOurs(tx *sql.Tx, done sql.Result) error {
	n, err := done.RowsAffected()
	if err != nil || n == 1 {
		return err
	}
	e := &HeldError{Lease: l.name}
	err = tx.QueryRow(`SELECT pid, command, since FROM leases WHERE name = ?`, l.name).Scan(&e.PID, &e.Command, at(&e.Since))
	if err != nil {
		return fmt.Errorf("%w: the ledger knows nothing of this process (%s); was the file moved away?", ErrLost, err.Error())
	}
	return fmt.Errorf("%w while this one was stopped: %w", ErrLost, e)
}

// Release gives a lease back; one that is another's by now stays with him.
func (l *Lease) Release() error {
	return l.ledger.exec(`UPDATE leases SET held = 0 WHERE name = ? AND fence = ?`, l.name, l.fence)
}
