package connectortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kp2mi/lindung/connectors/formats"
)

// A FormatHarness lets the suite drive one kind of format.
type FormatHarness struct {
	// Kind is the registered name.
	Kind string
	// Settings decode what Encode writes.
	Settings formats.Settings
	// Encode writes a table in the format.
	Encode func(t testing.TB, header []string, rows [][]string) []byte
	// CutIsFault is true for formats whose records stand for themselves, so that
	// an object cut short shows as a fault of its last record, or not at all.
	CutIsFault bool
	// Header and Rows are for formats of one fixed layout, which cannot hold any
	// table: the columns that they yield, and n records that Encode can write.
	Header []string
	Rows   func(n int) [][]string
}

func (h FormatHarness) header() []string {
	if h.Header != nil {
		return h.Header
	}
	return header()
}

func (h FormatHarness) rows(n int) [][]string {
	if h.Rows != nil {
		return h.Rows(n)
	}
	return rows(n)
}

// table is an object as plain values.
type table struct {
	header []string
	rows   [][]string
	places []string
	faults int
}

// RunFormat checks a kind of format against the contract.
func RunFormat(t *testing.T, h FormatHarness) {
	t.Run("is registered with defaults of its own", func(t *testing.T) {
		kind, ok := formats.Lookup(h.Kind)
		if !ok || len(kind.Extensions) == 0 {
			t.Fatalf("kind %q is not registered, or names no extensions", h.Kind)
		}
		if kind.New() == kind.New() {
			t.Error("New returns the same settings twice")
		}
	})
	t.Run("keeps text as it is", func(t *testing.T) { keepsText(t, h) })
	t.Run("numbers records through batches that stand alone", func(t *testing.T) { numbersRecords(t, h) })
	t.Run("does not depend on how the bytes arrive", func(t *testing.T) {
		in := h.Encode(t, h.header(), h.rows(500))
		whole := decode(t, h, bytes.NewReader(in))
		for name, r := range map[string]io.Reader{
			"one by one":        iotest.OneByteReader(bytes.NewReader(in)),
			"in halves":         iotest.HalfReader(bytes.NewReader(in)),
			"data with the end": iotest.DataErrReader(bytes.NewReader(in)),
		} {
			if got := decode(t, h, r); !same(got, whole) {
				t.Errorf("bytes %s: other records", name)
			}
		}
	})
	t.Run("a failing reader is one error, last, with its cause", func(t *testing.T) { failsOnce(t, h) })
	t.Run("an object cut short does not pass for a whole one", func(t *testing.T) { noticesCuts(t, h) })
	t.Run("errors name the object and no value", func(t *testing.T) {
		in := h.Encode(t, h.header(), h.rows(50))
		_, err := collect(h.Settings.Decode(context.Background(), "2024/berkas", io.MultiReader(bytes.NewReader(in[:len(in)/2]), iotest.ErrReader(errWire))))
		if err == nil || !strings.Contains(err.Error(), "2024/berkas") || strings.Contains(err.Error(), "320101410190") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a reader may stop early", func(t *testing.T) {
		for range h.Settings.Decode(context.Background(), "object", bytes.NewReader(h.Encode(t, h.header(), h.rows(3*formats.BatchRows)))) {
			break
		}
	})
	t.Run("ends when cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		batches := 0
		for _, err := range h.Settings.Decode(ctx, "object", bytes.NewReader(h.Encode(t, h.header(), h.rows(5*formats.BatchRows)))) {
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%v, want context.Canceled", err)
				}
				return
			}
			if batches++; batches > 1 {
				t.Fatal("batches come after the end of the context")
			}
			cancel()
		}
		t.Error("no error")
	})
}

var errWire = errors.New("the wire broke")

func header() []string { return []string{"id", "nik", "nama", "catatan"} }

// rows makes records of synthetic values that tell lossy decoders from good ones.
func rows(n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		out[i] = []string{fmt.Sprintf("%07d", i+1), fmt.Sprintf("3201014101%02d0000", i%100), "Sari Contoh", strings.Repeat("catatan ", i%7)}
	}
	return out
}

