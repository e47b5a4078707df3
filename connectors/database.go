package connectors

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Database holds the settings that all kinds of databases share.
//
// Without cursor_column a pull is one object with every row that the query gives.
// With it, a pull gives the rows after the last one that was committed, in the
// order of (cursor_column, key_column) and cut into parts, each with its own
// position: no row is lost or doubled, also when many share an instant.
//
// Everything that a pull reads is of one snapshot, in a transaction that cannot
// write.
type Database struct {
	URL              Secret        `yaml:"url" doc:"address in one piece, instead of host, port, database, user and password: postgres://user:password@host:port/database?sslmode=verify-full, or mysql://…?tls=verify-full"`
	Host             string        `yaml:"host" doc:"name or address of the server"`
	Port             Port          `yaml:"port" doc:"port of the server; default 5432 (postgres), 3306 (mysql)"`
	Database         string        `yaml:"database" doc:"name of the database"`
	User             string        `yaml:"user" doc:"a user that may only read"`
	Password         Secret        `yaml:"password" doc:"its password"`
	TLS              string        `yaml:"tls" doc:"disable, require (encrypted, whoever answers), verify-ca (certificate of a known authority) or verify-full (and for this host); default verify-full"`
	CA               string        `yaml:"ca" doc:"certificates of the authorities to trust, as PEM: ${file:PATH}; default: those of the machine"`
	Table            string        `yaml:"table" doc:"table or view to read whole, such as schema.name; instead of query"`
	Query            string        `yaml:"query" doc:"one SELECT; :since and :after_key stand for the last row committed, :from and :to for the window of a backfill; they are bound, not written into the text"`
	CursorColumn     string        `yaml:"cursor_column" doc:"result column that grows with every change (an instant, a serial number; never NULL): pulls go on after the last value"`
	KeyColumn        string        `yaml:"key_column" doc:"result column that tells apart rows with the same cursor_column; without cursor_column: the order of the rows"`
	WindowColumn     string        `yaml:"window_column" doc:"result column, a date or time, that a backfill is limited by; without it, and without :from and :to, a backfill reads everything"`
	Start            string        `yaml:"start" doc:"what :since is before anything was pulled, such as 1970-01-01 or 0"`
	SweepQuery       string        `yaml:"sweep_query" doc:"a SELECT of the keys of all rows that exist, for deletes: key_sweep; without parameters"`
	PartRows         int           `yaml:"part_rows" doc:"most rows in one part of a pull by cursor_column; default 100000"`
	StatementTimeout time.Duration `yaml:"statement_timeout" doc:"the server gives up a statement after this long; default 1h"`
	ConnectTimeout   time.Duration `yaml:"connect_timeout" doc:"give up connecting after this long; default 30s"`
	IdleTimeout      time.Duration `yaml:"idle_timeout" doc:"give up when no byte came for this long; default 10m"`
	MaxBytes         Size          `yaml:"max_bytes" doc:"more bytes in a pull are an error; default 2GiB"`
	MaxRows          int64         `yaml:"max_rows" doc:"more rows in a pull are an error; default 20000000"`
}

// Whole says what stands against reading everything: a cursor, which asks for what changed.
func (s *Database) Whole() error {
	if s.CursorColumn != "" {
		return errors.New("with cursor_column it asks for the rows that changed: take cursor_column out")
	}
	return nil
}

func databaseDefaults() Database {
	return Database{TLS: tlsVerifyFull, PartRows: 100_000, StatementTimeout: time.Hour, ConnectTimeout: 30 * time.Second,
		IdleTimeout: 10 * time.Minute, MaxBytes: 2 * GiB, MaxRows: 20_000_000}
}

// A databaseTarget says where to connect to, whichever way it was written.
type databaseTarget struct {
	host, database, user string
	port                 int
	password             Secret
	tls                  string
	roots                *x509.CertPool
}

func (t *databaseTarget) address() string { return net.JoinHostPort(t.host, strconv.Itoa(t.port)) }

