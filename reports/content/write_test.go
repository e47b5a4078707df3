package content

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// cases are the reports that every law is held to: a whole year, a year that runs, a month in
// which much is missing.
var cases = []struct{ report, period string }{
	{"monthly", "2025-12"}, {"brief", "2025-12"}, {"yearly", "2025"}, {"monthly", "2025-08"}, {"yearly", "2024"}, {"monthly", "2022-03"},
}

// What each kind of report says, as plain text.
func TestReports(t *testing.T) {
	book := wholeBook(t)
	for _, c := range cases[:4] {
		for _, lang := range languages {
			d := write(t, book, c.report, Subject{Period: period(c.period)}, lang)
			golden(t, fmt.Sprintf("%s-%s.%s.txt", c.report, c.period, lang), dump(d, c.report == "brief"))
		}
	}
}

// Both languages say the same: the same blocks in the same order, made of the same numbers.
func TestLanguagesSayTheSame(t *testing.T) {
	book := wholeBook(t)
	for _, c := range cases {
		t.Run(c.report+" "+c.period, func(t *testing.T) {
			subject := Subject{Period: period(c.period)}
			id, en := shape(write(t, book, c.report, subject, words.Indonesian)), shape(write(t, book, c.report, subject, words.English))
			if diff := cmp.Diff(id, en); diff != "" {
				t.Errorf("Indonesian and English differ:\n%s", diff)
			}
		})
	}
}

// shape is what a document is made of apart from its words.
func shape(d *document.Document) (lines []string) {
	for _, s := range d.Sections {
		lines = append(lines, "section "+s.ID)
		for _, b := range s.Blocks {
			lines = append(lines, reflect.TypeOf(b).String())
			document.EachNumber(b, func(n document.Number) {
				lines = append(lines, fmt.Sprintf("%s %s %v", n.Mark, n.Ref.Attributes(), n.Format))
			})
		}
	}
	return lines
}

// No phrase is empty, no text is missing in a language, no cell is empty, every chart is drawn and
// says what it shows, every link leads somewhere, and names are given once.
func TestDocumentsAreWhole(t *testing.T) {
	book := wholeBook(t)
	for _, c := range cases {
		for _, lang := range languages {
			t.Run(fmt.Sprint(c.report, c.period, lang), func(t *testing.T) {
				d := write(t, book, c.report, Subject{Period: period(c.period)}, lang)
				seen := map[string]bool{}
				once := func(what, id string) {
					if id == "" || seen[what+id] {
						t.Errorf("%s %q is given twice, or is empty", what, id)
					}
					seen[what+id] = true
				}
				for _, s := range d.Sections {
					once("anchor ", s.ID)
					for _, b := range s.Blocks {
						checkBlock(t, b, once)
					}
				}
				for _, link := range linksOf(d) {
					if !seen["anchor "+link] {
						t.Errorf("a link leads to %q, which is not there", link)
					}
				}
			})
		}
	}
}

func checkBlock(t *testing.T, b document.Block, once func(what, id string)) {
	t.Helper()
	document.EachPhrase(b, func(p document.Phrase) {
		if strings.TrimSpace(p.String()) == "" || strings.Contains(p.String(), "  ") || strings.Contains(p.String(), "%!") || strings.Contains(p.String(), "%s") {
			t.Errorf("a phrase is empty or has a hole: %q", p)
		}
	})
	switch b := b.(type) {
	case *document.Table:
		once("table ", b.ID)
		if b.Title == "" || len(b.ID) > 31 {
			t.Errorf("table %q has no title, or a name too long for a sheet", b.ID)
		}
		for _, row := range b.Rows {
			if len(row.Cells) != len(b.Columns) {
				t.Errorf("table %s: a row has %d cells, not %d", b.ID, len(row.Cells), len(b.Columns))
			}
			for i, cell := range row.Cells {
				if cell.Number == nil && cell.Light == nil && len(cell.Text) == 0 || cell.Number != nil && cell.Number.Text+cell.Number.Mark == "" {
					t.Errorf("table %s: cell %d of a row is empty", b.ID, i+1)
				}
			}
		}
	case *document.Chart:
		once("chart ", b.ID)
		if b.Drawing == nil || len(b.Title) == 0 || b.Subtitle == "" || b.Description == "" {
			t.Errorf("chart %s is not drawn, or does not say what it shows", b.ID)
		} else if svg := b.Drawing.SVG(b.ID, 640); !strings.Contains(svg, "<title") || !strings.Contains(svg, "<desc") {
			t.Errorf("chart %s has no title or no description", b.ID)
		}
		if b.Table != nil {
			checkBlock(t, b.Table, once)
		}
	case *document.Definitions:
		for _, d := range b.Items {
			if d.ID != "" {
				once("anchor ", d.ID)
			}
		}
	case *document.Disclosure:
		for _, inner := range b.Blocks {
			checkBlock(t, inner, once)
		}
	}
}

