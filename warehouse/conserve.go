package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// Conservation accounts for every record and row of one dataset. Two equations must hold:
// Records = Accepted + Quarantined, and Accepted = Current + Superseded + Duplicates + Tombstoned.
type Conservation struct {
	Dataset     string `json:"dataset"`
	Records     int64  `json:"records"`     // read from the objects of all deliveries that count
	Accepted    int64  `json:"accepted"`    // rows in the lake
	Quarantined int64  `json:"quarantined"` // records with problems
	Current     int64  `json:"current"`     // newest living version of each key
	Superseded  int64  `json:"superseded"`  // older versions
	Duplicates  int64  `json:"duplicates"`  // the same version again
	Tombstoned  int64  `json:"tombstoned"`  // keys that their source has taken away
	Staged      int64  `json:"staged"`      // rows of the staging model; -1 where no model stages the dataset
}

// conserve counts every dataset by one generic rule, independent of the staging models, and compares: with what
// the commits say, with the lake's own column sums, and with the staging model row by row and value by value.
func (b *build) conserve(ctx context.Context) error {
	for i, d := range b.Datasets {
		if isInternal(d.Name) {
			continue
		}
		c, err := b.conserveDataset(ctx, d)
		if err != nil {
			return fmt.Errorf("accounting for dataset %s: %w", d.Name, err)
		}
		b.manifest.Conservation = append(b.manifest.Conservation, c)
		b.Progress(Step{Stage: "account", Name: d.Name, Done: i + 1, Total: len(b.Datasets), Rows: c.Accepted})
	}
	return nil
}

func (b *build) conserveDataset(ctx context.Context, d DatasetSchema) (c Conservation, err error) {
	c = Conservation{Dataset: d.Name, Staged: -1}
	if c.Records, c.Quarantined, err = b.recordsOf(ctx, d.Name); err != nil {
		return c, err
	}
	staging := "stg_" + d.Name
	common := commonColumns(d, b.columns[staging])
	whole, err := b.profileOf(ctx, "lake_"+d.Name, d.Columns, boundedColumns(b.Snapshot.Dataset(d.Name)), common)
	if err != nil {
		return c, err
	}
	c.Accepted = whole.rows
	b.compareWithCommits(ctx, d, whole)
	if err := b.classify(ctx, d.Name, &c); err != nil {
		return c, err
	}
	b.balance(c)
	if _, staged := b.columns[staging]; staged {
		c.Staged = b.rows[staging]
		err = b.compareStaging(ctx, d.Name, staging, common, whole.hashes, c)
	}
	return c, errors.Join(err, b.s.exec(ctx, "drop table if exists lake__ranked"))
}

// recordsOf counts what the deliveries say was read and what is in quarantine now, whichever entry says so: a
// replay writes down anew what it could not take. A record's problems are several rows. What was withheld is
// in neither number; its rejects lie in a dataset of their own.
func (b *build) recordsOf(ctx context.Context, dataset string) (records, quarantined int64, err error) {
	for _, e := range b.Snapshot.Entries {
		if e.Dataset != dataset || e.Kind != lake.Delivery {
			continue
		}
		for _, o := range e.Objects {
			records += o.Records
		}
	}
	err = b.s.one(ctx, fmt.Sprintf(`select count(*) from (
		select distinct object_id, row_no, commit_no from lake_rejects where dataset = %s)`, quoteText(dataset)), &quarantined)
	return records, quarantined, err
}

// rankRows gives every row of a key with several versions, or with a tombstone, its rank among the living ones.
// Most keys have one row and no tombstone, so the work is done on the few that need it: equal keys have equal
// hashes, and what only shares a hash is told apart afterwards.
const rankRows = `create temp table lake__ranked as
with crowded as (
    select hash(source, row_key) as h from lake_%[1]s group by 1 having count(*) > 1
    union
    select hash(source, row_key) from lake_tombstones where dataset = %[2]s
),
ended as (
    select source, row_key, max(commit_no) as ended_in from lake_tombstones where dataset = %[2]s group by all
),
told as (
    select rows_.*, ended.ended_in is null or rows_.commit_no > ended.ended_in as is_living
    from lake_%[1]s as rows_
    left join ended on ended.source = rows_.source and ended.row_key = rows_.row_key
    where hash(rows_.source, rows_.row_key) in (select h from crowded)
)
select *, is_living and row_number() over (partition by source, row_key
    order by is_living desc, source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc) = 1 as is_current
from told`

