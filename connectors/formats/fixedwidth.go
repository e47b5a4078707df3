package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "fixed_width",
		Summary:    "lines whose columns stand at fixed positions",
		Extensions: []string{".txt", ".dat", ".prn"},
		New: func() Settings {
			return &FixedWidth{Encoding: "utf-8", Unit: "characters", Trim: "both", Short: "fault", FirstLine: 1, MaxRows: MaxRows}
		},
	})
}

// FixedWidth decodes lines whose columns stand at fixed positions, as mainframes and
// banks write them: one record a line, perhaps with lines of other types between and
// control records around.
//
// A line that ends before its last column begins, or goes on behind it, has the fault
// ragged_row: a shifted line must not be read as if it were none. So has a line of no
// type that is declared. Blank lines are passed over.
type FixedWidth struct {
	Columns    []FixedColumn `yaml:"columns" need:"yes" doc:"the columns, from left to right"`
	Unit       string        `yaml:"unit" doc:"what positions count: characters or bytes; default characters"`
	Encoding   string        `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le, utf-16be, or auto for utf-8 where the text is that and else windows-1252; a byte order mark outweighs it; default utf-8"`
	Trim       string        `yaml:"trim" doc:"blanks to take away from the cells: both, left, right or none; default both"`
	Length     int           `yaml:"length" doc:"positions of a whole line, with filler behind the last column; default: where the last column ends"`
	Short      string        `yaml:"short" doc:"what a line without its last positions is: fault, or pad where blanks at line ends get lost; default fault"`
	FirstLine  int           `yaml:"first_line" doc:"line from which records are read, from 1; default 1"`
	Records    []string      `yaml:"records" doc:"what the lines that are records begin with, where there are lines of several types; default: every line is one"`
	OtherLines []string      `yaml:"other_lines" doc:"what the lines of other types begin with, which are left out"`
	footSettings
	Control controlSettings `yaml:"control" doc:"the count and the sums that the object itself gives; a difference withholds it"`
	MaxRows int64           `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// A FixedColumn is where a column stands.
type FixedColumn struct {
	Name   string `yaml:"name" need:"yes" doc:"name of the column"`
	From   int    `yaml:"from" doc:"its first position, from 1; default: right behind the column before it"`
	Length int    `yaml:"length" need:"yes" doc:"how many positions it has"`
}

// fixedLine bounds a line.
const fixedLine = 1 << 20

// layout gives the columns' names and first positions, from 0, and the line's length.
func (s *FixedWidth) layout() (names []string, from []int, length int, err error) {
	var problems []error
	next := 0
	for _, c := range s.Columns {
		at := next
		if c.From != 0 {
			at = c.From - 1
		}
		if c.Name = strings.TrimSpace(c.Name); c.Name == "" || slices.Contains(names, c.Name) {
			problems = append(problems, fmt.Errorf("columns: the name %q is empty or there twice", c.Name))
		}
		if at < next {
			problems = append(problems, fmt.Errorf("columns: %s begins at %d, and the column before it ends at %d", c.Name, at+1, next))
		}
		if c.Length < 1 || at+c.Length > fixedLine {
			problems = append(problems, fmt.Errorf("columns: %s must have at least 1 position and end before %d", c.Name, fixedLine))
		}
		names, from, next = append(names, c.Name), append(from, at), at+max(c.Length, 1)
	}
	if len(names) == 0 || len(names) > MaxColumns {
		problems = append(problems, fmt.Errorf("columns: there must be between 1 and %d", MaxColumns))
	}
	if s.Length != 0 && s.Length < next {
		problems = append(problems, fmt.Errorf("length: %d is less than where the last column ends (%d)", s.Length, next))
	}
	return names, from, max(next, s.Length), errors.Join(problems...)
}

// Check reports what is wrong with the settings, without an object.
func (s *FixedWidth) Check() error {
	_, _, _, err := s.layout()
	problems := []error{err}
	one := func(key, value string, known ...string) {
		if !slices.Contains(known, value) {
			problems = append(problems, fmt.Errorf("%s: %q is not known (known: %s)", key, value, strings.Join(known, ", ")))
		}
	}
	one("unit", s.Unit, "characters", "bytes")
	one("trim", s.Trim, "both", "left", "right", "none")
	one("short", s.Short, "fault", "pad")
	if s.Unit == "bytes" && strings.HasPrefix(strings.ToLower(s.Encoding), "utf-16") {
		problems = append(problems, errors.New("unit: bytes of UTF-16 are not counted: use characters"))
	}
	if s.FirstLine < 1 {
		problems = append(problems, errors.New("first_line: must be at least 1"))
	}
	if slices.Contains(append(slices.Clone(s.Records), s.OtherLines...), "") || len(s.OtherLines) > 0 && len(s.Records) == 0 {
		problems = append(problems, errors.New("records and other_lines: name what the lines of each type begin with"))
	}
	if s.Control.Header != "" && s.FirstLine > 1 {
		problems = append(problems, errors.New("first_line: the control record of the header is the first line"))
	}
	if s.Control.Trailer == controlLast {
		problems = append(problems, errors.New("control: trailer: name what the control record begins with"))
	}
	return errors.Join(append(problems, checkEncoding(s.Encoding), s.footSettings.check(), s.Control.check(charPlace), checkLimits(MaxCell, s.MaxRows))...)
}

// charPlace reads positions such as 2-10.
func charPlace(text string) (controlPlace, error) {
	first, last, ok := strings.Cut(text, "-")
	from, err := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if !ok || err != nil || err2 != nil || from < 1 || to < from || to > fixedLine {
		return controlPlace{}, fmt.Errorf("%q does not name positions such as 2-10", text)
	}
	return controlPlace{from, to}, nil
}

// Decode yields the records of one object.
func (s *FixedWidth) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "fixed_width", func(yield func(*Batch) bool) error {
		d := fixedDecoder{ctx: ctx, settings: s}
		return d.run(r, yield)
	})
}
