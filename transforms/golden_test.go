package transforms

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/goccy/go-yaml"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected parts of the golden files")

// A golden file is a feed in small: its mapping (mapping.yaml), the records as the source sends
// them (records.csv), and what becomes of them (rows, rejects). `go test -update` rewrites the
// last two; the difference is then for a person to read.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		dataset := filepath.Base(filepath.Dir(file))
		t.Run(dataset+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			for _, f := range archive.Files {
				part[f.Name] = string(f.Data)
			}
			rows, rejects := goldenRun(t, dataset, part)
			for i, f := range archive.Files {
				got := map[string]string{"rows": rows, "rejects": rejects}[f.Name]
				if f.Name != "rows" && f.Name != "rejects" {
					continue
				}
				archive.Files[i].Data = []byte(got)
				if !*update && got != string(f.Data) {
					t.Errorf("%s differ; got:\n%s\nwant:\n%s", f.Name, got, f.Data)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// goldenMapping is a mapping as a golden file writes it.
type goldenMapping struct {
	Version    string                       `yaml:"version"`
	Key        []string                     `yaml:"key"`
	ObservedAt time.Time                    `yaml:"observed_at"`
	From       string                       `yaml:"from"`
	To         string                       `yaml:"to"`
	Fields     map[string]string            `yaml:"fields"`
	Codes      map[string]map[string]string `yaml:"codes"`
	Units      struct {
		Currency    string `yaml:"currency"`
		Scale       string `yaml:"scale"`
		DateOrder   string `yaml:"date_order"`
		Decimal     string `yaml:"decimal"`
		TimeZone    string `yaml:"time_zone"`
		RegionCodes string `yaml:"region_codes"`
	} `yaml:"units"`
}

func goldenRun(t *testing.T, dataset string, part map[string]string) (rows, rejects string) {
	t.Helper()
	var g goldenMapping
	if err := yaml.UnmarshalWithOptions([]byte(part["mapping.yaml"]), &g, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	m := Mapping{Source: "test", Feed: "golden", Fields: g.Fields, Codes: g.Codes, VersionColumn: g.Version, KeyColumns: g.Key,
		ObservedAt: g.ObservedAt, PeriodFrom: g.From, PeriodTo: g.To, Units: Units(g.Units)}
	got, bad := normaliseText(t, dataset, part["records.csv"], m)
	var b strings.Builder
	for _, r := range bad {
		fmt.Fprintf(&b, "%s\n", r.Place)
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "  %s [%s] %s\n", p.Code, p.Column, p.Message)
		}
	}
	return dump(got), b.String()
}

// dump writes rows for people: one line per column that holds something. Tokens are shortened, row
// hashes left out.
func dump(rows Rows) string {
	switch r := rows.(type) {
	case *rowset[Placement, *Placement]:
		return dumpRows(r)
	case *rowset[Case, *Case]:
		return dumpRows(r)
	case *rowset[CaseEvent, *CaseEvent]:
		return dumpRows(r)
	case *rowset[Remittance, *Remittance]:
		return dumpRows(r)
	case *rowset[ExchangeRate, *ExchangeRate]:
		return dumpRows(r)
	case *rowset[WorkerStock, *WorkerStock]:
		return dumpRows(r)
	case *rowset[PublishedFigure, *PublishedFigure]:
		return dumpRows(r)
	case *rowset[Return, *Return]:
		return dumpRows(r)
	case *rowset[ShelterStay, *ShelterStay]:
		return dumpRows(r)
	case *rowset[ShelterCapacity, *ShelterCapacity]:
		return dumpRows(r)
	case *rowset[LegalAid, *LegalAid]:
		return dumpRows(r)
	case *rowset[MissionCases, *MissionCases]:
		return dumpRows(r)
	case *rowset[EmpowermentEvent, *EmpowermentEvent]:
		return dumpRows(r)
	case *rowset[Business, *Business]:
		return dumpRows(r)
	case *rowset[Loan, *Loan]:
		return dumpRows(r)
	case *rowset[Training, *Training]:
		return dumpRows(r)
	case *rowset[Candidate, *Candidate]:
		return dumpRows(r)
	}
	panic("no dump for these rows")
}

func dumpRows[T any, P rowOf[T]](r *rowset[T, P]) string {
	var b strings.Builder
	s := shapeOf[T]()
	for i, row := range r.rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j := range s.columns {
			c := &s.columns[j]
			v := c.at(unsafe.Pointer(row))
			if v.null || c.Name == "row_hash" || c.Name == "object_id" || c.Name == "source" || c.Name == "normaliser" {
				continue
			}
			text := string(c.appendText(nil, v))
			if c.Class == "identifier" {
				text = text[:8] + "…"
			}
			fmt.Fprintf(&b, "%s: %s\n", c.Name, text)
		}
	}
	return b.String()
}
