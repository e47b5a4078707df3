package pipelines

import "github.com/kp2mi/lindung/transforms"

// A selection is the part of a batch that a replay takes up again.
type selection struct {
	transforms.Records
	rows []int
}

func selected(b transforms.Records, keep func(rowNo int64) bool) transforms.Records {
	s := &selection{Records: b}
	for i := range b.Len() {
		if keep(b.RowNo(i)) {
			s.rows = append(s.rows, i)
		}
	}
	return s
}

func (s *selection) Len() int                         { return len(s.rows) }
func (s *selection) Cell(row, col int) string         { return s.Records.Cell(s.rows[row], col) }
func (s *selection) RowNo(row int) int64              { return s.Records.RowNo(s.rows[row]) }
func (s *selection) Place(row int) string             { return s.Records.Place(s.rows[row]) }
func (s *selection) Fault(row int) (code, msg string) { return s.Records.Fault(s.rows[row]) }
