package samples

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the goldens anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was made; if that is meant, run the test with -update\ngot:\n%s", path, got)
	}
}

// hashes lists the files below dir with their content's hash and their time.
func hashes(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		sum := sha256.Sum256(raw)
		_, err = fmt.Fprintf(&out, "%s %s %s\n", hex.EncodeToString(sum[:8]), info.ModTime().UTC().Format(time.RFC3339), filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSameSeedSameFiles(t *testing.T) {
	one, two, other := t.TempDir(), t.TempDir(), t.TempDir()
	last := Deliveries()[2]
	for dir, seed := range map[string]uint64{one: 1, two: 1, other: 2} {
		if err := New(Options{Seed: seed, Scale: .002}).WriteDrops(dir, last); err != nil {
			t.Fatal(err)
		}
	}
	first := hashes(t, one)
	same(t, "files of the same seed", hashes(t, two), first)
	if hashes(t, other) == first {
		t.Error("another seed gives the same files")
	}
	golden(t, "drops_seed_1_scale_0.002.txt", []byte(first))
}

func TestFilesArriveWithTheirDelivery(t *testing.T) {
	dir := t.TempDir()
	w := New(Options{Seed: 1, Scale: .01})
	if err := w.WriteDrops(dir, Deliveries()[0].Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	same(t, "before the first delivery", hashes(t, dir), "")
	for _, moment := range Deliveries() {
		if err := w.WriteDrops(dir, moment); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(hashes(t, dir)) {
			f := strings.Fields(line)
			folder := strings.Split(f[2], "/")[2]
			day, err := time.ParseInLocation(time.DateOnly, folder, zone)
			if err != nil || day.After(moment) || f[1] != day.Add(9*time.Hour).UTC().Format(time.RFC3339) {
				t.Errorf("at %s there is %s of %s", moment.Format(time.DateOnly), f[2], f[1])
			}
		}
	}
}

func TestFilesThatAreThereAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	w := New(Options{Seed: 1, Scale: .005})
	last := Deliveries()[2]
	if err := w.WriteDrops(dir, last); err != nil {
		t.Fatal(err)
	}
	before := hashes(t, dir)
	inbox := filepath.Join(dir, "inbox", "bp3mi")
	touched := filepath.Join(inbox, "2024-01-15", "bp3mi-jatim_2022.csv")
	if err := os.WriteFile(touched, []byte("mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(inbox, "2025-01-31", "bp3mi-jabar_2024.csv")); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteDrops(dir, last); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(touched); string(raw) != "mine\n" {
		t.Error("a file of the inbox was written over")
	}
	if err := os.Remove(touched); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteDrops(dir, last); err != nil {
		t.Fatal(err)
	}
	same(t, "files made again", hashes(t, dir), before)
}

func TestOneFileComesTwice(t *testing.T) {
	dir := t.TempDir()
	if err := New(Options{Seed: 1, Scale: .01}).WriteDrops(dir, Deliveries()[1]); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "inbox/bp3mi/2024-01-15/bp3mi-lampung_2022.csv"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(dir, "inbox/bp3mi/2025-01-31/bp3mi-lampung_2022-kirim-ulang.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the file that is sent again has other bytes")
	}
}

// An independent reader: what a file says, by the ordinary libraries.
type reading struct {
	records int
	newest  map[string][2]string // id: diperbarui, status
	rows    map[string]int       // whole rows
}

func (r *reading) take(cells []string) {
	r.records++
	r.rows[strings.Join(cells, "\x00")]++
	id := cells[0]
	if len(cells) < columns || !strings.HasPrefix(id, "SP-") || id[8] == '9' { // numbers from 9,000,000 on are broken rows
		return
	}
	if v := [2]string{cells[27], cells[25]}; v[0] > r.newest[id][0] {
		r.newest[id] = v
	}
}

func readInbox(t *testing.T, dir string) *reading {
	t.Helper()
	r := &reading{newest: map[string][2]string{}, rows: map[string]int{}}
	for _, pattern := range []string{"*.csv", "*.xlsx"} {
		paths, err := filepath.Glob(filepath.Join(dir, "inbox", "bp3mi", "*", pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no files %s", pattern)
		}
		for _, path := range paths {
			switch {
			case strings.Contains(path, "kirim-ulang"):
			case pattern == "*.csv":
				r.readCSV(t, path)
			default:
				r.readWorkbook(t, path)
			}
		}
	}
	return r
}

func (r *reading) readCSV(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(bytes.NewReader(raw))
	in.FieldsPerRecord = -1
	if in.Comma = ';'; !bytes.Contains(raw[:40], []byte(";")) {
		in.Comma = ','
	}
	header, err := in.Read()
	if err != nil || !slices.Equal(header, dropHeader[:]) {
		t.Fatalf("%s: header %v (%v)", path, header, err)
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		r.take(cells)
	}
}

func (r *reading) readWorkbook(t *testing.T, path string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheetName)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !strings.Contains(rows[0][0], "DATA CONTOH") || !slices.Equal(rows[headerRow-1], dropHeader[:]) {
		t.Fatalf("%s: begins with %v", path, rows[:headerRow])
	}
	for _, cells := range rows[headerRow:] {
		r.take(append(cells, make([]string, columns-len(cells))...))
	}
}

func TestLedgerAgreesWithAnIndependentReader(t *testing.T) {
	dir := t.TempDir()
	w := New(Options{Seed: 1, Scale: .05})
	last := Deliveries()[2]
	if err := w.WriteDrops(dir, last); err != nil {
		t.Fatal(err)
	}
	got, want := readInbox(t, dir), w.Ledger(last).Feeds[FeedPlacementFiles]
	same(t, "records", got.records, want.Records)
	same(t, "standing records", len(got.newest), want.Current)
	stand, cancelled := map[string]int{}, 0
	for id, v := range got.newest {
		if v[1] == "BATAL" {
			cancelled++
		} else {
			stand[id[3:7]]++
		}
	}
	same(t, "cancelled", cancelled, want.Cancelled)
	for _, m := range w.years[:3] {
		same(t, "placements that stand", stand[fmt.Sprint(m.year)], m.n)
	}
	twice := 0
	for row, n := range got.rows {
		if strings.HasPrefix(row, "SP-") {
			twice += n - 1
		}
	}
	same(t, "duplicates", twice, want.Duplicates)
	rejected := 0
	for _, n := range want.Rejects {
		rejected += n
	}
	same(t, "accepted and rejected", want.Accepted+rejected, want.Records)
}

func TestWorkbooksHoldFormulasAndDays(t *testing.T) {
	dir := t.TempDir()
	if err := New(Options{Seed: 1, Scale: .1}).WriteDrops(dir, Deliveries()[0]); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(filepath.Join(dir, "inbox/bp3mi/2024-01-15/bp3mi-diy_2023.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	formulas := 0
	for row := headerRow + 1; row < 250; row++ {
		cell := fmt.Sprintf("U%d", row)
		formula, _ := f.GetCellFormula(sheetName, cell)
		value, _ := f.GetCellValue(sheetName, cell)
		if formula != "" {
			formulas++
			if years := map[string]string{"12*1": "12", "12*2": "24", "12*3": "36"}; years[formula] != value {
				t.Errorf("%s: %s has the result %s", cell, formula, value)
			}
		}
	}
	if formulas == 0 {
		t.Error("no cell holds a formula")
	}
	if day, _ := f.GetCellValue(sheetName, "S10"); !strings.Contains(day, "23") || strings.Contains(day, "45") {
		t.Errorf("a day of completion reads %q", day)
	}
}

func TestNationalLedger(t *testing.T) {
	raw, err := json.MarshalIndent(national().Ledger(Deliveries()[2]), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ledger_seed_1_scale_1.json", append(raw, '\n'))
}

func TestPlacementsForMeasuring(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .001})
	var out bytes.Buffer
	if err := w.WritePlacementsCSV(&out, 3000); err != nil {
		t.Fatal(err)
	}
	same(t, "lines", bytes.Count(out.Bytes(), []byte("\n")), 3001)
	ids := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		if id, _, _ := strings.Cut(line, ";"); strings.HasPrefix(id, "SP-") {
			if ids[id] {
				t.Fatalf("%s comes twice", id)
			}
			ids[id] = true
		}
	}
}
