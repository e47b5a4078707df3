package producers

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/transforms"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (go test ./producers -update, then look at the change):\n%s", file, diff)
	}
}

func TestThePageForProducers(t *testing.T) {
	for _, lang := range []string{Indonesian, English} {
		var page bytes.Buffer
		if err := WriteContract(&page, "case_events", lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "contract_case_events."+lang+".md", page.String())
	}
}

// Whatever a dataset takes is on its page, and all codes with it.
func TestEveryPageIsComplete(t *testing.T) {
	lists := testLists(t)
	eachForm(t, func(t *testing.T, d transforms.Dataset, lang string, columns []formColumn) {
		var page bytes.Buffer
		if err := writeContract(&page, d, lists, lang); err != nil {
			t.Fatal(err)
		}
		text := page.String()
		for _, c := range columns {
			if !strings.Contains(text, "`"+c.Name+"`") {
				t.Errorf("the page says nothing of %s", c.Name)
			}
			if c.Kind == transforms.CodeInput && !strings.Contains(text, "| `"+lists.Codes(c.List)[0]+"` |") {
				t.Errorf("the page lacks the list %s", c.List)
			}
		}
		if strings.Contains(text, "<no value>") || strings.Contains(text, "|  |  |  |") {
			t.Error("the page has gaps")
		}
	})
}

func TestThePageForProducersAsData(t *testing.T) {
	for _, lang := range []string{Indonesian, English} {
		contract, err := ContractOf("case_events", lang)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.MarshalIndent(contract, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "contract_case_events."+lang+".json", string(text)+"\n")
	}
}

// The data say what the page says: every column, list and code, and every other line of it.
func TestThePageAndItsDataAgree(t *testing.T) {
	for _, d := range transforms.Datasets() {
		if len(d.Inputs()) == 0 {
			continue
		}
		for _, lang := range []string{Indonesian, English} {
			var page bytes.Buffer
			if err := WriteContract(&page, d.Name(), lang); err != nil {
				t.Fatal(err)
			}
			contract, err := ContractOf(d.Name(), lang)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Builder{}
			for _, rule := range contract.Rules {
				said.WriteString("\n## " + rule.Title + "\n" + rule.Text + "\n")
			}
			rows := 0
			for line := range strings.Lines(page.String()[strings.Index(page.String(), "\n## "):]) {
				switch {
				case strings.HasPrefix(line, "|"):
					rows++
				case !strings.HasPrefix(line, "### ") && !strings.Contains(said.String(), line):
					t.Errorf("%s, %s: the data lack %q", d.Name(), lang, line)
				}
			}
			want := len(contract.Columns) + 2
			for _, l := range contract.Lists {
				want += len(l.Codes) + 2
			}
			if rows != want {
				t.Errorf("%s, %s: the tables of the page have %d lines, the data give %d", d.Name(), lang, rows, want)
			}
		}
	}
}
