package connectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := connectortest.StartPostgres(t)
	server.MustExec(t, "", "create role pembaca login password '"+strings.ReplaceAll(readerPassword, "'", "''")+"'")
	l := &databaseLab{kind: "postgres", server: server, instant: "timestamptz", text: "text", sleep: "select 1 as a from pg_sleep(60)",
		running: "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' and usename = 'pembaca' and state = 'active'"}
	l.all(t)
	t.Run("values", func(t *testing.T) { postgresValues(t, l) })
	t.Run("COPY and streamed rows give the same bytes", func(t *testing.T) { postgresCopyEqualsRows(t, l) })
	t.Run("names are quoted", func(t *testing.T) { postgresNames(t, l) })
}

func TestMySQL(t *testing.T) {
	t.Parallel()
	server := connectortest.StartMariaDB(t)
	server.MustExec(t, "", "create user pembaca@'%' identified by '"+strings.ReplaceAll(readerPassword, "'", "''")+"'")
	l := &databaseLab{kind: "mysql", server: server, instant: "datetime(6)", text: "longtext character set utf8mb4", sleep: "select sleep(60) as a",
		running: "select count(*) from information_schema.processlist where info like '%sleep(60)%' and user = 'pembaca'"}
	l.all(t)
	t.Run("values", func(t *testing.T) { mysqlValues(t, l) })
	t.Run("whole numbers of 16 digits are followed exactly", func(t *testing.T) { mysqlExactNumbers(t, l) })
}

// all are the properties that every kind of database has.
func (l *databaseLab) all(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"conforms": l.conforms, "whole": l.whole, "equal instants": l.equalInstants, "digits": l.digits,
		"backfill": l.backfill, "parameters": l.parameters, "lookback": l.lookback, "snapshot": l.snapshot,
		"writes nothing": l.writesNothing, "cancellation": l.cancellation, "dropped connection": l.dropped,
		"TLS": l.tls, "errors for people": l.errorsForPeople, "limits": l.limits, "sweep": l.sweep,
		"rows that cannot be followed": l.unfollowable, "url": l.url, "stalls": l.stalls,
	} {
		t.Run(name, test)
	}
}

func (l *databaseLab) kasus() string {
	return "create table kasus (id bigint primary key, diubah " + l.instant + ", catatan " + l.text + ");"
}

func (l *databaseLab) conforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind:    l.kind,
		Secrets: []string{readerPassword},
		Start: func(t *testing.T) *connectortest.Source {
			database, added := l.database(t, l.kasus()), 0
			proxy := connectortest.StartProxy(t, l.server.Address())
			return &connectortest.Source{
				Settings: l.settings(database, func(s *connectors.Database) {
					behind(proxy)(s)
					s.Table, s.CursorColumn, s.KeyColumn, s.WindowColumn, s.PartRows = "kasus", "diubah", "id", "diubah", 1
				}),
				Add: func(n int) {
					for range n {
						added++
						l.server.MustExec(t, database, fmt.Sprintf("insert into kasus values (%d, '2025-10-%02d 08:00:00', 'x')", added, added))
					}
				},
				Break: proxy.Close,
			}
		},
	})
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

func (l *databaseLab) whole(t *testing.T) {
	database := l.database(t, "create table daerah (kode varchar(10), nama "+l.text+"); insert into daerah values ('32', 'Jawa Barat'), ('35', null), ('', ''), ('51', 'a,b'), ('52', 'c\"d'), ('53', 'baris\ndua'), ('54', 'é😀');")
	out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.KeyColumn = "daerah", "kode" }), connectors.Request{})
	want := "kode,nama\n\"\",\"\"\n32,Jawa Barat\n35,\n51,\"a,b\"\n52,\"c\"\"d\"\n53,\"baris\ndua\"\n54,é😀\n"
	if out.err != nil || out.text() != want || out.position != nil {
		t.Errorf("got %q, %v", out.text(), out.err)
	}
	if len(out.names) != 1 || out.names[0] != database+"/daerah.csv" {
		t.Errorf("names %q", out.names)
	}
	empty := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Query = "select kode from daerah where 1 = 0" }), connectors.Request{})
	if empty.err != nil || empty.text() != "kode\n" {
		t.Errorf("an empty result: %q, %v", empty.text(), empty.err)
	}
}

