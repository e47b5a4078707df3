/* One row: one promise of a meeting with partners as its source told it last.
   Why: a promise is told again when it is kept; only its newest version counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'cooperation_commitments'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_cooperation_commitments as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_cooperation_commitments
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- the promise
    commitment_id, meeting, met_on, partner, theme, promise, due_on, state, kept_on
from newest
anti join gone using (source, row_key)
