package formats

import (
	"bytes"
	"context"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// checkDecoder is what must hold for any bytes: no panic, batches within their
// limits, cells of valid text, numbers that count up, and the same result when
// the bytes arrive in other pieces.
func checkDecoder(t *testing.T, s Settings, in []byte) {
	t.Helper()
	var next int64 = 1
	for b, err := range s.Decode(context.Background(), "fuzz", bytes.NewReader(in)) {
		if err != nil {
			break
		}
		if b.Len() == 0 && len(b.LeftOut()) == 0 || b.Len() > BatchRows {
			t.Fatalf("a batch of %d records", b.Len())
		}
		for row := range b.Len() {
			if b.RowNo(row) != next {
				t.Fatalf("record number %d, want %d", b.RowNo(row), next)
			}
			next++
			for col := range b.Header() {
				if !utf8.ValidString(b.Cell(row, col)) {
					t.Fatalf("row %d column %d is not valid text", row, col)
				}
			}
			if b.Cell(row, len(b.Header())) != "" || b.Cell(row, -1) != "" {
				t.Fatalf("row %d has cells outside the header", row)
			}
			if code, message := b.Fault(row); (code == "") != (message == "") {
				t.Fatalf("row %d: fault %q without message or the other way round", row, code)
			}
		}
	}
	whole, wholeErr := decodeAll(s, bytes.NewReader(in))
	pieces, piecesErr := decodeAll(s, iotest.HalfReader(bytes.NewReader(in)))
	if (wholeErr == nil) != (piecesErr == nil) || wholeErr != nil && wholeErr.Error() != piecesErr.Error() {
		t.Fatalf("read whole: %v; read in pieces: %v", wholeErr, piecesErr)
	}
	if lines(whole) != lines(pieces) {
		t.Fatal("the records depend on how the bytes arrive")
	}
}
