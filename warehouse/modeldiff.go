package warehouse

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// compareRows runs the tested model over the given rows and says how its rows differ from the expected ones.
// Order does not matter, and only listed columns are compared.
func (b *build) compareRows(ctx context.Context, m models.Model, t models.Test) (string, error) {
	columns, err := b.s.columnsOf(ctx, m.SQL)
	if err != nil {
		return "", fmt.Errorf("running %s: %w", m.Path, err)
	}
	names := expectedColumns(t.Expect)
	if len(names) == 0 { // no row is expected; show whole rows if some come
		for _, c := range columns {
			names = append(names, c.Name)
		}
	}
	types := make([]string, len(names))
	for i, n := range names {
		at := slices.IndexFunc(columns, func(c Column) bool { return c.Name == n })
		if at < 0 {
			return "", fmt.Errorf("expect: %s has no column %s", m.Name, n)
		}
		types[i] = columns[at].SQLType
	}
	got, err := b.actualRows(ctx, m, t, names)
	if err != nil {
		return "", err
	}
	want, err := b.normalise(ctx, t.Expect, names, types)
	if err != nil {
		return "", err
	}
	return diffRows(names, types, want, got), nil
}

func (b *build) actualRows(ctx context.Context, m models.Model, t models.Test, names []string) (rows [][]*string, err error) {
	selected := make([]string, len(names))
	for i, n := range names {
		selected[i] = "cast(" + quoteName(n) + " as varchar)"
	}
	// The closing bracket starts a new line: a model may end in a comment.
	q := "select " + strings.Join(selected, ", ") + " from (" + m.SQL + "\n) as tested"
	if t.Where != "" {
		q += " where " + t.Where
	}
	err = b.s.each(ctx, q, func(row []*string) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", m.Path, err)
	}
	return rows, nil
}

// unlisted marks a column that one expected row leaves out while another lists it: anything is right there.
var unlisted = new(string)

// normalise writes expected cells the way DuckDB writes values of the column's type: 1 becomes 1.0 in a double.
func (b *build) normalise(ctx context.Context, expect []models.Row, names, types []string) ([][]*string, error) {
	rows := make([][]*string, len(expect))
	for i, row := range expect {
		rows[i] = make([]*string, len(names))
		for j, n := range names {
			at := slices.IndexFunc(row, func(c models.Cell) bool { return c.Column == n })
			switch {
			case at < 0:
				rows[i][j] = unlisted
			case row[at].Null:
			case isFloat(types[j]):
				text := row[at].Text // compared as a number, to the digits that are written
				rows[i][j] = &text
			default:
				if err := b.s.one(ctx, "select cast("+literal(row[at], types[j])+" as varchar)", &rows[i][j]); err != nil {
					return nil, fmt.Errorf("expect row %d, %s: %w", i+1, n, err)
				}
			}
		}
	}
	return rows, nil
}

func isFloat(kind string) bool { return kind == "DOUBLE" || kind == "FLOAT" }

// diffRows pairs expected with actual rows and lists what is left on either side; "" when nothing is.
func diffRows(names, types []string, want, got [][]*string) string {
	used := make([]bool, len(got))
	var missing [][]*string
	for _, w := range want {
		at := -1
		for i, g := range got {
			if !used[i] && sameRow(types, w, g) {
				at = i
				break
			}
		}
		if at < 0 {
			missing = append(missing, w)
			continue
		}
		used[at] = true
	}
	var b strings.Builder
	for _, w := range missing {
		fmt.Fprintf(&b, "  - expected  %s\n", showRow(names, w))
	}
	shown, left := 0, 0
	for i, g := range got {
		if used[i] {
			continue
		}
		if shown < 20 {
			fmt.Fprintf(&b, "  + came out  %s\n", showRow(names, g))
			shown++
		} else {
			left++
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "  + … and %d more rows\n", left)
	}
	return b.String()
}

func sameRow(types []string, want, got []*string) bool {
	for i := range want {
		switch {
		case want[i] == unlisted:
		case want[i] == nil || got[i] == nil:
			if want[i] != got[i] {
				return false
			}
		case isFloat(types[i]):
			if !sameNumber(*want[i], *got[i]) {
				return false
			}
		case *want[i] != *got[i]:
			return false
		}
	}
	return true
}

// sameNumber compares a computed number with a written one. Written with four decimals or more, it stands for
// every number that rounds to it; otherwise it must be met but for the last bits of binary fractions.
func sameNumber(want, got string) bool {
	w, errW := strconv.ParseFloat(want, 64)
	g, errG := strconv.ParseFloat(got, 64)
	if errW != nil || errG != nil {
		return want == got
	}
	tolerance := 1e-9 * math.Max(1, math.Abs(w))
	if _, decimals, ok := strings.Cut(want, "."); ok && len(decimals) >= 4 && !strings.ContainsAny(decimals, "eE") {
		tolerance = math.Max(tolerance, 0.5000001*math.Pow10(-len(decimals)))
	}
	return math.Abs(w-g) <= tolerance
}

func showRow(names []string, row []*string) string {
	cells := make([]string, 0, len(row))
	for i, v := range row {
		switch {
		case v == unlisted:
		case v == nil:
			cells = append(cells, names[i]+"=null")
		default:
			cells = append(cells, names[i]+"="+*v)
		}
	}
	return "{" + strings.Join(cells, ", ") + "}"
}
