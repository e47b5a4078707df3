package connectors

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

func init() {
	Register(Kind{
		Name:    "mysql",
		Summary: "a MySQL or MariaDB table or query",
		New:     func() Settings { return &MySQL{Database: databaseDefaults(), TimeZone: "+07:00"} },
	})
}

// MySQL pulls the rows of a MySQL or MariaDB table or query, in one read-only
// consistent snapshot (of InnoDB tables; others have none).
//
// Values come in the server's own text form: numbers with all their digits and
// leading zeros, dates as they are stored, also 0000-00-00, binary values as \x and
// hexadecimal digits. Times carry no zone; TIMESTAMP columns are written in
// time_zone, which should be what the feed's units.time_zone says. An ORDER BY in
// the query is not kept by the server: key_column orders the rows.
type MySQL struct {
	Database `yaml:",inline"`
	TimeZone string `yaml:"time_zone" doc:"offset in which TIMESTAMP columns are written, which carry none, and the limits of a backfill; default +07:00"`
}

var zoneOffset = regexp.MustCompile(`^[+-](0\d|1[0-3]):[0-5]\d$`)

var mysqlDialect = &dialect{
	kind: "mysql", schemes: []string{"mysql", "mariadb"}, port: 3306,
	quote: '`', backslash: true,
	earliest: "1000-01-01 00:00:00", latest: "9999-12-31 23:59:59",
	instant: "2006-01-02 15:04:05.999999",
	list:    mysqlText,
	bound:   mysqlBound,
	isTime:  func(c tableColumn) bool { return slices.Contains([]string{"DATE", "DATETIME", "TIMESTAMP"}, c.kind) },
	word:    wordMySQL,
}

// Connect checks the settings.
func (s *MySQL) Connect(env Env) (Connector, error) {
	c, err := s.check(mysqlDialect)
	if !zoneOffset.MatchString(s.TimeZone) {
		err = errors.Join(err, fmt.Errorf("checking mysql settings: time_zone: %q is no offset such as +07:00", s.TimeZone))
	}
	if err != nil {
		return nil, err
	}
	zone, err := time.Parse("-07:00", s.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("checking mysql settings: time_zone: %q is no offset such as +07:00", s.TimeZone)
	}
	timeZone := s.TimeZone
	c.env, c.zone = env, zone.Location()
	c.open = func(p *databasePull) (databaseSession, error) { return openMySQL(p, timeZone) }
	return c, nil
}

// isBinary reports the types whose values are bytes and no text.
func isBinary(kind string) bool {
	return strings.HasSuffix(kind, "BLOB") || slices.Contains([]string{"BINARY", "VARBINARY", "GEOMETRY", "VECTOR"}, kind)
}

// mysqlText makes the server write a value as text: the driver would pass numbers
// and times through types of its own, and lose leading zeros.
func mysqlText(c tableColumn, column string) string {
	switch {
	case isBinary(c.kind):
		return "concat(char(92 using utf8mb4), 'x', lower(hex(" + column + ")))"
	case c.kind == "BIT":
		return "cast(" + column + " + 0 as char)"
	case strings.HasSuffix(c.kind, "CHAR"), strings.HasSuffix(c.kind, "TEXT"), c.kind == "DECIMAL":
		return column
	}
	return "cast(" + column + " as char)"
}

// mysqlBound gives a bound text the type of the column it is compared with: a
// number compared with a text is compared as a float, and 16 digits do not fit one.
func mysqlBound(c tableColumn, parameter string) (string, error) {
	kind, unsigned := strings.CutPrefix(c.kind, "UNSIGNED ")
	switch {
	case strings.HasSuffix(kind, "INT") || kind == "YEAR":
		if unsigned {
			return "cast(" + parameter + " as unsigned)", nil
		}
		return "cast(" + parameter + " as signed)", nil
	case kind == "DECIMAL":
		return "cast(" + parameter + " as decimal(65,30))", nil
	case kind == "DOUBLE":
		return "(" + parameter + " + 0e0)", nil
	case kind == "DATE", kind == "DATETIME", kind == "TIMESTAMP":
		return "cast(" + parameter + " as datetime(6))", nil
	case kind == "TIME":
		return "cast(" + parameter + " as time(6))", nil
	case strings.HasSuffix(kind, "CHAR"), strings.HasSuffix(kind, "TEXT"):
		return parameter, nil
	case kind == "BINARY" || kind == "VARBINARY":
		return "unhex(substr(" + parameter + ", 3))", nil
	}
	return "", fmt.Errorf("%q has the type %s, whose values cannot be put in order exactly: cast it in the query", c.name, kind)
}

type mysqlSession struct {
	c    *databaseConnector
	db   *sql.DB
	conn *sql.Conn
	id   int64
	end  context.CancelFunc // of the statement that runs
	rest *sql.Rows
}

func openMySQL(p *databasePull, timeZone string) (databaseSession, error) {
	c := p.c
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName = "tcp", c.target.address(), c.target.database
	config.User, config.Passwd = c.target.user, c.target.password.Reveal()
	config.TLS, config.Timeout, config.DialFunc = c.tlsConfig(), c.settings.ConnectTimeout, p.dial
	config.Logger = &mysql.NopLogger{}
	if err := config.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	s := &mysqlSession{c: c, db: sql.OpenDB(connector), end: func() {}}
	if err := s.begin(p.ctx, timeZone); err != nil {
		s.close(false)
		return nil, err
	}
	return s, nil
}

