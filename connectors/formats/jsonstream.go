package formats

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// jsonMaxItem bounds one item, or one value that is passed over, so that memory
// does not grow with the object.
const jsonMaxItem = 16 << 20

// A jsonStream gives a scanner the part of an object that it needs next.
type jsonStream struct {
	r    io.Reader
	buf  []byte
	pos  int
	end  int
	base int64 // offset of buf[0] in the object
	eof  bool
}

// newJSONStream begins an object and passes over a byte order mark.
func newJSONStream(r io.Reader) (*jsonStream, error) {
	s := &jsonStream{r: r, buf: make([]byte, 1<<20)}
	if err := s.more(); err != nil {
		return nil, err
	}
	head := s.buf[:s.end]
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		s.pos = 3
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return nil, errors.New("this is UTF-16, and JSON is UTF-8: ask the source for UTF-8")
	}
	if what := foreignFormat(head); what != "" {
		return nil, fmt.Errorf("this is %s, not JSON: name its kind under formats, or what it is packed in under unpack", what)
	}
	if trimmed := bytes.TrimLeft(head[s.pos:], " \r\n\t"); len(trimmed) > 0 && trimmed[0] == '<' {
		return nil, errors.New("this begins like HTML or XML, not JSON: look whether the source answered with an error page")
	}
	return s, nil
}

// text is what has been read and not yet consumed.
func (s *jsonStream) text() jsonscan.Text {
	return jsonscan.Text{Data: s.buf[s.pos:s.end], Final: s.eof}
}

// more makes room and reads until the buffer is full.
func (s *jsonStream) more() error {
	left := s.end - s.pos
	if left > len(s.buf)/2 {
		if 2*len(s.buf) > 2*jsonMaxItem {
			return fmt.Errorf("byte %d: one value is longer than %d bytes: ask the source for smaller ones", s.base+int64(s.pos), jsonMaxItem)
		}
		grown := make([]byte, 2*len(s.buf))
		copy(grown, s.buf[s.pos:s.end])
		s.buf = grown
	} else {
		copy(s.buf, s.buf[s.pos:s.end])
	}
	s.base += int64(s.pos)
	s.pos, s.end = 0, left
	for s.end < len(s.buf) {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if err != nil {
			return fmt.Errorf("byte %d: %w", s.base+int64(s.end), err)
		}
	}
	return nil
}

// try runs a scan over the unread text, again with more text as long as the scan
// ends short, and consumes what it used.
func (s *jsonStream) try(scan func(jsonscan.Text) (used int, err error)) error {
	for {
		used, err := scan(s.text())
		if err == nil {
			s.pos += used
			return nil
		}
		if !errors.Is(err, jsonscan.ErrShort) {
			return s.at(err)
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

// at turns the offset of a syntax error into one in the object.
func (s *jsonStream) at(err error) error {
	if problem := (*jsonscan.SyntaxError)(nil); errors.As(err, &problem) {
		what := problem.What
		if s.eof && s.pos+problem.Offset >= s.end {
			what += ": the object seems to be cut short, ask for it again"
		}
		return fmt.Errorf("byte %d: %s", s.base+int64(s.pos+problem.Offset), what)
	}
	return err
}

// peek returns the first byte of the next value.
func (s *jsonStream) peek() (c byte, err error) {
	err = s.try(func(t jsonscan.Text) (int, error) {
		i, err := t.Space(0)
		if err == nil {
			c = t.Data[i]
		}
		return i, err
	})
	return c, err
}

// enter steps into the array or object that is next.
func (s *jsonStream) enter(closing byte) (more bool, err error) {
	err = s.try(func(t jsonscan.Text) (i int, err error) {
		i, more, err = t.First(0, closing)
		return i, err
	})
	return more, err
}

// next steps to the next element or member.
func (s *jsonStream) next(closing byte) (more bool, err error) {
	err = s.try(func(t jsonscan.Text) (i int, err error) {
		i, more, err = t.Next(0, closing)
		return i, err
	})
	return more, err
}

// key reads a member name and steps to its value.
func (s *jsonStream) key() (name string, err error) {
	err = s.try(func(t jsonscan.Text) (int, error) {
		raw, form, value, err := t.Key(0)
		if err == nil {
			text, _ := jsonscan.AppendText(nil, raw, form)
			name = string(text)
		}
		return value, err
	})
	return name, err
}

// skip passes over a value.
func (s *jsonStream) skip() error {
	return s.try(func(t jsonscan.Text) (int, error) { return t.Value(0) })
}
