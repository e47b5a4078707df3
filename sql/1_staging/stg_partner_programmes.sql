/* One row: one theme of one programme of a partner as its source told it last.
   Why: a programme is prolonged or ends early; only its newest version counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'partner_programmes'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_partner_programmes as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_partner_programmes
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- the programme
    programme_id, theme, partner, title, iati_activities, unit, started_on, ended_on, evidence
from newest
anti join gone using (source, row_key)
