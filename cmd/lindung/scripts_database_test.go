package main

import (
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/rogpeppe/go-internal/testscript"
)

// condition answers [postgres]: whether there is a PostgreSQL server on this machine.
// With CI=true there must be one.
func condition(name string) (bool, error) {
	switch name {
	case "postgres":
		return connectortest.PostgresPrograms() != "" || os.Getenv("CI") == "true", nil
	case "root":
		return os.Getuid() == 0, nil
	}
	return false, fmt.Errorf("the condition %q is not known", name)
}

// scriptDatabases is one database server for all scripts, started when one asks.
type scriptDatabases struct {
	t      *testing.T
	once   sync.Once
	server *connectortest.DatabaseServer

	mu    sync.Mutex
	names map[string]string // of databases, by script and name
}

// postgres runs a file of SQL in a database of the script's own: `postgres NAME FILE`
// sets $NAME to its address and $NAME_CA to the file of the authority to trust.
func (d *scriptDatabases) postgres(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: postgres NAME FILE")
	}
	d.once.Do(func() { d.server = connectortest.StartPostgres(d.t) })
	if d.server == nil {
		ts.Fatalf("the PostgreSQL server did not start")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := ts.Name() + " " + args[0]
	name, ok := d.names[key]
	if !ok {
		name = fmt.Sprintf("naskah_%d", len(d.names)+1)
		if d.names == nil {
			d.names = map[string]string{}
		}
		d.names[key] = name
		_, err := d.server.Exec("", "create database "+name)
		ts.Check(err)
		address := url.URL{Scheme: "postgres", Host: fmt.Sprintf("%s:%d", d.server.Host, d.server.Port), Path: "/" + name,
			User: url.UserPassword(d.server.User, d.server.Password)}
		ts.Setenv(args[0], address.String())
		authority := ts.MkAbs(args[0] + ".pem")
		ts.Check(os.WriteFile(authority, []byte(d.server.CA), 0o600))
		ts.Setenv(args[0]+"_CA", authority)
	}
	_, err := d.server.Exec(name, ts.ReadFile(args[1]))
	ts.Check(err)
}
