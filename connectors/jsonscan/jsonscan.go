// Package jsonscan finds the values of a JSON text without turning them into Go
// values: a number keeps its digits, and nothing is allocated.
//
// It owns the grammar of RFC 8259 over a slice of bytes that may be the
// beginning of a longer text. It must not know paths, records or readers; who
// streams calls again with more bytes after ErrShort.
package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 128

// ErrShort says that the bytes end inside a value and more may follow.
var ErrShort = errors.New("the JSON text ends inside a value")

// A SyntaxError says what is wrong at a byte of the text given.
type SyntaxError struct {
	Offset int
	What   string
}

// Error words the problem without quoting the text, which may hold personal data.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("byte %d: %s", e.Offset, e.What)
}

func syntax(at int, what string) error { return &SyntaxError{at, what} }

// A Text is JSON text, or the beginning of one.
type Text struct {
	Data []byte
	// Final says that nothing follows Data.
	Final bool
}

// short is the error at the end of Data.
func (t Text) short(what string) error {
	if t.Final {
		return syntax(len(t.Data), "the text ends "+what)
	}
	return ErrShort
}

// Space returns the first byte at or after i that is not white space; ErrShort
// or a syntax error when there is none.
func (t Text) Space(i int) (int, error) {
	for i < len(t.Data) {
		switch t.Data[i] {
		case ' ', '\n', '\r', '\t':
			i++
		default:
			return i, nil
		}
	}
	return i, t.short("where a value or a bracket should be")
}

// End returns nil when nothing but white space stands from i on.
func (t Text) End(i int) error {
	for ; i < len(t.Data); i++ {
		switch t.Data[i] {
		case ' ', '\n', '\r', '\t':
		default:
			return syntax(i, "more text after the end of the value")
		}
	}
	if t.Final {
		return nil
	}
	return ErrShort
}

// StringForm tells how a string is written.
type StringForm uint8

const (
	// Escaped strings hold backslashes: Unquote must undo them.
	Escaped StringForm = 1 << iota
	// NotASCII strings hold bytes from 0x80 on, which may not be valid UTF-8.
	NotASCII
)

