package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Notice is something that people are told of: since when it holds, when it was told, and who
// said that he takes care of it.
type Notice struct {
	Key      string    `json:"key"` // kind and subject
	Kind     string    `json:"kind"`
	Subject  string    `json:"subject"`
	Party    string    `json:"party,omitempty"`
	Severity string    `json:"severity"`
	TextID   string    `json:"text_id"`
	TextEN   string    `json:"text_en"`
	Command  string    `json:"command"`
	Since    time.Time `json:"since"`
	Last     time.Time `json:"last"`
	Times    int       `json:"times"`
	Gone     time.Time `json:"gone,omitzero"`
	Sent     time.Time `json:"sent,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
	Acked    time.Time `json:"acked,omitzero"`
	AckedBy  string    `json:"acked_by,omitempty"`
	AckUntil time.Time `json:"ack_until,omitzero"`
	AckWhy   string    `json:"ack_why,omitempty"`
}

// Open says whether it still holds.
func (n Notice) Open() bool { return n.Ended.IsZero() }

// A Message is to be delivered on a channel, until it is. Its content is its sender's affair.
type Message struct {
	ID        int64
	Key       string
	Channel   string
	Recipient string
	Subject   string
	Content   string
	Made      time.Time
	Attempts  int
	NotBefore time.Time
	Delivered time.Time
	Error     string
}

const noticeColumns = `key, kind, subject, party, severity, text_id, text_en, command, since, last, times, gone, sent, ended, acked, acked_by, ack_until, ack_why`

func scanNotice(r *sql.Rows, n *Notice) error {
	return r.Scan(&n.Key, &n.Kind, &n.Subject, &n.Party, &n.Severity, &n.TextID, &n.TextEN, &n.Command, at(&n.Since), at(&n.Last), &n.Times,
		at(&n.Gone), at(&n.Sent), at(&n.Ended), at(&n.Acked), &n.AckedBy, at(&n.AckUntil), &n.AckWhy)
}

// Notices lists all notices, those that hold first, then by key.
func (l *Ledger) Notices() ([]Notice, error) {
	return rows(l.db, scanNotice, `SELECT `+noticeColumns+` FROM notices ORDER BY ended <> '', key`)
}

// Judge lets decide look at all notices, and writes down in one step what changes in them and what
// is to be delivered because of it: nothing is told twice, and nothing is forgotten between the
// two. Times that lie after now, which a clock that was set back leaves behind, count as now.
func (l *Ledger) Judge(now time.Time, decide func([]Notice) (changed []Notice, messages []Message)) error {
	return l.write(func(tx *sql.Tx) error {
		for _, column := range []string{"since", "last", "gone", "sent", "ended", "acked"} {
			if _, err := tx.Exec(`UPDATE notices SET `+column+` = ? WHERE `+column+` > ?`, stamp(now), stamp(now)); err != nil {
				return err
			}
		}
		found, err := tx.Query(`SELECT ` + noticeColumns + ` FROM notices ORDER BY key`)
		if err != nil {
			return err
		}
		all, err := scanAll(found, scanNotice)
		if err != nil {
			return err
		}
		changed, messages := decide(all)
		for _, n := range changed {
			_, err := tx.Exec(`INSERT OR REPLACE INTO notices (`+noticeColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
				n.Key, n.Kind, n.Subject, n.Party, n.Severity, n.TextID, n.TextEN, n.Command, stamp(n.Since), stamp(n.Last), n.Times,
				stamp(n.Gone), stamp(n.Sent), stamp(n.Ended), stamp(n.Acked), n.AckedBy, stamp(n.AckUntil), n.AckWhy)
			if err != nil {
				return err
			}
		}
		return putMessages(tx, messages)
	})
}

// ErrNoNotice is wrapped when nothing of that name holds.
var ErrNoNotice = errors.New("nothing of that name holds at present; see lindung alerts list")

// Ack writes down that somebody takes care of something until a time: it is not told meanwhile.
func (l *Ledger) Ack(key, who, why string, until, now time.Time) error {
	return l.change(key, `UPDATE notices SET acked = ?, acked_by = ?, ack_why = ?, ack_until = ? WHERE key = ? AND ended = ''`, stamp(now), who, why, stamp(until), key)
}

// Unack takes an acknowledgement back.
func (l *Ledger) Unack(key string) error {
	return l.change(key, `UPDATE notices SET acked = '', acked_by = '', ack_why = '', ack_until = '' WHERE key = ? AND ended = '' AND acked <> ''`, key)
}

func (l *Ledger) change(key, query string, args ...any) error {
	done, err := l.db.Exec(query, args...)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		err = fmt.Errorf("%s: %w", key, ErrNoNotice)
	}
	return err
}
