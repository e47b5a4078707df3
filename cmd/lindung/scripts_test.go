package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the binary as a user would. Each script in testdata is one story.
func TestScripts(t *testing.T) {
	databases := &scriptDatabases{t: t}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("LINDUNG_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"postgres": databases.postgres,
			"lindung":  runLindung,
			"serve":    serve,
			"touch":    touch,
			"sample":   sampleProject,
			"pack":     pack,
			"jsonlog":  jsonLog,
			"lineage":  lineage,
			"as":       asAnother,
			"tamper":   tamper,
		},
	})
}

// runLindung runs the program and checks its exit code: `lindung CODE ARGS...`. A script
// that does not say which exit code it expects has not thought about it.
func runLindung(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: lindung EXITCODE ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("usage: lindung EXITCODE ARGS...: %v", err)
	}
	err = ts.Exec("lindung", args[1:]...)
	saysNoSecret(ts)
	got := 0
	if err != nil {
		got = -1
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &got); scanErr != nil {
			ts.Fatalf("lindung %s: %v", strings.Join(args[1:], " "), err)
		}
	}
	if got != want {
		ts.Fatalf("lindung %s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// touch sets a file's time: `touch 2024-01-15T00:00:00Z FILE`.
func touch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: touch TIME FILE")
	}
	at, err := time.Parse(time.RFC3339, args[0])
	ts.Check(err)
	ts.Check(os.Chtimes(ts.MkAbs(args[1]), at, at))
}

// sampleProject makes an empty project whose data may be sample data: `sample DIR`.
func sampleProject(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sample DIR")
	}
	ts.Check(writeProject(ts.MkAbs(args[0]), emptyProject(), true))
}

// pack puts files into a ZIP archive and encrypts it with age, for a key that it makes:
// `pack KEYFILE ARCHIVE FILES...`.
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: pack KEYFILE ARCHIVE FILES...")
	}
	key, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("# a key of this test\n"+key.String()+"\n"), 0o600))
	out, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	sealed, err := age.Encrypt(out, key.Recipient())
	ts.Check(err)
	archive := zip.NewWriter(sealed)
	for _, name := range args[2:] {
		member, err := archive.Create(name)
		ts.Check(err)
		_, err = member.Write([]byte(ts.ReadFile(name)))
		ts.Check(err)
	}
	ts.Check(errors.Join(archive.Close(), sealed.Close(), out.Close()))
}

func emptyProject() map[string][]byte {
	return map[string][]byte{"lindung.yaml": []byte("project:\n  name: Test\n")}
}

// serve starts an HTTP server that answers page n with FOLDER/n.json, or as told by a
// file FOLDER/n.status, or FOLDER/n.once for one answer; with a file FOLDER/n.short it says that the page is 60 bytes
// shorter than it is: `serve NAME FOLDER` sets $NAME to its address. A page that is
// not there is an empty one.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: serve NAME FOLDER")
	}
	folder := ts.MkAbs(args[1])
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		page := r.URL.Query().Get("page")
		if status, err := os.ReadFile(filepath.Join(folder, page+".status")); err == nil {
			code, _ := strconv.Atoi(strings.TrimSpace(string(status)))
			w.WriteHeader(code)
			return
		}
		once := filepath.Join(folder, page+".once")
		if status, err := os.ReadFile(once); err == nil {
			_ = os.Remove(once)
			code, _ := strconv.Atoi(strings.TrimSpace(string(status)))
			w.WriteHeader(code)
			return
		}
		body, err := os.ReadFile(filepath.Join(folder, page+".json"))
		if err != nil {
			body, _ = json.Marshal(map[string]any{"data": []any{}})
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := os.Stat(filepath.Join(folder, page+".short")); err == nil {
			conn, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body)-60, body)
			time.Sleep(200 * time.Millisecond) // long enough to see that more comes
			_ = conn.Close()
			return
		}
		_, _ = w.Write(body)
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}