// Many rows share an instant, and parts end among them.
func (l *databaseLab) equalInstants(t *testing.T) {
	const at, later = "2026-01-10 08:00:00.123456", "2026-01-10 09:00:00"
	database := l.database(t, l.kasus()+fmt.Sprintf("insert into kasus (id, diubah) values (7,'%[1]s'),(2,'%[1]s'),(10,'%[1]s'),(5,'%[1]s'),(9,'%[1]s'),(1,'%[2]s');", at, later))
	if l.kind == "postgres" {
		l.server.MustExec(t, database, "update kasus set diubah = diubah at time zone 'UTC' at time zone current_setting('timezone')")
	}
	s := l.followed(database, func(s *connectors.Database) { s.PartRows = 2 })
	out := pullDatabase(t, s, connectors.Request{})
	ids := func(p databasePull) string {
		var ids []string
		for line := range strings.Lines(p.rows()) {
			id, _, _ := strings.Cut(line, ",")
			ids = append(ids, id)
		}
		return strings.Join(ids, " ")
	}
	if out.err != nil || ids(out) != "2 5 7 9 10 1" || len(out.bodies) != 3 {
		t.Fatalf("got %s in %d parts, %v", ids(out), len(out.bodies), out.err)
	}
	if out.names[1] != database+"/query/part-000002.csv" || !strings.HasPrefix(out.bodies[1], "id,diubah\n") {
		t.Errorf("second part %s: %q", out.names[1], out.bodies[1])
	}
	if !strings.HasPrefix(out.positions[0], `{"updated":"2026-01-10 `) || !strings.HasSuffix(out.positions[0], `,"key":"5"}`) {
		t.Errorf("position %s", out.positions[0])
	}
	rest := pullDatabase(t, s, connectors.Request{Position: json.RawMessage(out.positions[0])})
	if ids(rest) != "7 9 10 1" || rest.err != nil {
		t.Errorf("from the middle of equal instants: %s, %v", ids(rest), rest.err)
	}
	if again := pullDatabase(t, s, connectors.Request{Position: out.position}); len(again.bodies) > 0 || again.err != nil {
		t.Errorf("nothing is new, and there are %d objects, %v", len(again.bodies), again.err)
	}
	l.server.MustExec(t, database, "insert into kasus (id, diubah) select 3, diubah from kasus where id = 1")
	if next := pullDatabase(t, s, connectors.Request{Position: out.position}); ids(next) != "3" || next.err != nil {
		t.Errorf("a row with the newest instant: %s, %v", ids(next), next.err)
	}
}

func (l *databaseLab) digits(t *testing.T) {
	database := l.database(t, "create table angka (nik decimal(16,0), besar bigint, jumlah decimal(30,10), pecahan double precision); insert into angka values (3201014101900000, 9223372036854775807, 12345678901234567890.0123456789, 0.1), (9999999999999999, -9007199254740993, 0.0000000001, 1e22);")
	want := "3201014101900000,9223372036854775807,12345678901234567890.0123456789,0.1\n9999999999999999,-9007199254740993,0.0000000001,1e"
	out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.KeyColumn = "angka", "nik" }), connectors.Request{})
	if out.err != nil || !strings.HasPrefix(out.rows(), want) {
		t.Errorf("whole: got %q, %v", out.rows(), out.err)
	}
	s := l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn, s.PartRows = "angka", "nik", 1 })
	out = pullDatabase(t, s, connectors.Request{})
	if out.err != nil || !strings.HasPrefix(out.rows(), want) {
		t.Errorf("followed: got %q, %v", out.rows(), out.err)
	}
	if rest := pullDatabase(t, s, connectors.Request{Position: json.RawMessage(out.positions[0])}); !strings.HasPrefix(rest.rows(), "9999999999999999,") {
		t.Errorf("after the first: %q, %v", rest.rows(), rest.err)
	}
}

