/* One row: one remittance amount (quarter, country or all, channel) as told last.
   Why: the whole table is delivered each time and old quarters are revised in it; only the newest
   amount of a quarter counts, and an amount that left the table is gone. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'remittances'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_remittances as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_remittances
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    year, quarter, country, channel, amount_usd
from newest
anti join gone using (source, row_key)
