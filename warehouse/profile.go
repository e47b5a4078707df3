package warehouse

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// A profile is what one scan tells about a table: rows, the sum of their hashes, and per column the non-null
// count and, where asked for, the smallest and largest value as text. Sums of hashes do not depend on order or
// threads.
type profile struct {
	rows   int64
	hashes string // sum(hash(columns…)) as an integer of any length
	stats  []columnStats
}

type columnStats struct {
	filled   int64
	min, max *string
}

// profileOf scans a table or subquery once. Counts are taken of columns, bounds only of those named bounded, and
// a row's hash goes over the hashed columns together, so that values swapped between two rows show.
func (b *build) profileOf(ctx context.Context, from string, columns []Column, bounded map[string]bool, hashed []Column) (profile, error) {
	p := profile{stats: make([]columnStats, len(columns))}
	hash := "null"
	if len(hashed) > 0 {
		hash = "cast(coalesce(sum(hash(" + quoteNames(namesOf(hashed)) + ")), 0) as varchar)"
	}
	selected, dest := []string{"count(*)", "coalesce(" + hash + ", '')"}, []any{&p.rows, &p.hashes}
	for i, c := range columns {
		n, s := quoteName(c.Name), &p.stats[i]
		selected, dest = append(selected, "count("+n+")"), append(dest, &s.filled)
		if bounded[c.Name] {
			selected = append(selected, "cast(min("+n+") as varchar)", "cast(max("+n+") as varchar)")
			dest = append(dest, &s.min, &s.max)
		}
	}
	return p, b.s.one(ctx, "select "+strings.Join(selected, ", ")+" from "+from, dest...)
}

func namesOf(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// addsUp reports whether whole = part + rest.
func addsUp(whole, part, rest string) (bool, error) {
	w, okW := new(big.Int).SetString(whole, 10)
	p, okP := new(big.Int).SetString(part, 10)
	r, okR := new(big.Int).SetString(rest, 10)
	if !okW || !okP || !okR {
		return false, errors.New("a hash sum is missing")
	}
	return w.Cmp(p.Add(p, r)) == 0, nil
}

// boundedColumns are those whose smallest and largest value the commits know.
func boundedColumns(files []lake.File) map[string]bool {
	known := map[string]bool{}
	for _, f := range files {
		for _, c := range f.Columns {
			if c.Min != "" || c.Max != "" {
				known[c.Name] = true
			}
		}
	}
	return known
}

// compareWithCommits checks that DuckDB reads from the Parquet files what the commits say is in them: rows, and
// per column nulls, smallest and largest value. The lake's writer and reader are not DuckDB, so this is where a
// third implementation has to agree.
func (b *build) compareWithCommits(ctx context.Context, d DatasetSchema, got profile) {
	files := b.Snapshot.Dataset(d.Name)
	var rows int64
	for _, f := range files {
		rows += f.Rows
	}
	var wrong []string
	var questions []boundsQuestion
	if rows != got.rows {
		wrong = append(wrong, fmt.Sprintf("rows: %d in the commits, %d read", rows, got.rows))
	}
	for i, c := range d.Columns {
		diff, question := compareColumn(c, files, got.rows, got.stats[i])
		if diff != "" {
			wrong = append(wrong, c.Name+": "+diff)
		} else if question != "" {
			questions = append(questions, boundsQuestion{c, question})
		}
	}
	wrong = append(wrong, b.boundsDiffer(ctx, questions)...)
	b.record(CheckResult{
		Name: "lake_read_equals_commits_" + d.Name, Severity: SeverityError, Dimension: "consistency", Offending: int64(len(wrong)),
		Datasets: []string{d.Name}, Checked: got.rows,
		Title:  models.Text{ID: "Berkas danau data terbaca seperti tercatat", EN: "Lake files read as committed"},
		Remedy: models.Text{ID: "Jalankan lindung verify.", EN: "Run lindung verify. Differences: " + orNone(wrong) + "."},
	})
}

// compareColumn says how a column differs from the commits, without showing a value of a personal column; or what
// has to be asked of DuckDB to know whether its smallest and largest values do.
func compareColumn(c Column, files []lake.File, rows int64, got columnStats) (diff, question string) {
	var nulls int64
	var bounds []string
	for _, f := range files {
		at := -1
		for i, s := range f.Columns {
			if s.Name == c.Name {
				at = i
			}
		}
		if at < 0 {
			nulls += f.Rows // the file is from before the column existed
			continue
		}
		nulls += f.Columns[at].Nulls
		if s := f.Columns[at]; s.Min != "" || s.Max != "" {
			bounds = append(bounds, fmt.Sprintf("(%s, %s)", quoteText(s.Min), quoteText(s.Max)))
		}
	}
	if nulls != rows-got.filled {
		return fmt.Sprintf("%d nulls in the commits, %d read", nulls, rows-got.filled), ""
	}
	if len(bounds) == 0 || got.min == nil {
		return "", ""
	}
	return "", fmt.Sprintf(`(select min(cast(lo as %[1]s)) = cast(%[2]s as %[1]s) and max(cast(hi as %[1]s)) = cast(%[3]s as %[1]s)
		from (values %[4]s) as bounds (lo, hi))`, c.SQLType, quoteText(*got.min), quoteText(*got.max), strings.Join(bounds, ", "))
}

// A boundsQuestion is a SQL expression that is true when a column's smallest and largest values are as committed.
type boundsQuestion struct {
	column Column
	sql    string
}

// boundsDiffer asks all questions at once, and one by one only when not everything is right.
func (b *build) boundsDiffer(ctx context.Context, questions []boundsQuestion) (wrong []string) {
	if len(questions) == 0 {
		return nil
	}
	var same bool
	all := make([]string, len(questions))
	for i, q := range questions {
		all[i] = q.sql
	}
	if err := b.s.one(ctx, "select "+strings.Join(all, " and "), &same); err == nil && same {
		return nil
	}
	for _, q := range questions {
		if err := b.s.one(ctx, "select "+q.sql, &same); err != nil {
			wrong = append(wrong, q.column.Name+": smallest and largest value cannot be compared: the commits do not write them as "+q.column.SQLType)
		} else if !same {
			wrong = append(wrong, q.column.Name+": smallest or largest value differs")
		}
	}
	return wrong
}
