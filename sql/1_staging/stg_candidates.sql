/* One row: one candidate as the programme told it last.
   Why: each stage is a new version of the same candidate; only the newest holds all of them. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'candidates'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_candidates as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_candidates
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    candidate_id, nik_token, nik_check, passport_token,
    ---------- the person
    sex, province_kemendagri,
    ---------- the way through the programme
    programme, batch, country, target_group, applied_on, interview_passed_on, language_passed_on, visa_on,
    departed_on, recognised_on, withdrawn_on
from newest
anti join gone using (source, row_key)
