package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

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
