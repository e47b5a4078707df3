package warehouse

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// CrosscheckPrefix begins the lake's name of what a crosscheck feed brings. Such rows are compared with those
// of the dataset that the name goes on with, and no model sees them.
const CrosscheckPrefix = "crosscheck_"

// crosscheckMonths counts the things that a dataset knows of in each month of their own event.
const crosscheckMonths = `with ours as (select period, count(distinct (source, row_key)) as n from lake_%[1]s group by period),
theirs as (select period, count(distinct (source, row_key)) as n from lake_%[2]s group by period)
select period, coalesce(ours.n, 0), theirs.n from theirs left join ours using (period) order by period`

// crosschecks compares, month by month, how many things a crosscheck feed and the authoritative one know of.
// Two feeds need not agree, so a difference is a warning with its months, never a gate.
func (b *build) crosscheck(ctx context.Context) error {
	var rows [][]driver.Value
	for _, d := range b.Datasets {
		base, is := strings.CutPrefix(d.Name, CrosscheckPrefix)
		if !is {
			continue
		}
		var differing int64
		err := b.s.each(ctx, fmt.Sprintf(crosscheckMonths, base, d.Name), func(row []*string) error {
			ours, err := strconv.ParseInt(*row[1], 10, 64)
			if err != nil {
				return err
			}
			theirs, err := strconv.ParseInt(*row[2], 10, 64)
			if err != nil {
				return err
			}
			if ours != theirs {
				differing++
			}
			rows = append(rows, []driver.Value{base, *row[0], ours, theirs, theirs - ours})
			return nil
		})
		if err != nil {
			return fmt.Errorf("comparing %s with %s: %w", d.Name, base, err)
		}
		r := CheckResult{
			Name: d.Name, Severity: SeverityWarn, Dimension: "consistency", Offending: differing, About: AboutData, Datasets: []string{base},
			Title:  models.Text{ID: "Feed pembanding sama dengan feed utama", EN: "The crosscheck feed agrees with the authoritative one"},
			Remedy: models.Text{ID: "Lihat meta.crosschecks: bulan yang berbeda.", EN: "See meta.crosschecks for the months that differ."},
		}
		r.Parts = b.partsOf(r, nil)
		b.record(r)
	}
	b.crosschecked = engineTable{
		schema: "meta", name: "crosschecks", about: models.Text{ID: "Feed pembanding terhadap feed utama, per bulan.", EN: "Crosscheck feeds against the authoritative one, by month."},
		columns: []engineColumn{
			col("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			col("period", "VARCHAR", "Bulan.", "Month."),
			col("authoritative_rows", "BIGINT", "Jumlah pada feed utama.", "Things known to the authoritative feed."),
			col("crosscheck_rows", "BIGINT", "Jumlah pada feed pembanding.", "Things known to the crosscheck feed."),
			col("difference", "BIGINT", "Selisih: pembanding dikurangi utama.", "Difference: crosscheck less authoritative."),
		},
		rows: allRows(rows),
	}
	return nil
}

// allRows fills an engine table with rows that are at hand.
func allRows(rows [][]driver.Value) func(adder) error {
	return func(add adder) error {
		for _, r := range rows {
			if err := add(r...); err != nil {
				return err
			}
		}
		return nil
	}
}
