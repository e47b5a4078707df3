package formats

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// xmlMaxToken bounds a tag or a run of text; a spreadsheet cell ends at 32 767
// characters.
const xmlMaxToken = 1 << 20

// xmlMaxDepth bounds the nesting of elements.
const xmlMaxDepth = 64

type xmlKind int

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
	xmlEOF
)

// An xmlReader reads the tokens of the XML that spreadsheets and data services write. It
// knows elements, attributes, text, CDATA and the predefined entities, checks
// that elements nest and that the document ends where its root does, and refuses
// document types, so that no entity can ever be defined. Unlike a general
// decoder it hands out pieces of its buffer: they hold until the next token.
type xmlReader struct {
	r    io.Reader
	buf  []byte
	pos  int
	end  int
	base int64
	eof  bool

	name    []byte    // of the element that started or ended, without its prefix
	attrs   []xmlAttr // of the element that started
	text    []byte    // of the text, entities undone
	scratch []byte
	open    []string // full names of the open elements
	closing bool     // the element that started has no content: its end is next
	started bool
	names   map[string]string
}

func newXMLReader(r io.Reader) *xmlReader {
	return &xmlReader{r: r, buf: make([]byte, 64<<10), names: map[string]string{}}
}

func (x *xmlReader) errorf(format string, args ...any) error {
	return fmt.Errorf("byte %d of its XML: %w", x.base+int64(x.pos), fmt.Errorf(format, args...))
}

// more reads on, keeping everything from pos.
func (x *xmlReader) more() error {
	if x.eof {
		return x.errorf("the text ends too early: %w", io.ErrUnexpectedEOF)
	}
	left := x.end - x.pos
	if left > len(x.buf)/2 {
		if len(x.buf) > xmlMaxToken {
			return x.errorf("one piece of text is longer than %d bytes", xmlMaxToken)
		}
		grown := make([]byte, 2*len(x.buf))
		copy(grown, x.buf[x.pos:x.end])
		x.buf = grown
	} else {
		copy(x.buf, x.buf[x.pos:x.end])
	}
	x.base += int64(x.pos)
	x.pos, x.end = 0, left
	for x.end < len(x.buf) {
		n, err := x.r.Read(x.buf[x.end:])
		x.end += n
		if err == io.EOF {
			x.eof = true
			return nil
		}
		if err != nil {
			return x.errorf("%w", err)
		}
	}
	return nil
}

// find returns the index, relative to pos, of what, searched from from on.
func (x *xmlReader) find(what []byte, from int) (int, error) {
	for {
		if rest := x.buf[x.pos:x.end]; len(rest) > from {
			if i := bytes.Index(rest[from:], what); i >= 0 {
				return from + i, nil
			}
			from = max(from, len(rest)-len(what)+1)
		}
		if err := x.more(); err != nil {
			return 0, err
		}
	}
}

// next returns the kind of the next token.
func (x *xmlReader) next() (xmlKind, error) {
	if x.closing {
		x.closing = false
		x.open = x.open[:len(x.open)-1]
		return xmlEnd, nil
	}
	for {
		for x.end-x.pos < 2 && !x.eof {
			if err := x.more(); err != nil {
				return 0, err
			}
		}
		rest := x.buf[x.pos:x.end]
		if len(rest) == 0 {
			if len(x.open) > 0 || !x.started {
				return 0, x.errorf("the text ends inside its elements: the file is damaged: %w", io.ErrUnexpectedEOF)
			}
			return xmlEOF, nil
		}
		if rest[0] != '<' {
			if done, err := x.characters(); done || err != nil {
				return xmlText, err
			}
			continue
		}
		if len(rest) < 2 {
			return 0, x.errorf("a tag is not closed")
		}
		switch rest[1] {
		case '?':
			if err := x.pass([]byte("?>")); err != nil {
				return 0, err
			}
		case '!':
			if done, err := x.declaration(); done || err != nil {
				return xmlText, err
			}
		case '/':
			return xmlEnd, x.endTag()
		default:
			return xmlStart, x.startTag()
		}
	}
}

// pass steps over everything up to and including what.
func (x *xmlReader) pass(what []byte) error {
	i, err := x.find(what, 2)
	x.pos += i + len(what)
	return err
}

