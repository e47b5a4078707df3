// Package formats turns the bytes of one object into records that are all text.
//
// It owns delimiters, quotes, encodings, sheets and paths. It must not know what
// a column means: numbers keep their digits (a 16-digit NIK never passes through
// a float), dates stay as written, and a record with a broken structure is
// handed on with its fault instead of being dropped or repaired. What makes the
// whole object unreadable is an error.
//
// Records come in batches that share a header and one piece of text, not as
// maps: a batch of 4096 rows costs a handful of allocations.
package formats

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
)

// Settings are the settings of one kind of format, as a feed's YAML writes them
// (`yaml` tags; `doc` tags describe them).
//
// Decode reads an object to its end and yields its records in order; decoding
// the same bytes again gives the same batches. At most one error comes, last;
// it names the object and the place in it, never a value. A caller that stops
// early leaves the rest unread.
type Settings interface {
	Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error]
}

// A Kind is one kind of format: what a feed names in `formats[].kind`.
type Kind struct {
	Name    string
	Summary string
	// Extensions that usually hold this format, with the dot.
	Extensions []string
	// New returns settings with the defaults filled in; YAML is decoded over them.
	New func() Settings
}

var registry struct {
	sync.RWMutex
	kinds map[string]Kind
}

// Register makes a kind known. It is called from init by the file that owns the
// kind and panics on a duplicate or half-filled kind: both are slips of the
// programmer that must not wait for a feed to show.
func Register(k Kind) {
	registry.Lock()
	defer registry.Unlock()
	if k.Name == "" || k.Summary == "" || k.New == nil {
		panic(fmt.Sprintf("registering format kind %q: name, summary and New are all needed", k.Name))
	}
	if _, ok := registry.kinds[k.Name]; ok {
		panic(fmt.Sprintf("registering format kind %q: the name is taken", k.Name))
	}
	if registry.kinds == nil {
		registry.kinds = map[string]Kind{}
	}
	registry.kinds[k.Name] = k
}

// Lookup finds a kind by name.
func Lookup(name string) (Kind, bool) {
	registry.RLock()
	defer registry.RUnlock()
	k, ok := registry.kinds[name]
	return k, ok
}

// Kinds lists all kinds by name.
func Kinds() []Kind {
	registry.RLock()
	defer registry.RUnlock()
	kinds := make([]Kind, 0, len(registry.kinds))
	for _, k := range registry.kinds {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
	return kinds
}

// The limits that every format shares unless its settings say otherwise.
const (
	// MaxRows is the number of records that an object may hold: four times what
	// the whole country produces in ten years.
	MaxRows = 20_000_000
	// MaxCell is the number of bytes that a cell may hold; Excel ends at 32 767
	// characters.
	MaxCell = 1 << 16
	// MaxColumns bounds what a hostile header can make every batch carry.
	MaxColumns = 4096
)
