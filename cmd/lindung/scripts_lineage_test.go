package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kp2mi/lindung/pipelines/openlineage/openlineagetest"
)

// lineage holds every line of a file of events against the schemas of OpenLineage and of the
// program's own facets, and writes to OUT what those of an end say, without what differs from one run
// of the same thing to the next: `lineage FILE OUT`.
func lineage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lineage FILE OUT")
	}
	check, err := openlineagetest.NewChecker()
	ts.Check(err)
	var told strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if err := check.Check([]byte(line)); err != nil {
			ts.Fatalf("%s\n%v", line, err)
		}
		dec := json.NewDecoder(strings.NewReader(line))
		dec.UseNumber()
		var event map[string]any
		ts.Check(dec.Decode(&event))
		job, run := event["job"].(map[string]any)["name"], event["run"].(map[string]any)["runId"]
		fmt.Fprintf(&told, "%s %s, run %s\n", event["eventType"], job, run)
		if event["eventType"] == "START" {
			continue // what it holds is within what the end holds
		}
		for _, key := range []string{"run", "job", "inputs", "outputs"} {
			tellPart(&told, "  ", key, event[key])
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(told.String()), 0o644))
}

// tellPart writes a value with one key a line; what has no parts of its own is one line.
func tellPart(w *strings.Builder, indent, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		settle(v)
		if !nested(v) {
			break
		}
		fmt.Fprintf(w, "%s%s\n", indent, key)
		for _, inner := range slices.Sorted(maps.Keys(v)) {
			tellPart(w, indent+"  ", inner, v[inner])
		}
		return
	case []any:
		for i, item := range v {
			tellPart(w, indent, fmt.Sprintf("%s[%d]", key, i), item)
		}
		return
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	fmt.Fprintf(w, "%s%s %s", indent, key, b.String())
}

func nested(v map[string]any) bool {
	for _, inner := range v {
		switch inner.(type) {
		case map[string]any, []any:
			return true
		}
	}
	return false
}

// settle takes out what differs between runs, and what the schemas have checked already.
func settle(v map[string]any) {
	delete(v, "_producer")
	delete(v, "_schemaURL")
	for key, is := range map[string]string{"version": "VERSION", "size": "SIZE", "query": "SQL"} {
		switch v[key].(type) {
		case string, json.Number:
			v[key] = is
		}
	}
}
