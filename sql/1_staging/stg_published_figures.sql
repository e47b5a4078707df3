/* One row: one figure as a publication printed it, in its newest transcription.
   Why: the transcription of published figures is itself a delivered table that is corrected now and
   then; reconciliation needs one row per printed figure. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'published_figures'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_published_figures as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_published_figures
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what was printed
    figure_no, period_text, period_start, period_end, period_kind, measure, breakdown,
    dimension, member_label, member_code, figure_value, unit,
    ---------- where and when
    vintage_text, vintage_on, publication, flag
from newest
anti join gone using (source, row_key)