func (l *databaseLab) backfill(t *testing.T) {
	database := l.database(t, "create table kasus (id int primary key, terima date, masuk timestamp); insert into kasus values (1, '2024-01-31', '2024-01-31 23:59:59'), (2, '2024-02-01', '2024-02-01 00:00:00'), (3, '2024-02-29', '2024-02-29 23:59:59'), (4, '2024-03-01', '2024-03-01 00:00:00');")
	// February in Jakarta.
	february := connectors.Window{From: time.Date(2024, 1, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2024, 2, 29, 17, 0, 0, 0, time.UTC)}
	position := json.RawMessage(`{"updated":"4"}`)
	if l.kind == "mysql" { // the server's own zone is another: what was inserted is in it
		l.server.MustExec(t, database, "update kasus set masuk = convert_tz(masuk, '+07:00', '-05:00')")
	}
	for name, change := range map[string]func(*connectors.Database){
		"a day":         func(s *connectors.Database) { s.Query, s.WindowColumn = "select id, terima from kasus", "terima" },
		"a time":        func(s *connectors.Database) { s.Query, s.WindowColumn = "select id, masuk from kasus", "masuk" },
		"with a cursor": func(s *connectors.Database) { s.Table, s.WindowColumn, s.CursorColumn = "kasus", "terima", "id" },
		"by parameters": func(s *connectors.Database) {
			s.Query = "select id from kasus where terima >= :from and terima < :to and :to > terima"
		},
		"open at an end": nil,
	} {
		window, ids := february, "2 3"
		if change == nil {
			change = func(s *connectors.Database) { s.Table, s.WindowColumn = "kasus", "terima" }
			window.To, ids = time.Time{}, "2 3 4"
		}
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) {
			change(s)
			s.KeyColumn = "id"
			if s.CursorColumn != "" {
				s.KeyColumn = ""
			}
		}), connectors.Request{Window: window, Position: position})
		var got []string
		for line := range strings.Lines(out.rows()) {
			id, _, _ := strings.Cut(strings.TrimSpace(line), ",")
			got = append(got, id)
		}
		if out.err != nil || strings.Join(got, " ") != ids || out.position != nil {
			t.Errorf("%s: got %v with position %s, %v, want %s", name, got, out.position, out.err, ids)
		}
	}
	all := pullDatabase(t, l.settings(database, func(s *connectors.Database) {
		s.Query, s.KeyColumn = "select id from kasus where terima >= :from and terima < :to", "id"
	}), connectors.Request{})
	wantRows(t, all, "1\n2\n3\n4\n")
	text := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.WindowColumn = "kasus", "id" }), connectors.Request{Window: february})
	if text.err == nil || !strings.Contains(text.err.Error(), "window_column") || errors.Is(text.err, connectors.ErrUnavailable) {
		t.Errorf("a number as window_column: %v", text.err)
	}
}

func (l *databaseLab) parameters(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah, catatan) values (1, '2026-01-01', ':since'), (2, '2026-01-02', '?'), (3, '2026-01-03', '-- ''');")
	cast := ""
	if l.kind == "postgres" {
		cast = "::timestamptz"
	}
	s := l.followed(database, func(s *connectors.Database) {
		s.Query = "select id, diubah -- :nothing\n from kasus where catatan <> ':since' and diubah >= :since" + cast + " /* :to */ and (:since" + cast + " is not null)"
		s.Start = "1970-01-01"
	})
	out := pullDatabase(t, s, connectors.Request{})
	if lines := strings.Count(out.rows(), "\n"); out.err != nil || lines != 2 {
		t.Errorf("got %q, %v", out.rows(), out.err)
	}
	if next := pullDatabase(t, s, connectors.Request{Position: out.position}); next.err != nil || len(next.bodies) > 0 {
		t.Errorf("got %q, %v", next.rows(), next.err)
	}
	// A value is a value, whatever it looks like.
	evil := json.RawMessage(`{"updated":"2026-01-01 00:00:00","key":"1) or 1=1; drop table kasus; --"}`)
	_ = pullDatabase(t, s, connectors.Request{Position: evil})
	if l.server.MustExec(t, database, "select count(*) from kasus") != "3" {
		t.Error("the table suffered")
	}
}

