package formats

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// sdmxRows collects the observations of a message whose columns are known by name,
// in JSON or XML, and gives them out as batches.
type sdmxRows struct {
	ctx           context.Context
	maxCell       int
	maxRows       int64
	keepDeletions bool
	yield         func(*Batch) bool

	header []string
	index  map[string]int
	rows   *builder
	cells  [][]byte
	filled int // bytes in cells
}

// columns adds columns that are not there yet.
func (s *sdmxRows) columns(names []string) {
	if s.index == nil {
		s.index = map[string]int{}
	}
	for _, name := range names {
		if _, ok := s.index[name]; !ok {
			s.index[name] = len(s.header)
			s.header = append(s.header, name)
		}
	}
}

func (s *sdmxRows) checkHeader() error {
	if len(s.header) > MaxColumns {
		return fmt.Errorf("the message has %d components, more than %d", len(s.header), MaxColumns)
	}
	return nil
}

// begin empties the cells for a record.
func (s *sdmxRows) begin() error {
	if s.rows.total() == s.maxRows {
		return fmt.Errorf("more than max_rows (%d) observations: raise the limit or narrow the query", s.maxRows)
	}
	for len(s.cells) < len(s.header) {
		s.cells = append(s.cells, nil)
	}
	for i := range s.cells {
		s.cells[i] = s.cells[i][:0]
	}
	s.filled = 0
	return nil
}

// set writes a cell of the record. The text may be used again afterwards.
func (s *sdmxRows) set(column int, text []byte) {
	s.filled += len(text) - len(s.cells[column])
	s.cells[column] = append(s.cells[column][:0], text...)
}

// sdmxActions are the letters of SDMX-CSV for the words of the other forms.
var sdmxActions = map[string]string{"": "", "information": "I", "append": "A", "merge": "M", "replace": "R", "delete": "D"}

// end finishes a record of a data set with the given action.
func (s *sdmxRows) end(place int64, action string, problem fault) error {
	letter, known := sdmxActions[strings.ToLower(action)]
	switch {
	case problem.code != "":
	case !known:
		problem = fault{MalformedRecord, "the action of its data set is none that SDMX knows, so that it is not known what the record does"}
	case letter == "D" && !s.keepDeletions:
		problem = fault{MalformedRecord, "its data set has the action Delete: the source withdraws what it sent before; withdraw it here too, or set deletions: keep and read the column ACTION"}
	}
	s.set(s.index[sdmxAction], []byte(letter))
	if s.filled > jsonMaxItem {
		return fmt.Errorf("observation %d has more than %d bytes", s.rows.total()+1, jsonMaxItem)
	}
	for i, text := range s.cells[:len(s.header)] {
		if len(text) > s.maxCell {
			if problem.code == "" {
				problem = fault{TooLongCell, fmt.Sprintf("its %s has %d bytes, more than max_cell (%d)", s.header[i], len(text), s.maxCell)}
			}
			text = nil
		}
		s.rows.cell(text)
	}
	s.rows.endRow(place, problem)
	if s.rows.full() {
		return s.flush()
	}
	return nil
}

// flush gives out what was collected.
func (s *sdmxRows) flush() error {
	header := s.header[:len(s.header):len(s.header)]
	if len(s.rows.places) > 0 && !s.yield(s.rows.take(header, string(s.rows.text))) {
		return errStopped
	}
	return s.ctx.Err()
}

func checkDeletions(setting string) error {
	if setting != "fault" && setting != "keep" {
		return fmt.Errorf("deletions: %q is neither fault nor keep", setting)
	}
	return nil
}

// sdmxWords is a source's message, cut and made plain, ready to follow another text.
func sdmxWords(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return fmt.Sprintf(" (it says: %q)", text)
}
