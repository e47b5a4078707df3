package transforms

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/transforms/privacy"
)

// table is the smallest Records there can be: a header and rows of text in memory.
type table struct {
	header []string
	rows   [][]string
	faults map[int][2]string
}

func (t *table) Header() []string { return t.header }
func (t *table) Len() int         { return len(t.rows) }
func (t *table) Cell(row, col int) string {
	if col < len(t.rows[row]) {
		return t.rows[row][col]
	}
	return ""
}
func (t *table) RowNo(row int) int64  { return int64(row + 1) }
func (t *table) Place(row int) string { return fmt.Sprintf("line %d", row+2) }
func (t *table) Fault(row int) (code, message string) {
	f := t.faults[row]
	return f[0], f[1]
}

// tableOf reads a CSV text.
func tableOf(t testing.TB, text string) *table {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.Comment = -1, '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatalf("reading the test's CSV: %v", err)
	}
	return &table{header: lines[0], rows: lines[1:]}
}

// mustTime reads a moment of a test.
func mustTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// testEnv is the environment of all tests: the project's own code lists and the demonstration key.
func testEnv(t testing.TB) *Env {
	t.Helper()
	lists, err := LoadLists(os.DirFS("../configs/reference"))
	if err != nil {
		t.Fatal(err)
	}
	return &Env{Lists: lists, Tokens: privacy.NewTokenizer(privacy.DemoKeys())}
}

// bind binds a dataset or ends the test.
func bind(t testing.TB, env *Env, dataset string, m Mapping) (Dataset, Normaliser) {
	t.Helper()
	d, ok := Lookup(dataset)
	if !ok {
		t.Fatalf("no dataset %s", dataset)
	}
	if m.Source == "" {
		m.Source = "test"
	}
	n, err := d.Bind(env, m)
	if err != nil {
		t.Fatal(err)
	}
	return d, n
}

// normaliseText runs a CSV text through a dataset.
func normaliseText(t testing.TB, dataset, text string, m Mapping) (Rows, []Reject) {
	t.Helper()
	d, n := bind(t, testEnv(t), dataset, m)
	rows := d.NewRows()
	rejects, err := n.Normalise(tableOf(t, text), [16]byte{1}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return rows, rejects
}
