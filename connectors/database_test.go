package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

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
