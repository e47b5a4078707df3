package formats

import (
	"errors"
	"fmt"
	"iter"
)

// errStopped says that the caller wants no more batches.
var errStopped = errors.New("stopped")

// batchesOf makes of one decoding what Decode gives: its batches and, last, its error.
func batchesOf(name, kind string, decode func(yield func(*Batch) bool) error) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		err := decode(func(b *Batch) bool { return yield(b, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, fmt.Errorf("decoding %s as %s: %w", name, kind, err))
		}
	}
}