// begin opens the connection and the transaction, and pins what the text of a
// value depends on.
func (s *mysqlSession) begin(ctx context.Context, timeZone string) (err error) {
	connecting, cancel := context.WithTimeout(ctx, s.c.settings.ConnectTimeout)
	defer cancel()
	if s.conn, err = s.db.Conn(connecting); err != nil {
		return err
	}
	var version string
	if err := s.conn.QueryRowContext(ctx, "select connection_id(), version()").Scan(&s.id, &version); err != nil {
		return err
	}
	timeout := fmt.Sprintf("set session max_execution_time = %d", s.c.settings.StatementTimeout.Milliseconds())
	if strings.Contains(version, "MariaDB") {
		timeout = fmt.Sprintf("set session max_statement_time = %d", int(s.c.settings.StatementTimeout.Seconds()))
	}
	for _, statement := range []string{
		timeout,
		"set session sql_mode = ''",
		"set session time_zone = '" + timeZone + "'",
		"set session net_write_timeout = 600",
		"set session transaction isolation level repeatable read",
		"start transaction with consistent snapshot, read only",
	} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func arguments(statement *statement) []any {
	args := make([]any, len(statement.args))
	for i, arg := range statement.args {
		if arg != nil {
			args[i] = *arg
		}
	}
	return args
}

func (s *mysqlSession) describe(ctx context.Context, statement *statement) ([]tableColumn, error) {
	rows, err := s.conn.QueryContext(ctx, statement.text.String(), arguments(statement)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	columns := make([]tableColumn, len(types))
	for i, t := range types {
		columns[i] = tableColumn{name: t.Name(), kind: t.DatabaseTypeName()}
	}
	for rows.Next() {
	}
	return columns, rows.Err()
}

func (s *mysqlSession) rows(ctx context.Context, statement *statement, columns []tableColumn) (tableRows, error) {
	ctx, s.end = context.WithCancel(ctx)
	rows, err := s.conn.QueryContext(ctx, statement.text.String(), arguments(statement)...)
	if err != nil {
		return nil, err
	}
	s.rest = rows
	r := &mysqlRows{rows: rows, cells: make([][]byte, len(columns)), raw: make([]sql.RawBytes, len(columns)), to: make([]any, len(columns))}
	for i := range r.raw {
		r.to[i] = &r.raw[i]
	}
	return r, nil
}

// mysqlRows are the rows of a statement, streamed.
type mysqlRows struct {
	rows  *sql.Rows
	cells [][]byte
	raw   []sql.RawBytes
	to    []any
}

func (r *mysqlRows) next(line []byte) ([]byte, error) {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return line, err
		}
		return line, io.EOF
	}
	if err := r.rows.Scan(r.to...); err != nil {
		return line, err
	}
	for i := range r.raw {
		r.cells[i] = r.raw[i]
	}
	return appendCSVRow(line, r.cells), nil
}

func (r *mysqlRows) cell(i int) []byte { return r.cells[i] }

// close ends the session. A statement that still runs is ended by KILL: the server
// does not notice that nobody listens until it has rows to send, and the driver
// would read all of them first.
func (s *mysqlSession) close(idle bool) {
	ctx, cancel := context.WithTimeout(context.Background(), min(s.c.settings.ConnectTimeout, 5*time.Second))
	defer cancel()
	if !idle && s.id != 0 {
		s.end()
		_, _ = s.db.ExecContext(ctx, fmt.Sprintf("kill %d", s.id))
	}
	if s.rest != nil {
		_ = s.rest.Close()
	}
	s.end()
	if s.conn != nil {
		_ = s.conn.Close()
	}
	_ = s.db.Close()
}

// wordMySQL says what the server's answer means. Its text is passed on only where
// it speaks of names; elsewhere it may hold values.
func wordMySQL(err error) *meaning {
	if errors.Is(err, mysql.ErrNoTLS) {
		return &meaning{errors.New("the server does not offer TLS: have it set up, or use tls: disable in a network that is trusted"), true}
	}
	refusal := (*mysql.MySQLError)(nil)
	if !errors.As(err, &refusal) {
		return nil
	}
	switch refusal.Number {
	case 1045, 1130, 1698, 3118, 4151:
		return &meaning{errors.New("the server refuses the user: check user and password, and whether it may come from this machine"), true}
	case 1049:
		return &meaning{errors.New("there is no such database: check database"), true}
	case 1044, 1142, 1143, 1227, 1370:
		return &meaning{fmt.Errorf("%s: ask the owner to grant the user SELECT", refusal.Message), true}
	case 1146, 1356:
		return &meaning{fmt.Errorf("%s: check the name, with its database", refusal.Message), false}
	case 1054, 1060:
		return &meaning{fmt.Errorf("%s: correct the name in the settings", refusal.Message), false}
	case 1792, 1836:
		return &meaning{errors.New("the query tries to write: a source is only read; leave a SELECT that changes nothing"), false}
	case 1969, 3024:
		return &meaning{errors.New("the statement took longer than statement_timeout: narrow the query, or raise the limit"), true}
	case 1040, 1053, 1203, 1205, 1213, 1226, 1317, 1927, 3169, 3168:
		return &meaning{fmt.Errorf("the server cannot answer now (error %d)", refusal.Number), true}
	}
	if strings.HasPrefix(string(refusal.SQLState[:]), "42") {
		return &meaning{fmt.Errorf("the server does not understand the query: %s", refusal.Message), false}
	}
	return &meaning{fmt.Errorf("the server refuses the query (error %d)", refusal.Number), false}
}
