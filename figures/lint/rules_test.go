package lint_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kp2mi/lindung/figures/lint"
)

var update = flag.Bool("update", false, "write the findings into the golden archives")

// Each rule has an archive: documents that break it, documents that keep it though they
// look alike, and the findings, word for word.
func TestEachRuleFindsWhatIsWrongAndNothingElse(t *testing.T) {
	for _, rule := range lint.Rules() {
		t.Run(rule.Code, func(t *testing.T) {
			path := filepath.Join("testdata", "rules", rule.Code+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got, want strings.Builder
			documents := archive.Files[:0:0]
			found, kept := 0, 0
			for _, f := range archive.Files {
				switch {
				case f.Name == "findings":
					want.Write(f.Data)
					continue
				case strings.HasPrefix(f.Name, "wrong"):
					findings := check(t, f.Name, string(f.Data))
					if !has(findings, rule.Code) {
						t.Errorf("%s: the rule found nothing", f.Name)
					}
					found++
					if err := lint.WriteText(&got, findings); err != nil {
						t.Fatal(err)
					}
				case strings.HasPrefix(f.Name, "right"):
					for _, f := range check(t, f.Name, string(f.Data)) {
						t.Errorf("%s:%d: false alarm: %s: %s", f.File, f.Line, f.Rule, f.Message)
					}
					kept++
				default:
					t.Errorf("%s is neither wrong… nor right…", f.Name)
				}
				documents = append(documents, f)
			}
			if found == 0 || kept == 0 {
				t.Error("a rule needs a document that breaks it and one that keeps it")
			}
			if *update {
				archive.Files = append(documents, txtar.File{Name: "findings", Data: []byte(got.String())})
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("findings changed (-want +got); -update writes them:\n%s", diff)
			}
		})
	}
}

func check(t *testing.T, name, text string) []lint.Finding {
	t.Helper()
	d, err := lint.Read(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return lint.Check(d)
}

func has(findings []lint.Finding, rule string) bool {
	for _, f := range findings {
		if f.Rule == rule {
			return true
		}
	}
	return false
}