func linksOf(d *document.Document) (links []string) {
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			document.EachPhrase(b, func(p document.Phrase) {
				for _, piece := range p {
					if piece.Link != "" {
						links = append(links, piece.Link)
					}
				}
			})
			if cards, is := b.(*document.Cards); is {
				for _, c := range cards.Cards {
					if c.Link != "" {
						links = append(links, c.Link)
					}
				}
			}
		}
	}
	return links
}

// A book that holds what ReachOf says is enough: the documents are those of a book of everything.
func TestTheReachIsEnough(t *testing.T) {
	release, before := open(t, lateDB(t)), open(t, figurestest.Early(t))
	whole := wholeBook(t)
	for _, c := range cases {
		subject := Subject{Period: period(c.period)}
		book, err := OpenBookOn(context.Background(), release, before, nil, ReachOf([]configs.Report{layouts(t)[c.report]}, subject))
		if err != nil {
			t.Fatal(err)
		}
		if len(book.figures) >= len(whole.figures) {
			t.Errorf("%s %s: the narrow book has %d figures, the whole one %d", c.report, c.period, len(book.figures), len(whole.figures))
		}
		if diff := cmp.Diff(dump(write(t, whole, c.report, subject, words.English), true), dump(write(t, book, c.report, subject, words.English), true)); diff != "" {
			t.Errorf("%s %s from a narrow book (-whole +narrow):\n%s", c.report, c.period, diff)
		}
	}
}

// causal are words that say why. Reports say what was measured.
var causal = regexp.MustCompile(`(?i)\b(karena|akibat\w*|sebab|disebabkan|menyebabkan|berkat|dampak|berdampak|efek|hasil dari|because|due to|caus\w*|thanks to|owing to|result of|resulted|led to|impact\w*|effects? of|driven by|attributable)\b`)

