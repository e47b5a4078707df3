package connectors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
)

// The server of the tests writes dates the German way and lives in New York: what
// comes does not depend on it.
func postgresValues(t *testing.T, l *databaseLab) {
	for _, c := range []struct{ value, want string }{
		{"timestamptz '2024-02-29 23:30:00.123456+07'", "2024-02-29 16:30:00.123456+00"},
		{"timestamp '2024-02-29 23:30:00'", "2024-02-29 23:30:00"},
		{"date '2024-02-29'", "2024-02-29"},
		{"timestamptz '0044-03-15 12:00:00+00 BC'", "0044-03-15 12:00:00+00 BC"},
		{"interval '1 year 2 days 03:04:05'", "P1Y2DT3H4M5S"},
		{"numeric '0.1000000000'", "0.1000000000"},
		{"'NaN'::numeric", "NaN"},
		{"3201014101900000::bigint", "3201014101900000"},
		{"0.1::real", "0.1"}, {"0.1::float8", "0.1"}, {"1/3::float8", "0.3333333333333333"},
		{"true", "t"},
		{`'\xdeadbeef'::bytea`, `\xdeadbeef`},
		{`'{"a": 1, "b": "x,y"}'::jsonb`, `"{""a"": 1, ""b"": ""x,y""}"`},
		{"array['a','b c']", `"{a,""b c""}"`},
		{"1234.5::numeric::money", `"$1,234.50"`},
		{"'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{"null::text", ""}, {"''::text", `""`}, {"' '::text", " "}, {"E'a\\rb'", "\"a\rb\""}, {`'\.'::text`, `"\."`},
	} {
		out := pullDatabase(t, l.settings("postgres", func(s *connectors.Database) { s.Query = "select " + c.value + " as v" }), connectors.Request{})
		if out.err != nil || out.text() != "v\n"+c.want+"\n" {
			t.Errorf("%s: got %q, %v, want %q", c.value, out.text(), out.err, c.want)
		}
	}
}

func postgresCopyEqualsRows(t *testing.T, l *databaseLab) {
	database := l.database(t, `create table campur (id int primary key, a text, b numeric(30,10), c timestamptz, d bytea, e jsonb);
		insert into campur select i, case i % 7 when 0 then null when 1 then '' when 2 then 'a"b,' || i when 3 then E'x\ny' when 4 then '\.' when 5 then E'\r' else 'Jawa é' end,
			i * 12345678901234.0123456789, timestamptz '2024-01-01 00:00+07' + i * interval '1 hour 1 microsecond', decode(md5(i::text), 'hex'), jsonb_build_object('n', i, 't', E'"\n') from generate_series(1, 3000) i`)
	copied := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.KeyColumn = "campur", "id" }), connectors.Request{})
	streamed := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Table, s.CursorColumn, s.PartRows = "campur", "id", 700 }), connectors.Request{})
	if copied.err != nil || streamed.err != nil || copied.rows() != streamed.rows() || strings.Count(copied.rows(), "\n") < 3000 {
		t.Errorf("%d bytes by COPY, %d streamed, %v, %v", len(copied.rows()), len(streamed.rows()), copied.err, streamed.err)
	}
	if len(streamed.bodies) != 5 {
		t.Errorf("%d parts", len(streamed.bodies))
	}
	// What is alone in its row.
	for _, value := range []string{`'\.'`, "''", "null::text", "' '", "E'\\n'"} {
		query := fmt.Sprintf("select x from (values (%s)) v(x)", value)
		copied := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Query = query }), connectors.Request{})
		streamed := pullDatabase(t, l.settings(database, func(s *connectors.Database) { s.Query = query + " where now() < :to" }), connectors.Request{})
		if copied.err != nil || streamed.err != nil || copied.text() != streamed.text() {
			t.Errorf("%s: %q by COPY, %q streamed, %v, %v", value, copied.text(), streamed.text(), copied.err, streamed.err)
		}
	}
}

func postgresNames(t *testing.T, l *databaseLab) {
	database := l.database(t, `create schema "Unit Pelayanan"; create table "Unit Pelayanan"."Kasus; drop" (ok int); create table "Unit Pelayanan"."Kasus" ("No. Aduan" int, "Tanggal ""Ubah""" timestamptz);
		insert into "Unit Pelayanan"."Kasus" values (1, '2026-01-01 00:00+00'), (2, '2026-01-01 00:00+00'); grant usage on schema "Unit Pelayanan" to pembaca; grant select on all tables in schema "Unit Pelayanan" to pembaca`)
	s := l.settings(database, func(s *connectors.Database) {
		s.Table, s.CursorColumn, s.KeyColumn = "Unit Pelayanan.Kasus", `Tanggal "Ubah"`, "No. Aduan"
	})
	out := pullDatabase(t, s, connectors.Request{})
	if want := "No. Aduan,\"Tanggal \"\"Ubah\"\"\"\n1,2026-01-01 00:00:00+00\n2,2026-01-01 00:00:00+00\n"; out.err != nil || out.text() != want {
		t.Errorf("got %q, %v", out.text(), out.err)
	}
	if out.names[0] != database+"/Unit Pelayanan.Kasus/part-000001.csv" {
		t.Errorf("name %s", out.names[0])
	}
	for _, table := range []string{`a"b`, "a;b", "a.b.c.d", "a..b", ".", "a'b", "a)b"} {
		if _, err := l.settings(database, func(s *connectors.Database) { s.Table = table }).Connect(connectors.Env{}); err == nil {
			t.Errorf("table %s passes", table)
		}
	}
}
