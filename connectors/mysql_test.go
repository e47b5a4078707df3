package connectors_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
)

// The server of the tests lives in -05:00 and writes latin1: what comes does not
// depend on it.
func mysqlValues(t *testing.T, l *databaseLab) {
	database := l.database(t, "create table v (id int primary key)")
	for _, c := range []struct{ kind, value, want string }{
		{"datetime", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"},
		{"date", "'0000-00-00'", "0000-00-00"},
		{"date", "'2024-00-00'", "2024-00-00"},
		{"date", "'2024-02-31'", "2024-02-31"},
		{"timestamp null", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"},
		{"timestamp(6) null", "'2024-02-29 11:30:00.123456'", "2024-02-29 23:30:00.123456"}, // -05:00 to +07:00
		{"datetime(6)", "'2024-02-29 23:30:00.123456'", "2024-02-29 23:30:00.123456"},
		{"time", "'-838:59:59'", "-838:59:59"},
		{"year", "2024", "2024"},
		{"bigint(16) zerofill", "101014101900000", "0101014101900000"},
		{"bigint unsigned", "18446744073709551615", "18446744073709551615"},
		{"tinyint(1)", "1", "1"},
		{"float", "0.1", "0.1"}, {"double", "0.1", "0.1"}, {"double", "1e300", "1e300"},
		{"decimal(30,10)", "12345678901234567890.0123456789", "12345678901234567890.0123456789"},
		{"bit(8)", "b'101'", "5"},
		{"varbinary(4)", "x'DEADBEEF'", `\xdeadbeef`}, {"blob", "x'00ff'", `\x00ff`}, {"blob", "''", `\x`},
		{"varchar(10) character set latin1", "'Ré'", "Ré"},
		{"varchar(10) character set utf8mb4", "'é😀'", "é😀"},
		{"enum('L','P')", "'P'", "P"}, {"set('a','b')", "'a,b'", `"a,b"`},
		{"json", `'{"a": "x,y"}'`, `"{""a"": ""x,y""}"`},
		{"char(5)", "'a'", "a"},
		{"varchar(5)", "''", `""`}, {"varchar(5)", "null", ""}, {"varbinary(5)", "null", ""}, {"int", "null", ""},
		{"uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
	} {
		l.server.MustExec(t, database, "set sql_mode='ALLOW_INVALID_DATES'; drop table v; create table v (v "+c.kind+", z int); insert into v values ("+c.value+", 1)")
		for _, cursor := range []string{"", "z"} {
			out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn = "v", cursor }), connectors.Request{})
			if out.err != nil || out.text() != "v,z\n"+c.want+",1\n" {
				t.Errorf("%s %s: got %q, %v, want %q", c.kind, c.value, out.text(), out.err, c.want)
			}
		}
	}
	empty := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Query = "select 'x' as v from dual where :from < :to" }), connectors.Request{})
	wantRows(t, empty, "x\n")
	for _, zone := range []string{"", "Asia/Jakarta", "+7", "+07:00'; drop table v"} {
		s := l.settings(database, func(s *connectors.Database) { s.Table = "v" }).(*connectors.MySQL)
		s.TimeZone = zone
		if _, err := s.Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "time_zone") {
			t.Errorf("time zone %q: %v", zone, err)
		}
	}
}

// Compared as texts or floats, the neighbours of a number of 16 digits and more are
// the same number.
func mysqlExactNumbers(t *testing.T, l *databaseLab) {
	for _, kind := range []string{"bigint", "bigint unsigned", "decimal(20,0)", "varchar(20)", "bigint(20) zerofill"} {
		database := l.database(t, "create table n (id "+kind+" primary key); insert into n values (9007199254740992), (9007199254740993), (9007199254740994)")
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn = "n", "id" }),
			connectors.Request{Position: json.RawMessage(`{"updated":"9007199254740993"}`)})
		if out.err != nil || strings.TrimLeft(out.rows(), "0") != "9007199254740994\n" {
			t.Errorf("%s: got %q, %v", kind, out.rows(), out.err)
		}
	}
	for kind, values := range map[string]string{"timestamp(6)": "'2026-01-01 00:00:00.000001'), ('2026-01-01 00:00:00.000002", "date": "'2026-01-01'), ('2026-01-02", "time": "'-01:00:00'), ('02:00:00", "binary(2)": "'ab'), ('b'), ('", "double": "'0.1'), ('0.2", "varchar(5)": "'a'), ('b"} {
		if kind == "binary(2)" {
			values = "'ab'), ('cd"
		}
		database := l.database(t, "create table n (id "+kind+" primary key); insert into n values ("+values+"')")
		s := l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn, s.PartRows = "n", "id", 1 })
		all := pullDatabase(t, s, connectors.Request{})
		if all.err != nil || len(all.bodies) != 2 {
			t.Errorf("%s: got %q, %v", kind, all.bodies, all.err)
			continue
		}
		if rest := pullDatabase(t, s, connectors.Request{Position: json.RawMessage(all.positions[0])}); rest.err != nil || rest.text() != all.bodies[1] {
			t.Errorf("%s: after the first %q, %v", kind, rest.text(), rest.err)
		}
	}
	database := l.database(t, "create table n (id float primary key, e enum('b','a')); insert into n values (0.1, 'a')")
	for _, column := range []string{"id", "e"} {
		out := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn = "n", column }), connectors.Request{})
		if column == "id" && (out.err == nil || !strings.Contains(out.err.Error(), "cursor_column")) {
			t.Errorf("%s: %v", column, out.err)
		}
	}
}