// plainByte marks the bytes that may stand in a string without a second look.
var plainByte = func() (plain [256]bool) {
	for c := 0x20; c < 0x80; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// String returns the index after the string whose opening quote is at i.
func (t Text) String(i int) (end int, form StringForm, err error) {
	data := t.Data
	for i++; i < len(data); i++ {
		c := data[i]
		if plainByte[c] {
			continue
		}
		switch {
		case c == '"':
			return i + 1, form, nil
		case c == '\\':
			form |= Escaped
			if i, err = t.escape(i); err != nil {
				return 0, 0, err
			}
		case c < 0x20:
			return 0, 0, syntax(i, "a control character stands inside a string")
		default:
			form |= NotASCII
		}
	}
	return 0, 0, t.short("inside a string")
}

// escape checks the escape at i and returns the index of its last byte.
func (t Text) escape(i int) (int, error) {
	if i+1 >= len(t.Data) {
		return 0, t.short("inside a string")
	}
	switch t.Data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1, nil
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(t.Data) {
				return 0, t.short("inside a string")
			}
			if !isHex(t.Data[k]) {
				return 0, syntax(k, `\u is not followed by four hexadecimal digits`)
			}
		}
		return i + 5, nil
	}
	return 0, syntax(i+1, "a backslash stands before a character that it cannot escape")
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// Number returns the index after the number at i.
func (t Text) Number(i int) (end int, err error) {
	data := t.Data
	digits := func() error {
		from := i
		for i < len(data) && '0' <= data[i] && data[i] <= '9' {
			i++
		}
		if i == len(data) && !t.Final {
			return ErrShort
		}
		if i == from {
			return syntax(i, "a digit is missing in a number")
		}
		return nil
	}
	if data[i] == '-' {
		i++
	}
	if i < len(data) && data[i] == '0' {
		i++
		if i < len(data) && '0' <= data[i] && data[i] <= '9' {
			return 0, syntax(i, "a number begins with 0: identifiers belong in quotes")
		}
	} else if err := digits(); err != nil {
		return 0, err
	}
	if i < len(data) && data[i] == '.' {
		i++
		if err := digits(); err != nil {
			return 0, err
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if err := digits(); err != nil {
			return 0, err
		}
	}
	if i == len(data) && !t.Final {
		return 0, ErrShort // the next byte could be a digit
	}
	return i, nil
}

var literals = [][]byte{[]byte("true"), []byte("false"), []byte("null")}

// Literal returns the index after true, false or null at i.
func (t Text) Literal(i int) (end int, err error) {
	for _, word := range literals {
		if t.Data[i] != word[0] {
			continue
		}
		rest := t.Data[i:]
		if len(rest) >= len(word) && bytes.Equal(rest[:len(word)], word) {
			return i + len(word), nil
		}
		if len(rest) < len(word) && bytes.HasPrefix(word, rest) {
			return 0, t.short("inside a word")
		}
	}
	return 0, syntax(i, "this is not the beginning of a JSON value")
}

// Value returns the index after the value at i, which is not white space.
func (t Text) Value(i int) (end int, err error) { return t.value(i, 0) }

func (t Text) value(i, depth int) (end int, err error) {
	if i >= len(t.Data) {
		return 0, t.short("where a value should be")
	}
	switch c := t.Data[i]; {
	case c == '"':
		end, _, err = t.String(i)
		return end, err
	case c == '-' || '0' <= c && c <= '9':
		return t.Number(i)
	case c == '{':
		return t.members(i, depth)
	case c == '[':
		return t.elements(i, depth)
	}
	return t.Literal(i)
}

func (t Text) elements(i, depth int) (int, error) {
	if depth >= MaxDepth {
		return 0, syntax(i, "arrays and objects nest too deep")
	}
	i, more, err := t.First(i, ']')
	for more && err == nil {
		if i, err = t.value(i, depth+1); err == nil {
			i, more, err = t.Next(i, ']')
		}
	}
	return i, err
}

func (t Text) members(i, depth int) (int, error) {
	if depth >= MaxDepth {
		return 0, syntax(i, "arrays and objects nest too deep")
	}
	i, more, err := t.First(i, '}')
	for more && err == nil {
		var value int
		if _, _, value, err = t.Key(i); err != nil {
			break
		}
		if i, err = t.value(value, depth+1); err == nil {
			i, more, err = t.Next(i, '}')
		}
	}
	return i, err
}

// First enters the array or object whose bracket is at i: the index of its first
// element or key, or, when more is false, the index after its closing bracket.
func (t Text) First(i int, closing byte) (next int, more bool, err error) {
	if next, err = t.Space(i + 1); err != nil {
		return 0, false, err
	}
	if t.Data[next] == closing {
		return next + 1, false, nil
	}
	return next, true, nil
}

// Next steps over the comma after the element or member that ended at i: the
// index of the next element or key, or, when more is false, the index after the
// closing bracket.
func (t Text) Next(i int, closing byte) (next int, more bool, err error) {
	if next, err = t.Space(i); err != nil {
		return 0, false, err
	}
	switch t.Data[next] {
	case closing:
		return next + 1, false, nil
	case ',':
		if next, err = t.Space(next + 1); err != nil {
			return 0, false, err
		}
		if t.Data[next] == closing {
			return 0, false, syntax(next, "a comma stands before a closing bracket")
		}
		return next, true, nil
	}
	return 0, false, syntax(next, "a comma or a closing bracket is missing")
}

// Key reads the member name at i: the raw text between its quotes, how it is
// written, and the index of the member's value.
func (t Text) Key(i int) (raw []byte, form StringForm, value int, err error) {
	if t.Data[i] != '"' {
		return nil, 0, 0, syntax(i, "a member name in quotes is missing")
	}
	end, form, err := t.String(i)
	if err != nil {
		return nil, 0, 0, err
	}
	raw = t.Data[i+1 : end-1]
	colon, err := t.Space(end)
	if err != nil {
		return nil, 0, 0, err
	}
	if t.Data[colon] != ':' {
		return nil, 0, 0, syntax(colon, "a colon is missing after a member name")
	}
	if value, err = t.Space(colon + 1); err != nil {
		return nil, 0, 0, err
	}
	return raw, form, value, nil
}

// AppendText appends what a string says: raw is the text between its quotes, of
// the given form. ok is false when the string holds bytes that are not UTF-8 or
// a surrogate without its pair; each becomes U+FFFD.
func AppendText(dst, raw []byte, form StringForm) (text []byte, ok bool) {
	if form == 0 || form == NotASCII && utf8.Valid(raw) {
		return append(dst, raw...), true
	}
	ok = true
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			r, size := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && size == 1 {
				ok = false
			}
			dst = utf8.AppendRune(dst, r)
			i += size
			continue
		}
		if raw[i+1] != 'u' {
			dst = append(dst, unescaped(raw[i+1]))
			i += 2
			continue
		}
		r := hex4(raw[i+2:])
		i += 6
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' {
				pair = utf16.DecodeRune(r, hex4(raw[i+2:]))
			}
			if pair == utf8.RuneError {
				ok = false
			} else {
				i += 6
			}
			r = pair
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, ok
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c // " \ /
}

func hex4(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits[:4]), 16, 32)
	return rune(n)
}
