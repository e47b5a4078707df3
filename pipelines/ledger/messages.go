package ledger

import (
	"database/sql"
	"errors"
	"time"
)

// putMessages keeps messages until they are delivered. One whose key is known already is left out.
func putMessages(tx *sql.Tx, messages []Message) error {
	for _, m := range messages {
		_, err := tx.Exec(`INSERT INTO messages (key, channel, recipient, subject, content, made, attempts, not_before, delivered, error)
			VALUES (?,?,?,?,?,?,0,'','','') ON CONFLICT (key) DO NOTHING`, m.Key, m.Channel, m.Recipient, m.Subject, m.Content, stamp(m.Made))
		if err != nil {
			return err
		}
	}
	return nil
}

const messageColumns = `id, key, channel, recipient, subject, content, made, attempts, not_before, delivered, error`

func scanMessage(r *sql.Rows, m *Message) error {
	return r.Scan(&m.ID, &m.Key, &m.Channel, &m.Recipient, &m.Subject, &m.Content, at(&m.Made), &m.Attempts, at(&m.NotBefore), at(&m.Delivered), &m.Error)
}

// Undelivered lists the messages that still wait, oldest first.
func (l *Ledger) Undelivered() ([]Message, error) {
	return rows(l.db, scanMessage, `SELECT `+messageColumns+` FROM messages WHERE delivered = '' ORDER BY id`)
}

// Attempted writes down what became of an attempt to deliver a message: delivered, when problem is
// empty; else why not, and when to try again at the earliest.
func (l *Ledger) Attempted(id int64, now time.Time, problem string, again time.Time) error {
	delivered := stamp(now)
	if problem != "" {
		delivered = ""
	}
	return l.exec(`UPDATE messages SET attempts = attempts + 1, delivered = ?, error = ?, not_before = ? WHERE id = ?`, delivered, problem, stamp(again), id)
}

// Hasten makes all that waits for whom a channel names due at once.
func (l *Ledger) Hasten(channel string) error {
	return l.exec(`UPDATE messages SET not_before = '' WHERE channel = ? AND recipient = '' AND delivered = ''`, channel)
}

// A Mark says up to where something was done.
type Mark struct {
	At     time.Time
	Number int64
	Error  string
}

// Mark gives a mark, and whether there is one.
func (l *Ledger) Mark(name string) (m Mark, known bool, err error) {
	err = l.db.QueryRow(`SELECT at, number, error FROM marks WHERE name = ?`, name).Scan(at(&m.At), &m.Number, &m.Error)
	if errors.Is(err, sql.ErrNoRows) {
		return Mark{}, false, nil
	}
	return m, err == nil, err
}

const putMark = `INSERT OR REPLACE INTO marks (name, at, number, error) VALUES (?, ?, ?, ?)`

// SetMark writes a mark.
func (l *Ledger) SetMark(name string, m Mark) error {
	return l.exec(putMark, name, stamp(m.At), m.Number, m.Error)
}

// PutAt keeps messages and moves marks in one step.
func (l *Ledger) PutAt(marks map[string]Mark, messages ...Message) error {
	return l.write(func(tx *sql.Tx) error {
		for name, m := range marks {
			if _, err := tx.Exec(putMark, name, stamp(m.At), m.Number, m.Error); err != nil {
				return err
			}
		}
		return putMessages(tx, messages)
	})
}

// Forget takes the marks away whose names begin so.
func (l *Ledger) Forget(prefix string) error {
	return l.exec(`DELETE FROM marks WHERE substr(name, 1, ?) = ?`, len(prefix), prefix)
}
