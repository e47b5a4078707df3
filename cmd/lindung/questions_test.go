package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// questionsGolden holds the answers that the national world gives; refresh with LINDUNG_UPDATE=1.
func questionsGolden(t *testing.T, dir string) {
	questions, err := sql.Questions()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, q := range questions {
		answer := lindung(t, nil, "query", "--dir", dir, "--question", q.Name)
		if strings.HasPrefix(string(bytes.SplitN(answer, []byte("\n"), 3)[1]), "(0 rows)") {
			t.Errorf("%s: the national world has no answer", q.Name)
		}
		got.WriteString("# " + q.Name + ": " + q.Text.EN + "\n")
		got.Write(answer)
		got.WriteByte('\n')
	}
	const golden = "testdata/questions.golden"
	if os.Getenv("LINDUNG_UPDATE") != "" {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// Who asks in SQL gets the same answers as who asks the program.
func reconciliationInSQL(t *testing.T, dir string) {
	type verdict struct {
		No         int64  `json:"no"`
		Class      string `json:"class"`
		ReasonCode string `json:"reason_code"`
	}
	inSQL := query[verdict](t, dir, `select no, class, coalesce(reason_code, '') as reason_code from meta.reconciliation order by no`)
	var rec struct{ Verdicts []verdict }
	if err := json.Unmarshal(lindung(t, nil, "reconcile", "--dir", dir, "--output", "json"), &rec); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rec.Verdicts, inSQL); diff != "" {
		t.Errorf("verdicts (-program +SQL):\n%s", diff)
	}
}

// BenchmarkQuestions asks a release of a tenth of the nation what analysts ask.
func BenchmarkQuestions(b *testing.B) {
	dir := projectDir(b)
	lindung(b, nil, "demo", "--dir", dir, "--scale", "0.1", "--output", "json")
	questions, err := sql.Questions()
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range questions {
		b.Run(q.Name, func(b *testing.B) {
			for b.Loop() {
				ask := warehouse.Query{Path: filepath.Join(dir, "data", "releases", "current", warehouse.WarehouseFile), SQL: q.SQL}
				if err := ask.WriteCSV(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
