/* One row: one placement as its source told it last.
   Why: a source repeats a placement whenever it changes, and the facts count only the newest
   version that no later tombstone has taken away. Cancelled placements stay, with their status. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'placements'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_placements as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_placements
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    placement_id, nik_token, nik_check, passport_token,
    ---------- the person
    sex, birth_year, education, marital, province_kemendagri, regency_kemendagri,
    ---------- the work
    scheme, employer_type, country, occupation, job_title, p3mi, unit,
    contract_months, wage, wage_currency, social_security, reentry,
    ---------- the course of the service
    registered_on, completed_on, departed_on, status, cancelled_at
from newest
anti join gone using (source, row_key)
