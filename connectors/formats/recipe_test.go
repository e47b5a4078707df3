package formats

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// This file is a whole format: a record a line, its cells quoted as in Go and parted by tabs, the first line being
// the header. The recipe's test is in recipe_conformance_test.go.

func init() {
	Register(Kind{Name: "quoted", Summary: "cells as Go writes strings, parted by tabs", Extensions: []string{".quoted"},
		New: func() Settings { return &quotedCells{MaxRows: MaxRows} }})
}

type quotedCells struct {
	MaxRows int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Decode yields the records of one object.
func (s *quotedCells) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "quoted", func(yield func(*Batch) bool) error { return s.decode(ctx, bufio.NewReader(r), yield) })
}

func (s *quotedCells) decode(ctx context.Context, r *bufio.Reader, yield func(*Batch) bool) error {
	rows, header := newBuilder(placeLine), []string(nil)
	for no := int64(1); ; no++ {
		line, err := r.ReadString('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("line %d: %w", no, err)
		}
		cells, problem := quotedLine(strings.TrimSuffix(line, "\n"))
		switch {
		case no == 1 && problem.code != "":
			return errors.New("line 1 is no header: ask for the whole file")
		case no == 1:
			header = cleanHeader(cells)
		case line != "" && rows.total() == s.MaxRows:
			return fmt.Errorf("line %d: more than max_rows (%d) records: raise the limit or ask for smaller files", no, s.MaxRows)
		case line != "":
			for _, text := range cells {
				rows.cell([]byte(text))
			}
			if len(cells) != len(header) {
				problem = fault{RaggedRow, fmt.Sprintf("the record has %d cells, the header %d", len(cells), len(header))}
			}
			rows.endRow(no, problem)
		}
		if end := err == io.EOF; end || rows.full() {
			if len(rows.places) > 0 && !yield(rows.take(header, string(rows.text))) {
				return errStopped
			}
			if end {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

func quotedLine(line string) (cells []string, problem fault) {
	for cell := range strings.SplitSeq(line, "\t") {
		text, err := strconv.Unquote(cell)
		if err != nil {
			return cells, fault{RaggedRow, "the record's quotes do not pair"}
		}
		cells = append(cells, text)
	}
	return cells, fault{}
}
