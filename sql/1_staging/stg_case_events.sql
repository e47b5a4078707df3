/* One row: one step of one case as its source told it last.
   Why: events are appended and sometimes sent twice; a step must count once, or durations and
   closures double. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'case_events'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_case_events as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_case_events
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    case_id, seq,
    ---------- the step
    status, occurred_at, unit, closure_reason
from newest
anti join gone using (source, row_key)
