package xlsx_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/reports/tables/tablestest"
)

// program is one of Debian's. On a desk without it the test is skipped; with CI=true it must be there.
func program(t *testing.T, name, pack string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not there, and with CI=true it must be: apt-get install %s", name, pack)
		}
		t.Skipf("%s is not there: apt-get install %s", name, pack)
	}
	return path
}

// converted opens a workbook in LibreOffice and gives the folder of what it made of it.
func converted(t *testing.T, content []byte, to string) string {
	t.Helper()
	office := program(t, "soffice", "libreoffice-calc-nogui")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "report.xlsx"), content, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "report.xlsx"))
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(bytes.ToLower(out), []byte("error")) {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "out")
}

// LibreOffice opens the workbook and finds the same in every cell of every sheet: numbers in full, marks, texts.
func TestLibreOfficeReadsTheSame(t *testing.T) {
	doc := tablestest.Report("id")
	content := write(t, doc)
	// every sheet as CSV in UTF-8, values as they are stored, not as they are shown
	out := converted(t, content, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1")
	book := open(t, content)
	for _, sheet := range book.GetSheetList() {
		text, err := os.ReadFile(filepath.Join(out, "report-"+sheet+".csv"))
		if err != nil {
			t.Error(err)
			continue
		}
		reader := csv.NewReader(bytes.NewReader(text))
		reader.FieldsPerRecord = -1
		got, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := cells(t, book, sheet)
		for _, rows := range [][][]string{got, want} {
			for i := range rows {
				rows[i] = strings.Split(strings.TrimRight(strings.Join(rows[i], "\x00"), "\x00"), "\x00")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sheet %s (-workbook +LibreOffice):\n%s", sheet, diff)
		}
	}
}

// LibreOffice draws every sheet: each is on a page with the mark of sample data above, and charts have their titles.
func TestLibreOfficeDrawsTheSame(t *testing.T) {
	text := program(t, "pdftotext", "poppler-utils")
	doc := tablestest.Report("en")
	out := converted(t, write(t, doc), "pdf")
	raw, err := exec.Command(text, "-layout", filepath.Join(out, "report.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(raw), "\f"), "\f")
	if len(pages) != 10 {
		t.Errorf("%d pages, want one for each sheet", len(pages))
	}
	for i, page := range pages {
		if !strings.HasPrefix(strings.TrimSpace(page), doc.Sample) || !strings.Contains(page, tables.Line(doc)) || !strings.Contains(page, fmt.Sprintf("Page %d/10", i+1)) {
			t.Errorf("page %d is not marked:\n%s", i+1, page)
		}
		if regexp.MustCompile(`#{3,}|#REF|#N/A|#VALUE|#NAME|Err:`).MatchString(page) {
			t.Errorf("page %d shows a number that does not fit, or an error:\n%s", i+1, page)
		}
	}
	for _, want := range []string{"Placements in December were the year's highest", "Hong Kong remains the largest destination", "24,000", "+1.3 pp", "0.0 pp", "Rp12,004,000,000"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("nowhere: %s", want)
		}
	}
}
