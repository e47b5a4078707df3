package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

func init() {
	Register(Kind{
		Name:    "postgres",
		Summary: "a PostgreSQL table or query",
		New:     func() Settings { return &Postgres{Database: databaseDefaults()} },
	})
}

// Postgres pulls the rows of a PostgreSQL table or query, in one read-only
// snapshot (repeatable read).
//
// Values come in PostgreSQL's own text form: numbers with all their digits,
// instants as ISO in UTC with their offset, times without zone as they are,
// intervals as ISO 8601, bytea as \x and hexadecimal digits. What is read whole
// comes by COPY.
type Postgres struct {
	Database `yaml:",inline"`
}

var postgresDialect = &dialect{
	kind: "postgres", schemes: []string{"postgres", "postgresql"}, port: 5432,
	quote: '"', numbered: true,
	earliest: "-infinity", latest: "infinity",
	// Read as a timestamp without zone or a date, it is the Jakarta day and time.
	instant: "2006-01-02 15:04:05.999999-07:00",
	list:    func(_ tableColumn, name string) string { return name },
	bound:   func(_ tableColumn, parameter string) (string, error) { return parameter, nil },
	isTime:  func(c tableColumn) bool { return slices.Contains([]string{"1082", "1114", "1184"}, c.kind) },
	word:    wordPostgres,
}

// Connect checks the settings.
func (s *Postgres) Connect(env Env) (Connector, error) {
	c, err := s.check(postgresDialect)
	if err != nil {
		return nil, err
	}
	c.env, c.open = env, openPostgres
	return c, nil
}

type postgresSession struct {
	conn    *pgconn.PgConn
	timeout time.Duration
}

// postgresConfig is made of the settings alone. The driver fills a configuration
// from the environment (PGHOST, .pgpass …) before anything else, so everything
// that matters is set here.
func (p *databasePull) postgresConfig() (*pgconn.Config, error) {
	c := p.c
	config, err := pgconn.ParseConfig("host=localhost port=5432 user=x password=x dbname=x sslmode=disable target_session_attrs=any")
	if err != nil {
		return nil, contentError{errors.New("the environment holds settings of libpq (PGSERVICE, PGSSL…) that cannot be read: unset them")}
	}
	config.Host, config.Port, config.Database = c.target.host, uint16(c.target.port), c.target.database
	config.User, config.Password = c.target.user, c.target.password.Reveal()
	config.TLSConfig, config.Fallbacks = c.tlsConfig(), nil
	config.ConnectTimeout = c.settings.ConnectTimeout
	config.RuntimeParams = map[string]string{"application_name": "lindung"}
	config.DialFunc = p.dial
	return config, nil
}

func openPostgres(p *databasePull) (databaseSession, error) {
	config, err := p.postgresConfig()
	if err != nil {
		return nil, err
	}
	conn, err := pgconn.ConnectConfig(p.ctx, config)
	if err != nil {
		return nil, err
	}
	s := &postgresSession{conn: conn, timeout: p.c.settings.ConnectTimeout}
	// Within the transaction, because poolers refuse them as startup parameters. All
	// that the text of a value depends on is pinned.
	_, err = conn.Exec(p.ctx, fmt.Sprintf(`begin isolation level repeatable read read only;
		set local statement_timeout = %d; set local idle_in_transaction_session_timeout = 0;
		set local client_encoding = 'UTF8'; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD';
		set local intervalstyle = 'iso_8601'; set local bytea_output = 'hex'; set local extra_float_digits = 3;
		set local lc_monetary = 'C'; set local synchronize_seqscans = off`, p.c.settings.StatementTimeout.Milliseconds())).ReadAll()
	if err != nil {
		s.close(false)
		return nil, err
	}
	return s, nil
}

func (s *postgresSession) describe(ctx context.Context, statement *statement) ([]tableColumn, error) {
	described, err := s.conn.Prepare(ctx, "", statement.text.String(), nil)
	if err != nil {
		return nil, err
	}
	columns := make([]tableColumn, len(described.Fields))
	for i, field := range described.Fields {
		columns[i] = tableColumn{name: field.Name, kind: fmt.Sprint(field.DataTypeOID)}
	}
	return columns, nil
}

func (s *postgresSession) rows(ctx context.Context, statement *statement, columns []tableColumn) (tableRows, error) {
	if len(statement.args) == 0 && !statement.cells {
		return s.copy(ctx, statement.text.String())
	}
	values := make([][]byte, len(statement.args))
	for i, arg := range statement.args {
		if arg != nil {
			values[i] = []byte(*arg)
		}
	}
	return &postgresRows{result: s.conn.ExecParams(ctx, statement.text.String(), values, nil, nil, nil)}, nil
}

// postgresRows are the rows of a statement with parameters, all as text.
type postgresRows struct{ result *pgconn.ResultReader }

