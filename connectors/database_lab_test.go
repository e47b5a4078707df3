package connectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// readerPassword is what the tests' user that may only read signs in with.
const readerPassword = "rahasia pembaca & 'kutip' 0815"

// A databaseLab runs the same tests against servers of several kinds.
type databaseLab struct {
	kind    string
	server  *connectortest.DatabaseServer
	instant string // type of an instant with microseconds
	text    string // type of a text of any length
	sleep   string // a SELECT that takes a minute
	running string // statement that counts such SELECTs
	count   int
}

// database makes a new database with statements, which the reader may read.
func (l *databaseLab) database(t *testing.T, statements string) string {
	t.Helper()
	l.count++
	name := fmt.Sprintf("uji_%d", l.count)
	l.server.MustExec(t, "", "create database "+name)
	l.server.MustExec(t, name, statements)
	l.grant(t, name)
	return name
}

func (l *databaseLab) grant(t *testing.T, name string) {
	t.Helper()
	if l.kind == "postgres" {
		l.server.MustExec(t, name, "grant select on all tables in schema public to pembaca")
		return
	}
	l.server.MustExec(t, name, "grant select on "+name+".* to pembaca@'%'")
}

// settings read a database; change is applied last.
func (l *databaseLab) settings(database string, change func(*connectors.Database)) connectors.Settings {
	kind, _ := connectors.Lookup(l.kind)
	made := kind.New()
	var s *connectors.Database
	switch made := made.(type) {
	case *connectors.Postgres:
		s = &made.Database
	case *connectors.MySQL:
		s = &made.Database
	}
	s.Host, s.Port, s.Database, s.User, s.Password, s.CA = l.server.Host, connectors.Port(l.server.Port), database, "pembaca", readerPassword, l.server.CA
	s.ConnectTimeout = 10 * time.Second
	if change != nil {
		change(s)
	}
	return made
}

// behind makes settings connect by a proxy.
func behind(p *connectortest.Proxy) func(*connectors.Database) {
	host, port, _ := net.SplitHostPort(p.Address)
	return func(s *connectors.Database) {
		s.Host, s.TLS = host, "verify-ca"
		_ = s.Port.UnmarshalText([]byte(port))
	}
}

type databasePull struct {
	names, bodies []string
	positions     []string
	roles         []connectors.Role
	position      json.RawMessage
	err           error
}

func (p databasePull) text() string { return strings.Join(p.bodies, "") }

// rows are the rows of all parts, without headers.
func (p databasePull) rows() string {
	var rows strings.Builder
	for _, body := range p.bodies {
		_, rest, _ := strings.Cut(body, "\n")
		rows.WriteString(rest)
	}
	return rows.String()
}

func pullDatabase(t *testing.T, s connectors.Settings, req connectors.Request) databasePull {
	t.Helper()
	return pullDatabaseWith(t, context.Background(), s, req)
}

func pullDatabaseWith(t *testing.T, ctx context.Context, s connectors.Settings, req connectors.Request) (out databasePull) {
	t.Helper()
	var log bytes.Buffer
	connector, err := s.Connect(connectors.Env{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		out.err = err
		return out
	}
	req.Now = today
	for object, err := range connector.Pull(ctx, req) {
		if out.err != nil {
			t.Error("something came after an error")
		}
		if err != nil {
			out.err = err
			continue
		}
		data, err := io.ReadAll(object.Body)
		out.err = err
		out.names, out.bodies = append(out.names, object.Name), append(out.bodies, string(data))
		out.roles, out.positions = append(out.roles, object.Role), append(out.positions, string(object.Position))
		if object.Position != nil {
			out.position = object.Position
		}
	}
	if text := fmt.Sprint(out.err, log.String()); strings.Contains(text, "rahasia") || strings.Contains(text, "0815") {
		t.Errorf("a secret shows: %s", text)
	}
	return out
}

func wantRows(t *testing.T, out databasePull, want string) {
	t.Helper()
	if out.err != nil || out.rows() != want {
		t.Errorf("got %q, %v, want %q", out.rows(), out.err, want)
	}
}

func (l *databaseLab) kasus() string {
	return "create table kasus (id bigint primary key, diubah " + l.instant + ", catatan " + l.text + ");"
}

// followed are settings for a table kasus that is pulled by (diubah, id).
func (l *databaseLab) followed(database string, change func(*connectors.Database)) connectors.Settings {
	return l.settings(database, func(s *connectors.Database) {
		s.Query, s.CursorColumn, s.KeyColumn = "select id, diubah from kasus", "diubah", "id"
		if change != nil {
			change(s)
		}
	})
}

func (l *databaseLab) nothingRuns(t *testing.T, name string) {
	t.Helper()
	got := ""
	for range 30 {
		if got = l.server.MustExec(t, "", l.running); got == "0" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("%s: %s statements still run", name, got)
}

func (l *databaseLab) many(t *testing.T) string {
	t.Helper()
	database := l.database(t, l.kasus())
	rows := make([]string, 2000)
	for i := range rows {
		rows[i] = fmt.Sprintf("(%d, '2026-01-01', '%s')", i, strings.Repeat("x", 1000))
	}
	l.server.MustExec(t, database, "insert into kasus values "+strings.Join(rows, ","))
	return database
}

// testDatabase proves connection and permission without reading a row.
func testDatabase(t *testing.T, s connectors.Settings) error {
	t.Helper()
	connector, err := s.Connect(connectors.Env{})
	if err != nil {
		return err
	}
	return connector.(connectors.Tester).Test(context.Background())
}