func (l *databaseLab) lookback(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah) values (1, '2026-01-10 08:00:00'), (2, '2026-01-12 08:00:00');")
	plain := l.followed(database, nil)
	out := pullDatabase(t, plain, connectors.Request{Lookback: 24 * time.Hour})
	l.server.MustExec(t, database, "insert into kasus (id, diubah) values (3, '2026-01-11 20:00:00')")
	if missed := pullDatabase(t, plain, connectors.Request{Position: out.position}); len(missed.bodies) > 0 {
		t.Errorf("without lookback: %q", missed.rows())
	}
	again := pullDatabase(t, plain, connectors.Request{Position: out.position, Lookback: 24 * time.Hour})
	if again.err != nil || !strings.HasPrefix(again.rows(), "3,") || !strings.Contains(again.rows(), "\n2,") || string(again.position) != string(out.position) {
		t.Errorf("got %q, position from %s to %s, %v", again.rows(), out.position, again.position, again.err)
	}
	number := l.settings(database, func(s *connectors.Database) {
		s.Table, s.CursorColumn = "kasus", "id"
	})
	if out := pullDatabase(t, number, connectors.Request{Position: json.RawMessage(`{"updated":"x2"}`), Lookback: time.Hour}); out.err == nil || !strings.Contains(out.err.Error(), "lookback") {
		t.Errorf("lookback from a number: %v", out.err)
	}
}

// What is written during a pull is in none of its parts.
func (l *databaseLab) snapshot(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah) values (1, '2026-01-01'), (2, '2026-01-02'), (3, '2026-01-03');")
	connector, err := l.followed(database, func(s *connectors.Database) { s.PartRows, s.SweepQuery = 1, "select id from kasus order by id" }).Connect(connectors.Env{})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	changed := false
	for object, err := range connector.Pull(context.Background(), connectors.Request{Now: today, Sweep: true}) {
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(object.Body)
		_, rows, _ := strings.Cut(string(text), "\n")
		for line := range strings.Lines(rows) {
			all.WriteString(line[:1])
		}
		if !changed {
			changed = true
			l.server.MustExec(t, database, "insert into kasus (id, diubah) values (4, '2026-01-04'); delete from kasus where id = 3")
		}
	}
	if all.String() != "123123" {
		t.Errorf("rows and keys %s, want 123 twice", all.String())
	}
}

func (l *databaseLab) writesNothing(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah) values (1, '2026-01-01');")
	// Even with a user who may write.
	owner := func(change func(*connectors.Database)) connectors.Settings {
		return l.settings(database, func(s *connectors.Database) {
			s.User, s.Password = l.server.User, connectors.Secret(l.server.Password)
			change(s)
		})
	}
	function := "create function tulis() returns int language sql as 'insert into kasus (id) values (99) returning 1';"
	queries := []string{"insert into kasus (id) values (98) returning id", "delete from kasus", "select 1 from kasus for update"}
	if l.kind == "postgres" {
		queries = append(queries, "with x as (insert into kasus (id) values (97) returning id) select id from x")
	} else {
		function = "create function tulis() returns int modifies sql data begin insert into kasus (id) values (99); return 1; end"
		l.server.MustExec(t, "", "set global log_bin_trust_function_creators = 1")
		function = "delimiter //\n" + function + "//\n"
	}
	l.server.MustExec(t, database, function)
	for _, query := range append(queries, "select tulis() as a") {
		for _, cursor := range []string{"", "a"} {
			out := pullDatabase(t, owner(func(s *connectors.Database) { s.Query, s.CursorColumn = query, cursor }), connectors.Request{})
			if query == "select 1 from kasus for update" && l.kind == "mysql" && cursor == "" {
				continue // takes locks, and changes nothing
			}
			if out.err == nil || errors.Is(out.err, connectors.ErrUnavailable) {
				t.Errorf("%s: %v", query, out.err)
			}
			if strings.Contains(query, "tulis") && !strings.Contains(out.err.Error(), "tries to write") {
				t.Errorf("%s: %v", query, out.err)
			}
		}
	}
	if got := l.server.MustExec(t, database, "select count(*) from kasus"); got != "1" {
		t.Errorf("there are %s rows", got)
	}
	for _, query := range []string{"select 1; drop table kasus", "select 1) q; drop table kasus; select (1", "select 1) to program 'x' --", "select 1 /*", "select ?", "select $1", "select :name", "select '", "select (1"} {
		if l.kind == "postgres" && strings.Contains(query, "?") || l.kind == "mysql" && strings.Contains(query, "$") {
			continue
		}
		_, err := owner(func(s *connectors.Database) { s.Query = query }).Connect(connectors.Env{})
		if err == nil {
			t.Errorf("%s passes", query)
		}
	}
}

