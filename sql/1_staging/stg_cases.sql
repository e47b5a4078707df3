/* One row: one complaint case as its source told it last.
   Why: a case is sent again at every change; what counts is its newest version. Its course in time is
   not read from here but from the events. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'cases'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_cases as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_cases
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    case_id, nik_token, nik_check, passport_token,
    ---------- the person and the complainant
    sex, province_kemendagri, channel, relation,
    ---------- the complaint
    received_at, procedure, country, category, p3mi, unit,
    ---------- how it stands
    status, closure_reason, outcome, path, amount_recovered
from newest
anti join gone using (source, row_key)
