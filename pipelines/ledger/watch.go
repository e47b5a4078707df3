package ledger

import (
	"database/sql"
	"errors"
	"fmt"
)

// LastPublished gives the newest run that published a release, and how many seconds its build
// took; ok is false where none did.
func (l *Ledger) LastPublished() (r Run, buildSeconds float64, ok bool, err error) {
	found, err := rows(l.db, scanRun, `SELECT `+runColumns+` FROM runs WHERE release <> '' AND ended <> '' ORDER BY ended DESC, id DESC LIMIT 1`)
	if err != nil || len(found) == 0 {
		return Run{}, 0, false, err
	}
	r = found[0]
	err = l.db.QueryRow(`SELECT coalesce(sum(seconds), 0) FROM run_steps WHERE run_id = ? AND feed = ''`, r.ID).Scan(&buildSeconds)
	return r, buildSeconds, true, err
}

// A NoticeCount counts the notices of a kind that have not ended.
type NoticeCount struct {
	Kind     string
	Severity string
	Count    int64
}

// OpenNotices counts what people were told of and has not ended.
func (l *Ledger) OpenNotices() ([]NoticeCount, error) {
	return rows(l.db, func(r *sql.Rows, n *NoticeCount) error { return r.Scan(&n.Kind, &n.Severity, &n.Count) },
		`SELECT kind, severity, count(*) FROM notices WHERE ended = '' GROUP BY kind, severity ORDER BY kind, severity`)
}

// Writable says whether something can be written down, by writing what is there already.
func (l *Ledger) Writable() error {
	err := l.write(func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRow(`PRAGMA user_version`).Scan(&have); err != nil {
			return err
		}
		if have != version {
			return errors.New("another version of the program changed it")
		}
		_, err := tx.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, have))
		return err
	})
	if err != nil {
		return fmt.Errorf("writing to the ledger %s: %w", l.path, err)
	}
	return nil
}