func (l *databaseLab) cancellation(t *testing.T) {
	database := l.database(t, l.kasus())
	for name, cursor := range map[string]string{"whole": "", "followed": "a"} {
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(700*time.Millisecond, func() {
			if got := l.server.MustExec(t, "", l.running); got != "1" {
				t.Errorf("%s: %s statements run before, want 1", name, got)
			}
			cancel()
		})
		began := time.Now()
		out := pullDatabaseWith(t, ctx, l.settings(database, func(s *connectors.Database) { s.Query, s.CursorColumn = l.sleep, cursor }), connectors.Request{})
		timer.Stop()
		if !errors.Is(out.err, context.Canceled) || errors.Is(out.err, connectors.ErrUnavailable) || time.Since(began) > 10*time.Second {
			t.Errorf("%s: %v after %v", name, out.err, time.Since(began))
		}
		l.nothingRuns(t, name)
		cancel()
	}
	slow := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Query, s.StatementTimeout = l.sleep, time.Second }), connectors.Request{})
	if !errors.Is(slow.err, connectors.ErrUnavailable) || !strings.Contains(slow.err.Error(), "statement_timeout") {
		t.Errorf("a statement that takes too long: %v", slow.err)
	}
	l.nothingRuns(t, "timeout")
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

func (l *databaseLab) dropped(t *testing.T) {
	database := l.many(t)
	for name, change := range map[string]func(*connectors.Database){
		"whole":    func(s *connectors.Database) {},
		"followed": func(s *connectors.Database) { s.CursorColumn, s.KeyColumn, s.PartRows = "diubah", "id", 100 },
	} {
		proxy := connectortest.StartProxy(t, l.server.Address())
		proxy.CutAfter(1 << 20)
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table = "kasus"; behind(proxy)(s); change(s) }), connectors.Request{})
		if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "kasus") {
			t.Errorf("%s: %v", name, out.err)
		}
		if len(out.text()) == 0 || len(out.text()) > 1<<20 {
			t.Errorf("%s: %d bytes came", name, len(out.text()))
		}
	}
}

func (l *databaseLab) stalls(t *testing.T) {
	database := l.many(t)
	proxy := connectortest.StartProxy(t, l.server.Address())
	proxy.StallAfter(1 << 20)
	out := pullDatabase(t, l.settings(database, func(s *connectors.Database) {
		behind(proxy)(s)
		s.Table, s.IdleTimeout, s.ConnectTimeout = "kasus", time.Second, 3*time.Second
	}), connectors.Request{})
	if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "idle_timeout") {
		t.Errorf("a server that falls silent: %v", out.err)
	}
}