// No sentence of a report says why a figure is what it is: not those that figures change, not
// those that they do not, and not the headings.
func TestNoCausalWords(t *testing.T) {
	check := func(where, text string) {
		if word := causal.FindString(text); word != "" {
			t.Errorf("%s says %q: %s", where, word, text)
		}
	}
	for name, text := range texts {
		check("text "+name, text.ID)
		check("text "+name, text.EN)
	}
	err := fs.WalkDir(configs.ReportLayouts(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".yaml") {
			raw, _ := fs.ReadFile(configs.ReportLayouts(), path)
			check(path, string(raw))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	book := wholeBook(t)
	for _, c := range cases {
		for _, lang := range languages {
			for _, s := range write(t, book, c.report, Subject{Period: period(c.period)}, lang).Sections {
				check("heading", s.Title.String())
				for _, b := range s.Blocks {
					switch b := b.(type) {
					case *document.List, *document.Cards, *document.Chart:
						document.EachPhrase(b, func(p document.Phrase) { check(s.ID, p.String()) })
					case *document.Paragraph:
						if !b.Note { // notes quote definitions
							check(s.ID, b.Text.String())
						}
					}
				}
			}
		}
	}
}

// Every text that the code asks for is there, in both languages, and none is there in vain.
func TestTextsAreAskedForAndThere(t *testing.T) {
	asked := map[string]bool{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") || f.Name() == "texts.go" {
			continue
		}
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(string(raw), -1) {
			asked[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`say\("([a-z_]+)"\)`).FindAllStringSubmatch(string(raw), -1) {
			if _, there := texts[m[1]]; !there {
				t.Errorf("%s asks for the text %q, which is not there", f.Name(), m[1])
			}
		}
	}
	composed := regexp.MustCompile(`^(quality|feed|rows)_`) // with the name of a state after it
	for name, text := range texts {
		if text.ID == "" || text.EN == "" {
			t.Errorf("text %s lacks a language", name)
		}
		if !asked[name] && !composed.MatchString(name) && !slices.Contains(figures.Classes, figures.Class(name)) {
			t.Errorf("nobody asks for the text %s", name)
		}
	}
}

// A report of a project's own replaces the program's of the same name, and stands beside the others.
func TestAProjectsOwnReports(t *testing.T) {
	own := fstest.MapFS{
		"brief.yaml":  {Data: []byte("report: brief\ntitle: {id: Singkat, en: Short}\nsections:\n  one:\n    title: {id: Satu, en: One}\n    blocks:\n      - {kind: kpi, kpi: PLC-04}\n")},
		"weekly.yaml": {Data: []byte("report: weekly\ntitle: {id: Mingguan, en: Weekly}\nsections:\n  one:\n    title: {id: Satu, en: One}\n    blocks: [{kind: text, id: Kata., en: Words., note: true}]\n")},
	}
	all, err := Reports(own)
	if err != nil {
		t.Fatal(err)
	}
	if all["brief"].Title.EN != "Short" || all["weekly"].Name == "" || all["monthly"].Name == "" {
		t.Errorf("reports: %v", all)
	}
	d, err := Write(wholeBook(t), all["brief"], Subject{Period: period("2025-12")}, words.English)
	if err != nil || len(d.Sections) != 2 || d.Sections[1].ID != "kpi-PLC-04" {
		t.Errorf("the project's brief: %v %v", d, err)
	}
}

// The program's own reports satisfy the schema that an editor holds them to, blocks and all.
func TestLayoutsSatisfyTheSchema(t *testing.T) {
	declared, err := jsonschema.UnmarshalJSON(bytes.NewReader(configs.ReportSchema(Kinds())))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("report.schema.json", declared); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name := range layouts(t) {
		raw, err := fs.ReadFile(configs.ReportLayouts(), name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		asJSON, err := yaml.YAMLToJSON(raw)
		if err != nil {
			t.Fatal(err)
		}
		read, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(read); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A report on one member says the member's figures, and nothing of targets, which are the country's.
func TestAReportOnAProvince(t *testing.T) {
	all, err := Reports(fstest.MapFS{"unit.yaml": {Data: []byte("report: unit\ntitle: {id: Satuan, en: Unit}\nper: province\nsections:\n  one:\n    title: {id: Satu, en: One}\n    blocks:\n      - {kind: cards, kpis: [PLC-01]}\n      - {kind: kpi, kpi: PLC-01, charts: [years, bars], by: [country]}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	subject := Subject{Period: period("2025-12"), Breakdown: "province", Member: "35"}
	book, err := OpenBookOn(context.Background(), open(t, lateDB(t)), nil, nil, ReachOf([]configs.Report{all["unit"]}, subject))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Write(book, all["unit"], subject, words.English)
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "Unit – Jawa Timur, December 2025" || d.Subject != "2025-12-35" {
		t.Errorf("it is called %q, %q", d.Title, d.Subject)
	}
	text, a := dump(d, true), newAuditor(t)
	for _, want := range []string{"<6,336: value PLC-01.services/2025-12/province=35@r000003> services\u00a0[p], down from November 2025", "Placement services, services, Jawa Timur"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Target") || strings.Contains(text, "country=") {
		t.Errorf("it tells of targets or destinations:\n%s", text)
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			document.EachNumber(b, func(n document.Number) {
				if n.Value != nil && n.Ref.Op == document.OpValue && *n.Value != a.value(n.Ref) {
					t.Errorf("%q is not %s", n.Text, n.Ref.Figure)
				}
			})
		}
	}
}

// What cannot be written is said with its place.
func TestReportsThatCannotBeWritten(t *testing.T) {
	book := wholeBook(t)
	for name, c := range map[string]struct{ blocks, want string }{
		"complaints by members": {"{kind: kpi, kpi: CMP-01, by: [country]}",
			`reports/own.yaml:6:14: CMP-01 is shown for the whole country only: a small count of complaints points at a person; take "by" out`},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := Reports(fstest.MapFS{"own.yaml": {Data: []byte("report: own\ntitle: {id: a, en: b}\nsections:\n  one:\n    title: {id: a, en: b}\n    blocks: [" + c.blocks + "]\n")}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = Write(book, all["own"], Subject{Period: period("2025-12")}, words.Indonesian)
			if err == nil || !strings.HasSuffix(err.Error(), strings.SplitN(c.want, ": ", 2)[1]) || !strings.HasPrefix(err.Error(), "reports/own.yaml:6:") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := Write(book, layouts(t)["monthly"], Subject{Period: period("2025")}, words.Indonesian); err == nil || err.Error() != "report monthly on 2025: it is about a month; give one" {
		t.Errorf("a year for a monthly report: %v", err)
	}
	if _, err := Write(book, layouts(t)["monthly"], Subject{Period: period("2025-12"), Breakdown: "province", Member: "35"}, words.Indonesian); err == nil || !strings.Contains(err.Error(), "the whole country") {
		t.Errorf("a province for a report on the country: %v", err)
	}
}