func collect(batches iter.Seq2[*formats.Batch, error]) (out table, err error) {
	var next int64 = 1
	for b, e := range batches {
		if err != nil {
			return out, fmt.Errorf("something came after the error %w", err)
		}
		if err = e; err != nil {
			continue
		}
		if b.Len() == 0 && len(b.LeftOut()) == 0 || b.Len() > formats.BatchRows {
			return out, fmt.Errorf("a batch of %d records", b.Len())
		}
		out.header = b.Header()
		for row := range b.Len() {
			if b.RowNo(row) != next {
				return out, fmt.Errorf("record number %d, want %d", b.RowNo(row), next)
			}
			next++
			cells := make([]string, len(b.Header()))
			for column := range cells {
				cells[column] = b.Cell(row, column)
			}
			out.rows = append(out.rows, cells)
			out.places = append(out.places, b.Place(row))
			if code, _ := b.Fault(row); code != "" {
				out.faults++
			}
		}
	}
	return out, err
}

func decode(t *testing.T, h FormatHarness, r io.Reader) table {
	t.Helper()
	out, err := collect(h.Settings.Decode(context.Background(), "object", r))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(a, b table) bool {
	return slices.Equal(a.header, b.header) && slices.EqualFunc(a.rows, b.rows, slices.Equal) && slices.Equal(a.places, b.places) && a.faults == b.faults
}

func keepsText(t *testing.T, h FormatHarness) {
	want := [][]string{
		{"1", "3201014101900000", "Siti Contoh", "two\nlines"},
		{"0007", "00000000000000000000000001", "say \"hi\"", "a, b; c\td|e"},
		{"-0.10", "1.10", "é ü 中 😀", "<b>&amp;</b>"},
		{"x", "", "", "last"},
	}
	if h.Rows != nil {
		want = h.Rows(4)
	}
	got := decode(t, h, bytes.NewReader(h.Encode(t, h.header(), want)))
	if !slices.Equal(got.header, h.header()) {
		t.Errorf("header %q", got.header)
	}
	if !slices.EqualFunc(got.rows, want, slices.Equal) {
		t.Errorf("got %q, want %q", got.rows, want)
	}
	if got.faults > 0 {
		t.Errorf("%d faults in a clean object", got.faults)
	}
}

func numbersRecords(t *testing.T, h FormatHarness) {
	want := h.rows(2*formats.BatchRows + 10)
	in := h.Encode(t, h.header(), want)
	var batches []*formats.Batch
	for b, err := range h.Settings.Decode(context.Background(), "object", bytes.NewReader(in)) {
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	if len(batches) < 3 {
		t.Fatalf("%d batches for %d records", len(batches), len(want))
	}
	// Read only now: a batch must not change when the ones after it are made.
	places := map[string]bool{}
	number := 0
	for _, b := range batches {
		for row := range b.Len() {
			for column, cell := range want[number] {
				if b.Cell(row, column) != cell {
					t.Fatalf("record %d, column %d: not the value written", number+1, column)
				}
			}
			number++
			if b.RowNo(row) != int64(number) {
				t.Fatalf("record number %d, want %d", b.RowNo(row), number)
			}
			if place := b.Place(row); place == "" || places[place] {
				t.Fatalf("record %d: place %q is empty or another record's", number, place)
			} else {
				places[place] = true
			}
		}
	}
	if number != len(want) {
		t.Errorf("%d records, want %d", number, len(want))
	}
}

func failsOnce(t *testing.T, h FormatHarness) {
	in := h.Encode(t, h.header(), h.rows(200))
	for _, at := range []int{0, 1, len(in) / 2, len(in) - 1} {
		_, err := collect(h.Settings.Decode(context.Background(), "object", io.MultiReader(bytes.NewReader(in[:at]), iotest.ErrReader(errWire))))
		if !errors.Is(err, errWire) {
			t.Errorf("after %d bytes: %v, want the reader's error", at, err)
		}
	}
}

func noticesCuts(t *testing.T, h FormatHarness) {
	in := h.Encode(t, h.header(), h.rows(200))
	for _, at := range []int{len(in) / 3, len(in) / 2, len(in) - 3} {
		got, err := collect(h.Settings.Decode(context.Background(), "object", bytes.NewReader(in[:at])))
		if err == nil && !h.CutIsFault {
			t.Errorf("cut after %d of %d bytes: no error", at, len(in))
		}
		if len(got.rows) > 200 {
			t.Errorf("cut after %d bytes: %d records of 200", at, len(got.rows))
		}
	}
}
