package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite" // also the driver
)

// File is the ledger's name in the data folder.
const File = "ledger.sqlite"

const fileMode = 0o640

// ErrNewer is wrapped when a newer version of the program wrote the file.
var ErrNewer = errors.New("the ledger was written by a newer version of the program")

// A Ledger is an open ledger. It may be used by several goroutines, and several processes may
// have it open.
type Ledger struct {
	db   *sql.DB
	path string
}

// Open opens the ledger of a data folder, and makes it where there is none.
func Open(dataDir string) (*Ledger, error) {
	path := filepath.Join(dataDir, File)
	l, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the ledger %s: %w; it holds history and the queue only: if it cannot be mended, move it away and a new one is begun", path, err)
	}
	return l, nil
}

// Exists says whether a data folder has a ledger, for whoever only wants to look.
func Exists(dataDir string) bool {
	_, err := os.Stat(filepath.Join(dataDir, File))
	return !errors.Is(err, fs.ErrNotExist)
}

func open(path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	// SQLite would make the file readable for everybody.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	// Writers wait for each other; a transaction that will write says so at once.
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: url.Values{
		"_pragma": {"busy_timeout(15000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	// One connection: what a process writes it writes in order, and an idle process stays small.
	db.SetMaxOpenConns(1)
	l := &Ledger{db: db, path: path}
	if err := l.prepare(); err != nil {
		db.Close()
		return nil, err
	}
	return l, nil
}

func (l *Ledger) prepare() error {
	return l.write(func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRow(`PRAGMA user_version`).Scan(&have); err != nil {
			return err
		}
		switch {
		case have > version:
			return ErrNewer
		case have == version:
			return nil
		}
		if _, err := tx.Exec(schema); err != nil {
			return err
		}
		_, err := tx.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, version))
		return err
	})
}

// Close closes the ledger.
func (l *Ledger) Close() error { return l.db.Close() }

// Path is where the ledger lies.
func (l *Ledger) Path() string { return l.path }

// write does all of something, or nothing of it.
func (l *Ledger) write(do func(tx *sql.Tx) error) error {
	tx, err := l.db.BeginTx(context.Background(), nil)
	if err != nil {
		return l.busy(err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// busy says what it means that the ledger stays locked: whoever writes to it does so in
// milliseconds, but one that was stopped within them holds it until it goes on or ends.
func (l *Ledger) busy(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqliteBusy {
		return fmt.Errorf("%s stays locked by another process, which was stopped while it wrote there: let it go on, or end it (fuser %s names it): %w", l.path, l.path, err)
	}
	return err
}

const sqliteBusy = 5 // SQLITE_BUSY

func (l *Ledger) exec(query string, args ...any) error {
	_, err := l.db.Exec(query, args...)
	return err
}

const timeForm = "2006-01-02T15:04:05.000000Z"

// stamp writes a time as the ledger keeps it; the zero time is the empty text.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeForm)
}

// moment scans what stamp wrote.
type moment struct{ to *time.Time }

func at(t *time.Time) moment { return moment{t} }

// Scan reads a time of the ledger.
func (m moment) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a time is %T", v)
	}
	if text == "" {
		*m.to = time.Time{}
		return nil
	}
	t, err := time.Parse(timeForm, text)
	*m.to = t
	return err
}

// rows reads all rows of a query.
func rows[T any](db *sql.DB, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	found, err := db.Query(query, args...)
	if err != nil {
		return nil, err
	}
	return scanAll(found, scan)
}

func scanAll[T any](found *sql.Rows, scan func(*sql.Rows, *T) error) (all []T, err error) {
	defer found.Close()
	for found.Next() {
		var one T
		if err := scan(found, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
}
