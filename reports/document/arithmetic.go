package document

// Compute is the arithmetic of references: what a number's figure and its bases give by an
// operation, for [OpAttainment] and [OpGap] with the target as the base. Who writes a number and who
// verifies it compute it here, so that they agree to the last bit, also on the edge between two
// roundings. It reports false where nothing comes out: an unknown operation, another number of
// bases than the operation has, or a base of 0 that a share is to be taken of. All values are in the
// figure's unit.
func Compute(op string, figure float64, bases ...float64) (value float64, ok bool) {
	switch op {
	case OpValue, OpTarget, OpCount:
		return figure, len(bases) == 0
	case OpRest, OpSum:
		for _, base := range bases {
			if op == OpRest {
				base = -base
			}
			figure += base
		}
		return figure, true
	}
	if len(bases) != 1 {
		return 0, false
	}
	base := bases[0]
	switch op {
	case OpChange, OpGap:
		return figure - base, true
	case OpChangePercent:
		return 100 * (figure/base - 1), base != 0
	case OpShare, OpAttainment, OpCountShare:
		return 100 * figure / base, base != 0
	}
	return 0, false
}
