package transforms

import (
	"strings"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// An outcome is what a kind makes of one text: a value, nothing, or a problem. It is kept per
// column, because most columns hold the same few texts over and over.
type outcome struct {
	text    *string
	num     *int32
	flag    *bool
	code    string // problem code, "" when the text is good
	message string
}

const (
	memoSlots = 256
	memoLimit = 1 << 16
)

// A memo remembers outcomes by text: a small direct-mapped table in front of a map, since the
// table answers in a quarter of the map's time. It stops growing at memoLimit so that a column
// of unique texts cannot eat the memory.
type memo struct {
	keys  [memoSlots]string
	known [memoSlots]*outcome
	rest  map[string]remembered
}

// remembered pairs an outcome with the memo's own copy of its text.
type remembered struct {
	text    string
	outcome *outcome
}

func (m *memo) find(text string) *outcome {
	i := xxh3.HashString(text) % memoSlots
	if o := m.known[i]; o != nil && m.keys[i] == text {
		return o
	}
	if e, ok := m.rest[text]; ok {
		m.keys[i], m.known[i] = e.text, e.outcome
		return e.outcome
	}
	return nil
}

// findBytes is find for a text put together in a buffer.
func (m *memo) findBytes(text []byte) *outcome {
	i := xxh3.Hash(text) % memoSlots
	if o := m.known[i]; o != nil && m.keys[i] == string(text) {
		return o
	}
	if e, ok := m.rest[string(text)]; ok {
		m.keys[i], m.known[i] = e.text, e.outcome
		return e.outcome
	}
	return nil
}

// keep stores the outcome of a text that find did not know. The text is copied: a cell points into
// its batch's buffer and would keep all of it alive.
func (m *memo) keep(text string, o outcome) *outcome {
	p := &o
	if len(m.rest) >= memoLimit {
		return p
	}
	if m.rest == nil {
		m.rest = make(map[string]remembered, 64)
	}
	own := strings.Clone(text)
	m.rest[own] = remembered{own, p}
	i := xxh3.HashString(own) % memoSlots
	m.keys[i], m.known[i] = own, p
	return p
}

// A slab hands out pointers into large blocks, so that a nullable value costs no allocation of
// its own.
type slab[T any] struct{ block []T }

func (s *slab[T]) put(v T) *T {
	if len(s.block) == cap(s.block) {
		s.block = make([]T, 0, 1024)
	}
	s.block = append(s.block, v)
	return &s.block[len(s.block)-1]
}

// A textSlab copies short texts into large blocks: rows must not point into a batch's buffer.
type textSlab struct{ block []byte }

func (s *textSlab) put(text string) string {
	if text == "" {
		return ""
	}
	if len(text) > 4096 {
		return strings.Clone(text)
	}
	if len(s.block)+len(text) > cap(s.block) {
		s.block = make([]byte, 0, 64<<10)
	}
	at := len(s.block)
	s.block = append(s.block, text...)
	// The bytes behind at are never written again, so they may be read as a string.
	return unsafe.String(&s.block[at], len(text))
}