func (l *databaseLab) tls(t *testing.T) {
	database := l.database(t, l.kasus())
	for _, c := range []struct {
		mode, host, ca, want string
	}{
		{"verify-full", "localhost", l.server.CA, ""},
		{"verify-full", "127.0.0.1", l.server.CA, "not for 127.0.0.1"},
		{"verify-full", "localhost", "", "authority that is not known"},
		{"verify-ca", "127.0.0.1", l.server.CA, ""},
		{"verify-ca", "127.0.0.1", "", "authority that is not known"},
		{"require", "127.0.0.1", "", ""},
		{"disable", "127.0.0.1", "", ""},
		{"prefer", "127.0.0.1", "", "tls"},
		{"require", "127.0.0.1", l.server.CA, "ca"},
		{"verify-full", "localhost", "no certificate", "PEM"},
	} {
		query := "select count(*) as n from pg_stat_ssl where pid = pg_backend_pid() and ssl"
		if l.kind == "mysql" {
			query = "select if(variable_value = '', 0, 1) as n from information_schema.session_status where variable_name = 'Ssl_cipher'"
		}
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.TLS, s.Host, s.CA, s.Query = c.mode, c.host, c.ca, query }), connectors.Request{})
		if c.want != "" {
			if out.err == nil || !strings.Contains(out.err.Error(), c.want) {
				t.Errorf("%+v: %v", c, out.err)
			}
			continue
		}
		encrypted := "1\n"
		if c.mode == "disable" {
			encrypted = "0\n"
		}
		wantRows(t, out, encrypted)
	}
}

func (l *databaseLab) errorsForPeople(t *testing.T) {
	database := l.database(t, l.kasus())
	l.server.MustExec(t, database, "create table data_negara (id int)")
	if l.kind == "mysql" {
		l.server.MustExec(t, "", "create database tertutup")
	}
	closed := func(s *connectors.Database) { s.Table = "data_negara" }
	if l.kind == "mysql" {
		closed = func(s *connectors.Database) { s.Table = "tertutup.data" }
	}
	for name, c := range map[string]struct {
		change      func(*connectors.Database)
		want        string
		unavailable bool
	}{
		"wrong password": {func(s *connectors.Database) { s.Password = "rahasia-salah" }, "check user and password", true},
		"unknown user":   {func(s *connectors.Database) { s.User = "siapa" }, "check user and password", true},
		"unknown database": {func(s *connectors.Database) {
			s.Database = "tidak_ada"
			s.User = l.server.User
			s.Password = connectors.Secret(l.server.Password)
		}, "check database", true},
		"unknown host":      {func(s *connectors.Database) { s.Host = "db.invalid" }, "db.invalid", true},
		"nobody there":      {func(s *connectors.Database) { s.Port = 1 }, "nothing answers", true},
		"missing table":     {func(s *connectors.Database) { s.Table = "keluhan" }, "keluhan", false},
		"missing column":    {func(s *connectors.Database) { s.Query = "select nomer from kasus" }, "nomer", false},
		"missing cursor":    {func(s *connectors.Database) { s.Table, s.CursorColumn = "kasus", "diubahh" }, `cursor_column: the result has no column "diubahh" (it has id, diubah, catatan)`, false},
		"missing key":       {func(s *connectors.Database) { s.Table, s.KeyColumn = "kasus", "nomor" }, `key_column: the result has no column "nomor"`, false},
		"permission denied": {closed, "ask the owner", true},
		"no SQL":            {func(s *connectors.Database) { s.Query = "selekt 1" }, "does not understand", false},
		"same name twice":   {func(s *connectors.Database) { s.Query = "select id as a, diubah as a from kasus" }, "a", false},
	} {
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) {
			c.change(s)
			if s.Query == "" && s.Table == "" {
				s.Table = "kasus"
			}
		}), connectors.Request{})
		if out.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		text := out.err.Error()
		if !strings.Contains(text, c.want) || errors.Is(out.err, connectors.ErrUnavailable) != c.unavailable || strings.Contains(text, "failed to") {
			t.Errorf("%s: %v (unavailable %v)", name, out.err, errors.Is(out.err, connectors.ErrUnavailable))
		}
		t.Logf("%s: %v", name, out.err)
		if err := testDatabase(t, l.settings(database, func(s *connectors.Database) {
			c.change(s)
			if s.Query == "" && s.Table == "" {
				s.Table = "kasus"
			}
		})); err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, connectors.ErrUnavailable) != c.unavailable {
			t.Errorf("%s: tested, it says %v", name, err)
		}
	}
	if err := testDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.SweepQuery = "kasus", "select id from kasus" })); err != nil {
		t.Errorf("all is well, but tested it says %v", err)
	}
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

