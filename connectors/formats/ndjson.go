package formats

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

func init() {
	Register(Kind{
		Name:       "ndjson",
		Summary:    "one JSON object per line",
		Extensions: []string{".ndjson", ".jsonl"},
		New:        func() Settings { return &NDJSON{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// NDJSON decodes one JSON object per line, into the same columns as JSON. Lines
// stand for themselves: one that is not a JSON object has a fault and the others
// are read.
type NDJSON struct {
	MaxCell int   `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *NDJSON) Check() error { return checkLimits(s.MaxCell, s.MaxRows) }

// Decode yields the records of one object.
func (s *NDJSON) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "ndjson", func(yield func(*Batch) bool) error {
		return s.decode(ctx, r, yield)
	})
}

func (s *NDJSON) decode(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	if err := s.Check(); err != nil {
		return err
	}
	stream, err := newJSONStream(r)
	if err != nil {
		return err
	}
	flat, rows := newFlattener(s.MaxCell), newBuilder(placeLine)
	flush := func() error {
		if len(rows.places) > 0 && !yield(rows.take(flat.header[:len(flat.header):len(flat.header)], string(rows.text))) {
			return errStopped
		}
		return ctx.Err()
	}
	for number := int64(1); ; number++ {
		line, last, err := stream.line()
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if rows.total() == s.MaxRows {
				return fmt.Errorf("line %d: more than max_rows (%d) records: raise the limit or ask for smaller files", number, s.MaxRows)
			}
			if err := flat.line(line, rows, number); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
		}
		if rows.full() || last {
			if err := flush(); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// line consumes and returns the next line; last says that none follows.
func (s *jsonStream) line() (line []byte, last bool, err error) {
	for {
		rest := s.buf[s.pos:s.end]
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			s.pos += i + 1
			return rest[:i], false, nil
		}
		if s.eof {
			s.pos = s.end
			return rest, true, nil
		}
		if err := s.more(); err != nil {
			return nil, false, err
		}
	}
}

// line appends one line as a row, with a fault when it is not a JSON object.
func (f *flattener) line(line []byte, b *builder, number int64) error {
	t := jsonscan.Text{Data: line, Final: true}
	// The whole line is checked before it becomes a row.
	end, err := t.Value(0)
	if err == nil {
		err = t.End(end)
	}
	if err == nil {
		_, err = f.record(t, b, number)
	}
	if problem, ok := isSyntax(err); ok {
		b.dropRow()
		b.endRow(number, fault{MalformedRecord, fmt.Sprintf("the line is not a JSON object: its byte %d: %s", problem.Offset+1, problem.What)})
		return nil
	}
	return err
}
