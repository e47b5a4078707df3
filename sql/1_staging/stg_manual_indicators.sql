/* One row: one value of one manual indicator as its source told it last.
   Why: a slip in the register is put right by a newer version; a newer paper is another row. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'manual_indicators'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_manual_indicators as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_manual_indicators
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- the value
    kpi, period_text, period_start, period_kind, country, unit, indicator_value, document, dated_on, signed_by
from newest
anti join gone using (source, row_key)