// classify sorts the rows of a dataset into current, superseded, duplicate and tombstoned.
func (b *build) classify(ctx context.Context, dataset string, c *Conservation) error {
	if err := b.s.exec(ctx, fmt.Sprintf(rankRows, dataset, quoteText(dataset))); err != nil {
		return err
	}
	var rows, versions, keys, current int64
	err := b.s.one(ctx, `select
		(select count(*) from lake__ranked),
		(select count(*) from (select distinct source, row_key, row_hash, source_updated_at from lake__ranked)),
		(select count(*) from (select distinct source, row_key from lake__ranked)),
		(select count(*) from lake__ranked where is_current)`, &rows, &versions, &keys, &current)
	if err != nil {
		return err
	}
	c.Duplicates = rows - versions
	c.Superseded = versions - keys
	c.Tombstoned = keys - current
	c.Current = c.Accepted - rows + current
	return nil
}

// balance turns the two equations into check results.
func (b *build) balance(c Conservation) {
	b.record(CheckResult{
		Name: "records_conserved_" + c.Dataset, Severity: SeverityError, Dimension: "completeness", Datasets: []string{c.Dataset}, Checked: c.Records,
		Offending: abs(c.Records - c.Accepted - c.Quarantined),
		Title:     models.Text{ID: "Rekaman masuk = diterima + dikarantina", EN: "Records in = accepted + quarantined"},
		Remedy: models.Text{ID: "Jalankan lindung verify; bandingkan log dengan berkas danau data.",
			EN: fmt.Sprintf("The deliveries say %d records; the lake has %d rows and %d quarantined records. Run lindung verify.", c.Records, c.Accepted, c.Quarantined)},
	})
	b.record(CheckResult{
		Name: "rows_conserved_" + c.Dataset, Severity: SeverityError, Dimension: "completeness", Datasets: []string{c.Dataset}, Checked: c.Accepted,
		Offending: abs(c.Accepted - c.Current - c.Superseded - c.Duplicates - c.Tombstoned),
		Title:     models.Text{ID: "Baris = berlaku + digantikan + ganda + dihapus sumber", EN: "Rows = current + superseded + duplicates + tombstoned"},
		Remedy:    models.Text{ID: "Laporkan; perhitungan generik tidak seimbang.", EN: "Report it: the generic account does not balance."},
	})
}

// leftOut are the rows that staging must not hold.
const leftOut = "(from lake__ranked where not is_current)"

// compareStaging proves that a staging model holds exactly the current rows with the lake's values: over the
// columns that both have, the hashes of staging and of the rows left out must add up to the lake's.
func (b *build) compareStaging(ctx context.Context, dataset, staging string, common []Column, whole string, c Conservation) error {
	offending := abs(c.Staged - c.Current)
	same, err := b.partsAddUp(ctx, staging, common, whole)
	if err != nil {
		return err
	}
	var wrong []string
	if !same {
		for _, column := range common { // slow, and only when something is wrong: which columns is it?
			one := []Column{column}
			p, err := b.profileOf(ctx, "lake_"+dataset, nil, nil, one)
			if err != nil {
				return err
			}
			if same, err := b.partsAddUp(ctx, staging, one, p.hashes); err != nil {
				return err
			} else if !same {
				wrong = append(wrong, column.Name)
			}
		}
		offending = max(offending, int64(len(wrong)), 1)
	}
	b.record(CheckResult{
		Name: "staging_equals_lake_" + dataset, Severity: SeverityError, Dimension: "consistency", Offending: offending,
		Datasets: []string{dataset}, Checked: c.Accepted,
		Title: models.Text{ID: "Lapisan staging sama dengan danau data", EN: "Staging equals the lake"},
		Remedy: models.Text{ID: "Perbaiki " + staging + ".sql: satu baris per kunci, versi terbaru yang masih hidup.",
			EN: fmt.Sprintf("%s has %d rows where the lake has %d current ones; columns that differ: %s. Fix %s.sql.",
				staging, c.Staged, c.Current, orNone(wrong), staging)},
	})
	return nil
}

func (b *build) partsAddUp(ctx context.Context, staging string, columns []Column, whole string) (bool, error) {
	staged, err := b.profileOf(ctx, quoteName(staging), nil, nil, columns)
	if err != nil {
		return false, err
	}
	rest, err := b.profileOf(ctx, leftOut, nil, nil, columns)
	if err != nil {
		return false, err
	}
	return addsUp(whole, staged.hashes, rest.hashes)
}

func commonColumns(d DatasetSchema, have []Column) (common []Column) {
	types := map[string]string{}
	for _, c := range have {
		types[c.Name] = c.SQLType
	}
	for _, c := range d.Columns {
		if types[c.Name] != "" {
			common = append(common, c)
		}
	}
	return common
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func abs(n int64) int64 { return max(n, -n) }
