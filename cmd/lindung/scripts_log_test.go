package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// jsonLog checks that every line that the last command wrote to stderr is a line of a log: one
// JSON object with a time, a level and words. With `run` each must also name the run and its
// step. It writes the lines to stderr.log; with `run` it writes their levels, words and keys.
func jsonLog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 || len(args) == 1 && args[0] != "run" {
		ts.Fatalf("usage: jsonlog [run]")
	}
	written := ts.ReadFile("stderr")
	var told strings.Builder
	for line := range strings.Lines(written) {
		var entry struct {
			Time  time.Time `json:"time"`
			Level string    `json:"level"`
			Msg   string    `json:"msg"`
			Run   string    `json:"run_id"`
			Step  string    `json:"step"`
		}
		ts.Check(json.Unmarshal([]byte(line), &entry))
		if entry.Time.IsZero() || entry.Level == "" || entry.Msg == "" {
			ts.Fatalf("a line without time, level or words: %s", line)
		}
		if len(args) == 1 && (entry.Run == "" || entry.Step == "") {
			ts.Fatalf("a line that names no run or no step: %s", line)
		}
		fmt.Fprintf(&told, "%s %s%s\n", entry.Level, entry.Msg, keysOf(ts, line))
	}
	if told.Len() == 0 {
		ts.Fatalf("nothing was logged")
	}
	if len(args) == 0 {
		told.Reset()
		told.WriteString(written)
	}
	ts.Check(os.WriteFile(ts.MkAbs("stderr.log"), []byte(told.String()), 0o644))
}

// keysOf lists the keys of a line's own, in order.
func keysOf(ts *testscript.TestScript, line string) string {
	dec := json.NewDecoder(bytes.NewReader([]byte(line)))
	_, err := dec.Token()
	ts.Check(err)
	var keys strings.Builder
	for dec.More() {
		key, err := dec.Token()
		ts.Check(err)
		var value any
		ts.Check(dec.Decode(&value))
		if key != "time" && key != "level" && key != "msg" {
			fmt.Fprintf(&keys, " %s", key)
		}
	}
	return keys.String()
}
