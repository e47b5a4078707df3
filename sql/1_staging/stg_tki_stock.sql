/* One row: one stock of workers (quarter or year, country or all) as told last.
   Why: the whole table is delivered each time and preliminary figures are revised in it; only the newest
   figure of a quarter counts, and a figure that left the table is gone. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'tki_stock'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_tki_stock as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_tki_stock
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    year, quarter, country, persons
from newest
anti join gone using (source, row_key)
