package ledger

import (
	"database/sql"
	"errors"
	"time"
)

// A Backfill is a range of a feed that is pulled again, piece by piece.
type Backfill struct {
	ID     int64     `json:"id"`
	Feed   string    `json:"feed"`
	Chunk  string    `json:"chunk,omitempty"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Begun  time.Time `json:"begun"`
	Ended  time.Time `json:"ended,omitzero"`
	Chunks []Chunk   `json:"chunks"`
}

// A Chunk is one piece of a backfill.
type Chunk struct {
	No          int       `json:"no"`
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	State       string    `json:"state"` // waiting, done
	RunID       string    `json:"run_id,omitempty"`
	Outcome     string    `json:"outcome,omitempty"`
	Records     int64     `json:"records"`
	Accepted    int64     `json:"accepted"`
	Quarantined int64     `json:"quarantined"`
}

// UnfinishedBackfill finds a backfill of the same feed, range and pieces that did not come to
// its end; nil when there is none.
func (l *Ledger) UnfinishedBackfill(b Backfill) (*Backfill, error) {
	found := b
	err := l.db.QueryRow(`SELECT id, begun FROM backfills WHERE feed = ? AND chunk = ? AND window_from = ? AND window_to = ? AND ended = '' ORDER BY id DESC`,
		b.Feed, b.Chunk, stamp(b.From), stamp(b.To)).Scan(&found.ID, at(&found.Begun))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found.Chunks, err = rows(l.db, func(r *sql.Rows, c *Chunk) error {
		return r.Scan(&c.No, at(&c.From), at(&c.To), &c.State, &c.RunID, &c.Outcome, &c.Records, &c.Accepted, &c.Quarantined)
	}, `SELECT no, window_from, window_to, state, run_id, outcome, records, accepted, quarantined FROM chunks WHERE backfill = ? ORDER BY no`, found.ID)
	return &found, err
}

// BeginBackfill writes down a new backfill with its pieces, and gives it its number.
func (l *Ledger) BeginBackfill(b Backfill) (Backfill, error) {
	err := l.write(func(tx *sql.Tx) error {
		done, err := tx.Exec(`INSERT INTO backfills (feed, chunk, window_from, window_to, begun, ended) VALUES (?, ?, ?, ?, ?, '')`,
			b.Feed, b.Chunk, stamp(b.From), stamp(b.To), stamp(b.Begun))
		if err != nil {
			return err
		}
		if b.ID, err = done.LastInsertId(); err != nil {
			return err
		}
		for _, c := range b.Chunks {
			if _, err := tx.Exec(`INSERT INTO chunks (backfill, no, window_from, window_to, state, run_id, outcome, records, accepted, quarantined)
				VALUES (?, ?, ?, ?, ?, '', '', 0, 0, 0)`, b.ID, c.No, stamp(c.From), stamp(c.To), Waiting); err != nil {
				return err
			}
		}
		return nil
	})
	return b, err
}

// ChunkTried writes down what a try of a piece came to. When the last piece is done, so is the
// backfill.
func (l *Ledger) ChunkTried(backfill int64, c Chunk, now time.Time) error {
	return l.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE chunks SET state = ?, run_id = ?, outcome = ?, records = ?, accepted = ?, quarantined = ? WHERE backfill = ? AND no = ?`,
			c.State, c.RunID, c.Outcome, c.Records, c.Accepted, c.Quarantined, backfill, c.No)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE backfills SET ended = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM chunks WHERE backfill = id AND state <> ?)`, stamp(now), backfill, Done)
		return err
	})
}