func (r *postgresRows) next(line []byte) ([]byte, error) {
	if !r.result.NextRow() {
		if _, err := r.result.Close(); err != nil {
			return line, err
		}
		return line, io.EOF
	}
	return appendCSVRow(line, r.result.Values()), nil
}

func (r *postgresRows) cell(i int) []byte { return r.result.Values()[i] }

// copy begins COPY (…) TO STDOUT. The driver's own form of it pushes the rows to a
// writer; here they are drawn, one message at a time. The extended protocol takes
// one statement only, whatever stands in the query.
func (s *postgresSession) copy(ctx context.Context, query string) (tableRows, error) {
	frontend := s.conn.Frontend()
	frontend.SendParse(&pgproto3.Parse{Query: "copy (\n" + query + "\n) to stdout (format csv)"})
	frontend.SendBind(&pgproto3.Bind{})
	frontend.SendExecute(&pgproto3.Execute{})
	frontend.SendSync(&pgproto3.Sync{})
	if err := frontend.Flush(); err != nil {
		return nil, err
	}
	return &postgresCopy{conn: s.conn}, nil
}

type postgresCopy struct{ conn *pgconn.PgConn }

func (r *postgresCopy) next(line []byte) ([]byte, error) {
	for {
		// The connection itself ends when the pull is cancelled: a context here would
		// cost a goroutine per row.
		message, err := r.conn.ReceiveMessage(context.Background())
		if err != nil {
			return line, err
		}
		switch message := message.(type) {
		case *pgproto3.CopyData:
			return append(line, message.Data...), nil
		case *pgproto3.ErrorResponse:
			return line, pgconn.ErrorResponseToPgError(message)
		case *pgproto3.ReadyForQuery:
			return line, io.EOF
		}
	}
}

func (r *postgresCopy) cell(int) []byte { return nil }

// close ends the session. A statement that still runs is cancelled on the server:
// one that sorts or waits would not notice that nobody listens.
func (s *postgresSession) close(idle bool) {
	ctx, cancel := context.WithTimeout(context.Background(), min(s.timeout, 5*time.Second))
	defer cancel()
	switch {
	case s.conn.IsClosed(): // by the driver, which cancels as well
		select {
		case <-s.conn.CleanupDone():
		case <-ctx.Done():
		}
	case idle:
		_ = s.conn.Close(ctx)
	default:
		_ = s.conn.CancelRequest(ctx)
		_ = s.conn.Conn().Close()
	}
}

// wordPostgres says what the server's answer means. Its text is passed on only
// where it speaks of names; elsewhere it may hold values.
func wordPostgres(err error) *meaning {
	refusal := (*pgconn.PgError)(nil)
	if !errors.As(err, &refusal) {
		if strings.Contains(err.Error(), "refused TLS") {
			return &meaning{errors.New("the server does not offer TLS: have it set up, or use tls: disable in a network that is trusted"), true}
		}
		return nil
	}
	text := refusal.Message
	if refusal.Hint != "" && refusal.Code == "42703" {
		text += " (" + strings.TrimSuffix(refusal.Hint, ".") + ")"
	}
	code := refusal.Code
	switch {
	case code == "28P01" || code == "28000":
		return &meaning{errors.New("the server refuses the user: check user and password, and whether it may come from this machine"), true}
	case code == "3D000":
		return &meaning{errors.New("there is no such database: check database"), true}
	case code == "42501":
		return &meaning{fmt.Errorf("%s: ask the owner to grant the user SELECT (and USAGE on the schema)", text), true}
	case code == "42P01", code == "3F000":
		return &meaning{fmt.Errorf("%s: check the name, with its schema", text), false}
	case code == "42703":
		return &meaning{fmt.Errorf("%s: correct the name in the settings", text), false}
	case code == "42P18" || code == "42725":
		return &meaning{fmt.Errorf("%s: write the type of parameters, such as :since::timestamptz", text), false}
	case code == "25006" || code == "0A000" && strings.Contains(text, "data-modifying"):
		return &meaning{errors.New("the query tries to write: a source is only read; leave a SELECT that changes nothing"), false}
	case code == "57014":
		return &meaning{errors.New("the statement took longer than statement_timeout, or was cancelled by the server: narrow the query, or raise the limit"), true}
	case strings.HasPrefix(code, "42"):
		return &meaning{fmt.Errorf("the server does not understand the query: %s", text), false}
	case strings.HasPrefix(code, "22"):
		return &meaning{fmt.Errorf("a value does not fit what the query, start or the position does with it (SQLSTATE %s)", code), false}
	case strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57"), strings.HasPrefix(code, "40"), strings.HasPrefix(code, "08"), strings.HasPrefix(code, "58"):
		return &meaning{fmt.Errorf("the server cannot answer now (SQLSTATE %s)", code), true}
	}
	return &meaning{fmt.Errorf("the server refuses the query (SQLSTATE %s)", code), false}
}