// characters reads text up to the next tag; done is false for the white space
// around the root element.
func (x *xmlReader) characters() (done bool, err error) {
	if len(x.open) == 0 {
		rest := x.buf[x.pos:x.end]
		if bytes.HasPrefix(rest, []byte("\xEF\xBB\xBF")) && x.base+int64(x.pos) == 0 {
			x.pos += 3
			return false, nil
		}
		trimmed := bytes.TrimLeft(rest, " \t\r\n")
		if len(trimmed) == len(rest) {
			return false, x.errorf("text stands outside the root element: this is not UTF-8 XML")
		}
		x.pos = x.end - len(trimmed)
		return false, nil
	}
	i, err := x.find([]byte{'<'}, 0)
	if err != nil {
		return false, err
	}
	x.text, err = x.unescape(x.buf[x.pos : x.pos+i])
	x.pos += i
	return true, err
}

// declaration reads a comment or CDATA; done is true for CDATA, which is text.
func (x *xmlReader) declaration() (done bool, err error) {
	for x.end-x.pos < 9 && !x.eof {
		if err := x.more(); err != nil {
			return false, err
		}
	}
	rest := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		i, err := x.find([]byte("-->"), 4)
		x.pos += i + 3
		return false, err
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(x.open) > 0:
		i, err := x.find([]byte("]]>"), 9)
		if err != nil {
			return false, err
		}
		x.text = x.buf[x.pos+9 : x.pos+i]
		if !utf8.Valid(x.text) {
			err = x.errorf("the text is not UTF-8")
		}
		x.pos += i + 3
		return true, err
	}
	return false, x.errorf("a document type or another declaration: data have none, the file is refused")
}

func (x *xmlReader) endTag() error {
	i, err := x.find([]byte{'>'}, 2)
	if err != nil {
		return err
	}
	full := bytes.TrimRight(x.buf[x.pos+2:x.pos+i], " \t\r\n")
	if len(x.open) == 0 || x.open[len(x.open)-1] != string(full) {
		return x.errorf("an element ends that is not the open one")
	}
	x.open = x.open[:len(x.open)-1]
	x.name = local(full)
	x.pos += i + 1
	return nil
}

func (x *xmlReader) startTag() error {
	if x.started && len(x.open) == 0 {
		return x.errorf("a second root element")
	}
	i, err := x.tagEnd()
	if err != nil {
		return err
	}
	tag := x.buf[x.pos+1 : x.pos+i]
	x.pos += i + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		x.closing = true
		tag = tag[:len(tag)-1]
	}
	full, rest := cutName(tag)
	if len(full) == 0 {
		return x.errorf("an element without a name")
	}
	if len(x.open) == xmlMaxDepth {
		return x.errorf("elements nest deeper than %d", xmlMaxDepth)
	}
	name, ok := x.names[string(full)]
	if !ok {
		name = string(full)
		if len(x.names) < 256 {
			x.names[name] = name
		}
	}
	x.open = append(x.open, name)
	x.name, x.started = local(full), true
	return x.attributes(rest)
}

// tagEnd finds the > of the tag at pos, passing over quoted attribute values.
func (x *xmlReader) tagEnd() (int, error) {
	from, quote := 1, byte(0)
	for {
		rest := x.buf[x.pos:x.end]
		for ; from < len(rest); from++ {
			switch c := rest[from]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				return from, nil
			case c == '<':
				return 0, x.errorf("a tag is not closed")
			}
		}
		if err := x.more(); err != nil {
			return 0, err
		}
	}
}

// skip passes over the rest of the element that started.
func (x *xmlReader) skip() error {
	for depth := 1; depth > 0; {
		kind, err := x.next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlStart:
			depth++
		case xmlEnd:
			depth--
		}
	}
	return nil
}

// children calls f for each element directly inside the one that started; f reads
// its element to the end.
func (x *xmlReader) children(f func() error) error {
	for {
		kind, err := x.next()
		if err != nil || kind == xmlEnd {
			return err
		}
		if kind == xmlStart {
			if err := f(); err != nil {
				return err
			}
		}
	}
}

// content appends the text of the element that started, up to its end.
func (x *xmlReader) content(dst []byte) ([]byte, error) {
	for depth := 1; depth > 0; {
		kind, err := x.next()
		if err != nil {
			return dst, err
		}
		switch kind {
		case xmlStart:
			depth++
		case xmlEnd:
			depth--
		case xmlText:
			dst = append(dst, x.text...)
		}
	}
	return dst, nil
}
