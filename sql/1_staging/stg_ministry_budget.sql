/* One row: one year's budget of one part of the ministry for one theme as its source told it last.
   Why: a ceiling is revised and spending goes on; only the newest version counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'ministry_budget'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_ministry_budget as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_ministry_budget
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- the budget
    year, budget_unit, theme, need_idr, ceiling_idr, realised_idr
from newest
anti join gone using (source, row_key)
