package document

// Operands are the names of what a reference's number is computed from: those on its own side, which
// are added up, and those that they are held against, the target among them.
func (r Reference) Operands() (own, against []string) {
	if r.Figure != "" {
		own = []string{r.Figure}
	}
	switch r.Op {
	case OpTarget:
		return []string{r.Target}, nil
	case OpSum:
		return append(own, r.Bases...), nil
	case OpSumChangePercent, OpSumShare, OpSumRest:
		return append(own, r.Bases...), r.Against
	case OpAttainment:
		return append(own, r.Bases...), []string{r.Target}
	case OpGap:
		return own, []string{r.Target}
	}
	return own, r.Bases
}

// Compute is the arithmetic of references: what their operands give by an operation. Who writes a
// number and who verifies it compute it here, so that they agree to the last bit, also on the edge
// between two roundings. It reports false where nothing comes out: an unknown operation, another
// number of operands than the operation has, or a 0 that a share is to be taken of. All values are
// in one unit.
func Compute(op string, own, against []float64) (value float64, ok bool) {
	left, right := sum(own), sum(against)
	switch op {
	case OpValue, OpTarget, OpCount:
		return left, len(own) == 1 && len(against) == 0
	case OpZero:
		return 0, len(own) == 0 // nobody counted one, though others were
	case OpSum:
		return left, len(own) > 0
	case OpRest:
		return left - right, len(own) == 1
	case OpSumRest:
		return left - right, len(against) > 0
	case OpChange, OpGap:
		return left - right, len(own) == 1 && len(against) == 1
	case OpChangePercent:
		return 100 * (left/right - 1), len(own) == 1 && len(against) == 1 && right != 0
	case OpSumChangePercent:
		return 100 * (left/right - 1), right != 0 // of nothing counted: all of it is gone
	case OpShare, OpCountShare:
		return 100 * left / right, len(own) == 1 && len(against) == 1 && right != 0
	case OpAttainment:
		return 100 * left / right, len(own) > 0 && right != 0
	case OpSumShare:
		return 100 * left / right, right != 0
	}
	return 0, false
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}
