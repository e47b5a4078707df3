package formats

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An xmlAttr is an attribute without its prefix; value still has its entities.
type xmlAttr struct {
	name, value []byte
	prefixed    bool
}

func (x *xmlReader) attributes(rest []byte) error {
	x.attrs = x.attrs[:0]
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		name, after := cutName(rest)
		after = bytes.TrimLeft(after, " \t\r\n")
		if len(name) == 0 || len(after) == 0 || after[0] != '=' {
			return x.errorf("an attribute without a value")
		}
		after = bytes.TrimLeft(after[1:], " \t\r\n")
		if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			return x.errorf("an attribute value without quotes")
		}
		end := bytes.IndexByte(after[1:], after[0])
		if end < 0 {
			return x.errorf("an attribute value without a closing quote")
		}
		x.attrs = append(x.attrs, xmlAttr{local(name), after[1 : 1+end], bytes.IndexByte(name, ':') >= 0})
		rest = after[end+2:]
	}
}

// attr returns the value of an attribute of the element that started.
func (x *xmlReader) attr(name string) []byte {
	for _, a := range x.attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}

// attrText returns an attribute with its entities undone.
func (x *xmlReader) attrText(name string) (string, error) {
	text, err := x.unescape(x.attr(name))
	return string(text), err
}

// ownText returns an attribute that stands in no namespace, with its entities undone
// and without surrounding blanks.
func (x *xmlReader) ownText(name string) (string, error) {
	for _, a := range x.attrs {
		if !a.prefixed && string(a.name) == name {
			text, err := x.unescape(a.value)
			return string(bytes.TrimSpace(text)), err
		}
	}
	return "", nil
}

// foreign says whether the element that started stands in a namespace by its prefix.
func (x *xmlReader) foreign() bool { return strings.Contains(x.open[len(x.open)-1], ":") }

// unescape undoes entities; without any the text itself comes back.
func (x *xmlReader) unescape(text []byte) ([]byte, error) {
	if !utf8.Valid(text) {
		return nil, x.errorf("the text is not UTF-8")
	}
	amp := bytes.IndexByte(text, '&')
	if amp < 0 {
		return text, nil
	}
	out := x.scratch[:0]
	for amp >= 0 {
		out = append(out, text[:amp]...)
		semicolon := bytes.IndexByte(text[amp:], ';')
		if semicolon < 0 {
			return nil, x.errorf("an entity is not closed")
		}
		r, err := entity(text[amp+1 : amp+semicolon])
		if err != nil {
			return nil, x.errorf("%w", err)
		}
		out = utf8.AppendRune(out, r)
		text = text[amp+semicolon+1:]
		amp = bytes.IndexByte(text, '&')
	}
	out = append(out, text...)
	x.scratch = out
	return out, nil
}

var errEntity = errors.New("an entity that XML does not define")

func entity(name []byte) (rune, error) {
	switch string(name) {
	case "amp":
		return '&', nil
	case "lt":
		return '<', nil
	case "gt":
		return '>', nil
	case "quot":
		return '"', nil
	case "apos":
		return '\'', nil
	}
	digits, base := bytes.TrimPrefix(name, []byte("#")), 10
	if len(digits) == len(name) || len(digits) == 0 {
		return 0, errEntity
	}
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, errEntity
	}
	return rune(n), nil
}

// cutName splits a name off.
func cutName(b []byte) (name, rest []byte) {
	i := bytes.IndexAny(b, " \t\r\n=")
	if i < 0 {
		return b, nil
	}
	return b[:i], b[i:]
}

// local drops a namespace prefix.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }
