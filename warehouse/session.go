package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// A session is one DuckDB instance with one connection. Temporary tables and settings belong to a connection,
// so a pool of them would see different worlds.
type session struct {
	db   *sql.DB
	conn *sql.Conn
}

// limits are what a session may use.
type limits struct {
	threads int
	memory  string
	tempDir string // empty: no spilling
	maxTemp string
}

// openSession starts an in-memory instance with the settings that every build and check runs under.
func openSession(ctx context.Context, l limits) (*session, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("starting DuckDB: %w", err)
	}
	s := &session{db: sql.OpenDB(connector)}
	s.db.SetMaxOpenConns(1)
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return nil, closing(s.db, fmt.Errorf("connecting to DuckDB: %w", err))
	}
	settings := []string{
		"set autoinstall_known_extensions = false", "set autoload_known_extensions = false",
		"set allow_unsigned_extensions = false", "set allow_community_extensions = false",
		"set allow_persistent_secrets = false",
		"set TimeZone = 'Asia/Jakarta'",        // models speak of calendar days; which day it is must not depend on the machine
		"set preserve_insertion_order = false", // order is what ORDER BY says; the rest may be written by all threads
		"set enable_progress_bar = false",
		"set parquet_metadata_cache = true", // a lake file never changes, and a build asks each of them five times or more
		"set threads = " + strconv.Itoa(l.threads),
		"set memory_limit = " + quoteText(l.memory),
		"set temp_directory = " + quoteText(l.tempDir),
	}
	if l.maxTemp != "" && l.tempDir != "" {
		settings = append(settings, "set max_temp_directory_size = "+quoteText(l.maxTemp))
	}
	if err := s.exec(ctx, settings...); err != nil {
		return nil, closing(s, fmt.Errorf("setting up DuckDB: %w", err))
	}
	return s, nil
}

// confine closes the file system but for the named directories and locks the settings, in this order: what is
// locked cannot be taken back by a model.
func (s *session) confine(ctx context.Context, directories []string) error {
	quoted := make([]string, len(directories))
	for i, d := range directories {
		quoted[i] = quoteText(d)
	}
	err := s.exec(ctx, "set allowed_directories = ["+strings.Join(quoted, ", ")+"]",
		"set enable_external_access = false", "set lock_configuration = true")
	if err != nil {
		return fmt.Errorf("confining DuckDB: %w", err)
	}
	return nil
}

// Close ends the connection and the instance; DuckDB lets go of its files only then.
func (s *session) Close() error {
	return closing(s.db, s.conn.Close())
}

// exec runs statements in order.
func (s *session) exec(ctx context.Context, statements ...string) error {
	for _, q := range statements {
		if _, err := s.conn.ExecContext(ctx, q); err != nil {
			return withoutValues(err)
		}
	}
	return nil
}

// one reads a single row into dest.
func (s *session) one(ctx context.Context, query string, dest ...any) error {
	return s.conn.QueryRowContext(ctx, query).Scan(dest...)
}

// each calls visit for every row with its values as text; NULL is a nil pointer.
func (s *session) each(ctx context.Context, query string, visit func(row []*string) error) error {
	rows, err := s.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		row, dest := make([]*string, len(names)), make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// columnsOf describes a table or query: names and types in order.
func (s *session) columnsOf(ctx context.Context, from string) (columns []Column, err error) {
	err = s.each(ctx, "select column_name, column_type from (describe "+from+"\n)", func(row []*string) error {
		columns = append(columns, Column{Name: *row[0], SQLType: *row[1]})
		return nil
	})
	return columns, err
}

// attachFor writes the ATTACH of a new database file as releases need it: old storage format, no WAL.
func attachFor(path, name string) string {
	return fmt.Sprintf("attach %s as %s (storage_version '%s', recovery_mode no_wal_writes)", quoteText(path), name, StorageVersion)
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteNames(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quoteName(n)
	}
	return strings.Join(quoted, ", ")
}

// closing closes c after something failed and returns the first error.
func closing(c interface{ Close() error }, err error) error {
	if cerr := c.Close(); err == nil {
		return cerr
	}
	return err
}

// OpenRead opens a release's DuckDB file for reading. The session can neither change the file nor reach any
// other one, its settings are locked, and it spills to the system's temporary folder, never beside the release.
func OpenRead(path string) (*sql.DB, error) { return openRead(path, "") }

func openRead(path, memory string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening release file: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening release file (a pruned release keeps its figures, not its tables): %w", err)
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("starting DuckDB: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1) // the chosen database and time zone are the connection's own
	db.SetMaxIdleConns(1)
	db.SetConnMaxLifetime(0)
	spill := filepath.Join(os.TempDir(), "lindung-read-"+strconv.Itoa(os.Getpid()))
	settings := []string{
		"set autoinstall_known_extensions = false", "set autoload_known_extensions = false",
		"set allow_unsigned_extensions = false", "set allow_community_extensions = false",
		"set allow_persistent_secrets = false",
		"set TimeZone = 'Asia/Jakarta'",
		"set temp_directory = " + quoteText(spill),
	}
	if memory != "" {
		// Every thread holds buffers of its own: many of them do not fit into little memory.
		settings = append(settings, "set threads = 2", "set memory_limit = "+quoteText(memory))
	}
	for _, q := range append(settings,
		"attach "+quoteText(path)+" as release (read_only)", "use release",
		"set enable_external_access = false", "set lock_configuration = true",
	) {
		if _, err := db.Exec(q); err != nil {
			return nil, closing(db, fmt.Errorf("opening release file %s: %w", path, err))
		}
	}
	return db, nil
}