// check validates the settings for a dialect and prepares what they hold.
func (s *Database) check(d *dialect) (*databaseConnector, error) {
	c := &databaseConnector{settings: *s, dialect: d, zone: sourceZone}
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	var err error
	if c.target, err = s.target(d); err != nil {
		problems = append(problems, err)
	}
	problems = append(problems, c.checkQueries()...)
	if s.KeyColumn != "" && s.KeyColumn == s.CursorColumn {
		report("key_column: is the same as cursor_column: leave it out if cursor_column alone is unique")
	}
	if s.PartRows < 1 || s.MaxRows < 1 || s.MaxBytes < 1 {
		report("part_rows, max_rows and max_bytes: must be more than 0")
	}
	if s.StatementTimeout < time.Second || s.ConnectTimeout <= 0 || s.IdleTimeout <= 0 {
		report("statement_timeout must be at least 1s, connect_timeout and idle_timeout more than 0")
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("checking %s settings: %w", d.kind, errors.Join(problems...))
	}
	return c, nil
}

func (c *databaseConnector) checkQueries() (problems []error) {
	s := &c.settings
	report := func(name string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	switch {
	case (s.Table == "") == (strings.TrimSpace(s.Query) == ""):
		report("query", errors.New("give either a query, or a table to read whole"))
	case s.Table != "":
		name, err := c.dialect.tableName(s.Table)
		report("table", err)
		c.query = query{pieces: []queryPiece{{text: "select * from " + name}}}
	default:
		var err error
		c.query, err = c.dialect.parse(s.Query)
		report("query", err)
	}
	if s.SweepQuery != "" {
		var err error
		c.sweep, err = c.dialect.parse(s.SweepQuery)
		report("sweep_query", err)
		if len(c.sweep.params()) > 0 {
			report("sweep_query", errors.New("it lists all keys and takes no parameters"))
		}
	}
	used := c.query.params()
	if (used["since"] || used["after_key"]) && s.CursorColumn == "" {
		report("query", errors.New(":since and :after_key need cursor_column, which they take their values from"))
	}
	if used["after_key"] && s.KeyColumn == "" {
		report("query", errors.New(":after_key needs key_column, which it takes its value from"))
	}
	if used["since"] && s.Start == "" {
		report("start", errors.New("say what :since is before anything was pulled, such as 1970-01-01 or 0"))
	}
	return problems
}

// target brings the two ways to write an address together. Nothing of a url is
// quoted in an error: it may hold the password.
func (s *Database) target(d *dialect) (databaseTarget, error) {
	t := databaseTarget{host: s.Host, port: int(s.Port), database: s.Database, user: s.User, password: s.Password, tls: s.TLS}
	if s.URL != "" {
		if s.Host != "" || s.Port != 0 || s.Database != "" || s.User != "" || s.Password != "" {
			return t, errors.New("url: give the address either as url, or as host, port, database, user and password")
		}
		if err := t.readURL(s.URL.Reveal(), d); err != nil {
			return t, fmt.Errorf("url: %w", err)
		}
	}
	if t.port == 0 {
		t.port = d.port
	}
	switch {
	case t.host == "" || t.database == "" || t.user == "":
		return t, errors.New("host, database and user are all needed (is the variable set?)")
	case strings.ContainsAny(t.host, "/,: \t") && net.ParseIP(t.host) == nil:
		return t, errors.New("host: one name or address, without port or path")
	case t.port < 1 || t.port > 65535:
		return t, fmt.Errorf("port: %d is no port", t.port)
	case !slices.Contains(tlsModes, t.tls):
		return t, fmt.Errorf("tls: %q is not known (known: %s)", t.tls, strings.Join(tlsModes, ", "))
	case s.CA != "" && (t.tls == tlsDisable || t.tls == tlsRequire):
		return t, fmt.Errorf("ca: is not used with tls: %s; use verify-ca or verify-full", t.tls)
	}
	var err error
	t.roots, err = certificatesOf(s.CA)
	return t, err
}

func (t *databaseTarget) readURL(text string, d *dialect) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User == nil || !slices.Contains(d.schemes, u.Scheme) {
		return fmt.Errorf("must be a whole address such as %s://user:password@host:%d/database (special characters in the password as %%XX; is the variable in it set?)", d.schemes[0], d.port)
	}
	t.host, t.database, t.user = u.Hostname(), strings.TrimPrefix(u.Path, "/"), u.User.Username()
	password, _ := u.User.Password()
	t.password = Secret(password)
	if port := u.Port(); port != "" {
		if t.port, err = strconv.Atoi(port); err != nil {
			return errors.New("the port is no number")
		}
	}
	for name, values := range u.Query() {
		switch name {
		case "sslmode", "tls":
			t.tls = values[0]
		default:
			return fmt.Errorf("the parameter %q is not known (known: sslmode or tls)", name)
		}
	}
	return nil
}
