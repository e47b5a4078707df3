package samples

import (
	"cmp"
	"math"
	"slices"
)

func sum[T int | int32 | float64](xs []T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}

func roundInt(x float64) int { return int(math.Round(x)) }

// apportion shares total among the weights by largest remainder; ties go to the
// earlier one. All weights zero gives all zero.
func apportion(weights []float64, total int) []int {
	out := make([]int, len(weights))
	s := sum(weights)
	if s <= 0 || total <= 0 {
		return out
	}
	type rest struct {
		at   int
		frac float64
	}
	var rests []rest
	left := total
	for i, x := range weights {
		exact := x / s * float64(total)
		out[i] = int(exact + 1e-9)
		left -= out[i]
		if x > 0 {
			rests = append(rests, rest{i, exact - float64(out[i])})
		}
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.frac, a.frac) })
	for i := 0; left > 0; i++ {
		out[rests[i%len(rests)].at]++
		left--
	}
	return out
}

func toFloats(xs []int) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}

// free marks a cell of a table that no publication fixes.
const free = -1

// fill makes a whole-number table with exactly these row and column sums, as
// near as it can to the proportions of seed (iterative proportional fitting,
// then rounding that keeps both margins). fixed may be nil; a cell of it that is
// not free is taken as it stands.
func fill(seed [][]float64, fixed [][]int, rows, cols []int) [][]int {
	rows, cols = slices.Clone(rows), slices.Clone(cols)
	cells := make([][]float64, len(rows))
	out := make([][]int, len(rows))
	for r := range rows {
		cells[r] = slices.Clone(seed[r])
		out[r] = make([]int, len(cols))
		for c := range cols {
			if fixed != nil && fixed[r][c] != free {
				out[r][c] = fixed[r][c]
				rows[r] -= fixed[r][c]
				cols[c] -= fixed[r][c]
				cells[r][c] = 0
			}
		}
	}
	fit(cells, rows, cols)
	roundTable(cells, out, rows, cols)
	return out
}

// vanishing is as good as zero: a count divided by less would be infinite.
const vanishing = 1e-290

// fit scales rows and columns in turn until the sums agree.
func fit(cells [][]float64, rows, cols []int) {
	for range 60 {
		for r, want := range rows {
			scale(cells[r], want)
		}
		worst := 0.0
		for c, want := range cols {
			s := 0.0
			for r := range cells {
				s += cells[r][c]
			}
			if s < vanishing {
				continue
			}
			f := float64(want) / s
			worst = max(worst, math.Abs(f-1))
			for r := range cells {
				cells[r][c] *= f
			}
		}
		if worst < 1e-9 {
			return
		}
	}
}

func scale(row []float64, want int) {
	if s := sum(row); s > vanishing {
		f := float64(want) / s
		for c := range row {
			row[c] *= f
		}
	}
}

// roundTable adds the fitted cells to out as whole numbers. Whole parts first,
// then the largest fractions wherever row and column both still lack something,
// then whatever is left, row by row: the margins always come out.
func roundTable(cells [][]float64, out [][]int, rows, cols []int) {
	type frac struct {
		r, c int
		f    float64
	}
	var fracs []frac
	for r := range cells {
		for c, x := range cells[r] {
			n := min(int(x+1e-9), max(rows[r], 0), max(cols[c], 0))
			out[r][c] += n
			rows[r] -= n
			cols[c] -= n
			if x > 0 {
				fracs = append(fracs, frac{r, c, x - float64(n)})
			}
		}
	}
	slices.SortStableFunc(fracs, func(a, b frac) int { return cmp.Compare(b.f, a.f) })
	for _, x := range fracs {
		if rows[x.r] > 0 && cols[x.c] > 0 {
			out[x.r][x.c]++
			rows[x.r]--
			cols[x.c]--
		}
	}
	for _, positive := range []bool{true, false} { // prefer cells that may be filled at all
		for r := range rows {
			for c := range cols {
				if n := min(rows[r], cols[c]); n > 0 && (cells[r][c] > 0 || !positive) {
					out[r][c] += n
					rows[r] -= n
					cols[c] -= n
				}
			}
		}
	}
}

// spread is a fixed shuffle of 0..n-1: x goes to (a·x+b) mod n, a and n coprime.
// With a near a fixed irrational share of n, neighbours land far apart, and two
// spreads with different shares are as good as independent. It makes any
// exactly counted attribute readable at any index.
type spread struct{ n, a, b uint64 }

// shares of n for the multipliers: one per attribute that shuffles the same rank.
var spreadShares = [...]float64{
	0.6180339887, 0.7548776662, 0.5698402910, 0.8191725134, 0.6710436067,
	0.5497004779, 0.8566748838, 0.7338918566, 0.6287067210, 0.4142135624,
}

func newSpread(n int, attribute int, offset uint64) spread {
	if n <= 0 {
		return spread{n: 1, a: 1}
	}
	m := uint64(n)
	a := max(uint64(spreadShares[attribute%len(spreadShares)]*float64(n)), 1)
	for gcd(a, m) != 1 {
		a++
	}
	return spread{n: m, a: a % m, b: offset % m}
}

func (s spread) at(x int) int { return int((uint64(x)*s.a + s.b) % s.n) }

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// starts turns counts into the first index of each bucket, with the total last.
func starts(counts []int) []int32 {
	out := make([]int32, len(counts)+1)
	for i, n := range counts {
		out[i+1] = out[i] + int32(n)
	}
	return out
}

// bucket is the place of x among starts: the last one that does not exceed it
// and is not empty.
func bucket(starts []int32, x int) int {
	lo, hi := 0, len(starts)-1
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if int(starts[mid]) <= x {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