func (l *databaseLab) limits(t *testing.T) {
	database := l.many(t)
	for name, change := range map[string]func(*connectors.Database){
		"max_rows":  func(s *connectors.Database) { s.MaxRows = 1999 },
		"max_bytes": func(s *connectors.Database) { s.MaxBytes = 1 << 20 },
	} {
		for _, cursor := range []string{"", "id"} {
			out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn = "kasus", cursor; change(s) }), connectors.Request{})
			if out.err == nil || !strings.Contains(out.err.Error(), name) || errors.Is(out.err, connectors.ErrUnavailable) {
				t.Errorf("%s: %v", name, out.err)
			}
		}
	}
	exact := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.MaxRows = "kasus", 2000 }), connectors.Request{})
	if exact.err != nil || strings.Count(exact.rows(), "\n") != 2000 {
		t.Errorf("exactly max_rows: %v", exact.err)
	}
}

func (l *databaseLab) sweep(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah) values (2, '2026-01-02'), (1, '2026-01-01');")
	s := l.followed(database, func(s *connectors.Database) { s.SweepQuery = "select id from kasus order by id" })
	if out := pullDatabase(t, s, connectors.Request{}); len(out.bodies) != 1 {
		t.Errorf("without a sweep %d objects", len(out.bodies))
	}
	out := pullDatabase(t, s, connectors.Request{Sweep: true})
	if out.err != nil || len(out.bodies) != 2 || out.roles[1] != connectors.Keys || out.bodies[1] != "id\n1\n2\n" || out.names[1] != database+"/query-keys.csv" || out.positions[1] != "" {
		t.Errorf("got %+v", out)
	}
}

func (l *databaseLab) unfollowable(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id, diubah) values (1, null), (2, '2026-01-02'), (3, '2026-01-02');")
	for name, c := range map[string]struct {
		change func(*connectors.Database)
		want   string
	}{
		"nothing in the cursor": {nil, "has nothing in cursor_column"},
		"equal cursors":         {func(s *connectors.Database) { s.Query, s.KeyColumn = "select id, diubah from kasus where id > 1", "" }, "name a key_column"},
		"equal keys": {func(s *connectors.Database) {
			s.Query, s.KeyColumn = "select 1 as id, diubah from kasus where id > 1", "id"
		}, "name a key_column"},
	} {
		out := pullDatabase(t, l.followed(database, c.change), connectors.Request{})
		if out.err == nil || !strings.Contains(out.err.Error(), c.want) || errors.Is(out.err, connectors.ErrUnavailable) {
			t.Errorf("%s: %v", name, out.err)
		}
	}
}

func (l *databaseLab) url(t *testing.T) {
	database := l.database(t, l.kasus()+"insert into kasus (id) values (1);")
	address := func(format string) func(*connectors.Database) {
		return func(s *connectors.Database) {
			*s = connectors.Database{Query: "select id from kasus", CA: s.CA, TLS: s.TLS, PartRows: 1, MaxBytes: 1e6, MaxRows: 10,
				StatementTimeout: time.Minute, ConnectTimeout: time.Minute, IdleTimeout: time.Minute}
			s.URL = connectors.Secret(fmt.Sprintf(format, l.kind, "rahasia%20pembaca%20&%20%27kutip%27%200815", l.server.Port, database))
		}
	}
	wantRows(t, pullDatabase(t, l.settings("", address("%s://pembaca:%s@localhost:%d/%s")), connectors.Request{}), "1\n")
	for format, want := range map[string]string{
		"%s://pembaca:%s@localhost:%d/%s?sslmode=prefer":    "prefer",
		"%s://pembaca:%s@localhost:%d/%s?options=-c%%20x=1": "options",
		"x%s://pembaca:%s@localhost:%d/%s":                  "whole address",
		"%s://pembaca:%s@localhost:%d:x/%s":                 "whole address",
	} {
		_, err := l.settings("", address(format)).Connect(connectors.Env{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "0815") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
