/* One row: the cases at missions of one month or year, country and topic, as told last.
   Why: numbers of a year are corrected and sent again; only the newest counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'mission_cases'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_mission_cases as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_mission_cases
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    year, month, country, topic, cases_received, cases_resolved, death_penalty_open, death_penalty_freed,
    amount_recovered_idr
from newest
anti join gone using (source, row_key)
