package producers

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/transforms"
)

// Whoever adds a problem code says what a producer has to repair. The codes are read from where they
// are written down, since the decoders are no room that this one may know.
func TestEveryProblemCodeHasWords(t *testing.T) {
	codes := append(problemCodes(t, "../transforms/transforms.go"), problemCodes(t, "../connectors/formats/batch.go")...)
	for _, must := range []string{transforms.MissingRequired, transforms.OutsidePeriods, malformedRecord} {
		if !slices.Contains(codes, must) {
			t.Fatalf("the test does not find %s", must)
		}
	}
	for _, code := range codes {
		w, ok := problemTexts[code]
		if !ok || w.wrong.ID == "" || w.wrong.EN == "" || w.repair.ID == "" || w.repair.EN == "" {
			t.Errorf("%s: say in problemTexts what is wrong and what to repair, in both languages", code)
		}
	}
	for code := range problemTexts {
		if !slices.Contains(codes, code) {
			t.Errorf("%s is no problem code", code)
		}
	}
}

var codeForm = regexp.MustCompile(`^[a-z]+_[a-z_]+$|^not_a_`)

// problemCodes are the exported constants of a file whose text has the form of a code.
func problemCodes(t *testing.T, path string) (codes []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			if len(value.Values) != 1 || !value.Names[0].IsExported() {
				continue
			}
			if lit, ok := value.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, _ := strconv.Unquote(lit.Value); codeForm.MatchString(text) {
					codes = append(codes, text)
				}
			}
		}
	}
	return codes
}

func TestEveryWithholdingHasWords(t *testing.T) {
	for _, code := range []string{TooManyProblems, Shrunk, Unreadable, Unexpected, TooLarge, Unspecified} {
		var n Note
		n.Withhold(code)
		if n.Decision != DeliveryWithheld || n.Withheld.Why.ID == "" || n.Withheld.Why.EN == "" || n.Withheld.Repair.ID == "" || n.Withheld.Repair.EN == "" {
			t.Errorf("%s: %+v", code, n.Withheld)
		}
	}
}

func sampleNote(t *testing.T, origin string) *Note {
	t.Helper()
	n := &Note{Format: NoteFormat, ID: "unit_placements-000003-v2", Number: "unit_placements-000003", Version: 2, Supersedes: "unit_placements-000003-v1",
		State: NoteOpen, Decision: RecordsReturned, Origin: origin, Feed: "unit_placements", Dataset: "placements",
		Producer: "Bidang <b>Penempatan</b>", Contact: "data@example.org", CommitKind: "delivery",
		KnownAt: time.Date(2024, 2, 29, 17, 30, 0, 0, time.UTC), Counts: NoteCounts{Read: 2400, Accepted: 2375, Quarantined: 25}}
	var waiting []WaitingRecord
	for i := range 26 {
		r := WaitingRecord{New: i > 0, Place: NotePlace{Commit: 3, Object: "a & b.xlsx", Place: fmt.Sprintf("Penempatan!A%d", i+2)}}
		r.Problems = []WaitingProblem{{transforms.UnknownCode, "country"}}
		if i%2 == 0 {
			r.Problems = append(r.Problems, WaitingProblem{transforms.NIKMalformed, "nik"}, WaitingProblem{transforms.NIKMalformed, "nik"})
		}
		waiting = append(waiting, r)
	}
	before := &Note{Problems: []NoteProblem{{Code: transforms.UnknownCode, Column: "country", Records: 1}, {Code: transforms.TotalsRow, Records: 2}}}
	n.Fill(waiting, before, func(column string) string { return map[string]string{"country": "negara", "nik": "NIK PMI"}[column] })
	return n
}

func TestANoteCountsEachRecordOnce(t *testing.T) {
	n := sampleNote(t, "sample")
	if n.Counts.Waiting != 26 || n.Counts.Earlier != 1 {
		t.Errorf("counts: %+v", n.Counts)
	}
	var got []string
	for _, p := range n.Problems {
		got = append(got, fmt.Sprintf("%s %s %s: %d, %d new, %v%%, %d places", p.Code, p.Column, p.Theirs, p.Records, p.New, p.Share, len(p.Places)))
	}
	want := []string{"unknown_code country negara: 26, 25 new, 1.04%, 10 places", "nik_malformed nik NIK PMI: 13, 12 new, 0.5%, 10 places"}
	if !slices.Equal(got, want) {
		t.Errorf("problems %q\nwant %q", got, want)
	}
	if got := fmt.Sprint(n.Changes); got != "[{unknown_code country 1 26} {totals_row  2 0} {nik_malformed nik 0 13}]" {
		t.Errorf("changes %s", got)
	}
	if m := n.Problems[1].Meaning; m == nil || !strings.Contains(m.ID, "Nomor Induk Kependudukan") {
		t.Errorf("the NIK is explained as %+v", m)
	}
}

func TestThePageOfANote(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	for origin, marks := range map[string]int{"sample": 2, "real": 0} {
		var b bytes.Buffer
		if err := sampleNote(t, origin).WritePage(&b, zone); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, want := range []string{
			`<html lang="id">`, "Bidang &lt;b&gt;Penempatan&lt;/b&gt;", "a &amp; b.xlsx, Penempatan!A2", "1 Maret 2024, 00.30 WIB", "2.375 rekaman",
			"26 rekaman; 25 dalam kiriman ini (1,04%)", "Tempat (10 yang pertama)", `<th scope="col">`, `<span lang="en">What to repair</span>`,
			"versi 2, menggantikan unit_placements-000003-v1",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", origin, want)
			}
		}
		if got := strings.Count(page, "DATA CONTOH – BUKAN ANGKA RESMI"); got != marks {
			t.Errorf("%s: %d sample marks, want %d", origin, got, marks)
		}
		for _, outside := range []string{"http", "<script", "src=", "ZgotmplZ", "<no value>"} {
			if strings.Contains(page, outside) {
				t.Errorf("%s: the page holds %q", origin, outside)
			}
		}
	}
}

func TestPlacesInIndonesian(t *testing.T) {
	for place, want := range map[string]string{
		"line 17": "baris 17", "item 3": "butir 3", "row 4": "baris 4", "Penempatan!A17": "Penempatan!A17", "jatim.csv: line 17": "jatim.csv: baris 17",
		"line 3, column 2": "baris 3, kolom 2", "entry 4, buying": "entri 4, kurs beli", "entry 4, selling": "entri 4, kurs jual",
		"activity 2": "kegiatan 2", "activity 2, planned disbursement 3, recipient 1": "kegiatan 2, rencana pencairan 3, penerima 1",
		"header": "baris nama kolom", "whole object": "seluruh objek", "header 3!A1": "header 3!A1", "line 1.csv: item 2": "line 1.csv: butir 2", "": "",
	} {
		if got := indonesianPlace(place); got != want {
			t.Errorf("%q: %q, want %q", place, got, want)
		}
	}
}

func TestNumbersInIndonesian(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567"} {
		if got := indonesianCount(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := indonesianPercent(33.33); got != "33,33%" {
		t.Error(got)
	}
}
